// SPDX-License-Identifier: Apache-2.0
// PHP's serialize() format, in the parts that data files use: null, bool, int, float, string and array. Objects are refused.
// https://www.phpinternalsbook.com/php5/classes_objects/serialization.html
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import { syntaxProblem } from './text.ts';

export interface PhpDocument {
  /** Arrays become objects with string keys, lists too; undefined when the text is broken. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/** Reads one serialised value. Lengths count bytes, so bytes are what it takes. Never throws. */
export function parsePhpSerialized(bytes: Uint8Array, path: string): PhpDocument {
  const reader = new PhpReader(bytes);
  const value = reader.value(0);
  if (reader.error === undefined) return { value, problems: [] };
  return { value: undefined, problems: [syntaxProblem(path, `not PHP serialised data: ${reader.error}`)] };
}

class PhpReader {
  error: string | undefined;
  readonly #text: string;
  readonly #decoder = new TextDecoder();
  #at = 0;

  constructor(bytes: Uint8Array) {
    // One character per byte: offsets stay byte offsets, strings are decoded one by one.
    this.#text = Buffer.from(bytes).toString('latin1');
  }

  value(depth: number): unknown {
    if (depth > defaultLimits.depth) return this.#fail('nested too deep');
    const kind = this.#text.charAt(this.#at);
    if (kind === 'N') return this.#expect('N;') ? null : undefined;
    if (kind === 's') return this.#string();
    if (kind === 'a') return this.#array(depth);
    if (kind === 'b' || kind === 'i' || kind === 'd') return this.#scalar(kind);
    return this.#fail(`unexpected byte at offset ${this.#at}`);
  }

  #scalar(kind: string): unknown {
    if (!this.#expect(`${kind}:`)) return undefined;
    const end = this.#text.indexOf(';', this.#at);
    if (end === -1 || end - this.#at > 64) return this.#fail(`no end of a number at offset ${this.#at}`);
    const text = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return kind === 'b' ? text === '1' : Number(text);
  }

  #string(): string | undefined {
    const length = this.#length('s:', ':"');
    if (length === undefined) return undefined;
    const raw = this.#text.slice(this.#at, this.#at + length);
    this.#at += length;
    if (raw.length < length || !this.#expect('";')) return this.#fail('a string is longer than the file');
    return this.#decoder.decode(Buffer.from(raw, 'latin1'));
  }

  #array(depth: number): Record<string, unknown> | undefined {
    const count = this.#length('a:', ':{');
    if (count === undefined) return undefined;
    const members: Record<string, unknown> = Object.create(null);
    for (let index = 0; index < count && this.error === undefined; index += 1) {
      const key = this.value(depth + 1);
      const member = this.value(depth + 1);
      if (typeof key === 'string' || typeof key === 'number') members[String(key)] = member;
    }
    return this.error === undefined && this.#expect('}') ? members : undefined;
  }

  #length(before: string, after: string): number | undefined {
    if (!this.#expect(before)) return undefined;
    const end = this.#text.indexOf(':', this.#at);
    const digits = this.#text.slice(this.#at, end);
    if (end === -1 || !/^\d{1,10}$/.test(digits)) return this.#fail(`no length at offset ${this.#at}`);
    this.#at = end;
    return this.#expect(after) ? Number(digits) : undefined;
  }

  #expect(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) {
      this.#fail(`expected ${JSON.stringify(text)} at offset ${this.#at}`);
      return false;
    }
    this.#at += text.length;
    return true;
  }

  #fail(reason: string): undefined {
    this.error ??= reason;
    return undefined;
  }
}
