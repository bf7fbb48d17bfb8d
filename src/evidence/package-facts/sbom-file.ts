// SPDX-License-Identifier: Apache-2.0
// An SBOM that lies in the target as packages somebody else claims. Three catalogers share this: they differ in the names they take.
import { attestedText } from '../../formats/attested-sbom.ts';
import { readCycloneDx } from '../../formats/cyclonedx/read-sbom.ts';
import { detectSbomFormat } from '../../formats/sbom-format.ts';
import { readSpdx } from '../../formats/spdx/sbom.ts';
import { readSyftJson } from '../../formats/syft-json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import type { SbomReader } from '../../model/sbom.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { Capabilities, CatalogResult } from '../packages/cataloger.ts';

export const sbomCapabilities: Capabilities = {
  versions: 'exact',
  dependencies: 'transitive',
  scopes: true,
  licenses: true,
  digests: true,
  lines: false,
  gaps: ['whether the document tells of this target, and whether it is still true: its packages are claims'],
};

/** Lists of package URLs and GitHub snapshots are inputs of commands; nobody ships them in an image. */
const readers: Readonly<Record<string, SbomReader>> = {
  cyclonedx: readCycloneDx,
  spdx: readSpdx,
  syft: readSyftJson,
};

/**
 * `certain`: the name says that it is an SBOM, so one that cannot be read could hide a finding. `possible`: the name (`bom.json`, `sbom`)
 * is used for other things too.
 */
export function sbomFilePackages(file: SourceFile, name: 'certain' | 'possible'): CatalogResult {
  const { text: whole, problems: encoding } = decodeText(file.bytes, file.path);
  const text = attestedText(whole) ?? whole;
  const read = readers[detectSbomFormat(text, file.path)?.format ?? ''];
  if (read === undefined) {
    const message = 'no SBOM of a known format, although its name says so';
    const problem = { kind: 'unsupported', message, location: { path: file.path }, hidesFindings: name === 'certain' };
    return { packages: [], problems: [...encoding, { ...problem, kind: 'unsupported' }] };
  }
  const document = read(text, file.path);
  const packages = document.lists.flatMap((list) => list.packages);
  const distribution = document.distribution ?? document.lists.find((list) => list.distribution)?.distribution;
  const ecosystem = commonestType(packages);
  return {
    // What a document says of places is true where it was made; here the place is the document.
    packages: packages.map((item) => ({ ...item, locations: [{ path: file.path }] })),
    problems: [...encoding, ...document.problems],
    ...(distribution === undefined ? {} : { distribution }),
    ...(ecosystem === undefined ? {} : { ecosystem }),
  };
}

function commonestType(packages: readonly Package[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { type } of packages) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}
