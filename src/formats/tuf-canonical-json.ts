// SPDX-License-Identifier: Apache-2.0
// OLPC canonical JSON, over which TUF metadata is signed (TUF 1.0.33, 4.2.1): names sorted by code point, no white space, whole numbers only, and in
// texts only the quote and the backslash escaped. Not RFC 8785, which model/canonical-json.ts writes.
import { malformed } from './parsed.ts';

/** Bytes that were signed, for a value that JSON.parse gave. For use inside `parsing`: a number that is not whole ends the reading. */
export function tufCanonicalBytes(value: unknown): Buffer {
  return Buffer.from(canonicalText(value), 'utf8');
}

function canonicalText(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? String(value) : malformed('a number is not whole, or too large to be signed');
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object') return malformed('a value is not of JSON');
  const members = Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${members.map(([name, member]) => `${quoted(name)}:${canonicalText(member)}`).join(',')}}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
