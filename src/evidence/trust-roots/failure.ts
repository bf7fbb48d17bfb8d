// SPDX-License-Identifier: Apache-2.0
// Why an update of a trust root stopped. A closed union with a row for each code; nobody parses messages.

export const trustUpdateFailures = {
  METADATA_MALFORMED: 'A file is not TUF metadata of the kind that was asked for.',
  METADATA_MISSING: 'The repository does not have a file that it must have.',
  METADATA_UNSIGNED: 'A file lacks signatures of the keys that its delegator names.',
  METADATA_EXPIRED: 'A file is past its end: the repository is not kept up, or somebody withholds newer files.',
  METADATA_ROLLBACK: 'A file is older than what was seen before.',
  METADATA_MISMATCH: 'A file is not the one that another file of the repository names.',
  TARGET_UNKNOWN: 'No role that may do so names the target.',
  TARGET_MISMATCH: 'The target has another length or digest than the metadata states.',
  LIMIT_EXCEEDED: 'A file is larger, or a chain is longer, than is allowed.',
} as const;

export type TrustUpdateCode = keyof typeof trustUpdateFailures;

export interface TrustUpdateFailure {
  readonly kind: 'failed';
  readonly code: TrustUpdateCode;
  readonly message: string;
}

export function fail(code: TrustUpdateCode, message: string): TrustUpdateFailure {
  return { kind: 'failed', code, message };
}

export function isFailure(value: unknown): value is TrustUpdateFailure {
  return value !== null && typeof value === 'object' && (value as { kind?: unknown }).kind === 'failed';
}
