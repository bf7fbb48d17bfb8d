// SPDX-License-Identifier: Apache-2.0
// The regex library (apiserver pkg/cel/library/regex.go, Kubernetes 1.0): find and findAll.

import type { CelLibrary } from '../declarations.ts';
import { memberOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { intType, listOf, stringType } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelError, textOf } from '../values.ts';
import { compilePattern } from './regular-expressions.ts';
import { matchCost } from './standard.ts';

/** The first `limit` matches, all when it is negative. */
function findAll(text: CelValue = '', pattern: CelValue = '', limit: CelValue = -1): CelValue {
  const compiled = compilePattern(textOf(pattern));
  if (compiled instanceof CelError) return compiled;
  const matcher = compiled.matcher(textOf(text));
  const most = Number(limit) < 0 ? Number.POSITIVE_INFINITY : Number(limit);
  const found: string[] = [];
  for (; found.length < most && matcher.find(); ) found.push(matcher.group() ?? '');
  return found;
}

function find(text: CelValue = '', pattern: CelValue = ''): CelValue {
  const found = findAll(text, pattern, 1);
  return Array.isArray(found) ? ((found as readonly string[])[0] ?? '') : found;
}

export const regexLibrary: CelLibrary = {
  name: 'regex',
  functions: functionsOf({
    find: [{ ...memberOverload('string_find_string', [[stringType, stringType], stringType], find), cost: matchCost }],
    findAll: [
      {
        ...memberOverload('string_find_all_string', [[stringType, stringType], listOf(stringType)], findAll),
        cost: matchCost,
      },
      {
        ...memberOverload(
          'string_find_all_string_int',
          [[stringType, stringType, intType], listOf(stringType)],
          findAll,
        ),
        cost: matchCost,
      },
    ],
  }),
};
