// SPDX-License-Identifier: Apache-2.0
// Python packages that lie in the target as archives: wheels (*.whl) and zipped eggs (*.egg).
import { hash } from 'node:crypto';
import { openZip } from '../../formats/zip.ts';
import { digestOf } from '../../model/digest.ts';
import type { SourceFile } from '../../sources/source.ts';
import { readPythonMetadata } from '../package-facts/python-metadata.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pythonArchive = defineCataloger({
  id: 'python-archive',
  title: 'Python wheels and eggs',
  ecosystems: ['pypi'],
  kind: 'installed',
  reads: { part: 'whole', limit: 'packageArchiveBytes' },
  files: ['**/*.whl', '**/*.egg'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: true,
    lines: true,
    gaps: ['what the package needs: nothing says that it is installed beside it'],
  },
  parse: parseArchive,
});

/** The package's own metadata is at the top; an archive may hold others (vendored packages) deeper down. */
const ownMetadata = /^(?:[^/]+\.dist-info\/METADATA|EGG-INFO\/PKG-INFO|[^/]+\.egg-info\/PKG-INFO)$/;

function parseArchive(file: SourceFile): CatalogResult {
  const archive = openZip(file.bytes, file.path);
  const entry = archive.entries.find(({ name }) => ownMetadata.test(name));
  const bytes = entry === undefined ? undefined : archive.read(entry);
  if (bytes === undefined) return { packages: [], problems: archive.problems };
  const { item, problems } = readPythonMetadata({ path: file.path, bytes }, { path: file.path });
  const digest = digestOf('sha256', hash('sha256', file.bytes, 'hex'));
  const digests = digest === undefined ? [] : [digest];
  return { packages: item === undefined ? [] : [{ ...item, digests }], problems: [...archive.problems, ...problems] };
}
