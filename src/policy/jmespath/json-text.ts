// SPDX-License-Identifier: Apache-2.0
// JSON text of a value within the budget: a small value may share one part so often that its text would be without end.
import type { Budget } from './budget.ts';
import { compareStrings, isObject } from './values.ts';

/** Standard: keys as they stand. Kyverno: Go's encoding, keys sorted and `<`, `>`, `&` escaped. Undefined when the budget does not allow it. */
export function jsonText(value: unknown, dialect: 'standard' | 'kyverno', budget: Budget): string | undefined {
  const parts: string[] = [];
  write(value, { parts, budget, isGo: dialect === 'kyverno' });
  return budget.isSpent ? undefined : parts.join('');
}

interface Writer {
  readonly parts: string[];
  readonly budget: Budget;
  readonly isGo: boolean;
}

function write(value: unknown, writer: Writer): void {
  const { parts, budget } = writer;
  budget.spend(1);
  if (budget.isSpent) return;
  if (Array.isArray(value)) {
    parts.push('[');
    for (const [index, item] of value.entries()) {
      if (index > 0) parts.push(',');
      write(item, writer);
      if (budget.isSpent) return;
    }
    parts.push(']');
  } else if (isObject(value)) {
    const keys = writer.isGo ? Object.keys(value).toSorted(compareStrings) : Object.keys(value);
    parts.push('{');
    for (const [index, key] of keys.entries()) {
      parts.push(index > 0 ? ',' : '', writeString(key, writer), ':');
      write(value[key], writer);
      if (budget.isSpent) return;
    }
    parts.push('}');
  } else if (typeof value === 'string') parts.push(writeString(value, writer));
  else parts.push(typeof value === 'number' || typeof value === 'boolean' ? JSON.stringify(value) : 'null');
}

function writeString(text: string, { budget, isGo }: Writer): string {
  budget.spend(text.length);
  const json = JSON.stringify(text);
  if (!isGo) return json;
  return json
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
