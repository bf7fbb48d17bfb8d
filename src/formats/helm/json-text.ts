// SPDX-License-Identifier: Apache-2.0
// Values as Go's encoding/json writes them: members sorted by name, `<`, `>` and `&` escaped unless told.
import { bounded, boundedText, HelmObject, placeholder, sortedEntries, unknown } from './value.ts';

export interface JsonStyle {
  /** Blanks of one level; compact when absent. */
  readonly indent?: string;
  /** Whether `<` becomes `\u003c`; `escaped` when absent. */
  readonly html?: 'escaped' | 'plain';
}

export function jsonText(value: unknown, { indent = '', html = 'escaped' }: JsonStyle = {}): string {
  const text = written(bounded(value), indent, '').replace(/[\u2028\u2029]/g, escaped);
  return boundedText(html === 'plain' ? text : text.replace(/[<>&]/g, escaped));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function written(value: unknown, indent: string, outer: string): string {
  if (value === undefined || value === null) return 'null';
  if (value === unknown) return JSON.stringify(placeholder);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return Object.is(value, -0) ? '-0' : JSON.stringify(value);
  const inner = outer + indent;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item) => written(item, indent, inner))
    : sortedEntries(value instanceof HelmObject ? value.fields : (value as Readonly<Record<string, unknown>>)).map(
        ([key, member]) => `${JSON.stringify(key)}:${indent === '' ? '' : ' '}${written(member, indent, inner)}`,
      );
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return open + close;
  return indent === ''
    ? open + parts.join(',') + close
    : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${outer}${close}`;
}
