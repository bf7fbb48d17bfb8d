// SPDX-License-Identifier: Apache-2.0
// The one error type of the program. Errors are for what stops a command; findings and unreadable input are return values.
// Every code has a row in `errorCodes` (the source of docs/errors.md).

/** What each code means, in one sentence; the exit code it leads to stands in `exit`. */
export const errorCodes = {
  USAGE: {
    exit: 2,
    meaning: 'The command line names something that does not exist or lacks something that is required.',
  },
  CONFIG_INVALID: {
    exit: 2,
    meaning: 'A configuration file has an unknown key, a wrong type or is not readable as YAML.',
  },
  TARGET_NOT_FOUND: { exit: 2, meaning: 'The target of the scan does not exist or cannot be opened.' },
  TARGET_UNSUPPORTED: { exit: 2, meaning: 'The target is of a kind that this command does not read.' },
  INPUT_UNREADABLE: {
    exit: 3,
    meaning: 'An input named by the user could not be read or parsed as what it claims to be.',
  },
  LIMIT_EXCEEDED: {
    exit: 3,
    meaning: 'An input is larger, deeper or longer than the limit that protects this program.',
  },
  GIT_FAILED: { exit: 3, meaning: 'git could not answer for the repository or the revision.' },
  DATABASE_MISSING: { exit: 3, meaning: 'No advisory database is installed or shipped for what is to be matched.' },
  DATABASE_INVALID: {
    exit: 3,
    meaning: 'The advisory database does not have the form or the digests its index states.',
  },
  DATABASE_SIGNATURE: {
    exit: 3,
    meaning: 'The index of the advisory database is not signed by a pinned key, or was changed.',
  },
  NETWORK_FAILED: { exit: 3, meaning: 'A server that had to be asked did not answer, or answered with an error.' },
  REGISTRY_THROTTLED: {
    exit: 3,
    meaning: 'An image registry refused because it was asked too often (429); nothing is known about what was asked.',
  },
  REGISTRY_UNAUTHORIZED: {
    exit: 3,
    meaning: 'An image registry, or its token service, refused the credentials or wants some (401, 403).',
  },
  REGISTRY_UNREACHABLE: {
    exit: 3,
    meaning: 'An image registry did not answer, broke off, failed (5xx), or may not be asked by the configuration.',
  },
  REGISTRY_INVALID: {
    exit: 3,
    meaning:
      'An image registry or image archive sent something that is not what was asked for: a wrong digest, a malformed manifest, a forbidden redirect.',
  },
  KEY_PASSWORD: { exit: 2, meaning: 'The password of a private key is missing or wrong.' },
  KEY_UNREADABLE: {
    exit: 3,
    meaning: 'A key is not of a form that is read, was changed, or its keeper does not give it.',
  },
  PROGRAM_FAILED: {
    exit: 3,
    meaning: 'Another program that had to be run could not be, was too slow, or gave no answer.',
  },
  SIGNING_FAILED: {
    exit: 3,
    meaning:
      'A service that takes part in signing refused, or its answer does not prove what it should; nothing was published.',
  },
  OUTPUT_FAILED: { exit: 3, meaning: 'The report could not be written to the place that was asked for.' },
  INTERNAL: { exit: 3, meaning: 'A defect of this program. Please report it with the command and the version.' },
} as const satisfies Record<string, { readonly exit: 1 | 2 | 3; readonly meaning: string }>;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetails {
  readonly code: ErrorCode;
  /** What was being done, to what, and why it failed. */
  readonly message: string;
  /** One thing the reader can do about it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An error with a code from a closed union, a sentence for a human, an optional hint, and its cause. */
export class LandwaiterError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'LandwaiterError';
    this.code = details.code;
    this.hint = details.hint;
  }
}

/** The sentence of any thrown value, for use inside another message. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
