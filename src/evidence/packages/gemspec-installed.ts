// SPDX-License-Identifier: Apache-2.0
// specifications/**.gemspec, written by RubyGems for every gem it installs.
import { posix } from 'node:path';
import { decodeText } from '../../formats/text.ts';
import type { Package, PackageFile } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { gemspecFiles, gemspecPackage, gemspecRequirements } from '../package-facts/gemspec.ts';
import { isFile, ownedFile, ownedPath } from '../package-facts/owned-files.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger, noCompanions } from './cataloger.ts';

export const gemspecInstalled = defineCataloger({
  id: 'gemspec-installed',
  title: 'specifications/*.gemspec',
  ecosystems: ['gem'],
  kind: 'installed',
  files: ['**/specifications/**/*.gemspec'],
  gather: { placeOf: placeOfSpecification, link: linkGems },
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['which of several installed versions of a gem another one uses'],
  },
  parse: parseInstalled,
});

function parseInstalled(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { packages, problems } = gemspecPackage(file, noCompanions, 'unknown');
  const { text } = decodeText(file.bytes, file.path);
  const dependsOn = gemspecRequirements(text);
  const files = tree.files === 'owned' ? { files: gemFiles(text, file.path) } : {};
  return { packages: packages.map((item) => ({ ...item, dependsOn, ...files })), problems };
}

/** Paths below the folder of the gem, which is named like its specification. */
function gemFiles(text: string, path: string): readonly PackageFile[] {
  const home = path.slice(0, path.lastIndexOf('specifications/'));
  const folder = `${home}gems/${posix.basename(path, '.gemspec')}`;
  return gemspecFiles(text)
    .map((name) => ownedFile(ownedPath(folder, name), {}))
    .filter(isFile);
}

/** The folder of all specifications: default gems stand in one below it. */
function placeOfSpecification(path: string): string {
  return path.slice(0, path.lastIndexOf('specifications/') + 'specifications'.length);
}

function linkGems(packages: readonly Package[]): readonly Package[] {
  const ids = new Map(packages.map((item) => [item.name, item.id]));
  return packages.map((item) => {
    const needed = item.dependsOn.map((name) => ids.get(name)).filter((id) => id !== undefined);
    return { ...item, dependsOn: needed.filter((id) => id !== item.id) };
  });
}
