// SPDX-License-Identifier: Apache-2.0
// The ways in which a database is refused, as errors with a code and a hint. A refused database is never "no findings".
import { LandwaiterError } from '../../model/error.ts';

const refresh = 'get it again with: landwaiter db update';

/** The bytes do not have the form or the digests that the index states. */
export function invalidDatabase(message: string, cause?: unknown): LandwaiterError {
  return new LandwaiterError({ code: 'DATABASE_INVALID', message, hint: refresh, cause });
}

/** The index is not signed by a trusted key, was changed, or is older than one already seen. */
export function untrustedDatabase(message: string, cause?: unknown): LandwaiterError {
  return new LandwaiterError({
    code: 'DATABASE_SIGNATURE',
    message,
    hint: `${refresh}; a mirror that signs its own index needs its public key given with --trust-key`,
    cause,
  });
}

/** There is no database, or not the part that is asked for. */
export function missingDatabase(message: string): LandwaiterError {
  return new LandwaiterError({ code: 'DATABASE_MISSING', message, hint: refresh });
}

/** A mirror did not answer, or not with what was asked for. */
export function mirrorFailed(message: string, cause?: unknown): LandwaiterError {
  return new LandwaiterError({ code: 'NETWORK_FAILED', message, hint: 'try again, or name another mirror', cause });
}
