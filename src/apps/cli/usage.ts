// SPDX-License-Identifier: Apache-2.0
// Wrong usage of a command, as the error that ends it.
import { LandwaiterError } from '../../model/error.ts';

/** `hint` is the next step: the word that was meant, or a line that works. */
export function usage(message: string, hint?: string): LandwaiterError {
  return new LandwaiterError({ code: 'USAGE', message, ...(hint === undefined ? {} : { hint }) });
}
