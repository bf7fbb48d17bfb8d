// SPDX-License-Identifier: Apache-2.0
// Hands a fixture of the pack to the mapped catalogers, with the other files of its test folder as companions.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Cataloger, CatalogResult, CompanionFiles } from '../../../src/evidence/packages/cataloger.ts';
import { catalogers } from '../../../src/evidence/packages/index.ts';
import { CatalogerSelector } from '../../../src/evidence/packages/selector.ts';
import { compileGlob } from '../../../src/formats/glob.ts';
import type { Package } from '../../../src/model/package.ts';
import type { Problem } from '../../../src/model/problem.ts';
import type { SourceFile } from '../../../src/sources/source.ts';
import { storedZip } from '../zip-writer.ts';
import type { ExtractorMapping } from './mapping.ts';
import { extractorMapping } from './mapping.ts';

export interface MappedExtractor {
  readonly catalogers: readonly Cataloger[];
  readonly leavesOut: ExtractorMapping['leavesOut'];
  readonly as: ExtractorMapping['as'];
  readonly groups: 'compared' | 'unstated';
  readonly statedAs: ExtractorMapping['statedAs'];
}

/** The catalogers of an extractor; undefined when none is mapped, or none of the mapped ones exists yet. */
export function mappedExtractor(extractor: string): MappedExtractor | undefined {
  const mapping: ExtractorMapping | undefined = extractorMapping[extractor];
  const found = catalogers.filter((cataloger) => mapping?.catalogers.includes(cataloger.id));
  if (mapping === undefined || found.length === 0) return undefined;
  const { as, groups = 'compared', statedAs, leavesOut } = mapping;
  return { catalogers: found, as, groups, statedAs, leavesOut };
}

/** Packages and problems of all mapped catalogers that take the file, `path` being relative to `folder`. */
export function runCatalogers(
  mapped: MappedExtractor,
  folder: string,
  input: { readonly path: string; readonly manifest?: string | undefined },
): CatalogResult {
  const { path } = input;
  const packages: Package[] = [];
  const problems: Problem[] = [];
  const bytes = input.manifest === undefined ? readInput(folder, path) : archiveWith(readInput(folder, input.manifest));
  for (const { cataloger, file } of handedOver(mapped, { path, bytes })) {
    const result = cataloger.parse(file, companionsOf(cataloger, folder, { shown: file.path, own: path }));
    const { statedAs = (item) => item } = mapped;
    packages.push(...result.packages.map(statedAs).filter((item) => item !== undefined));
    problems.push(...result.problems);
  }
  return { packages, problems };
}

function readInput(folder: string, path: string): Uint8Array {
  const full = join(folder, path);
  if (!existsSync(full) || !statSync(full).isFile()) throw new Error(`the pack has no input ${path}`);
  return readFileSync(full);
}

/** Upstream packs some manifests (`contentPath`) into an archive while its test runs. */
function archiveWith(manifest: Uint8Array): Uint8Array {
  return storedZip([{ name: 'META-INF/MANIFEST.MF', bytes: manifest }]);
}

/** Under its own name where a cataloger takes that, else under the name of the mapping. */
function handedOver(mapped: MappedExtractor, file: SourceFile): { cataloger: Cataloger; file: SourceFile }[] {
  const named = new CatalogerSelector(mapped.catalogers).parsersOf(file.path);
  // What takes executables is given any file: the names and modes are what file-required is about.
  const own = [
    ...named,
    ...mapped.catalogers.filter((item) => item.executables !== undefined && !named.includes(item)),
  ];
  if (own.length > 0 || mapped.as === undefined) return own.map((cataloger) => ({ cataloger, file }));
  const name = typeof mapped.as === 'function' ? mapped.as(file.path) : mapped.as;
  const path = name.includes('/') ? name : posix.join(posix.dirname(file.path), name);
  const renamed = { ...file, path };
  return new CatalogerSelector(mapped.catalogers).parsersOf(path).map((cataloger) => ({ cataloger, file: renamed }));
}

/** A fixture shown under another name keeps the companions of its own stem: META.json of META.yml is `META_correct1.json`. */
function companionsOf(cataloger: Cataloger, folder: string, names: { shown: string; own: string }): CompanionFiles {
  const selector = new CatalogerSelector([cataloger]);
  const onDisk = (path: string): string | undefined =>
    [path, path.replace(stemOf(names.shown), stemOf(names.own))].find((name) => filesBelow(folder).includes(name));
  return {
    get: (path) => {
      const found = selector.isCompanion(path) ? onDisk(path) : undefined;
      if (found === undefined || found === names.own) return undefined;
      const file = { path, bytes: readFileSync(join(folder, found)) };
      const bytes = cataloger.condense === undefined ? file.bytes : cataloger.condense(file);
      return bytes === undefined ? undefined : { path, bytes };
    },
    match: (glob) =>
      filesBelow(folder)
        .filter((path) => selector.isCompanion(path))
        .filter(compileGlob(glob)),
  };
}

function stemOf(path: string): string {
  return path.slice(0, path.length - posix.extname(path).length);
}

const listings = new Map<string, readonly string[]>();

function filesBelow(folder: string): readonly string[] {
  const known = listings.get(folder);
  if (known !== undefined) return known;
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(folder, posix.join(entry.parentPath, entry.name)))
    .sort();
  listings.set(folder, paths);
  return paths;
}
