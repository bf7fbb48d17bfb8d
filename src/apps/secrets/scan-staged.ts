// SPDX-License-Identifier: Apache-2.0
// Searches what is staged. Files are scanned whole, so that a secret is found that a change only completes; what the same file held in the
// commit before is no news and is left out, wherever in the file it stands now.
import type { RawSecret, SecretFile, SecretScanner } from '../../evidence/secrets/raw-secret.ts';
import type { GitRepository } from '../../io/git.ts';
import type { StagedFile } from '../../io/git-changes.ts';
import { readStaged } from '../../sources/staged.ts';
import type { SecretRun } from './secret-run.ts';
import { SecretRecorder } from './secret-run.ts';

export interface StagedScan {
  readonly scanner: SecretScanner;
  /** What is staged, which git may have been asked for while the rules were made ready. */
  readonly staged: readonly StagedFile[];
  readonly repository: GitRepository;
  readonly isExcluded?: ((path: string) => boolean) | undefined;
}

/** Rejects with GIT_FAILED. */
export async function scanStaged({ scanner, staged: all, repository, isExcluded }: StagedScan): Promise<SecretRun> {
  const recorder = new SecretRecorder();
  const staged = all.filter((file) => isExcluded?.(file.path) !== true);
  if (staged.length === 0) return recorder.finish();
  const { files, problems } = await readStaged(repository, staged);
  recorder.problem(...problems);
  const results = scanner.scanFiles(files);
  const changed: { readonly path: string; readonly before: string; readonly secrets: readonly RawSecret[] }[] = [];
  for (const [index, { secrets, problems: own, skipped }] of results.entries()) {
    const file = files[index];
    recorder.problem(...own);
    recorder.files += 1;
    recorder.bytes += file?.bytes.length ?? 0;
    if (skipped !== undefined) recorder.skip(skipped);
    if (file?.before === undefined || secrets.length === 0) recorder.add(secrets.map((raw) => ({ raw })));
    else changed.push({ path: file.path, before: file.before, secrets });
  }
  if (changed.length === 0) return recorder.finish();
  await repository.readBlobs(
    changed.map((file) => file.before),
    (index, bytes) => {
      const file = changed[index];
      if (file === undefined) return;
      const known = bytes === undefined ? [] : secretsOf(scanner, { path: file.path, bytes });
      recorder.add(newSecrets(file.secrets, known).map((raw) => ({ raw })));
    },
  );
  return recorder.finish();
}

function secretsOf(scanner: SecretScanner, file: SecretFile): readonly RawSecret[] {
  return scanner.scanFiles([file]).flatMap(({ secrets }) => secrets);
}

/** Of the same rule and secret as many are known as there were before. */
function newSecrets(secrets: readonly RawSecret[], known: readonly RawSecret[]): readonly RawSecret[] {
  const left = new Map<string, number>();
  const keyOf = (raw: RawSecret): string => `${raw.rule.id}\0${raw.secret}`;
  for (const raw of known) left.set(keyOf(raw), (left.get(keyOf(raw)) ?? 0) + 1);
  return secrets.filter((raw) => {
    const count = left.get(keyOf(raw)) ?? 0;
    if (count > 0) left.set(keyOf(raw), count - 1);
    return count === 0;
  });
}
