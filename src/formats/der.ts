// SPDX-License-Identifier: Apache-2.0
// DER (ITU-T X.690) as certificates, timestamps and signatures use it. Strict: definite lengths in their shortest form, shortest integers,
// nothing behind the end. What is not DER is refused, because a second encoding of one value is a second reading of one proof.
import { malformed } from './parsed.ts';

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

/** Context tag [n], constructed. */
export function contextTag(number: number): number {
  return 0xa0 | number;
}

/** Context tag [n], primitive. */
export function primitiveContextTag(number: number): number {
  return 0x80 | number;
}

/** Children of one element that are looked at; certificates with more are refused. */
const mostChildren = 1_000;

export interface DerElement {
  readonly tag: number;
  /** Header and content. */
  readonly encoded: Buffer;
  readonly content: Buffer;
}

/** Reads bytes that hold exactly one element. Leaves with `malformed`. */
export function readDer(bytes: Uint8Array): DerElement {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const element = elementAt(buffer, 0);
  if (element.encoded.length !== buffer.length) malformed('bytes behind the DER element');
  return element;
}

function elementAt(bytes: Buffer, at: number): DerElement {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return malformed('DER element is cut off');
  if ((tag & 0x1f) === 0x1f) return malformed('DER tag number above 30');
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const size = first & 0x7f;
    if (size === 0 || size > 4) return malformed('DER length is indefinite or too long');
    if (start + size > bytes.length) return malformed('DER element is cut off');
    length = bytes.readUIntBE(start, size);
    if (length < 0x80 || (size > 1 && bytes[start] === 0)) return malformed('DER length is not in its shortest form');
    start += size;
  }
  const end = start + length;
  if (end > bytes.length) return malformed('DER element is cut off');
  return { tag, encoded: bytes.subarray(at, end), content: bytes.subarray(start, end) };
}

/** Walks the children of a constructed element in order. */
export class DerCursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(content: Buffer) {
    this.#bytes = content;
  }

  /** The next child, which must have the tag. */
  next(tag: number, what: string): DerElement {
    return this.optional(tag) ?? malformed(`${what} is missing`);
  }

  /** The next child if it has the tag. */
  optional(tag: number): DerElement | undefined {
    return this.#bytes[this.#at] === tag ? this.any() : undefined;
  }

  any(): DerElement {
    const element = elementAt(this.#bytes, this.#at);
    this.#at += element.encoded.length;
    return element;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  end(what: string): void {
    if (!this.done) malformed(`${what} has more fields than expected`);
  }
}

export function cursorOf(element: DerElement, tag: number, what: string): DerCursor {
  if (element.tag !== tag) malformed(`${what} has another type`);
  return new DerCursor(element.content);
}

/** All children of a constructed element. */
export function childrenOf(element: DerElement): DerElement[] {
  const cursor = new DerCursor(element.content);
  const children: DerElement[] = [];
  while (!cursor.done) {
    if (children.length >= mostChildren) malformed(`more than ${mostChildren} elements in one`);
    children.push(cursor.any());
  }
  return children;
}

const knownObjectIds = new Map<string, string>();
const mostKnownObjectIds = 1_000;

/** Dotted text of an object identifier (X.690 8.19). The few that occur everywhere are decoded once. */
export function objectIdOf(element: DerElement): string {
  const { content } = element;
  if (element.tag !== tags.objectId || content.length === 0 || content.length > 64)
    return malformed('not an object identifier');
  const key = content.toString('latin1');
  const known = knownObjectIds.get(key);
  if (known !== undefined) return known;
  const text = decodeObjectId(content);
  if (knownObjectIds.size < mostKnownObjectIds) knownObjectIds.set(key, text);
  return text;
}

function decodeObjectId(content: Buffer): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  let isFirstOctet = true;
  for (const octet of content) {
    if (isFirstOctet && octet === 0x80) malformed('object identifier is not in its shortest form');
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    isFirstOctet = octet < 0x80;
    if (isFirstOctet) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  if (!isFirstOctet) malformed('object identifier is cut off');
  const head = arcs[0] ?? 0n;
  const root = head < 40n ? 0n : head < 80n ? 1n : 2n;
  return [root, head - root * 40n, ...arcs.slice(1)].join('.');
}

/** Content of an INTEGER in two's complement, shortest form. */
export function integerBytesOf(element: DerElement): Buffer {
  const { content } = element;
  const [first, second] = content;
  if (element.tag !== tags.integer || first === undefined) return malformed('not an integer');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    return malformed('integer is not in its shortest form');
  return content;
}

/** An INTEGER that is not negative and not above 2^53. */
export function smallIntegerOf(element: DerElement): number {
  const bytes = integerBytesOf(element);
  if ((bytes[0] ?? 0) >= 0x80 || bytes.length > 6) return malformed('integer out of range');
  return bytes.readUIntBE(0, bytes.length);
}

export function booleanOf(element: DerElement): boolean {
  if (element.tag !== tags.boolean || element.content.length !== 1) return malformed('not a boolean');
  const value = element.content[0];
  return value === 0xff || (value !== 0 && malformed('boolean is neither 00 nor FF'));
}

/** Whole octets of a BIT STRING. */
export function bitStringOf(element: DerElement): Buffer {
  if (element.tag !== tags.bitString || element.content[0] !== 0) return malformed('not a bit string of whole octets');
  return element.content.subarray(1);
}

/** A UTCTime or GeneralizedTime as X.509 and RFC 3161 write it (UTC, seconds present), in milliseconds since 1970. */
export function timeOf(element: DerElement): number {
  const text = element.content.toString('latin1');
  const isShort = element.tag === tags.utcTime;
  if (!isShort && element.tag !== tags.generalizedTime) return malformed('not a time');
  const digits = isShort ? /^(\d{12})Z$/.exec(text) : /^(\d{14})(\.\d{0,8}[1-9])?Z$/.exec(text);
  const number = digits?.[1];
  if (number === undefined) return malformed('time is not in the DER form');
  // RFC 5280 4.1.2.5.1: two-digit years from 50 on belong to the last century.
  const full = isShort ? `${number < '50' ? '20' : '19'}${number}` : number;
  const milliseconds = digits?.[2] === undefined ? 0 : Math.floor(Number(digits[2]) * 1000);
  return momentOf(full, milliseconds) ?? malformed('no such time');
}

/** `digits` is YYYYMMDDHHMMSS. Undefined when the calendar has no such moment. */
function momentOf(digits: string, milliseconds: number): number | undefined {
  const part = (from: number, to: number): number => Number(digits.slice(from, to));
  const month = part(4, 6) - 1;
  const day = part(6, 8);
  const date = new Date(0);
  date.setUTCFullYear(part(0, 4), month, day);
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined;
  const [hour, minute, second] = [part(8, 10), part(10, 12), part(12, 14)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return date.setUTCHours(hour, minute, second, milliseconds);
}

/** Length octets and tag before a content. */
export function encodeDer(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4;
  const header = Buffer.alloc(2 + size);
  header[0] = tag;
  header[1] = 0x80 | size;
  header.writeUIntBE(length, 2, size);
  return Buffer.concat([header, content]);
}
