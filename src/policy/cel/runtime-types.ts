// SPDX-License-Identifier: Apache-2.0
// Whether a value fits a declared type. Only the outermost type counts: the elements of lists and maps are looked at when they are used.

import { isMap } from './equality.ts';
import { isMessage } from './message.ts';
import type { CelType } from './types.ts';
import type { CelValue } from './values.ts';
import { CelBytes, CelDuration, CelObject, CelTimestamp, CelTypeValue, CelUint, doubleOf, isInt } from './values.ts';

export function fitsType(value: CelValue, type: CelType): boolean {
  switch (type.kind) {
    case 'dyn':
    case 'any':
    case 'error':
    case 'parameter':
      return true;
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'int':
      return isInt(value);
    case 'uint':
      return value instanceof CelUint;
    case 'double':
      return doubleOf(value) !== undefined;
    case 'bytes':
      return value instanceof CelBytes;
    case 'null':
      return value === null;
    case 'timestamp':
      return value instanceof CelTimestamp;
    case 'duration':
      return value instanceof CelDuration;
    case 'list':
      return Array.isArray(value);
    case 'map':
      return isMap(value);
    case 'type':
      return value instanceof CelTypeValue;
    case 'wrapper':
      return value === null || fitsType(value, type.of);
    case 'opaque':
      return value instanceof CelObject && value.typeName === type.name;
    default:
      return isMessage(value) ? value.typeName === type.name : isMap(value);
  }
}
