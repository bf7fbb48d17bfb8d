// SPDX-License-Identifier: Apache-2.0
// What a behaviour is, and what most of them do: change the repository, refresh, and tell the outcome.
import { createHash } from 'node:crypto';
import type { TufRepository } from '../../support/tuf-repository.ts';

/** What was expected and what came, in the same shape. */
export type Behaviour = (repository: TufRepository) => Promise<readonly [expected: unknown, actual: unknown]>;

export const past = '2026-01-01T00:00:00Z';
/** Of a file as the client keeps it. */
export const versionOf = (repository: TufRepository, name: string): unknown => {
  const bytes = repository.stored.get(name);
  return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString()).signed.version;
};

/** Refreshes, changes something, and refreshes again. */
export function after(change: (repository: TufRepository) => void, expected: string): Behaviour {
  return async (repository) => {
    const first = await repository.outcome();
    change(repository);
    return [
      ['ok', expected],
      [first, await repository.outcome()],
    ];
  };
}

/** Changes something before the first refresh. */
export function once(change: (repository: TufRepository) => void, expected: string): Behaviour {
  return async (repository) => {
    change(repository);
    return [expected, await repository.outcome()];
  };
}

/** A file with something changed and not signed again. */
export function changed(
  bytes: Buffer | undefined,
  change: (file: { signatures: { keyid: string; sig: string }[] }) => void,
): Buffer {
  const file = JSON.parse(String(bytes));
  change(file);
  return Buffer.from(JSON.stringify(file));
}

/** States length and hashes of the targets or the snapshot where they are listed, right or wrong. */
export function stateFacts(
  repository: TufRepository,
  kind: 'snapshot' | 'targets',
  algorithms: readonly string[],
  right: boolean,
): void {
  const name = `1.${kind}.json`;
  const bytes = repository.files.get(name) ?? Buffer.alloc(0);
  const hashes = Object.fromEntries(
    algorithms.map((algorithm) => [
      algorithm,
      createHash(algorithm)
        .update(bytes)
        .update(right ? '' : 'x')
        .digest('hex'),
    ]),
  );
  const facts = { version: 1, length: bytes.length, hashes };
  if (kind === 'snapshot') repository.timestamp['meta']['snapshot.json'] = facts;
  else repository.snapshot['meta']['targets.json'] = facts;
  repository.publish();
}
