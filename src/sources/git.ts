// SPDX-License-Identifier: Apache-2.0
// A local repository at a revision, read from the object store: the work tree is neither read nor changed.
import { posix } from 'node:path';
import type { GitRepository, GitTreeEntry } from '../io/git.ts';
import type { Coverage } from '../model/coverage.ts';
import { CoverageRecorder } from '../model/coverage.ts';
import { digestOf } from '../model/digest.ts';
import type { Limits } from '../model/limits.ts';
import { subjectOf } from '../model/subject.ts';
import { mayBeExecutable } from './executables.ts';
import type { FileVisitor, Source } from './source.ts';

export interface GitOptions {
  readonly repository: GitRepository;
  readonly limits: Limits;
  /** As typed: the path, and the revision (`HEAD` when none was given). */
  readonly path: string;
  readonly revision: string;
  readonly name: string;
  readonly isExcluded?: ((path: string) => boolean) | undefined;
}

/** Resolves the revision at once, so that the subject is a commit and a typing error is told before any work. */
export async function gitSource(options: GitOptions): Promise<Source> {
  const commit = await options.repository.resolveCommit(options.revision);
  const digest = digestOf(commit.length === 64 ? 'sha256' : 'sha1', commit);
  return {
    target: `git:${options.path}@${options.revision}`,
    kind: 'git',
    subject: subjectOf(
      'commit',
      commit,
      `${options.path}@${commit.slice(0, 12)}`,
      digest === undefined ? [] : [digest],
    ),
    name: options.name,
    version: commit,
    visit: (visitor) => visitCommit(options, commit, visitor),
  };
}

interface WantedFile {
  readonly path: string;
  readonly object: string;
  readonly mode: number;
}

async function visitCommit(options: GitOptions, commit: string, visitor: FileVisitor): Promise<Coverage> {
  const coverage = new CoverageRecorder();
  const wanted: WantedFile[] = [];
  const problem = (kind: 'limit' | 'unreadable' | 'outside' | 'unsupported', path: string, message: string): void =>
    coverage.problem({ kind, message, location: { path }, hidesFindings: true });
  const entries = await options.repository.listTree(commit);
  const links: GitTreeEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    if (index >= options.limits.entries) {
      problem('limit', entry.path, `more than ${options.limits.entries} entries; the rest was not visited`);
      break;
    }
    if (options.isExcluded?.(entry.path) === true) coverage.skip('excluded', entry.path);
    else if (entry.mode === '120000') {
      coverage.skip('symlink', entry.path);
      if (visitor.wants(entry.path)) links.push(entry);
    } else if (entry.mode === '160000') {
      coverage.skip('submodule', entry.path);
      problem('unsupported', entry.path, 'a submodule is another repository; scan it by itself');
    } else {
      coverage.filesSeen += 1;
      const isCandidate = visitor.wantsExecutable?.(entry.path) === true && mayBeExecutable(entry.path, entry.mode);
      if (!isCandidate && !visitor.wants(entry.path, entry.size)) continue;
      const reading = isCandidate ? undefined : visitor.readingOf?.(entry.path);
      const maximum = options.limits[isCandidate ? 'executableBytes' : (reading?.limit ?? 'manifestBytes')];
      if (entry.size > maximum && reading?.part === 'beginning') {
        // git hands out whole objects only.
        coverage.skip('too-large', entry.path);
        const message = `${entry.size} bytes; the beginning of a file this large is read from a folder, not from a revision`;
        coverage.problem({ kind: 'unsupported', message, location: { path: entry.path }, hidesFindings: false });
      } else if (entry.size > maximum) {
        coverage.skip('too-large', entry.path);
        problem('limit', entry.path, `${entry.size} bytes, more than the limit of ${maximum}; not read`);
      } else wanted.push({ path: entry.path, object: entry.object, mode: permissionsOf(entry.mode) });
    }
  }
  for (const { link, target } of await followLinks(options.repository, links, entries)) {
    if (target === undefined) problem('unreadable', link.path, 'a link that leads nowhere in this revision');
    else if (target === 'outside')
      problem('outside', link.path, 'a link that leaves the root; what it leads to was not read');
    else if (visitor.wants(target.path, target.size) || options.isExcluded?.(target.path) === true) continue;
    else if (target.size > options.limits.manifestBytes)
      problem(
        'limit',
        link.path,
        `${target.size} bytes, more than the limit of ${options.limits.manifestBytes}; not read`,
      );
    else wanted.push({ path: link.path, object: target.object, mode: permissionsOf(target.mode) });
  }
  const objects = wanted.map((file) => file.object);
  await options.repository.readBlobs(objects, (index, bytes) => {
    const file = wanted[index];
    if (file === undefined) return;
    if (bytes === undefined) {
      coverage.skip('unreadable', file.path);
      problem('unreadable', file.path, 'the object is not in this clone (shallow or partial?)');
      return;
    }
    coverage.filesRead += 1;
    coverage.bytesRead += bytes.length;
    visitor.take({ path: file.path, bytes, mode: file.mode });
  });
  return coverage.finish();
}

interface FollowedLink {
  readonly link: GitTreeEntry;
  /** The file in the end; undefined when there is none. */
  readonly target: GitTreeEntry | 'outside' | undefined;
}

/** As many links in a row as Linux follows (path_resolution(7)). */
const linksInARow = 40;

/** Files to which links lead inside the revision. Links in the middle of a path are not followed: these lead nowhere. */
async function followLinks(
  repository: GitRepository,
  links: readonly GitTreeEntry[],
  entries: readonly GitTreeEntry[],
): Promise<readonly FollowedLink[]> {
  if (links.length === 0) return [];
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const folders = new Set(entries.flatMap((entry) => foldersAbove(entry.path)));
  const found: FollowedLink[] = [];
  let open = links.map((link) => ({ link, at: link }));
  for (let step = 0; step < linksInARow && open.length > 0; step += 1) {
    const next: typeof open = [];
    const current = open;
    await repository.readBlobs(
      current.map(({ at }) => at.object),
      (index, bytes) => {
        const item = current[index];
        if (item === undefined) return;
        const path = bytes === undefined ? undefined : placeOf(item.at.path, Buffer.from(bytes).toString('utf8'));
        const target = path === undefined || path === 'outside' ? undefined : byPath.get(path);
        if (path === 'outside') found.push({ link: item.link, target: 'outside' });
        else if (target?.mode === '120000') next.push({ link: item.link, at: target });
        // A link to a folder brings no file of its own.
        else if (target !== undefined || path === undefined || !folders.has(path))
          found.push({ link: item.link, target });
      },
    );
    open = next;
  }
  return [...found, ...open.map(({ link }) => ({ link, target: undefined }))];
}

/** Where the text of a link leads, as a path from the root. */
function placeOf(link: string, text: string): string {
  const path = posix.normalize(posix.join(posix.dirname(link), text));
  return text.startsWith('/') || path === '..' || path.startsWith('../') ? 'outside' : path.replace(/\/$/, '');
}

function foldersAbove(path: string): readonly string[] {
  const folders = ['.'];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}

/** `100755` -> 0o755. */
function permissionsOf(mode: string): number {
  return Number.parseInt(mode.slice(-3), 8);
}
