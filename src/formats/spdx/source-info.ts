// SPDX-License-Identifier: Apache-2.0
// The free text `sourceInfo` of a package, in which tools put where a package was found and what it was built from.
// Ours reads `built package from: musl 1.2.3-r0; found in: lib/apk/db/installed:17`; Trivy writes the first part only, Syft
// `acquired package info from APK DB: /lib/apk/db/installed`.
import type { Location } from '../../model/location.ts';
import { formatLocation } from '../../model/location.ts';
import type { SourcePackage } from '../../model/package.ts';

export interface SourceInfo {
  readonly sources: readonly SourcePackage[];
  readonly locations: readonly Location[];
}

const builtFrom = 'built package from: ';
const foundIn = 'found in: ';

/** Reads all three forms; other texts say nothing. */
export function readSourceInfo(text: string | undefined): SourceInfo {
  const sources: SourcePackage[] = [];
  const locations: Location[] = [];
  for (const part of (text ?? '').slice(0, 20_000).split('; ')) {
    if (part.startsWith(builtFrom)) {
      const [name = '', version = ''] = part.slice(builtFrom.length).trim().split(' ');
      if (name !== '') sources.push({ name, version });
    } else if (part.startsWith(foundIn)) locations.push(...part.slice(foundIn.length).split(', ').map(readLocation));
    else if (part.startsWith('acquired package info from')) {
      const colon = part.indexOf(': ');
      const paths = colon === -1 ? [] : part.slice(colon + 2).split(', ');
      locations.push(...paths.filter((path) => path !== '').map((path) => ({ path: path.replace(/^\//, '') })));
    }
  }
  return { sources, locations };
}

/** Undefined when there is nothing to say. */
export function printSourceInfo(info: SourceInfo): string | undefined {
  const parts = info.sources.map(({ name, version }) => `${builtFrom}${name} ${version}`.trimEnd());
  if (info.locations.length > 0) parts.push(`${foundIn}${info.locations.map(formatLocation).join(', ')}`);
  return parts.length === 0 ? undefined : parts.join('; ');
}

function readLocation(text: string): Location {
  const match = /^(.{1,4096}?)(?::([0-9]{1,9}))?(?::([0-9]{1,9}))?$/.exec(text);
  if (match === null) return { path: text };
  const [, path = '', line, column] = match;
  return {
    path,
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
  };
}
