// SPDX-License-Identifier: Apache-2.0
// Builds the matchers of ecosystems whose packages have one name, one version and one place for advisories.
import type { Package } from '../model/package.ts';
import type { AdvisoryQuery, Matcher } from './matchers/matcher.ts';
import { normaliseName } from './names.ts';

export interface LanguageFamily {
  readonly id: string;
  readonly types: readonly string[];
  readonly ecosystem: string;
  /** Name in the ecosystem; undefined when the package's name lacks a part. Default: the name as it is. */
  readonly nameOf?: (item: Package) => string | undefined;
  /** Version to compare; undefined when the text names none. Default: what begins with a digit. */
  readonly versionOf?: (item: Package) => string | undefined;
  readonly concerns?: Matcher['concerns'];
}

/** The matcher of one family. */
export function languageMatcher(family: LanguageFamily): Matcher {
  const { id, types, ecosystem, nameOf = ownName, versionOf = ownVersion, concerns } = family;
  return {
    id,
    types,
    queries(item) {
      const name = nameOf(item);
      if (name === undefined || name === '') return { reason: 'no-name' };
      const version = versionOf(item);
      if (version === undefined || version === '') return { reason: 'no-version' };
      const query: AdvisoryQuery = { ecosystem, name: normaliseName(ecosystem, name), version };
      return [query];
    },
    ...(concerns === undefined ? {} : { concerns }),
  };
}

function ownName(item: Package): string {
  return item.name;
}

/** Undefined for what stands in the place of a version: a URL, a path, a branch, a commit. */
function ownVersion(item: Package): string | undefined {
  const version = item.version.trim();
  const isCommit = /^[0-9a-f]{7,64}$/.test(version) && /[a-f]/.test(version);
  return /^[vV=]?\s?\d/.test(version) && !isCommit ? version : undefined;
}
