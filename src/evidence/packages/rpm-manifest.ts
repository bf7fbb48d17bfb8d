// SPDX-License-Identifier: Apache-2.0
// var/lib/rpmmanifest/container-manifest-2: the list that distroless images of Azure Linux have in place of an rpm database.
// Columns: name, version-release, install time, build time, vendor, epoch or (none), size, architecture, epoch as number, source rpm.
import { decodeText, syntaxProblem } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { RpmParts } from '../package-facts/rpm-package.ts';
import { packageOfRpmParts, rpmDistributionIn, rpmReleaseFiles } from '../package-facts/rpm-package.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const rpmManifest = defineCataloger({
  id: 'rpm-manifest',
  title: 'var/lib/rpmmanifest/container-manifest-2',
  ecosystems: ['rpm'],
  kind: 'installed',
  files: ['var/lib/rpmmanifest/container-manifest-2'],
  companions: [...rpmReleaseFiles],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['which package needs which', 'licences'],
  },
  parse: parseManifest,
});

function parseManifest(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const distribution = rpmDistributionIn(tree);
  const packages: Package[] = [];
  const problems: Problem[] = [...encoding];
  text.split('\n').forEach((raw, index) => {
    if (raw.trim() === '') return;
    const line = index + 1;
    const parts = partsOf(raw.replace(/\r$/, '').split('\t'));
    if (parts === undefined) {
      problems.push(syntaxProblem(file.path, 'not a line of ten columns with name and version-release', line));
      return;
    }
    packages.push({
      ...packageOfRpmParts(parts, { path: file.path, distribution }),
      locations: [{ path: file.path, line }],
    });
  });
  return { packages: withUniqueIds(packages), problems, ...(distribution === undefined ? {} : { distribution }) };
}

function partsOf(columns: readonly string[]): RpmParts | undefined {
  const [name = '', evr = '', installed, , vendor = '', epoch = '', size, architecture = '', , source = ''] = columns;
  const dash = evr.lastIndexOf('-');
  if (columns.length < 10 || name === '' || dash < 1) return undefined;
  return {
    name,
    version: evr.slice(0, dash),
    release: evr.slice(dash + 1),
    epoch: countOf(epoch),
    architecture: orNone(architecture),
    sourceRpm: orNone(source),
    vendor: orNone(vendor),
    modularity: '',
    size: countOf(size),
    installedAt: countOf(installed),
  };
}

/** rpm prints `(none)` for what a package does not state. */
function orNone(text: string): string {
  return text === '(none)' ? '' : text.trim();
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text.trim()) ? Number(text) : undefined;
}
