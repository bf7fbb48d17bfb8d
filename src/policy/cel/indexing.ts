// SPDX-License-Identifier: Apache-2.0
// `container[index]` and `container[?index]`.

import { isMap, lookUp } from './equality.ts';
import { isMessage } from './message.ts';
import type { PresenceForm } from './selection.ts';
import { holdsNothing, selectField } from './selection.ts';
import type { CelValue } from './values.ts';
import { CelError, CelOptional, CelUint, doubleOf, isInt, typeNameOf } from './values.ts';

export function indexValue(container: CelValue, index: CelValue, form: PresenceForm = 'optional'): CelValue {
  if (Array.isArray(container)) {
    const position = positionOf(index);
    if (position === undefined) return unsupportedIndex(index);
    const item = position < 0 ? undefined : (container as readonly CelValue[])[position];
    return item ?? (position >= 0 && position < container.length ? null : outOfRange(position));
  }
  if (isMap(container)) {
    const value = lookUp(container, index);
    return value === undefined ? new CelError(`no such key: ${printKey(index)}`) : value;
  }
  if (container instanceof CelOptional)
    return container.value === undefined ? container : optionalIndex(container.value, index, form);
  if (isMessage(container) && typeof index === 'string') return selectField(container, index, 'plain');
  // The API server reads fields and elements of what has none as absent ones.
  if (typeof container === 'string') return new CelError(`no such key: ${printKey(index)}`);
  return new CelError(`no such overload: ${typeNameOf(container)}[${typeNameOf(index)}]`);
}

function unsupportedIndex(index: CelValue): CelError {
  const double = doubleOf(index);
  return new CelError(
    double === undefined
      ? `unsupported index type '${typeNameOf(index)}' in list`
      : `unsupported index value ${double} in list`,
  );
}

/** As indexValue, but what is not there is an empty optional. */
export function optionalIndex(container: CelValue, index: CelValue, form: PresenceForm): CelValue {
  if (container instanceof CelOptional)
    return container.value === undefined ? container : optionalIndex(container.value, index, form);
  if (form === 'lenient' && !(container instanceof CelError) && holdsNothing(container)) return CelOptional.none;
  if (Array.isArray(container)) {
    const position = positionOf(index);
    if (position === undefined) return new CelError(`unsupported index type '${typeNameOf(index)}' in list`);
    const isInside = position >= 0 && position < container.length;
    return isInside ? new CelOptional((container as readonly CelValue[])[position] ?? null) : CelOptional.none;
  }
  if (isMap(container)) {
    const value = lookUp(container, index);
    return value === undefined ? CelOptional.none : new CelOptional(value);
  }
  if (isMessage(container) && typeof index === 'string') return selectField(container, index, 'optional');
  return new CelError(`no such overload: ${typeNameOf(container)}[?${typeNameOf(index)}]`);
}

/** An index into a list: an int, or a uint or double of the same worth. */
function positionOf(index: CelValue): number | undefined {
  if (isInt(index)) return Number(index);
  if (index instanceof CelUint) return Number(index.value);
  const double = doubleOf(index);
  return double !== undefined && Number.isInteger(double) ? double : undefined;
}

function outOfRange(position: number): CelError {
  return new CelError(`index out of bounds: ${position}`);
}

function printKey(key: CelValue): string {
  return typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean' ? String(key) : typeNameOf(key);
}
