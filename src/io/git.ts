// SPDX-License-Identifier: Apache-2.0
// Reads objects of a local repository through the git program. Never touches the work tree, never fetches, runs no hooks:
// only plumbing commands, with lazy fetching and prompts switched off, and arguments that cannot be taken for options.
import { spawn } from 'node:child_process';
import { LandwaiterError } from '../model/error.ts';

export interface GitTreeEntry {
  /** `100644`, `100755`, `120000` (symbolic link), `160000` (submodule). */
  readonly mode: string;
  readonly object: string;
  readonly size: number;
  readonly path: string;
}

export interface GitRepository {
  /** Full id of the commit a revision names. */
  resolveCommit(revision: string): Promise<string>;
  /** All entries of a commit's tree, in git's order; with `paths` only those (files, or what is in folders). */
  listTree(commit: string, paths?: readonly string[]): Promise<readonly GitTreeEntry[]>;
  /** Calls `take` for each object in the given order with its bytes; undefined when git does not have it. */
  readBlobs(objects: readonly string[], take: (index: number, bytes: Uint8Array | undefined) => void): Promise<void>;
}

/** Settings that keep git from running or fetching anything on behalf of a foreign repository. */
export const safeSettings: readonly string[] = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'protocol.allow=never',
];

/** The environment git runs in: that of the user without what names another repository, and without anything that asks, fetches or replaces. */
export function gitEnvironment(environment: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return {
    ...withoutRepository(environment),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    // A repository can tell git to show another object in the place of a commit or a file (git-replace(1)): not what its id promises.
    GIT_NO_REPLACE_OBJECTS: '1',
    LC_ALL: 'C',
  };
}

const treeBytes = 1024 * 1024 * 1024;

/** `environment` is the environment git runs in (PATH, HOME); `directory` is any folder in the repository. */
export function openGitRepository(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): GitRepository {
  const env = gitEnvironment(environment);
  return {
    resolveCommit: async (revision) => {
      const out = await run(directory, env, [
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        `${revision}^{commit}`,
      ]);
      return out.toString('utf8').trim();
    },
    listTree: async (commit, paths = []) =>
      parseTree(await run(directory, env, ['ls-tree', '-r', '-z', '-l', '--full-tree', commit, '--', ...paths])),
    readBlobs: (objects, take) => readBlobs(directory, env, objects, take),
  };
}

/** Variables by which git, when it runs a hook, names another repository than the folder it is started in (git-rev-parse(1), --local-env-vars). */
const repositoryVariables: ReadonlySet<string> = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_INDEX_FILE',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_GRAFT_FILE',
  'GIT_SHALLOW_FILE',
  'GIT_REPLACE_REF_BASE',
]);

function withoutRepository(environment: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !repositoryVariables.has(name)));
}

/** Standard output of a git command, whole; `input` is what it reads. Rejects with GIT_FAILED. */
export function run(directory: string, env: NodeJS.ProcessEnv, args: readonly string[], input = ''): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...safeSettings, ...args], { cwd: directory, env, stdio: ['pipe', 'pipe', 'pipe'] });
    // A command that ends before it has read everything tells why by its status.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const out: Buffer[] = [];
    let size = 0;
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= treeBytes) out.push(chunk);
      else child.kill();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < 4000) errors += chunk.toString('utf8');
    });
    child.on('error', (cause) => reject(gitError(directory, args, 'git cannot be started', cause)));
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(gitError(directory, args, errors.trim() || silentReason(args, code), undefined));
    });
  });
}

/** `rev-parse --quiet` says nothing when there is no such revision. */
function silentReason(args: readonly string[], code: number | null): string {
  return args[0] === 'rev-parse' && code === 1 ? 'there is no such commit in it' : `git ended with status ${code}`;
}

export function gitError(directory: string, args: readonly string[], reason: string, cause: unknown): LandwaiterError {
  const what =
    args[0] === 'rev-parse'
      ? `find the revision ${String(args.at(-1)).replace('^{commit}', '')}`
      : `run git ${args[0]}`;
  const hint = reason.includes('dubious ownership')
    ? 'the repository belongs to another user; see safe.directory in git-config(1)'
    : undefined;
  const message = `could not ${what} in ${directory}: ${reason}`;
  return new LandwaiterError({ code: 'GIT_FAILED', message, cause, ...(hint === undefined ? {} : { hint }) });
}

/** `<mode> SP <type> SP <object> SP+ <size> TAB <path> NUL` (git-ls-tree(1), OUTPUT FORMAT). */
function parseTree(out: Buffer): GitTreeEntry[] {
  const entries: GitTreeEntry[] = [];
  let start = 0;
  for (let end = out.indexOf(0, start); end !== -1; end = out.indexOf(0, start)) {
    const record = out.toString('utf8', start, end);
    start = end + 1;
    const tab = record.indexOf('\t');
    const [mode = '', , object = '', size = ''] = record.slice(0, tab).split(/ +/);
    entries.push({ mode, object, size: size === '-' ? 0 : Number(size), path: record.slice(tab + 1) });
  }
  return entries;
}

/** `git cat-file --batch`: `<object> SP <type> SP <size> LF <bytes> LF`, or `<object> SP missing LF`. */
function readBlobs(
  directory: string,
  env: NodeJS.ProcessEnv,
  objects: readonly string[],
  take: (index: number, bytes: Uint8Array | undefined) => void,
): Promise<void> {
  if (objects.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...safeSettings, 'cat-file', '--batch'], {
      cwd: directory,
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let chunks: Buffer[] = [];
    let size = 0;
    let needed = 1;
    let index = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size < needed) return;
      const [rest, more] = takeRecords(Buffer.concat(chunks), (bytes) => {
        take(index, bytes);
        index += 1;
      });
      chunks = [rest];
      size = rest.length;
      needed = more;
    });
    child.on('error', (cause) => reject(gitError(directory, ['cat-file'], 'git cannot be started', cause)));
    child.on('close', (code) => {
      if (code === 0 && index === objects.length) resolve();
      else reject(gitError(directory, ['cat-file'], `git gave ${index} of ${objects.length} objects`, undefined));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${objects.join('\n')}\n`);
  });
}

/** Hands over the complete records at the start of `pending`; returns the rest and how many bytes the next record needs at least. */
function takeRecords(pending: Buffer, take: (bytes: Uint8Array | undefined) => void): [rest: Buffer, needed: number] {
  let at = 0;
  for (;;) {
    const newline = pending.indexOf(0x0a, at);
    if (newline === -1) return [pending.subarray(at), pending.length - at + 1];
    const header = pending.toString('utf8', at, newline).split(' ');
    const size = header.length === 3 ? Number(header[2]) : -1;
    const end = size < 0 ? newline + 1 : newline + 1 + size + 1;
    if (pending.length < end) return [pending.subarray(at), end - at];
    take(size < 0 ? undefined : Uint8Array.prototype.slice.call(pending, newline + 1, newline + 1 + size));
    at = end;
  }
}
