// SPDX-License-Identifier: Apache-2.0
// Visual Studio Code extensions as they are distributed: a zip archive with the extension and its bundled node_modules.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { syntaxProblem } from '../../formats/text.ts';
import { openZip } from '../../formats/zip.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { manifestFacts } from '../package-facts/node-manifest.ts';
import { npmLicenses, npmPurl } from '../package-facts/npm.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const vsix = defineCataloger({
  id: 'vsix',
  title: '*.vsix (Visual Studio Code extensions)',
  ecosystems: ['npm', 'generic'],
  kind: 'installed',
  reads: { part: 'whole', limit: 'packageArchiveBytes' },
  files: ['**/*.[vV][sS][iI][xX]'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: ['code that a bundler has put into one file', 'archives inside the archive'],
  },
  parse,
});

function parse(file: SourceFile): CatalogResult {
  const archive = openZip(file.bytes, file.path);
  const problems: Problem[] = [];
  const packages: Package[] = [];
  for (const entry of archive.entries) {
    const isExtension = entry.name === 'extension/package.json';
    if (!isExtension && !/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(entry.name)) continue;
    const bytes = archive.read(entry);
    if (bytes === undefined) continue;
    const manifest = readManifest(bytes);
    if (manifest === undefined) {
      problems.push(syntaxProblem(file.path, `${entry.name} in the archive is not a JSON object`));
      continue;
    }
    const found = isExtension ? extensionPackage(manifest, file.path) : bundledPackage(manifest, file.path);
    if (found !== undefined) packages.push(found);
  }
  return { packages: mergePackages(packages), problems: [...archive.problems, ...problems] };
}

function readManifest(bytes: Uint8Array): JsonObject | undefined {
  try {
    return asObject(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

function extensionPackage(manifest: JsonObject, path: string): Package | undefined {
  const publisher = asString(manifest['publisher']);
  const name = asString(manifest['name']);
  if (publisher === undefined || name === undefined) return undefined;
  const version = (asString(manifest['version']) ?? '').trim();
  const facts = manifestFacts(manifest);
  return packageOf({
    name: `${publisher}.${name}`,
    version,
    type: 'generic',
    relationship: 'root',
    locations: [{ path }],
    licenses: npmLicenses(manifest),
    ...(facts === undefined ? {} : { facts }),
  });
}

function bundledPackage(manifest: JsonObject, path: string): Package | undefined {
  const name = (asString(manifest['name']) ?? '').trim();
  const version = (asString(manifest['version']) ?? '').trim();
  if (name === '' || version === '') return undefined;
  const purl = npmPurl(name, version);
  return packageOf({
    name,
    version,
    type: 'npm',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path }],
    licenses: npmLicenses(manifest),
  });
}
