// SPDX-License-Identifier: Apache-2.0
// Files beside a JavaScript lock file that its cataloger looks into: the manifests of the project and its workspaces, and, for
// licences, the manifests of installed packages, of which only a few fields are kept in memory.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings } from '../../formats/document.ts';
import { compileForeignGlob } from '../../formats/foreign-glob.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import { openZip } from '../../formats/zip.ts';
import type { SourceFile } from '../../sources/source.ts';
import { npmLicenses } from './npm.ts';

/** Structurally the read access that catalogers are given. */
interface Files {
  get(path: string): SourceFile | undefined;
  match(glob: string): readonly string[];
}

export const lockFileNames: readonly string[] = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
];

/** Companions of every JavaScript cataloger, so that all of them share what is kept. */
export const nodeCompanions: readonly string[] = [
  '**/package.json',
  '**/pnpm-workspace.yaml',
  // Packages of yarn berry: `name-npm-1.0.0-hash.zip`.
  '**/.yarn/cache/*.zip',
  ...lockFileNames.map((name) => `**/${name}`),
];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Keeps manifests of projects whole, of installed packages the name, version and licences, and of lock files that they are there. */
export function condenseForNode(file: SourceFile): Uint8Array | undefined {
  const isInstalled = file.path.startsWith('node_modules/') || file.path.includes('/node_modules/');
  if (file.path.endsWith('.zip')) return condenseArchive(file);
  if (file.path.endsWith('package.json')) return isInstalled ? condenseManifest(file.bytes) : file.bytes;
  if (isInstalled) return undefined;
  return file.path.endsWith('pnpm-workspace.yaml') ? file.bytes : new Uint8Array(0);
}

/** An archive of the berry cache holds one package: node_modules/<name>/package.json. */
function condenseArchive(file: SourceFile): Uint8Array | undefined {
  const archive = openZip(file.bytes, file.path);
  const entry = archive.entries.find((item) => /^node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(item.name));
  const bytes = entry === undefined ? undefined : archive.read(entry);
  return bytes === undefined ? undefined : condenseManifest(bytes);
}

function condenseManifest(bytes: Uint8Array): Uint8Array | undefined {
  const manifest = readManifestBytes(bytes);
  if (manifest === undefined) return undefined;
  const licenses = npmLicenses(manifest);
  const name = asString(manifest['name']);
  if (licenses.length === 0 || name === undefined) return undefined;
  return encoder.encode(JSON.stringify({ name, version: manifest['version'], licenses }));
}

function readManifestBytes(bytes: Uint8Array): JsonObject | undefined {
  try {
    return asObject(JSON.parse(decoder.decode(bytes)));
  } catch {
    // The cataloger of package.json files reports what is broken; here it only means that nothing is known.
    return undefined;
  }
}

/** The package.json of a folder (empty for the root of the target), without positions. */
export function manifestIn(folder: string, tree: Files): JsonObject | undefined {
  const file = tree.get(pathIn(folder, 'package.json'));
  return file === undefined ? undefined : readManifestBytes(file.bytes);
}

const licenseIndexes = new WeakMap<Files, ReadonlyMap<string, readonly string[]>>();

/** Licences that an installed copy of this version declares, wherever in the target it is: a published version has one manifest. */
export function installedLicenses(name: string, version: string, tree: Files): readonly string[] {
  let index = licenseIndexes.get(tree);
  if (index === undefined) {
    index = readInstalled(tree);
    licenseIndexes.set(tree, index);
  }
  return index.get(`${name}@${version}`) ?? [];
}

function readInstalled(tree: Files): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, readonly string[]>();
  for (const path of [...tree.match('**/node_modules/**/package.json'), ...tree.match('**/.yarn/cache/*.zip')]) {
    const manifest = readManifestBytes(tree.get(path)?.bytes ?? new Uint8Array(0));
    const key = `${asString(manifest?.['name'])}@${asString(manifest?.['version'])}`;
    if (manifest !== undefined && !index.has(key)) index.set(key, asStrings(manifest['licenses']));
  }
  return index;
}

/** Folders of the workspaces that a project in `folder` names by globs (`packages/*`, `!packages/old`), relative to the target. */
export function workspaceFolders(folder: string, patterns: readonly string[], tree: Files): readonly string[] {
  if (patterns.length === 0) return [];
  const isMember = workspaceTest(folder, patterns);
  return manifestFolders(tree).filter((path) => path !== folder && isMember(path));
}

/** A test on folders of the target: does one of the patterns of the project in `folder` name it? */
export function workspaceTest(folder: string, patterns: readonly string[]): (path: string) => boolean {
  const chosen = patterns.slice(0, maximumPatterns);
  const take = chosen.filter((pattern) => !pattern.startsWith('!')).map(compileForeignGlob);
  const leave = chosen
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => compileForeignGlob(pattern.slice(1)));
  const prefix = folder === '' ? '' : `${folder}/`;
  return (path) => {
    if (!path.startsWith(prefix)) return false;
    const inside = path.slice(prefix.length);
    return take.some((test) => test(inside)) && !leave.some((test) => test(inside));
  };
}

const maximumPatterns = 256;

const folderLists = new WeakMap<Files, readonly string[]>();

/** Folders that hold a package.json outside node_modules; the root of the target is the empty string. */
function manifestFolders(tree: Files): readonly string[] {
  const known = folderLists.get(tree);
  if (known !== undefined) return known;
  const found = tree
    .match('**/package.json')
    .filter((path) => !path.startsWith('node_modules/') && !path.includes('/node_modules/'))
    .map(folderOf);
  folderLists.set(tree, found);
  return found;
}

/** Folder of a path, empty for a file in the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** Path of a file in a folder that may be the root. */
export function pathIn(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Folder of the lock file that serves the project in `folder`: its own, or that of a project above which has it as a workspace. */
export function servingLockFile(folder: string, tree: Files): string | undefined {
  for (let above = folder; ; above = folderOf(above)) {
    if (lockFileNames.some((name) => tree.get(pathIn(above, name)) !== undefined)) {
      if (above === folder || memberTest(above, tree)(folder)) return above;
    }
    if (above === '') return undefined;
  }
}

const memberTests = new WeakMap<Files, Map<string, (folder: string) => boolean>>();

/** A test for the workspaces of the project in `folder`, made once per run. */
function memberTest(folder: string, tree: Files): (folder: string) => boolean {
  const tests = memberTests.get(tree) ?? new Map<string, (folder: string) => boolean>();
  memberTests.set(tree, tests);
  const known = tests.get(folder);
  if (known !== undefined) return known;
  const test = workspaceTest(folder, [...workspacePatterns(manifestIn(folder, tree)), ...pnpmPatterns(folder, tree)]);
  tests.set(folder, test);
  return test;
}

/** `packages` of pnpm-workspace.yaml. */
function pnpmPatterns(folder: string, tree: Files): readonly string[] {
  const file = tree.get(pathIn(folder, 'pnpm-workspace.yaml'));
  if (file === undefined) return [];
  return asStrings(asObject(parseYamlDocument(decoder.decode(file.bytes), file.path).value)?.['packages']);
}

/** `workspaces` of a package.json as globs. */
export function workspacePatterns(manifest: JsonObject | undefined): readonly string[] {
  const value = manifest?.['workspaces'];
  return asStrings(asObject(value)?.['packages'] ?? value);
}
