// SPDX-License-Identifier: Apache-2.0
// Rust programs built with `cargo auditable`: the crates that went into them. See formats/cargo-auditable.ts for where they stand.
import type { AuditableCrate } from '../../formats/cargo-auditable.ts';
import { readAuditableCrates } from '../../formats/cargo-auditable.ts';
import { readExecutable } from '../../formats/executable.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const cargoAuditable = defineCataloger({
  id: 'cargo-auditable',
  title: 'Rust programs built with cargo auditable (ELF, PE, Mach-O)',
  ecosystems: ['cargo'],
  kind: 'installed',
  files: [],
  executables: ['elf', 'pe', 'mach-o'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['programs built with plain `cargo build`, which name no crates'],
  },
  parse: parseAuditable,
});

function parseAuditable(file: SourceFile): CatalogResult {
  const image = readExecutable(file.bytes);
  const found = image === undefined ? undefined : readAuditableCrates(image, file.path);
  if (found === undefined) return { packages: [], problems: [] };
  const ids = found.crates.map((crate, index) => idOf(crate, found.crates.slice(0, index)));
  const direct = new Set(found.crates.filter((crate) => crate.isRoot).flatMap((crate) => crate.dependencies));
  const packages = found.crates.map((crate, index) =>
    packageOfCrate(crate, {
      id: ids[index] ?? '',
      relationship: crate.isRoot ? 'root' : direct.has(index) ? 'direct' : 'indirect',
      dependsOn: crate.dependencies.map((position) => ids[position]).filter((id) => id !== undefined),
      location: { path: file.path },
    }),
  );
  return { packages, problems: found.problems };
}

/** The same version from two sources is two crates. */
function idOf(crate: AuditableCrate, before: readonly AuditableCrate[]): string {
  const isSecond = before.some((item) => item.name === crate.name && item.version === crate.version);
  return `${crate.name}@${crate.version}${isSecond ? ` (${crate.source})` : ''}`;
}

function packageOfCrate(
  crate: AuditableCrate,
  place: {
    readonly id: string;
    readonly relationship: Package['relationship'];
    readonly dependsOn: readonly string[];
    readonly location: Location;
  },
): Package {
  const { name, version, source, kind } = crate;
  const purl = formatPurl({ type: 'cargo', name, version });
  return packageOf({
    id: place.id,
    name,
    version,
    type: 'cargo',
    ...(purl === undefined ? {} : { purl }),
    scope: kind,
    relationship: place.relationship,
    locations: [place.location],
    dependsOn: [...new Set(place.dependsOn)],
    ...(source === '' ? {} : { facts: { other: { source } } }),
  });
}
