// SPDX-License-Identifier: Apache-2.0
// RE2 patterns of expressions: a pattern that RE2 does not take is an error of CEL.

import type { RE2JS } from 're2js';
import { compileRe2 } from '../../../formats/re2.ts';
import { CelError } from '../values.ts';

/** The compiled pattern, or the error of one that RE2 does not take. */
export function compilePattern(pattern: string): RE2JS | CelError {
  const compiled = compileRe2(pattern);
  return compiled.kind === 'pattern' ? compiled.pattern : new CelError(compiled.message);
}
