// SPDX-License-Identifier: Apache-2.0
// Packages: the Berkeley DB hash database of rpm up to 4.15. Only what rpm writes is read: one header per key, on the page or in a
// chain of overflow pages. The layout is described by the source of Berkeley DB only (db_page.h, hash.h).

const hashMagic = 0x00061561;
const btreeMagic = 0x00053162;
const pageHead = 26;
const pageTypes = { unsortedHash: 2, overflow: 7, hash: 13 } as const;
const itemTypes = { onPage: 1, offPage: 3 } as const;

export function isBerkeleyDb(bytes: Uint8Array): boolean {
  if (bytes.length < 512) return false;
  const magic = Buffer.from(bytes.buffer, bytes.byteOffset + 12, 4);
  return [hashMagic, btreeMagic].some((number) => magic.readUInt32LE() === number || magic.readUInt32BE() === number);
}

/** Hands every header to `take`; gives the reasons why some are missing. */
export function berkeleyBlobs(bytes: Uint8Array, take: (blob: Uint8Array) => void): readonly string[] {
  return new BerkeleyFile(bytes).read(take);
}

class BerkeleyFile {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** The file has the byte order of the machine that wrote it. */
  readonly #little: boolean;
  readonly #pageSize: number;
  readonly #reasons: string[] = [];
  #copied = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = [hashMagic, btreeMagic].includes(this.#view.getUint32(12, true));
    this.#pageSize = this.#view.getUint32(20, this.#little);
  }

  read(take: (blob: Uint8Array) => void): readonly string[] {
    const failure = this.#unreadable();
    if (failure !== undefined) return [failure];
    const lastPage = this.#view.getUint32(32, this.#little);
    const present = Math.floor(this.#bytes.length / this.#pageSize);
    if (lastPage >= present) this.#reasons.push(`the file should have ${lastPage + 1} pages and has ${present}`);
    for (let page = 1; page <= lastPage && page < present; page += 1) {
      const type = this.#view.getUint8(page * this.#pageSize + 25);
      if (type === pageTypes.hash || type === pageTypes.unsortedHash) this.#hashPage(page, take);
    }
    return this.#reasons;
  }

  #unreadable(): string | undefined {
    const size = this.#pageSize;
    if (this.#view.getUint32(12, this.#little) === btreeMagic) return 'a Berkeley DB tree, which rpm does not use';
    if (size < 512 || size > 65_536 || (size & (size - 1)) !== 0) return `impossible page size ${size}`;
    return this.#view.getUint8(24) === 0 ? undefined : 'the database is encrypted';
  }

  /** Offsets of items stand behind the head of the page, keys and values in turn; items grow from the end of the page. */
  #hashPage(page: number, take: (blob: Uint8Array) => void): void {
    const start = page * this.#pageSize;
    const count = this.#view.getUint16(start + 20, this.#little);
    if (pageHead + 2 * count > this.#pageSize) {
      this.#reasons.push(`page ${page} says that it has ${count} items`);
      return;
    }
    const offsetOf = (index: number): number => this.#view.getUint16(start + pageHead + 2 * index, this.#little);
    for (let index = 1; index < count; index += 2) {
      const blob = this.#item(start, offsetOf(index), offsetOf(index - 1));
      // Key 0 holds the highest number that was ever given to a package, in four bytes.
      if (blob?.length === 4) continue;
      if (blob === undefined) this.#reasons.push(`an item of page ${page} is broken`);
      else take(blob);
    }
  }

  #item(start: number, offset: number, end: number): Uint8Array | undefined {
    if (offset < pageHead || offset >= end || end > this.#pageSize) return undefined;
    const type = this.#view.getUint8(start + offset);
    if (type === itemTypes.onPage) return this.#bytes.subarray(start + offset + 1, start + end);
    if (type !== itemTypes.offPage || offset + 12 > this.#pageSize) return undefined;
    const first = this.#view.getUint32(start + offset + 4, this.#little);
    return this.#overflow(first, this.#view.getUint32(start + offset + 8, this.#little));
  }

  #overflow(first: number, length: number): Uint8Array | undefined {
    // Chains share no pages; in a file made to cost time, they may.
    this.#copied += length;
    if (this.#copied > this.#bytes.length) return undefined;
    const whole = new Uint8Array(length);
    let at = 0;
    // Every page of the chain gives at least one byte, so that a loop ends with the length.
    for (let page = first; page !== 0 && at < length; ) {
      const start = page * this.#pageSize;
      if (start + this.#pageSize > this.#bytes.length) return undefined;
      if (this.#view.getUint8(start + 25) !== pageTypes.overflow) return undefined;
      const used = Math.min(this.#view.getUint16(start + 22, this.#little), length - at);
      if (used === 0 || pageHead + used > this.#pageSize) return undefined;
      whole.set(this.#bytes.subarray(start + pageHead, start + pageHead + used), at);
      at += used;
      page = this.#view.getUint32(start + 16, this.#little);
    }
    return at === length ? whole : undefined;
  }
}
