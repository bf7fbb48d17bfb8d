// SPDX-License-Identifier: Apache-2.0
// What a search for secrets gives, wherever it searched.
import type { CommitFacts } from '../../evidence/secrets/gitleaks-finding.ts';
import type { RawSecret } from '../../evidence/secrets/raw-secret.ts';
import type { Problem } from '../../model/problem.ts';

export interface FoundSecret {
  readonly raw: RawSecret;
  readonly commit?: CommitFacts;
}

export interface SecretRun {
  readonly found: readonly FoundSecret[];
  readonly problems: readonly Problem[];
  readonly counts: SecretCounts;
}

export interface SecretCounts {
  /** Files, or changes of files, that were looked at. */
  readonly files: number;
  readonly bytes: number;
  /** Binary files, archives that were not asked for, what the allowlists of all rules take out. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly commits?: number;
}

/** Adds up a run. */
export class SecretRecorder {
  readonly #found: FoundSecret[] = [];
  readonly #problems: Problem[] = [];
  readonly #skipped = new Map<string, number>();
  files = 0;
  bytes = 0;

  add(found: Iterable<FoundSecret>): void {
    for (const item of found) this.#found.push(item);
  }

  problem(...problems: readonly Problem[]): void {
    this.#problems.push(...problems);
  }

  skip(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }

  finish(extra: { readonly commits?: number } = {}): SecretRun {
    const counts = { files: this.files, bytes: this.bytes, skipped: Object.fromEntries(this.#skipped), ...extra };
    return { found: this.#found, problems: this.#problems, counts };
  }
}
