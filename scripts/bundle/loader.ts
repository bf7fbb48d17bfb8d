// SPDX-License-Identifier: Apache-2.0
// The first code of a main file of the bundle: finds the file of a chunk, runs each chunk once, and keeps what V8 compiled of the files for the next start.
// Node's own compile cache is not used: it keeps what is compiled when a file is loaded, and most functions are compiled when they are called.
// Written out as it stands (scripts/build.ts), so it imports nothing but types.
import type fileSystem from 'node:fs';
import type virtualMachine from 'node:vm';

type FileSystem = typeof fileSystem;
type ScriptMaker = typeof virtualMachine;

/** A chunk as a file holds it: run once, when it is asked for. */
type Chunk = (module: { exports: unknown }, exports: unknown, loadChunk: (name: string) => unknown) => void;
type Chunks = Readonly<Record<string, Chunk>>;

export interface LoaderOptions {
  /** Name of the main chunk, and the object its file puts it in. */
  readonly main: string;
  readonly own: Chunks;
  /** File by chunk, for chunks that stand in a file of another name. */
  readonly places: Readonly<Record<string, string>>;
  /** Folder of the files, and how code in them asks for modules. */
  readonly folder: string;
  readonly require: NodeJS.Require;
  /** Changes with the text of any file. */
  readonly build: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Options of Node on its command line. */
  readonly flags: readonly string[];
}

export interface Loader {
  loadChunk(name: string): unknown;
  /**
   * Keeps the code of this run, unless runs like it have been kept. `use`: what was asked for; `elapsed`: milliseconds since the start. V8 throws code
   * away that has not run for long, so after a long run there would be less to keep than before it.
   */
  keepCode(use: string, elapsed: number): void;
}

const longestRun = 3_000;
const mostUses = 32;
/** Folders of builds that nobody has started for so long go: milliseconds. */
const staleAfter = 90 * 24 * 3_600_000;

export function createLoader(options: LoaderOptions): Loader {
  const { main, own, places, folder, require } = options;
  const fs = require('node:fs') as FileSystem;
  const { Script } = require('node:vm') as ScriptMaker;
  let folderOfCode: { readonly path: string | undefined } | undefined;
  const cached = (): string | undefined => (folderOfCode ??= { path: codeFolder(fs, options) }).path;
  const loaded = new Map<string, { exports: unknown }>();
  const files = new Map<string, { readonly script: InstanceType<ScriptMaker['Script']>; readonly chunks: Chunks }>();
  // The head of compiled code names V8 and its flags. Flags that are set in a run (io/workers.ts) would make what it keeps of no use to the next.
  const flagsNow = (): string => new Script('0').createCachedData().toString('latin1', 0, 16);
  let flagsAtStart: string | undefined;
  let isRejected = false;

  function chunksOf(file: string): Chunks {
    const known = files.get(file);
    if (known !== undefined) return known.chunks;
    const filename = folder + file.slice('.'.length);
    const text = fs.readFileSync(filename, 'utf8');
    const cache = cached();
    const cachedData = cache === undefined ? undefined : readOwn(fs, `${cache}${file.slice('.'.length)}`);
    flagsAtStart ??= flagsNow();
    const source = `(function(exports,require,module,__filename,__dirname){${text}\n})`;
    const script = new Script(source, { filename, ...(cachedData === undefined ? {} : { cachedData }) });
    isRejected ||= script.cachedDataRejected === true;
    const chunks: Chunks = {};
    files.set(file, { script, chunks });
    script.runInThisContext()(chunks, require, { exports: chunks }, filename, folder);
    return chunks;
  }

  function loadChunk(name: string): unknown {
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as unknown };
    loaded.set(name, module);
    const chunks = name === main ? own : chunksOf(places[name] ?? name);
    chunks[name]?.(module, module.exports, loadChunk);
    return module.exports;
  }

  function keepCode(use: string, elapsed: number): void {
    const cache = files.size === 0 ? undefined : cached();
    if (cache === undefined || elapsed > longestRun) return;
    // Runs that load as much code and take about as long call about the same functions.
    const label = `${use} ${loaded.size} ${Math.round(Math.log2(1 + elapsed) / 2)}`;
    const list = `${cache}/uses`;
    try {
      const uses = isRejected ? [] : (readOwn(fs, list)?.toString().split('\n') ?? []);
      if (uses.includes(label) || uses.length >= mostUses || flagsNow() !== flagsAtStart) return;
      if (uses.length === 0) makeFolder(fs, cache);
      for (const [file, { script }] of files)
        replace(fs, `${cache}${file.slice('.'.length)}`, script.createCachedData());
      replace(fs, list, [...uses, label].join('\n'));
    } catch {
      // No room, no right, a file system that cannot be written to: the next start takes as long as this one.
    }
  }

  return { loadChunk, keepCode };
}

/** $XDG_CACHE_HOME/landwaiter/code/…, a folder for each build, Node and its options, with which V8 compiles otherwise; undefined where there is none, or where code is not to be kept. */
function codeFolder(fs: FileSystem, { environment, build, flags }: LoaderOptions): string | undefined {
  const { XDG_CACHE_HOME: cache, HOME: home, NODE_DISABLE_COMPILE_CACHE: disabled } = environment;
  const base = cache?.startsWith('/') === true ? cache : home?.startsWith('/') === true ? `${home}/.cache` : undefined;
  if (base === undefined || (disabled !== undefined && disabled !== '')) return undefined;
  const options = shortHash([...flags, environment['NODE_OPTIONS'] ?? ''].join(' '));
  const folder = `${base}/landwaiter/code/${build}-${process.version}-${process.arch}${options}`;
  try {
    const state = fs.statSync(folder, { throwIfNoEntry: false });
    // Code of somebody else's making is not run.
    return state === undefined || isOwn(state) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Enough to tell a few sets of options apart; empty for none. */
function shortHash(text: string): string {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash === 0 ? '' : `-${(hash >>> 0).toString(16)}`;
}

function isOwn({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}

/** Undefined when there is no such file, or one that another user can have written. */
function readOwn(fs: FileSystem, path: string): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    return isOwn(fs.fstatSync(descriptor)) ? fs.readFileSync(descriptor) : undefined;
  } catch {
    return undefined;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Whole or not at all, and on the disk before it is in place: V8 does not look whether the bytes are those it gave. */
function replace(fs: FileSystem, path: string, content: string | Uint8Array): void {
  const draft = `${path}.${process.pid}`;
  const descriptor = fs.openSync(draft, 'wx', 0o600);
  try {
    fs.writeFileSync(descriptor, content);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  fs.renameSync(draft, path);
}

function makeFolder(fs: FileSystem, folder: string): void {
  const above = folder.slice(0, folder.lastIndexOf('/'));
  // The folder of caches, our own, that of code, that of this build. Not `recursive`, which Node never ends below a folder that takes none (/proc).
  const parts = folder.split('/');
  for (let count = parts.length - 3; count <= parts.length; count += 1) {
    const path = parts.slice(0, count).join('/');
    if (!fs.existsSync(path)) fs.mkdirSync(path, { mode: 0o700 });
  }
  for (const name of fs.readdirSync(above)) {
    const other = `${above}/${name}`;
    if (other !== folder && Date.now() - fs.statSync(other).mtimeMs > staleAfter)
      fs.rmSync(other, { recursive: true, force: true });
  }
}
