// SPDX-License-Identifier: Apache-2.0
// What is said of a flag.

export type FlagGroup = 'output' | 'filter' | 'input' | 'signature' | 'database' | 'general';

export interface Flag {
  readonly type: 'boolean' | 'string' | 'list' | 'number';
  readonly short?: string;
  /** Placeholder of the value in help: FILE, DAYS. */
  readonly value?: string;
  /** Closed set of values; anything else is a usage error. */
  readonly choices?: readonly string[];
  /** Of a number; more is a usage error. */
  readonly maximum?: number;
  /** Shown in help; the code that uses the flag applies it. */
  readonly default?: string;
  readonly group: FlagGroup;
  /** One sentence, no full stop. */
  readonly summary: string;
  /** Other names, for people who come from a peer: `only-fixed` (Grype), `ignore-unfixed` (Trivy). */
  readonly aliases?: readonly string[];
  /** false: not settable in landwaiter.yaml or the environment. */
  readonly configurable?: boolean;
}
