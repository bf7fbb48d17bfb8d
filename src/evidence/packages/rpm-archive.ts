// SPDX-License-Identifier: Apache-2.0
// .rpm files lying in the tree: what the header says. Their payload is not unpacked.
import { readRpmArchive } from '../../formats/rpmdb/archive.ts';
import { rpmSignatureTags } from '../../formats/rpmdb/tags.ts';
import { syntaxProblem } from '../../formats/text.ts';
import { digestOf } from '../../model/digest.ts';
import type { SourceFile } from '../../sources/source.ts';
import { packageOfRpm, signatureOf } from '../package-facts/rpm-package.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const rpmArchive = defineCataloger({
  id: 'rpm-archive',
  title: '*.rpm',
  ecosystems: ['rpm'],
  kind: 'installed',
  reads: { part: 'whole', limit: 'packageArchiveBytes' },
  files: ['**/*.rpm'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: true,
    lines: false,
    gaps: ['the distribution a package was built for', 'what lies inside the payload'],
  },
  parse: parseArchive,
});

function parseArchive(file: SourceFile): CatalogResult {
  const result = readRpmArchive(file.bytes);
  if (result.kind === 'broken') return { packages: [], problems: [syntaxProblem(file.path, result.reason)] };
  const found = packageOfRpm(result.header, { path: file.path, distribution: undefined });
  if (found === undefined) return { packages: [], problems: [syntaxProblem(file.path, 'a package without a name')] };
  const md5 = result.signature.binary(rpmSignatureTags.md5);
  const digest = md5 === undefined ? undefined : digestOf('md5', Buffer.from(md5).toString('hex'));
  const signature = signatureOf(result.signature);
  const other = { ...found.facts?.other, ...(signature === undefined ? {} : { signature }) };
  const digests = digest === undefined ? [] : [digest];
  return { packages: [{ ...found, digests, facts: { ...found.facts, other } }], problems: [] };
}
