// SPDX-License-Identifier: Apache-2.0
// The head of a GGUF model file: version, number of tensors, and the key-value pairs that describe the model. Tensors are not read.
// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import { ByteView } from './byte-view.ts';
import { cutOffProblem, syntaxProblem } from './text.ts';

export interface GgufHead {
  readonly version: number;
  readonly tensors: number;
  /** Texts, numbers and truth values as text; lists (vocabularies) are passed over. */
  readonly values: ReadonlyMap<string, string>;
}

export interface GgufResult {
  readonly head: GgufHead | undefined;
  readonly problems: readonly Problem[];
}

/** Sizes of the fixed-width value types, by their number in the format. */
const widths: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 4],
  [5, 4],
  [6, 4],
  [7, 1],
  [10, 8],
  [11, 8],
  [12, 8],
]);
const textType = 8;
const listType = 9;
const longestKey = 65_535;
const longestText = 65_536;

/** Reads what is there. `bytes` may be only the beginning of the file; a description that goes on behind it is a problem. Never throws. */
export function parseGgufHead(bytes: Uint8Array, path: string): GgufResult {
  const view = new ByteView(bytes);
  if (view.text(0, 4) !== 'GGUF') return { head: undefined, problems: [syntaxProblem(path, 'not a GGUF file')] };
  const version = view.u32(4);
  if (version < 1 || version > 3) {
    // Files of machines with the other byte order have the number the other way round.
    const message = `GGUF version ${version}; versions 1 to 3 are read`;
    return { head: undefined, problems: [{ kind: 'unsupported', message, location: { path }, hidesFindings: true }] };
  }
  const reader = new GgufReader(view, version === 1 ? 4 : 8);
  const tensors = reader.count();
  const pairs = reader.count();
  const values = new Map<string, string>();
  const problems: Problem[] = [];
  for (let index = 0; index < pairs && !reader.isCut; index += 1) {
    if (index >= defaultLimits.modelPairs) {
      const message = `more than ${defaultLimits.modelPairs} properties; the rest was not read`;
      problems.push({ kind: 'limit', message, location: { path }, hidesFindings: false });
      break;
    }
    const key = reader.text(longestKey);
    const value = reader.value();
    if (key !== undefined && value !== undefined) values.set(key, value);
  }
  if (reader.isCut)
    problems.push({ ...cutOffProblem(path, 'part of the description'), hidesFindings: !values.has('general.name') });
  return { head: { version, tensors, values }, problems };
}

/** Walks the pairs; after the first field that is not there `isCut` is true and nothing more is given. */
class GgufReader {
  isCut = false;
  #at = 8;
  readonly #view: ByteView;
  readonly #countWidth: 4 | 8;

  constructor(view: ByteView, countWidth: 4 | 8) {
    this.#view = view;
    this.#countWidth = countWidth;
  }

  count(): number {
    const at = this.#take(this.#countWidth);
    return at === undefined ? 0 : this.#view.word(at, this.#countWidth);
  }

  /** Undefined when it is longer than `maximum` or cut off. */
  text(maximum: number): string | undefined {
    const length = this.count();
    const at = this.#take(length);
    if (at === undefined || length > maximum) return undefined;
    return Buffer.from(this.#view.slice(at, length)).toString('utf8');
  }

  value(): string | undefined {
    const typeAt = this.#take(4);
    if (typeAt === undefined) return undefined;
    const type = this.#view.u32(typeAt);
    if (type === textType) return this.text(longestText);
    if (type === listType) {
      this.#list(0);
      return undefined;
    }
    const width = widths.get(type);
    const at = width === undefined ? this.#cut() : this.#take(width);
    return at === undefined ? undefined : this.#number(type, at);
  }

  #number(type: number, at: number): string {
    const data = new DataView(this.#view.bytes.buffer, this.#view.bytes.byteOffset + at);
    if (type === 0) return String(data.getUint8(0));
    if (type === 1) return String(data.getInt8(0));
    if (type === 2) return String(data.getUint16(0, true));
    if (type === 3) return String(data.getInt16(0, true));
    if (type === 4) return String(data.getUint32(0, true));
    if (type === 5) return String(data.getInt32(0, true));
    if (type === 6) return String(data.getFloat32(0, true));
    if (type === 7) return String(data.getUint8(0) !== 0);
    if (type === 10) return String(data.getBigUint64(0, true));
    return type === 11 ? String(data.getBigInt64(0, true)) : String(data.getFloat64(0, true));
  }

  #list(depth: number): void {
    const at = this.#take(4);
    if (at === undefined) return;
    const type = this.#view.u32(at);
    const length = this.count();
    const width = widths.get(type);
    if (width !== undefined) this.#take(length * width);
    else if (type === textType) for (let index = 0; index < length && !this.isCut; index += 1) this.#take(this.count());
    else if (type !== listType || depth >= defaultLimits.archiveDepth) this.#cut();
    else for (let index = 0; index < length && !this.isCut; index += 1) this.#list(depth + 1);
  }

  #take(length: number): number | undefined {
    const at = this.#at;
    if (this.isCut || !Number.isSafeInteger(length) || at + length > this.#view.length) return this.#cut();
    this.#at = at + length;
    return at;
  }

  #cut(): undefined {
    this.isCut = true;
    return undefined;
  }
}
