// SPDX-License-Identifier: Apache-2.0
// A local repository at a revision, read from the object store: the work tree is neither read nor changed.
import type { GitRepository } from '../io/git.ts';
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

async function visitCommit(options: GitOptions, commit: string, visitor: FileVisitor): Promise<Coverage> {
  const coverage = new CoverageRecorder();
  const wanted: { readonly path: string; readonly object: string; readonly mode: number }[] = [];
  const problem = (kind: 'limit' | 'unreadable', path: string, message: string): void =>
    coverage.problem({ kind, message, location: { path }, hidesFindings: true });
  const entries = await options.repository.listTree(commit);
  for (const [index, entry] of entries.entries()) {
    if (index >= options.limits.entries) {
      problem('limit', entry.path, `more than ${options.limits.entries} entries; the rest was not visited`);
      break;
    }
    if (entry.mode === '120000') coverage.skip('symlink', entry.path);
    else if (entry.mode === '160000') coverage.skip('submodule', entry.path);
    else if (options.isExcluded?.(entry.path) === true) coverage.skip('excluded', entry.path);
    else {
      coverage.filesSeen += 1;
      const isCandidate = visitor.wantsExecutable?.(entry.path) === true && mayBeExecutable(entry.path, entry.mode);
      if (!isCandidate && !visitor.wants(entry.path, entry.size)) continue;
      const maximum = isCandidate ? options.limits.executableBytes : options.limits.manifestBytes;
      if (entry.size > maximum) {
        coverage.skip('too-large', entry.path);
        problem('limit', entry.path, `${entry.size} bytes, more than the limit of ${maximum}; not read`);
      } else wanted.push({ path: entry.path, object: entry.object, mode: Number.parseInt(entry.mode.slice(-3), 8) });
    }
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
