// SPDX-License-Identifier: Apache-2.0
// Every flag of every command, once. Parser, help, shell completion, configuration file, environment variables and docs/cli.md come from it.
import { admissionFlags } from './flags/admission.ts';
import type { Flag } from './flags/flag.ts';
import { manifestFlags } from './flags/manifests.ts';
import { notationFlags } from './flags/notation.ts';
import { pipelineFlags } from './flags/pipeline.ts';
import { policyFlags } from './flags/policy.ts';
import { provenanceFlags } from './flags/provenance.ts';
import { scanningFlags } from './flags/scanning.ts';
import { secretFlags } from './flags/secrets.ts';
import { signingFlags } from './flags/signing.ts';
import { verificationFlags } from './flags/verification.ts';

export const flags = {
  ...scanningFlags,
  ...verificationFlags,
  ...signingFlags,
  ...notationFlags,
  ...provenanceFlags,
  ...pipelineFlags,
  ...manifestFlags,
  ...policyFlags,
  ...admissionFlags,
  ...secretFlags,
} as const;

export type FlagName = keyof typeof flags;

/** Flags that every command takes. */
export const generalFlags: readonly FlagName[] = [
  'config',
  'quiet',
  'verbose',
  'no-color',
  'no-progress',
  'log-format',
  'help',
];

/** The table with its common type, for code that walks it. */
export const flagTable: Readonly<Record<string, Flag>> = flags;

/** Environment variable of a flag: `fail-on` -> `LANDWAITER_FAIL_ON`. */
export function environmentName(flag: string): string {
  return `LANDWAITER_${flag.toUpperCase().replaceAll('-', '_')}`;
}
