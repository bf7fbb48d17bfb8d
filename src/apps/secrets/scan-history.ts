// SPDX-License-Identifier: Apache-2.0
// Searches the history of a repository: the lines that each commit adds, while git writes them out. Git shows no lines of files that it calls binary: archives
// are looked into where that is asked for; what only attributes of the repository call binary, and what may be UTF-16, is read whole.
import { archiveKindOf, asByteText, isBinary } from '../../evidence/secrets/file-kind.ts';
import { fragmentsOf } from '../../evidence/secrets/fragments.ts';
import type { SecretFragment, SecretScanner } from '../../evidence/secrets/raw-secret.ts';
import type { GitRepository } from '../../io/git.ts';
import type { GitChanges, PatchSelection } from '../../io/git-changes.ts';
import type { AddedLines, BinaryChange, HistoryCommit } from '../../sources/git-history.ts';
import { PatchReader } from '../../sources/git-history.ts';
import type { SecretRun } from './secret-run.ts';
import { SecretRecorder } from './secret-run.ts';

export interface HistoryScan {
  readonly scanner: SecretScanner;
  readonly changes: GitChanges;
  readonly repository: GitRepository;
  readonly selection: PatchSelection;
  readonly isExcluded?: ((path: string) => boolean) | undefined;
  /** Whether archives are looked into. */
  readonly opensArchives: boolean;
  readonly onProgress?: ((commits: number, bytes: number) => void) | undefined;
}

const batchBytes = 1_000_000;
/** Larger hunks are cut as files are. */
const wholeHunkBytes = 200_000;

/** Rejects with GIT_FAILED when the history cannot be read. */
export async function scanHistory(options: HistoryScan): Promise<SecretRun> {
  const run = new HistoryRun(options);
  const reader = new PatchReader(run);
  await options.changes.streamPatches(options.selection, (chunk) => reader.push(chunk));
  reader.end();
  await run.openBinaries();
  if (await options.changes.isShallow()) run.tellShallow();
  return run.finish();
}

class HistoryRun {
  readonly #options: HistoryScan;
  readonly #recorder = new SecretRecorder();
  readonly #commits = new Set<string>();
  readonly #binaries: BinaryChange[] = [];
  #batch: { readonly fragment: SecretFragment; readonly commit: HistoryCommit }[] = [];
  #size = 0;

  constructor(options: HistoryScan) {
    this.#options = options;
  }

  lines({ commit, path, text, startLine }: AddedLines): void {
    if (this.#options.isExcluded?.(path) === true) return;
    this.#commits.add(commit.id);
    this.#recorder.files += 1;
    this.#recorder.bytes += text.length;
    const whole = { path, commit: commit.id };
    if (text.length <= wholeHunkBytes) this.#add({ ...whole, text, startLine }, commit);
    else {
      const bytes = Buffer.from(text, 'latin1');
      for (const part of fragmentsOf(bytes))
        this.#add(
          { ...whole, text: text.slice(part.start, part.end), startLine: startLine + part.startLine - 1 },
          commit,
        );
    }
  }

  binary(change: BinaryChange): void {
    if (this.#options.isExcluded?.(change.path) !== true) this.#binaries.push(change);
  }

  cut(path: string, commit: HistoryCommit): void {
    const message = `a line of commit ${commit.id.slice(0, 12)} is too long to be read whole; its end was not searched`;
    this.#recorder.problem({ kind: 'limit', message, location: { path }, hidesFindings: true });
  }

  /** Each blob once, with the first change that brought it. */
  async openBinaries(): Promise<void> {
    this.#flush();
    const changes = [...new Map(this.#binaries.map((change) => [`${change.object} ${change.path}`, change])).values()];
    const plain = changes.filter(({ path }) => archiveKindOf(path) === undefined).map(({ path }) => path);
    const hidden = await this.#options.changes.hiddenByAttributes([...new Set(plain)]);
    const wanted = changes.filter(({ path }) =>
      archiveKindOf(path) === undefined ? hidden.has(path) || namesOfText.test(path) : this.#options.opensArchives,
    );
    for (let index = wanted.length; index < changes.length; index += 1) this.#recorder.skip('binary');
    await this.#options.repository.readBlobs(
      wanted.map(({ object }) => object),
      (index, bytes) => {
        const change = wanted[index];
        if (change !== undefined) this.#openBinary(change, bytes);
      },
    );
  }

  #openBinary({ commit, path, object }: BinaryChange, bytes: Uint8Array | undefined): void {
    if (bytes === undefined) {
      const message = `the object ${object.slice(0, 12)} is not in this clone; it was not searched`;
      this.#recorder.problem({ kind: 'unreadable', message, location: { path }, hidesFindings: true });
      return;
    }
    if (archiveKindOf(path) === undefined && holdsNoText(bytes)) {
      this.#recorder.skip('binary');
      return;
    }
    this.#commits.add(commit.id);
    this.#recorder.files += 1;
    this.#recorder.bytes += bytes.length;
    for (const result of this.#options.scanner.scanFiles([{ path, bytes, commit: commit.id }])) {
      this.#recorder.add(result.secrets.map((raw) => ({ raw, commit })));
      this.#recorder.problem(...result.problems);
      if (result.skipped !== undefined) this.#recorder.skip(result.skipped);
    }
  }

  tellShallow(): void {
    const message = 'this clone is shallow: commits before its beginning were not searched';
    this.#recorder.problem({ kind: 'unresolved', message, location: { path: '.' }, hidesFindings: true });
  }

  finish(): SecretRun {
    this.#flush();
    return this.#recorder.finish({ commits: this.#commits.size });
  }

  #add(fragment: SecretFragment, commit: HistoryCommit): void {
    this.#batch.push({ fragment, commit });
    this.#size += fragment.text.length;
    if (this.#size >= batchBytes) this.#flush();
  }

  #flush(): void {
    const { scanner, onProgress } = this.#options;
    const results = scanner.scanAll(this.#batch.map(({ fragment }) => fragment));
    for (const [index, { commit }] of this.#batch.entries())
      this.#recorder.add((results[index] ?? []).map((raw) => ({ raw, commit })));
    this.#recorder.problem(...scanner.takeProblems());
    onProgress?.(this.#commits.size, this.#recorder.bytes);
    this.#batch = [];
    this.#size = 0;
  }
}

/** Git takes UTF-16 for binary; Windows tools write it in files of such names. */
const namesOfText =
  /\.(?:ps[md]?1|reg|txt|csv|tsv|sql|xml|ini|inf|conf|config|cfg|json|ya?ml|env|properties|cs|vb|c|cpp|h|rc|resx|bat|cmd|log|md|html?)$|(?:^|\/)\.env[^/]*$/i;

/** As git tells without attributes: a NUL near the beginning, where it is no text of two bytes a character. */
function holdsNoText(bytes: Uint8Array): boolean {
  if (isBinary(bytes)) return true;
  return bytes.subarray(0, 8_000).includes(0) && asByteText(bytes) === bytes;
}
