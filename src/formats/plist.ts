// SPDX-License-Identifier: Apache-2.0
// Apple property lists, XML and binary. Binary: "CFBinaryPList.c" of CoreFoundation documents the layout.
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import { decodeText, syntaxProblem } from './text.ts';
import type { XmlElement } from './xml.ts';
import { parseXml } from './xml.ts';

export interface PropertyList {
  /** Dictionaries become objects, dates and data strings; undefined when nothing could be read. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/** Reads either form. Never throws. */
export function parsePropertyList(bytes: Uint8Array, path: string): PropertyList {
  if (Buffer.from(bytes.subarray(0, 6)).toString('latin1') === 'bplist') return parseBinary(bytes, path);
  const { text, problems } = decodeText(bytes, path);
  const { root, problems: broken } = parseXml(text, path);
  const first = root?.name === 'plist' ? root.children[0] : undefined;
  const missing = first === undefined && broken.length === 0 ? [syntaxProblem(path, 'not a property list', 1)] : [];
  return { value: first === undefined ? undefined : xmlValue(first), problems: [...problems, ...broken, ...missing] };
}

function xmlValue(element: XmlElement): unknown {
  if (element.name === 'dict') {
    const object: Record<string, unknown> = Object.create(null);
    let key: string | undefined;
    for (const child of element.children) {
      if (child.name === 'key') key = child.text;
      else if (key !== undefined) {
        object[key] = xmlValue(child);
        key = undefined;
      }
    }
    return object;
  }
  if (element.name === 'array') return element.children.map(xmlValue);
  if (element.name === 'true' || element.name === 'false') return element.name === 'true';
  if (element.name === 'integer' || element.name === 'real') return Number(element.text);
  return element.text;
}

class Broken extends Error {}

function parseBinary(bytes: Uint8Array, path: string): PropertyList {
  try {
    return { value: new BinaryReader(bytes).root(), problems: [] };
  } catch {
    return { value: undefined, problems: [syntaxProblem(path, 'broken binary property list')] };
  }
}

class BinaryReader {
  readonly #view: DataView;
  readonly #offsets: number[] = [];
  readonly #referenceSize: number;
  readonly #top: number;
  #budget = defaultLimits.yamlNodes;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const trailer = bytes.byteLength - 32;
    if (trailer < 8) throw new Broken();
    const offsetSize = this.#view.getUint8(trailer + 6);
    this.#referenceSize = this.#view.getUint8(trailer + 7);
    const count = this.#number(trailer + 8, 8);
    this.#top = this.#number(trailer + 16, 8);
    const table = this.#number(trailer + 24, 8);
    if (count * offsetSize > bytes.byteLength || offsetSize === 0 || this.#referenceSize === 0) throw new Broken();
    for (let index = 0; index < count; index += 1)
      this.#offsets.push(this.#number(table + index * offsetSize, offsetSize));
  }

  root(): unknown {
    return this.#object(this.#top, 0);
  }

  /** Big-endian; values beyond 2^53 occur in no offset or count of a real file. */
  #number(at: number, size: number): number {
    let value = 0;
    for (let index = 0; index < size; index += 1) value = value * 256 + this.#view.getUint8(at + index);
    if (!Number.isSafeInteger(value)) throw new Broken();
    return value;
  }

  #object(reference: number, depth: number): unknown {
    const at = this.#offsets[reference];
    this.#budget -= 1;
    if (at === undefined || depth > defaultLimits.depth || this.#budget < 0) throw new Broken();
    const marker = this.#view.getUint8(at);
    const kind = marker >> 4;
    const low = marker & 15;
    if (marker === 0x08 || marker === 0x09) return marker === 0x09;
    if (kind === 0x1) return this.#number(at + 1, Math.min(8, 2 ** low));
    if (kind === 0x2) return low === 2 ? this.#view.getFloat32(at + 1) : this.#view.getFloat64(at + 1);
    if (kind === 0x3) return this.#view.getFloat64(at + 1);
    if (kind < 0x4 || kind === 0x8) return undefined;
    const { count, start } = this.#count(at, low);
    if (kind === 0x5) return this.#text(start, count, 'latin1');
    if (kind === 0x6) return this.#text(start, count * 2, 'utf-16be');
    if (kind === 0x4) return `<${count} bytes>`;
    const member = (index: number): unknown =>
      this.#object(this.#number(start + index * this.#referenceSize, this.#referenceSize), depth + 1);
    if (kind === 0xa || kind === 0xc) return Array.from({ length: this.#bounded(count) }, (_, index) => member(index));
    if (kind !== 0xd) throw new Broken();
    const object: Record<string, unknown> = Object.create(null);
    for (let index = 0; index < this.#bounded(count); index += 1) object[String(member(index))] = member(count + index);
    return object;
  }

  #bounded(count: number): number {
    if (count * this.#referenceSize > this.#view.byteLength) throw new Broken();
    return count;
  }

  /** A low nibble of 15 says that an integer with the count follows. */
  #count(at: number, low: number): { readonly count: number; readonly start: number } {
    if (low !== 15) return { count: low, start: at + 1 };
    const size = 2 ** (this.#view.getUint8(at + 1) & 15);
    if (size > 8) throw new Broken();
    return { count: this.#number(at + 2, size), start: at + 2 + size };
  }

  #text(start: number, length: number, encoding: 'latin1' | 'utf-16be'): string {
    if (start + length > this.#view.byteLength) throw new Broken();
    return new TextDecoder(encoding).decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length));
  }
}
