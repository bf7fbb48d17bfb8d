// SPDX-License-Identifier: Apache-2.0
// What changed in a local repository: the history as patches, streamed, and what is staged for the next commit. Plumbing and `log` only, with
// everything switched off by which a repository could make git run a program (external diffs, text conversion, hooks, fetching).
import { spawn } from 'node:child_process';
import { isAbsolute, resolve } from 'node:path';
import { messageOf } from '../model/error.ts';
import { gitEnvironment, gitError, run, safeSettings } from './git.ts';

export interface StagedFile {
  readonly path: string;
  /** Blob in the index; undefined for a submodule. */
  readonly object: string | undefined;
  /** Blob of the commit before; undefined for a new file. */
  readonly before: string | undefined;
}

/** Which commits; without anything those that any reference leads to. */
export interface PatchSelection {
  /** Options of `git log` that choose commits; others are refused (isLogOption). */
  readonly options?: readonly string[];
  /** Names and ranges. */
  readonly revisions?: readonly string[];
}

/** Whether an option only chooses commits; others could make git write files or run programs. */
export function isLogOption(word: string): boolean {
  return /^(?:--(?:all|branches|tags|remotes|no-merges|merges|first-parent|full-history|not|reverse|date-order|topo-order)|--(?:since|after|until|before|author|committer|grep|max-count|skip|branches|tags|remotes|exclude)=.*|-n?\d+)$/s.test(
    word,
  );
}

export interface GitChanges {
  /**
   * Hands over the output of `git log -p -U0` as it comes: commits begin with a NUL (see sources/git-history.ts). Rejects with GIT_FAILED,
   * after what came before was handed over.
   */
  streamPatches(selection: PatchSelection, take: (chunk: Buffer) => void): Promise<void>;
  /** Files that are added or changed in the index, against HEAD or, before the first commit, against nothing. */
  stagedFiles(): Promise<readonly StagedFile[]>;
  /** Of files that git calls binary those that it does so for because attributes of the repository say so (`*.pem -diff`), whatever is in them. */
  hiddenByAttributes(paths: readonly string[]): Promise<ReadonlySet<string>>;
  /** The part of the history that is there is not all of it. */
  isShallow(): Promise<boolean>;
  /** Address of the remote; undefined without one. */
  remoteAddress(): Promise<string | undefined>;
  /** Root of the work tree. */
  topLevel(): Promise<string>;
  /** Where git looks for hooks. */
  hooksFolder(): Promise<string>;
}

/** Author, address, time (seconds), message; each commit begins with a NUL, and no patch has one at the beginning of a line. */
export const commitFormat = '%x00%H%x00%an%x00%ae%x00%at%x00%B%x00';

export function gitChanges(directory: string, environment: Readonly<Record<string, string | undefined>>): GitChanges {
  const env = gitEnvironment(environment);
  // `git commit FILE` and `git commit -a` run hooks with an index of their own.
  const index = environment['GIT_INDEX_FILE'];
  const withIndex =
    index === undefined || index === ''
      ? env
      : { ...env, GIT_INDEX_FILE: isAbsolute(index) ? index : resolve(directory, index) };
  const ask = async (...args: readonly string[]): Promise<string> =>
    (await run(directory, env, args)).toString('utf8').trim();
  return {
    streamPatches: (selection, take) => streamPatches({ directory, env, selection }, take),
    stagedFiles: async () => parseRaw(await run(directory, withIndex, stagedArguments)),
    hiddenByAttributes: async (paths) => {
      if (paths.length === 0) return new Set();
      try {
        // Attributes are those of the work tree, for all of the history.
        const root = await ask('rev-parse', '--show-toplevel');
        return parseAttributes(await run(root, env, ['check-attr', '-z', '--stdin', 'diff'], `${paths.join('\0')}\0`));
      } catch {
        // Without one git asks others, and does not say which: any file may be hidden then.
        return new Set(paths);
      }
    },
    isShallow: async () => (await ask('rev-parse', '--is-shallow-repository')) === 'true',
    remoteAddress: async () => {
      try {
        return await ask('remote', 'get-url', 'origin');
      } catch {
        return undefined;
      }
    },
    topLevel: () => ask('rev-parse', '--show-toplevel'),
    hooksFolder: () => hooksFolder(directory, environment),
  };
}

const stagedArguments = [
  'diff',
  '--cached',
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=all',
  '--diff-filter=ACMT',
];

/** `safeSettings` point hooks elsewhere; this is asked without them. */
async function hooksFolder(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  return new Promise((done, reject) => {
    const args = ['rev-parse', '--git-path', 'hooks'];
    const child = spawn('git', args, {
      cwd: directory,
      env: gitEnvironment(environment),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
    child.on('error', (cause) => reject(gitError(directory, args, 'git cannot be started', cause)));
    child.on('close', (code) => {
      if (code === 0) done(resolve(directory, out.trim()));
      else reject(gitError(directory, args, 'not a repository', undefined));
    });
  });
}

/** `:<mode> SP <mode> SP <object> SP <object> SP <status> NUL <path> NUL` (git-diff(1), RAW OUTPUT FORMAT). */
function parseRaw(out: Buffer): StagedFile[] {
  const fields = out.toString('utf8').split('\0');
  const files: StagedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', before = '', object = ''] = (fields[at] ?? '').split(' ');
    files.push({
      path: fields[at + 1] ?? '',
      object: mode === '160000' ? undefined : object,
      before: /^0+$/.test(before) ? undefined : before,
    });
  }
  return files;
}

/** `<path> NUL <attribute> NUL <info> NUL` (git-check-attr(1), OUTPUT). */
function parseAttributes(out: Buffer): ReadonlySet<string> {
  const fields = out.toString('utf8').split('\0');
  const hidden = new Set<string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const value = fields[at + 2];
    // The name of a driver stands here too, and its settings may call files binary.
    if (value !== 'unspecified' && value !== 'set') hidden.add(fields[at] ?? '');
  }
  return hidden;
}

interface Streaming {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly selection: PatchSelection;
}

/**
 * The filter `tuxdb` leaves additions, changes, copies and renames; matches gitleaks (sources/git.go). What settings of the user or of the repository could
 * change about the form of the output is said here: lines that are not understood would be lines that are not searched.
 */
function streamPatches({ directory, env, selection }: Streaming, take: (chunk: Buffer) => void): Promise<void> {
  const { options = [], revisions = [] } = selection;
  const refused = options.find((word) => !isLogOption(word));
  if (refused !== undefined)
    return Promise.reject(gitError(directory, ['log'], `the option ${refused} does not choose commits`, undefined));
  const args = [
    '-c',
    'core.quotePath=false',
    '-c',
    'core.bigFileThreshold=512m',
    'log',
    '-p',
    '-U0',
    '--inter-hunk-context=0',
    '--encoding=UTF-8',
    '--full-history',
    '--diff-filter=tuxdb',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--full-index',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    `--format=${commitFormat}`,
    ...options,
    ...(revisions.length > 0 ? ['--end-of-options', ...revisions] : options.length === 0 ? ['--all'] : []),
    '--',
  ];
  return new Promise((done, reject) => {
    const child = spawn('git', [...safeSettings, ...args], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    let thrown: Error | undefined;
    child.stdout.on('data', (chunk: Buffer) => {
      if (thrown !== undefined) return;
      try {
        take(chunk);
      } catch (error) {
        thrown = error instanceof Error ? error : new Error(messageOf(error));
        child.kill();
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < 4000) errors += chunk.toString('utf8');
    });
    child.on('error', (cause) => reject(gitError(directory, ['log'], 'git cannot be started', cause)));
    child.on('close', (code) => {
      if (thrown !== undefined) reject(thrown);
      else if (code === 0) done();
      else reject(gitError(directory, ['log'], errors.trim() || `git ended with status ${code}`, undefined));
    });
  });
}
