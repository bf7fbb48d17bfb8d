// SPDX-License-Identifier: Apache-2.0
// Optional values (cel-go cel/library.go, OptionalTypes): optional.of, ofNonZeroValue, none, hasValue, value, or, orValue.

import type { CelLibrary } from '../declarations.ts';
import { globalOverload, memberOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { isMap, sizeOfMap } from '../equality.ts';
import { isMessage } from '../message.ts';
import { boolType, dynType, listOf, optionalOf, parameter } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelBytes, CelDuration, CelError, CelOptional, CelTimestamp, CelUint, doubleOf } from '../values.ts';

const content = parameter('V');
const optional = optionalOf(content);

function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof CelUint) return value.value === 0n;
  if (value instanceof CelBytes) return value.value.length === 0;
  if (value instanceof CelDuration || value instanceof CelTimestamp) return value.nanoseconds === 0n;
  if (value instanceof CelOptional) return value.value === undefined;
  if (isMessage(value)) return value.fields.size === 0;
  if (isMap(value)) return sizeOfMap(value) === 0;
  return doubleOf(value) === 0;
}

function contentOf(value: CelValue = null): CelValue | undefined {
  return value instanceof CelOptional ? value.value : new CelError('no such overload: not an optional');
}

export const optionalLibrary: CelLibrary = {
  name: 'optionals',
  functions: functionsOf({
    'optional.of': [globalOverload('optional_of', [[content], optional], (value = null) => new CelOptional(value))],
    'optional.ofNonZeroValue': [
      globalOverload('optional_ofNonZeroValue', [[content], optional], (value = null) =>
        isZero(value) ? CelOptional.none : new CelOptional(value),
      ),
    ],
    'optional.none': [globalOverload('optional_none', [[], optional], () => CelOptional.none)],
    'optional.unwrap': [
      globalOverload('optional_unwrap', [[listOf(optional)], listOf(content)], (list = null) => unwrap(list)),
    ],
    unwrapOpt: [
      memberOverload('optional_unwrapOpt', [[listOf(optional)], listOf(content)], (list = null) => unwrap(list)),
    ],
    hasValue: [memberOverload('optional_hasValue', [[optional], boolType], (value) => contentOf(value) !== undefined)],
    value: [
      memberOverload('optional_value', [[optional], content], (value) => {
        const found = contentOf(value);
        return found === undefined ? new CelError('optional.none() dereference') : found;
      }),
    ],
    or: [
      memberOverload('optional_or_optional', [[optional, optional], optional], (value = null, other = null) =>
        contentOf(value) === undefined ? other : value,
      ),
    ],
    orValue: [
      memberOverload('optional_orValue_value', [[optional, content], content], (value, other = null) => {
        const found = contentOf(value);
        return found === undefined ? other : found;
      }),
      // What is no optional stands for itself: matches cel-go, whose evalOptionalOrValue does not look at the type. The checker takes the type of the other.
      memberOverload('dyn_orValue_value', [[dynType, content], content], (value = null) => value),
    ],
  }),
};

function unwrap(list: CelValue): CelValue {
  if (!Array.isArray(list)) return new CelError('no such overload: optional.unwrap()');
  return (list as readonly CelValue[]).flatMap((item) =>
    item instanceof CelOptional ? (item.value === undefined ? [] : [item.value]) : [item],
  );
}
