// SPDX-License-Identifier: Apache-2.0
// JSON for documents on which trust rests. Readers differ on duplicate names (first or last counts), byte order marks and invalid UTF-8;
// an attacker uses such differences, so all three are refused here instead of resolved.

import { decodeBase64 } from './base64.ts';
import type { DocumentPath, JsonObject } from './document.ts';
import { asObject } from './document.ts';
import { countMembers, endOfString } from './json-spans.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';

export interface StrictJsonLimits {
  readonly bytes: number;
  readonly depth: number;
}

/** Reads one JSON object. */
export function parseStrictJson(bytes: Uint8Array, limits: StrictJsonLimits): Parsed<JsonObject> {
  return parsing(() => readStrictJson(bytes, limits));
}

function readStrictJson(bytes: Uint8Array, limits: StrictJsonLimits): JsonObject {
  if (bytes.length > limits.bytes) malformed(`larger than ${limits.bytes} bytes`);
  const text = decodeUtf8(bytes);
  if (text === undefined) return malformed('not valid UTF-8');
  if (text.startsWith('\uFEFF')) malformed('starts with a byte order mark');
  const { members, depth } = structureOf(text);
  if (depth > limits.depth) malformed(`nested more than ${limits.depth} levels deep`);
  const value = parseText(text);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return malformed('not a JSON object');
  // JSON.parse keeps one of two members with the same name, so there are fewer than the text has.
  if (countMembers(value) !== members) malformed('a name stands twice in one object');
  return value as JsonObject;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return malformed('not valid JSON');
  }
}

/** Members of all objects and the deepest nesting. What stands outside of strings is counted; whether it is JSON is for the parser to say. */
function structureOf(text: string): { readonly members: number; readonly depth: number } {
  let members = 0;
  let open = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at) - 1;
    else if (code === 0x3a) members += 1;
    else if (code === 0x7b || code === 0x5b) {
      open += 1;
      if (open > depth) depth = open;
    } else if (code === 0x7d || code === 0x5d) open -= 1;
  }
  return { members, depth };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of the bytes, or undefined when they are not UTF-8. A byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Reads members of an object for a reader that runs in `parsing`; a wrong type ends the reading with the path of the member. */
export class MemberReader {
  readonly object: JsonObject;
  readonly #path: DocumentPath;

  constructor(object: JsonObject, path: DocumentPath = []) {
    this.object = object;
    this.#path = path;
  }

  fail(name: string, reason: string): never {
    return malformed(`${[...this.#path, name].join('.')}: ${reason}`);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.object, name) && this.object[name] !== null;
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.object, name) ? this.object[name] : undefined;
  }

  text(name: string): string {
    const value = this.#get(name);
    return typeof value === 'string' ? value : this.fail(name, 'a text is required');
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  bytes(name: string, clean?: (text: string) => string): Buffer {
    const text = this.text(name);
    const bytes = decodeBase64(clean === undefined ? text : clean(text));
    return bytes === undefined || bytes.length === 0 ? this.fail(name, 'base64 is required') : bytes;
  }

  optionalBytes(name: string): Buffer | undefined {
    return this.has(name) ? this.bytes(name) : undefined;
  }

  /** A count: proto3 JSON writes 64-bit numbers as text and leaves zero out. */
  count(name: string): number {
    const value = this.#get(name) ?? '0';
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || !/^(?:0|[1-9][0-9]{0,15})$/.test(text))
      return this.fail(name, 'a count is required');
    const count = Number(text);
    return Number.isSafeInteger(count) ? count : this.fail(name, 'too large');
  }

  member(name: string): MemberReader {
    const value = asObject(this.#get(name));
    return value === undefined
      ? this.fail(name, 'an object is required')
      : new MemberReader(value, [...this.#path, name]);
  }

  optionalMember(name: string): MemberReader | undefined {
    return this.has(name) ? this.member(name) : undefined;
  }

  /** Objects of a list; an absent list is empty. */
  members(name: string, most: number): MemberReader[] {
    return this.list(name, most).map((item, index) => {
      const value = asObject(item);
      const path = [...this.#path, name, index];
      return value === undefined
        ? malformed(`${path.join('.')}: an object is required`)
        : new MemberReader(value, path);
    });
  }

  /** Base64 texts of a list; an absent list is empty. */
  bytesList(name: string, most: number): Buffer[] {
    return this.list(name, most).map((item) => {
      const bytes = typeof item === 'string' ? decodeBase64(item) : undefined;
      return bytes ?? this.fail(name, 'base64 is required');
    });
  }

  /** The items of a list; an absent list is empty. */
  list(name: string, most: number): readonly unknown[] {
    const value = this.#get(name) ?? [];
    if (!Array.isArray(value)) return this.fail(name, 'a list is required');
    return value.length > most ? this.fail(name, `more than ${most} entries`) : value;
  }
}
