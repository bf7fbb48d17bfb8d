// SPDX-License-Identifier: Apache-2.0
// Texts in attestors of an ImageValidatingPolicy.
import { asObject, asString } from '../../../formats/document.ts';

/** Text, or the `value` of an object that could also have an expression. */
export function valueOf(written: unknown): string | undefined {
  const text = asString(written) ?? asString(asObject(written)?.['value']);
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** Go writes texts that are not there as empty ones. */
export function textOf(value: unknown): string | undefined {
  return value === '' ? undefined : asString(value);
}
