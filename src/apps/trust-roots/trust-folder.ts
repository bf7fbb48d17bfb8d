// SPDX-License-Identifier: Apache-2.0
// The folder of one fetched trust root: the pinned initial root, where it is fetched from, the metadata of TUF and the trust root itself. What lies in
// it is checked from the pinned root on each time it is read.
import { join, resolve } from 'node:path';
import type { TrustUpdateFailure } from '../../evidence/trust-roots/failure.ts';
import { isFailure } from '../../evidence/trust-roots/failure.ts';
import type { TufMirror, TufStore } from '../../evidence/trust-roots/tuf-files.ts';
import { pinnedRoot } from '../../evidence/trust-roots/tuf-root.ts';
import { fetchTarget, readTarget } from '../../evidence/trust-roots/tuf-targets.ts';
import type { TrustedMetadata } from '../../evidence/trust-roots/tuf-update.ts';
import { readTrust, updateTrust } from '../../evidence/trust-roots/tuf-update.ts';
import { parsing, required } from '../../formats/parsed.ts';
import { MemberReader, parseStrictJson } from '../../formats/strict-json.ts';
import { parseTrustedRoot } from '../../formats/trusted-root.ts';
import type { StoredFolder } from '../../io/stored-files.ts';
import { storedFolder } from '../../io/stored-files.ts';
import { LandwaiterError } from '../../model/error.ts';

const pinnedFile = 'initial_root.json';
const sourceFile = 'source.json';
/** What `--trusted-root` is given. */
export const trustRootFileName = 'trusted_root.json';
const mostBytes = 64 * 1024 * 1024;

/** Where the repository lies, and which target is the trust root. */
export interface TrustSource {
  readonly from: string;
  readonly targetsFrom: string | undefined;
  readonly target: string;
}

export interface TrustState {
  readonly trusted: TrustedMetadata;
  readonly target: string;
  readonly content: Uint8Array;
}

export interface TrustFolder {
  readonly path: string;
  /** Of the run before; undefined when there was none. */
  source(): TrustSource | undefined;
  /** Pins a root. The same one again changes nothing; throws USAGE for another one. */
  pin(initialRoot: Uint8Array): void;
  update(mirror: TufMirror, source: TrustSource, time: number): Promise<TrustState | TrustUpdateFailure>;
  /** What is stored, without asking anybody. */
  read(): Promise<TrustState | TrustUpdateFailure>;
}

interface Place {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `--trust-folder`, else $XDG_CACHE_HOME/landwaiter/trust-root. Throws USAGE. */
export function openTrustFolder({ cwd, environment }: Place, named: string | undefined): TrustFolder {
  const { XDG_CACHE_HOME: cache, HOME: home } = environment;
  const base =
    cache !== undefined && cache !== '' ? cache : home === undefined || home === '' ? undefined : join(home, '.cache');
  if (named === undefined && base === undefined)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'neither HOME nor XDG_CACHE_HOME is set',
      hint: 'name a folder: --trust-folder FOLDER',
    });
  return trustFolder(
    storedFolder(named === undefined ? join(base ?? '', 'landwaiter', 'trust-root') : resolve(cwd, named)),
  );
}

function trustFolder(folder: StoredFolder): TrustFolder {
  const store: TufStore = {
    read: (name) => folder.read(`tuf/${name}`, mostBytes),
    write: (name, bytes) => folder.write(`tuf/${name}`, bytes),
    remove: (name) => folder.remove(`tuf/${name}`),
  };
  return {
    path: folder.name,
    source: () => sourceOf(folder),
    pin: (initialRoot) => {
      const pinned = folder.read(pinnedFile, mostBytes);
      if (pinned !== undefined && !Buffer.from(initialRoot).equals(pinned))
        throw new LandwaiterError({
          code: 'USAGE',
          message: `another initial root is pinned in ${folder.name}`,
          hint: 'leave out --initial-root to keep it, or name another folder with --trust-folder',
        });
      const root = pinnedRoot(initialRoot);
      if (isFailure(root)) throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: root.message });
      if (pinned === undefined) folder.write(pinnedFile, initialRoot);
    },
    update: async (mirror, source, time) => {
      const trusted = await updateTrust({ initialRoot: pinnedRootOf(folder), mirror, store, time });
      if (isFailure(trusted)) return trusted;
      const content = await fetchTarget(trusted, source.target, { mirror, store, time });
      if (isFailure(content)) return content;
      const root = parseTrustedRoot(content);
      if (root.kind === 'malformed')
        throw new LandwaiterError({
          code: 'INPUT_UNREADABLE',
          message: `${source.target} is signed, but no trust root: ${root.reason}`,
        });
      folder.write(trustRootFileName, content);
      folder.write(sourceFile, Buffer.from(`${JSON.stringify(source, undefined, 2)}\n`));
      return { trusted, target: source.target, content };
    },
    read: async () => {
      const trusted = readTrust({ initialRoot: pinnedRootOf(folder), store });
      if (isFailure(trusted)) return trusted;
      const target = sourceOf(folder)?.target ?? trustRootFileName;
      const content = await readTarget(trusted, target, store);
      return isFailure(content) ? content : { trusted, target, content };
    },
  };
}

function pinnedRootOf(folder: StoredFolder): Uint8Array {
  const bytes = folder.read(pinnedFile, mostBytes);
  if (bytes !== undefined) return bytes;
  throw new LandwaiterError({
    code: 'INPUT_UNREADABLE',
    message: `no trust root was fetched to ${folder.name}`,
    hint: 'landwaiter trust-root update --from MIRROR --initial-root root.json',
  });
}

function sourceOf(folder: StoredFolder): TrustSource | undefined {
  const bytes = folder.read(sourceFile, mostBytes);
  if (bytes === undefined) return undefined;
  const parsed = parsing(() => {
    const source = new MemberReader(required(parseStrictJson(bytes, { bytes: 100_000, depth: 4 }), sourceFile));
    return {
      from: source.text('from'),
      targetsFrom: source.optionalText('targetsFrom'),
      target: source.text('target'),
    };
  });
  if (parsed.kind === 'parsed') return parsed.value;
  throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `${folder.name}/${sourceFile}: ${parsed.reason}` });
}
