// SPDX-License-Identifier: Apache-2.0
// The level of the SLSA build track that verified provenance shows, and why not the next one (slsa.dev/spec/v1.2/build-track-basics). The level
// is that of the builder in the table of trusted builders; nothing in a predicate raises it.
import type { BuildLevel, TrustedBuilder } from './builders.ts';
import type { LevelFinding } from './result.ts';

export interface LevelQuestion {
  readonly row: TrustedBuilder | undefined;
  /** `hosted`, `self-hosted`, or unknown. */
  readonly runner: string | undefined;
  readonly isReleased: boolean;
  /** Whether a log or a timestamp proves when it was signed. */
  readonly isLogged: boolean;
  /** How the row, or its absence, is called. */
  readonly builder: string;
}

const meanings: Readonly<Record<BuildLevel, string>> = {
  0: 'L0: nothing is proved about the build',
  1: 'L1: provenance exists and says how the artifact was built',
  2: 'L2: a hosted service signed the provenance',
  3: 'L3: the build steps could not reach what signs, and could not influence each other',
};

/** Levels only ever go down from what the table says; each step has its reason. */
export function findLevel(question: LevelQuestion): LevelFinding {
  const { row, runner, isReleased, isLogged, builder } = question;
  const reasons: string[] = [];
  let level: BuildLevel = row?.level ?? 1;
  if (row === undefined) reasons.push(`${builder} is not in the table of trusted builders`);
  else reasons.push(`${row.title}: ${row.reason}`);
  const lower = (most: BuildLevel, reason: string): void => {
    if (level <= most) return;
    level = most;
    reasons.push(reason);
  };
  if (runner !== undefined && runner !== 'github-hosted')
    lower(1, `the runner is ${runner.slice(0, 100)}, not hosted by the service`);
  if (!isReleased) lower(2, 'the builder ran from a ref that can be changed, not from a released version');
  if (!isLogged) lower(1, 'no log and no timestamp proves that the signature was made while its certificate was valid');
  return {
    level,
    statedBy: row === undefined ? 'nobody' : `table of trusted builders: ${row.id}`,
    reasons: [meanings[level], ...reasons],
  };
}
