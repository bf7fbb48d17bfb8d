// SPDX-License-Identifier: Apache-2.0
// A tar archive as a stream: bytes are pushed in, entries come out, and content is copied only for the entries that are wanted.
// ustar, GNU and PAX; where readers of tar disagree it does what Go's archive/tar does, because container runtimes unpack with it.
import type { Extensions, SparseRecords, TarEntry } from './tar-entry.ts';
import { applyPax, entryOf, kindOf } from './tar-entry.ts';
import type { TarHeader } from './tar-header.ts';
import { blockLength, fieldText, isZeroBlock, readNumber, readTarHeader } from './tar-header.ts';
import { parsePaxRecords } from './tar-pax.ts';
import type { SparsePiece } from './tar-sparse.ts';
import { fillSparse, parseSparseMap, readOldPieces, splitStoredMap } from './tar-sparse.ts';

export interface TarHandler {
  /**
   * Asked once for each entry; true hands the content of a file to `content`, `head` asks `wantsAfter` first, `first` hands over that many
   * bytes of its beginning. The handler keeps the size of what it asks for within what it can bear.
   */
  entry(entry: TarEntry): TarAnswer;
  /** Shown the first bytes of a file, at most `headLength`; true hands the whole content to `content`. Without it `head` means true. */
  wantsAfter?(entry: TarEntry, head: Buffer): boolean;
  /** `bytes` belong to the receiver; after the answer `head` they do not, and are overwritten when the next such content comes. */
  content(entry: TarEntry, bytes: Buffer): void;
  /** `isFatal`: nothing after it was read. */
  problem(problem: TarProblem): void;
}

export type TarAnswer = boolean | 'head' | { readonly first: number };

export interface TarProblem {
  readonly message: string;
  readonly offset: number;
  readonly path?: string;
  readonly isFatal: boolean;
}

/** First bytes that `wantsAfter` sees: enough for the magic number of an executable. */
export const headLength = 8;

/** Larger contents get memory of their own, so that one of them does not stay forever. */
const mostBorrowed = 32 * 1024 * 1024;

/** Long names, PAX records and sparse maps together, of one entry. Go's archive/tar has the same limit. */
const mostMetaBytes = 1024 * 1024;

type Phase = 'header' | 'old-sparse' | 'body' | 'padding' | 'ended' | 'broken';

/** What the body of the present entry is for. */
type Purpose =
  | { readonly kind: 'skip' }
  | { readonly kind: 'meta'; readonly type: string }
  | { readonly kind: 'head'; readonly entry: TarEntry; readonly stored: number }
  | { readonly kind: 'beginning'; readonly entry: TarEntry }
  | { readonly kind: 'content'; readonly entry: TarEntry; readonly sparse: SparseLayout | undefined };

/** `stored-map`: version 1.0, the map is the front of the content. */
type SparseLayout = { readonly kind: 'map'; readonly pieces: SparsePiece[] } | { readonly kind: 'stored-map' };

const skip: Purpose = { kind: 'skip' };

export class TarWalker {
  readonly #handler: TarHandler;
  /** A block that came in pieces. */
  readonly #block = Buffer.alloc(blockLength);
  #filled = 0;
  #phase: Phase = 'header';
  /** Bytes of the body, and of the padding, that are still to come. */
  #left = 0;
  #padding = 0;
  #purpose: Purpose = skip;
  #body: Buffer | undefined;
  #bodyFilled = 0;
  #lent: Buffer = Buffer.alloc(0);
  /** Bytes taken from the archive so far. */
  #offset = 0;
  #zeroBlocks = 0;
  #extensions: Extensions = {};
  #metaBytes = 0;
  #oldSparse: { readonly header: TarHeader; readonly offset: number; readonly pieces: SparsePiece[] } | undefined;

  constructor(handler: TarHandler) {
    this.#handler = handler;
  }

  /** Takes the next bytes. They may be overwritten afterwards. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#phase === 'header' || this.#phase === 'old-sparse') at = this.#takeBlock(chunk, at);
      else if (this.#phase === 'body') at = this.#takeBody(chunk, at);
      else if (this.#phase === 'padding') {
        const count = Math.min(this.#padding, chunk.length - at);
        this.#padding -= count;
        at = this.#advance(at, count);
        if (this.#padding === 0) this.#phase = 'header';
      } else return;
    }
  }

  /** To be called after the last bytes: tells of an archive that is cut off. */
  end(): void {
    if (this.#phase === 'ended' || this.#phase === 'broken') return;
    // Without the two zero blocks an archive is still whole when it ends between entries.
    const isBetween = this.#phase === 'header' && this.#filled === 0 && Object.keys(this.#extensions).length === 0;
    if (!isBetween) this.#break('the archive is cut off', this.#offset);
    this.#phase = 'ended';
  }

  #advance(at: number, count: number): number {
    this.#offset += count;
    return at + count;
  }

  #takeBlock(chunk: Buffer, at: number): number {
    if (this.#filled === 0 && chunk.length - at >= blockLength) {
      this.#offset += blockLength;
      this.#readBlock(chunk, at);
      return at + blockLength;
    }
    const count = Math.min(blockLength - this.#filled, chunk.length - at);
    chunk.copy(this.#block, this.#filled, at, at + count);
    this.#filled += count;
    this.#offset += count;
    if (this.#filled === blockLength) {
      this.#filled = 0;
      this.#readBlock(this.#block, 0);
    }
    return at + count;
  }

  #readBlock(block: Buffer, at: number): void {
    if (this.#phase === 'old-sparse') {
      this.#continueOldSparse(block, at);
      return;
    }
    const offset = this.#offset - blockLength;
    if (block[at] === 0 && isZeroBlock(block, at)) {
      this.#zeroBlocks += 1;
      if (this.#zeroBlocks === 2) this.#phase = 'ended';
      return;
    }
    const header = readTarHeader(block, at);
    if (header === undefined) {
      this.#break(
        this.#offset === blockLength ? 'this is no tar archive' : 'not a header: its checksum is wrong',
        offset,
      );
    } else if (this.#zeroBlocks > 0) this.#break('entries after the end of the archive', offset);
    else if (header.type === 'S') this.#beginOldSparse(header, block, at);
    else this.#begin(header, offset);
  }

  #begin(header: TarHeader, offset: number): void {
    if (isMeta(header.type)) {
      const { size } = header;
      if (size === undefined) this.#break('a size that is no number', offset);
      else if (this.#metaBytes + size > mostMetaBytes)
        this.#break(`names and attributes of more than ${mostMetaBytes} bytes`, offset);
      else {
        this.#metaBytes += size;
        this.#expect(size, { kind: 'meta', type: header.type }, size);
      }
      return;
    }
    const extensions = this.#takeExtensions();
    const kind = kindOf(header, extensions);
    // As Go does: links, folders, devices and pipes have no content, whatever the header says.
    const hasBody = kind === 'file' || (kind === 'special' && !'346'.includes(header.type));
    const stored = hasBody ? (extensions.size ?? header.size) : 0;
    if (stored === undefined) {
      this.#break('a size that is no number, negative or larger than any file', offset, extensions.path ?? header.name);
      return;
    }
    const entry = entryOf(header, extensions, { kind, size: kind === 'file' ? stored : 0, offset });
    const sparse = kind === 'file' ? this.#sparseLayout(extensions.sparse, entry) : undefined;
    if (sparse === 'broken') this.#expect(stored, skip, 0);
    else this.#offer(entry, stored, sparse);
  }

  #offer(entry: TarEntry, stored: number, sparse: SparseLayout | undefined): void {
    const answer = this.#handler.entry(entry);
    if (answer === false || entry.kind !== 'file') this.#expect(stored, skip, 0);
    else if (answer === 'head' && sparse === undefined && stored > 0)
      this.#expect(stored, { kind: 'head', entry, stored }, Math.min(stored, headLength));
    else if (typeof answer === 'object' && sparse === undefined && stored > answer.first)
      this.#expect(stored, { kind: 'beginning', entry }, answer.first);
    else if (sparse !== undefined && stored > entry.size + mostMetaBytes) {
      this.#complain('a sparse file that stores more than its size; not read', entry);
      this.#expect(stored, skip, 0);
    } else this.#expect(stored, { kind: 'content', entry, sparse }, stored);
  }

  /** Goes on to the body of `stored` bytes, of which `kept` are copied. */
  #expect(stored: number, purpose: Purpose, kept: number): void {
    this.#purpose = purpose;
    this.#left = stored;
    this.#padding = (blockLength - (stored % blockLength)) % blockLength;
    this.#body = purpose.kind === 'skip' ? undefined : Buffer.allocUnsafeSlow(kept);
    this.#bodyFilled = 0;
    this.#phase = 'body';
    if (stored === 0) this.#finishBody();
  }

  #takeBody(chunk: Buffer, at: number): number {
    const isHead = this.#purpose.kind === 'head' || this.#purpose.kind === 'beginning';
    const wish = isHead ? (this.#body?.length ?? 0) - this.#bodyFilled : this.#left;
    const count = Math.min(wish, chunk.length - at);
    if (this.#body !== undefined) {
      chunk.copy(this.#body, this.#bodyFilled, at, at + count);
      this.#bodyFilled += count;
    }
    this.#left -= count;
    const next = this.#advance(at, count);
    if (isHead && this.#bodyFilled === this.#body?.length) this.#decide();
    if (this.#left === 0) this.#finishBody();
    return next;
  }

  /** The first bytes are there: goes on to the whole content, or over it. */
  #decide(): void {
    const head = this.#body;
    if (this.#purpose.kind === 'beginning' && head !== undefined) {
      const { entry: begun } = this.#purpose;
      this.#purpose = skip;
      this.#body = undefined;
      this.#handler.content(begun, head);
      return;
    }
    if (this.#purpose.kind !== 'head' || head === undefined) return;
    const { entry, stored } = this.#purpose;
    if (this.#handler.wantsAfter?.(entry, head) === false) {
      this.#purpose = skip;
      this.#body = undefined;
      return;
    }
    this.#purpose = { kind: 'content', entry, sparse: undefined };
    this.#body = this.#borrow(stored);
    head.copy(this.#body);
  }

  /** Programs are large and read one after the other: memory of their own for each would keep the garbage collector busy. */
  #borrow(length: number): Buffer {
    if (length > mostBorrowed) return Buffer.allocUnsafeSlow(length);
    if (this.#lent.length < length)
      this.#lent = Buffer.allocUnsafeSlow(Math.min(mostBorrowed, Math.ceil(length * 1.25)));
    return this.#lent.subarray(0, length);
  }

  #finishBody(): void {
    const purpose = this.#purpose;
    const body = this.#body;
    this.#phase = this.#padding === 0 ? 'header' : 'padding';
    this.#purpose = skip;
    this.#body = undefined;
    if (body === undefined) return;
    if (purpose.kind === 'meta') this.#readMeta(purpose.type, body);
    else if (purpose.kind === 'content') this.#deliver(purpose.entry, purpose.sparse, body);
  }

  #deliver(entry: TarEntry, sparse: SparseLayout | undefined, stored: Buffer): void {
    if (sparse === undefined) {
      this.#handler.content(entry, stored);
      return;
    }
    const split = sparse.kind === 'map' ? { pieces: sparse.pieces, content: stored } : splitStoredMap(stored);
    const whole = split === undefined ? undefined : fillSparse(split.pieces, split.content, entry.size);
    if (whole === undefined) this.#complain('a sparse map that does not fit the file; not read', entry);
    else this.#handler.content(entry, whole);
  }

  #takeExtensions(): Extensions {
    const extensions = this.#extensions;
    this.#extensions = {};
    this.#metaBytes = 0;
    return extensions;
  }

  #readMeta(type: string, body: Buffer): void {
    if (type === 'L') this.#extensions.path = fieldText(body, 0, body.length);
    else if (type === 'K') this.#extensions.link = fieldText(body, 0, body.length);
    else this.#readPax(type, body);
  }

  #readPax(type: string, body: Buffer): void {
    const { records, broken } = parsePaxRecords(body);
    if (broken !== undefined) {
      this.#break(`extended header: ${broken}`, this.#offset);
      return;
    }
    if (type === 'g') {
      // Go hands global records to its caller, and container runtimes drop them. POSIX gives them to all entries that follow.
      const changing = records.find(([key]) => key === 'path' || key === 'linkpath' || key === 'size');
      this.#metaBytes = 0;
      if (changing !== undefined)
        this.#complain(`a global "${changing[0]}" that container runtimes ignore and other programs do not`, undefined);
      return;
    }
    for (const [key, value] of records) {
      if (!applyPax(this.#extensions, key, value)) {
        this.#break(`extended header: bad value of "${key}"`, this.#offset);
        return;
      }
    }
  }

  #sparseLayout(records: SparseRecords | undefined, entry: TarEntry): SparseLayout | 'broken' | undefined {
    if (records === undefined) return undefined;
    if (records.major === '1') return { kind: 'stored-map' };
    const text = records.map ?? (records.pairs.length > 0 ? records.pairs.join(',') : undefined);
    if (text === undefined) return undefined;
    const pieces = parseSparseMap(text);
    if (pieces !== undefined) return { kind: 'map', pieces };
    this.#complain('a sparse map that cannot be read; not read', entry);
    return 'broken';
  }

  #beginOldSparse(header: TarHeader, block: Buffer, at: number): void {
    const offset = this.#offset - blockLength;
    const pieces = readOldPieces(block, at + 386, 4);
    const size = readNumber(block, at + 483, 12);
    if (pieces === undefined || size === undefined || header.size === undefined) {
      this.#break('a sparse map that cannot be read', offset, header.name);
      return;
    }
    this.#oldSparse = { header, offset, pieces };
    this.#extensions.sparse = { pairs: [], size };
    if (block[at + 482] === 0) this.#endOldSparse();
    else this.#phase = 'old-sparse';
  }

  #continueOldSparse(block: Buffer, at: number): void {
    const pieces = readOldPieces(block, at, 21);
    this.#metaBytes += blockLength;
    if (pieces === undefined || this.#metaBytes > mostMetaBytes) {
      this.#break('a sparse map that cannot be read', this.#offset - blockLength, this.#oldSparse?.header.name);
      return;
    }
    this.#oldSparse?.pieces.push(...pieces);
    if (block[at + 504] === 0) this.#endOldSparse();
  }

  #endOldSparse(): void {
    const sparse = this.#oldSparse;
    if (sparse === undefined) return;
    this.#oldSparse = undefined;
    const extensions = this.#takeExtensions();
    const stored = extensions.size ?? sparse.header.size ?? 0;
    const entry = entryOf(sparse.header, extensions, { kind: 'file', size: stored, offset: sparse.offset });
    this.#offer(entry, stored, { kind: 'map', pieces: sparse.pieces });
  }

  #break(message: string, offset: number, path?: string): void {
    this.#phase = 'broken';
    this.#body = undefined;
    this.#handler.problem({ message, offset, isFatal: true, ...(path === undefined ? {} : { path }) });
  }

  #complain(message: string, entry: TarEntry | undefined): void {
    const place = entry === undefined ? { offset: this.#offset } : { offset: entry.offset, path: entry.path };
    this.#handler.problem({ message, isFatal: false, ...place });
  }
}

function isMeta(type: string): boolean {
  return type === 'L' || type === 'K' || type === 'x' || type === 'g';
}
