// SPDX-License-Identifier: Apache-2.0
// Installed Python packages: METADATA in *.dist-info, PKG-INFO in *.egg-info and EGG-INFO folders, and *.egg-info files. direct_url.json
// (PEP 610) beside the metadata tells of an installation from version control or an archive.
import { asObject, asString } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package, PackageFacts } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { linkedByName } from '../package-facts/link.ts';
import { digestsOf, normalizePythonName, pythonPurl } from '../package-facts/python.ts';
import { pythonFiles, pythonOwnershipFiles } from '../package-facts/python-files.ts';
import { readPythonMetadata } from '../package-facts/python-metadata.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pythonInstalled = defineCataloger({
  id: 'python-installed',
  title: 'installed Python packages (dist-info, egg-info)',
  ecosystems: ['pypi'],
  kind: 'installed',
  files: [
    '**/*dist-info/METADATA',
    '**/*DIST-INFO/METADATA',
    '**/*egg-info/PKG-INFO',
    '**/*EGG-INFO/PKG-INFO',
    '**/*.egg-info',
    '**/*.EGG-INFO',
  ],
  companions: ['**/*dist-info/direct_url.json', '**/*DIST-INFO/direct_url.json'],
  ownershipFiles: pythonOwnershipFiles,
  gather: { placeOf: sitePackages, link: (packages) => linkedByName(packages, normalizePythonName) },
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: [
      'which installed package was asked for, and which came with it',
      'licences that stand only in a licence file',
    ],
  },
  parse: parseInstalled,
});

function parseInstalled(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { item: own, requires, problems } = readPythonMetadata(file, { path: file.path });
  if (own === undefined) return { packages: [], problems };
  const files = tree.files === 'owned' ? { files: pythonFiles(file.path, tree) } : {};
  const item = { ...own, dependsOn: requires, ...files };
  const direct = tree.get(`${file.path.slice(0, file.path.lastIndexOf('/') + 1)}direct_url.json`);
  return { packages: [direct === undefined ? item : withOrigin(item, direct)], problems };
}

/** Folder in which the metadata folder (or the `.egg-info` file) lies: what one Python sees together. The root is `.`. */
function sitePackages(path: string): string {
  const segments = path.split('/').slice(0, /\.egg-info$/i.test(path) ? -1 : -2);
  // An unzipped egg is a folder of its own inside site-packages.
  if (segments.at(-1)?.endsWith('.egg') === true) segments.pop();
  return segments.length === 0 ? '.' : segments.join('/');
}

/** PEP 610: `{url, vcs_info: {vcs, commit_id}}` or `{url, archive_info: {hash}}`. */
function withOrigin(item: Package, file: SourceFile): Package {
  const document = asObject(parseJson(decodeText(file.bytes, file.path).text, file.path).value);
  const url = asString(document?.['url']);
  if (url === undefined) return item;
  const vcs = asObject(document?.['vcs_info']);
  const commit = asString(vcs?.['commit_id']);
  if (vcs === undefined) {
    const archive = asObject(document?.['archive_info']);
    const hash = asString(archive?.['hash'])?.replace('=', ':');
    const facts: PackageFacts = { ...item.facts, downloadUrl: url };
    return { ...item, digests: digestsOf([hash]), facts };
  }
  const reference = `${asString(vcs['vcs']) ?? 'git'}+${url}${commit === undefined ? '' : `@${commit}`}`;
  const purl = pythonPurl(item.name, item.version, reference);
  const facts: PackageFacts = { ...item.facts, repository: url, ...(commit === undefined ? {} : { commit }) };
  return { ...item, ...(purl === undefined ? {} : { purl }), facts };
}
