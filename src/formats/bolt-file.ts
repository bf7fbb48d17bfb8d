// SPDX-License-Identifier: Apache-2.0
// Reads a bbolt database (the key-value file of containerd and older podman) from its bytes.
// Layout: https://github.com/etcd-io/bbolt/blob/main/internal/common/page.go and meta.go
import { messageOf } from '../model/error.ts';
import type { Problem } from '../model/problem.ts';
import { syntaxProblem } from './text.ts';

/** Keys are read as UTF-8. A nested bucket is a map, a value its bytes. */
export type BoltBucket = ReadonlyMap<string, BoltBucket | Uint8Array>;

export interface BoltDatabase {
  /** Empty when the file is broken. */
  readonly root: BoltBucket;
  readonly problems: readonly Problem[];
}

class Broken extends Error {}

const magic = 0xed0cdaed;
const headerSize = 16;
const maxDepth = 50;

/** true for the first bytes of a bolt database: its first meta page. */
export function isBoltDatabase(bytes: Uint8Array): boolean {
  if (bytes.length < headerSize + 4) return false;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(headerSize, true) === magic;
}

/** Reads the whole database. Never throws. */
export function parseBoltDatabase(bytes: Uint8Array, path: string): BoltDatabase {
  try {
    return { root: new BoltReader(bytes).root(), problems: [] };
  } catch (error) {
    const reason = error instanceof Broken ? error.message : messageOf(error);
    return { root: new Map(), problems: [syntaxProblem(path, `broken bolt database: ${reason}`)] };
  }
}

/** The bucket at a path of keys; an empty one when there is none. */
export function boltBucket(root: BoltBucket, keys: readonly string[]): BoltBucket {
  let bucket = root;
  for (const key of keys) {
    const next = bucket.get(key);
    if (next === undefined || next instanceof Uint8Array) return new Map();
    bucket = next;
  }
  return bucket;
}

/** A value as text; undefined when absent or a bucket. */
export function boltText(bucket: BoltBucket, key: string): string | undefined {
  const value = bucket.get(key);
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}

class BoltReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #decoder = new TextDecoder();
  readonly #pageSize: number;
  readonly #rootPage: bigint;
  /** Every page belongs to one place of one tree: more visits than pages mean a loop. */
  #visits = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // Two meta pages; the one of the later transaction counts. Page sizes are powers of two.
    const metas = [0, 4_096, 8_192, 16_384, 32_768, 65_536].filter((start) => this.#isMeta(start));
    const first = metas[0];
    if (first === undefined) throw new Broken('no meta page');
    this.#pageSize = this.#view.getUint32(first + headerSize + 8, true);
    if (this.#pageSize < 1_024) throw new Broken('impossible page size');
    const transaction = (start: number): bigint => this.#view.getBigUint64(start + headerSize + 48, true);
    const current = metas.reduce((best, start) => (transaction(start) > transaction(best) ? start : best));
    this.#rootPage = this.#view.getBigUint64(current + headerSize + 16, true);
  }

  root(): BoltBucket {
    const found = new Map<string, BoltBucket | Uint8Array>();
    this.#page(this.#rootPage, found, 0);
    return found;
  }

  #isMeta(start: number): boolean {
    return start + headerSize + 64 <= this.#bytes.length && this.#view.getUint32(start + headerSize, true) === magic;
  }

  #page(number: bigint, into: Map<string, BoltBucket | Uint8Array>, depth: number): void {
    const start = Number(number) * this.#pageSize;
    this.#visits += 1;
    if (this.#visits > this.#bytes.length / 1_024 + 64 || depth > maxDepth) throw new Broken('a loop of pages');
    this.#elements(start, into, depth);
  }

  /** A page at an offset, also one that stands inside a value (small buckets are kept there). */
  #elements(start: number, into: Map<string, BoltBucket | Uint8Array>, depth: number): void {
    if (start + headerSize > this.#bytes.length) throw new Broken('a page beyond the file');
    const flags = this.#view.getUint16(start + 8, true);
    const count = this.#view.getUint16(start + 10, true);
    for (let index = 0; index < count; index += 1) {
      const element = start + headerSize + index * 16;
      if (element + 16 > this.#bytes.length) throw new Broken('an entry beyond the file');
      if ((flags & 0x01) !== 0) this.#page(this.#view.getBigUint64(element + 8, true), into, depth + 1);
      else if ((flags & 0x02) !== 0) this.#leaf(element, into, depth);
      else throw new Broken('a page that is neither branch nor leaf');
    }
  }

  #leaf(element: number, into: Map<string, BoltBucket | Uint8Array>, depth: number): void {
    const isBucket = (this.#view.getUint32(element, true) & 0x01) !== 0;
    const keyStart = element + this.#view.getUint32(element + 4, true);
    const keyLength = this.#view.getUint32(element + 8, true);
    const valueStart = keyStart + keyLength;
    const valueLength = this.#view.getUint32(element + 12, true);
    if (valueStart + valueLength > this.#bytes.length) throw new Broken('a value beyond the file');
    const key = this.#decoder.decode(this.#bytes.subarray(keyStart, valueStart));
    if (!isBucket) {
      into.set(key, this.#bytes.subarray(valueStart, valueStart + valueLength));
      return;
    }
    if (valueLength < 16 || depth > maxDepth) throw new Broken('a bucket without header');
    const bucket = new Map<string, BoltBucket | Uint8Array>();
    const root = this.#view.getBigUint64(valueStart, true);
    if (root === 0n) this.#elements(valueStart + 16, bucket, depth + 1);
    else this.#page(root, bucket, depth + 1);
    into.set(key, bucket);
  }
}
