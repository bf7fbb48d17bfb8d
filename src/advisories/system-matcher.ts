// SPDX-License-Identifier: Apache-2.0
// Builds the matchers of operating system packages: by binary and by source name, in the release of their distribution.
import { packageOfPurl } from '../formats/purl-package.ts';
import type { Distribution, Package, SourcePackage } from '../model/package.ts';
import { isOfArchitecture } from './architectures.ts';
import { releasesOf } from './distributions.ts';
import { isExtendedRelease } from './extended-support.ts';
import type { AdvisoryQuery, Matcher } from './matchers/matcher.ts';
import { normaliseName } from './names.ts';
import { epochOf } from './version-text/epoch.ts';

export interface SystemFamily {
  readonly id: string;
  readonly types: readonly string[];
  /** Distribution of packages whose document names none (a family with one distribution). */
  readonly defaultDistribution?: Distribution;
  /** Further ecosystems for this package, e.g. an extended support stream that its version shows. */
  readonly extraReleases?: (
    item: Package,
    releases: readonly string[],
    distribution: Distribution | undefined,
  ) => readonly string[];
  /** Source packages whose advisories do not concern this binary package. */
  readonly isUnrelatedSource?: (item: Package, source: SourcePackage) => boolean;
  readonly concerns?: Matcher['concerns'];
}

/** The matcher of one family. */
export function systemMatcher(family: SystemFamily): Matcher {
  const concernsFamily = family.concerns;
  return {
    id: family.id,
    types: family.types,
    queries(item, listed) {
      if (item.version === '') return { reason: 'no-version' };
      const distribution = listed ?? distributionOf(item) ?? family.defaultDistribution;
      const known = distribution === undefined ? [] : releasesOf(distribution);
      if (known.length === 0) return { reason: 'no-distribution' };
      const ecosystems = [...known, ...(family.extraReleases?.(item, known, distribution) ?? [])];
      const names = namesOf(item, family);
      return ecosystems.flatMap((ecosystem) =>
        names.map(
          (one): AdvisoryQuery => ({
            ...one,
            ecosystem,
            name: normaliseName(ecosystem, one.name),
            ...(isExtendedRelease(ecosystem) ? { overrules: true } : {}),
          }),
        ),
      );
    },
    concerns: (affected, item, distribution) =>
      isOfArchitecture(affected, item.facts?.architecture) && (concernsFamily?.(affected, item, distribution) ?? true),
  };
}

/** In an SBOM of many systems each package URL names its own. */
function distributionOf(item: Package): Distribution | undefined {
  return item.purl === undefined ? undefined : packageOfPurl(item.purl)?.distribution;
}

type Name = Omit<AdvisoryQuery, 'ecosystem'>;

/** The package itself and its sources; each name once. */
function namesOf(item: Package, family: SystemFamily): readonly Name[] {
  const names: Name[] = [{ name: item.name, version: withKnownEpoch(item.version, item) }];
  for (const source of item.sources ?? []) {
    if (source.name === item.name && source.version === item.version) continue;
    if (source.name === '' || family.isUnrelatedSource?.(item, source) === true) continue;
    const version = source.version === '' ? item.version : source.version;
    const isSame = source.name === item.name;
    const epoch = version === item.version ? withKnownEpoch(version, item) : version;
    names.push({
      name: source.name,
      version: epoch,
      ...(isSame ? {} : { note: `source of ${item.name}`, via: 'source' as const }),
    });
  }
  return names;
}

/** `0:1.2` for a package that is known to have no epoch, so that nobody takes it for unknown. */
function withKnownEpoch(version: string, item: Package): string {
  const epoch = item.facts?.epoch;
  return epoch === undefined || epochOf(version) !== undefined ? version : `${epoch}:${version}`;
}
