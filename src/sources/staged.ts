// SPDX-License-Identifier: Apache-2.0
// What is staged for the next commit: the blobs of the index, never the work tree, because that is what will be committed.
import type { GitRepository } from '../io/git.ts';
import type { StagedFile } from '../io/git-changes.ts';
import type { Problem } from '../model/problem.ts';

export interface StagedContent {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Blob of the file in the commit before; undefined for a new file. */
  readonly before: string | undefined;
}

export interface StagedContents {
  readonly files: readonly StagedContent[];
  readonly problems: readonly Problem[];
}

/** Reads the blobs of staged files; a submodule is passed over, it is another repository. Rejects with GIT_FAILED. */
export async function readStaged(repository: GitRepository, staged: readonly StagedFile[]): Promise<StagedContents> {
  const wanted = staged.filter((file) => file.object !== undefined);
  const files: StagedContent[] = [];
  const problems: Problem[] = [];
  await repository.readBlobs(
    wanted.map((file) => file.object ?? ''),
    (index, bytes) => {
      const file = wanted[index];
      if (file === undefined) return;
      if (bytes !== undefined) files.push({ path: file.path, bytes, before: file.before });
      else {
        const message = 'the staged object is not in this clone';
        problems.push({ kind: 'unreadable', message, location: { path: file.path }, hidesFindings: true });
      }
    },
  );
  return { files, problems };
}
