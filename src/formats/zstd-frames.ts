// SPDX-License-Identifier: Apache-2.0
// Finds where zstd frames end in a stream, without unpacking (RFC 8878, section 3.1). Node's decoder stops after the first frame and drops
// the rest in silence, but parallel compressors and zstd:chunked layers write thousands of frames.

/** Bytes of one frame: all of them when the first part is the last as well. Skippable frames are left out. */
export interface FramePart {
  readonly bytes: Buffer;
  readonly isLast: boolean;
  /** What the blocks so far can unpack to at most. */
  readonly mostContent: number;
}

export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const magicNumber = 0xfd2fb528;
/** No block unpacks to more (section 3.1.1.2.4). */
const mostBlockContent = 128 * 1024;

type Phase = 'header' | 'block' | 'body' | 'checksum' | 'skippable';

export class FrameSplitter {
  readonly #mostWhole: number;
  #phase: Phase = 'header';
  #held: Buffer[] = [];
  #heldBytes = 0;
  #blocks = 0;
  #hasChecksum = false;
  #isLastBlock = false;
  /** Bytes that are still to come of the present phase. */
  #left = 0;
  /** Start of a header or block header that came in pieces. */
  #rest: Buffer = Buffer.alloc(0);

  /** Frames of up to `mostWhole` packed bytes are given in one part. */
  constructor(mostWhole: number) {
    this.#mostWhole = mostWhole;
  }

  /** Takes the next bytes, which may be overwritten afterwards. Throws FrameError for what is no zstd. */
  *push(chunk: Buffer): Generator<FramePart> {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.alloc(0);
    while (bytes.length > 0) {
      const isInside = this.#isCounting();
      const length = isInside ? Math.min(this.#left, bytes.length) : this.#readHead(bytes);
      if (length === undefined) {
        this.#rest = Buffer.from(bytes);
        return;
      }
      if (isInside) this.#left -= length;
      if (this.#phase !== 'skippable') this.#hold(bytes.subarray(0, length));
      bytes = bytes.subarray(length);
      const isEnd = this.#advance();
      if (isEnd || this.#heldBytes > this.#mostWhole) yield this.#release(isEnd);
    }
    // The chunk is the caller's again.
    if (this.#held.length > 0) this.#held = [Buffer.concat(this.#held)];
  }

  /** To be called after the last bytes. Throws when a frame is cut off. */
  end(): void {
    if (this.#phase !== 'header' || this.#rest.length > 0) throw new FrameError('the last zstd frame is cut off');
  }

  #isCounting(): boolean {
    return this.#phase === 'body' || this.#phase === 'checksum' || this.#phase === 'skippable';
  }

  /** Reads the head of a frame or block; its length, or undefined when more bytes are needed. */
  #readHead(bytes: Buffer): number | undefined {
    return this.#phase === 'header' ? this.#readFrameHeader(bytes) : this.#readBlockHeader(bytes);
  }

  #readFrameHeader(bytes: Buffer): number | undefined {
    if (bytes.length < 5) return undefined;
    const magic = bytes.readUInt32LE(0);
    if (magic >>> 4 === 0x184d2a5) {
      if (bytes.length < 8) return undefined;
      this.#left = bytes.readUInt32LE(4);
      this.#phase = 'skippable';
      return 8;
    }
    if (magic !== magicNumber) throw new FrameError('no zstd frame where one should begin');
    const descriptor = bytes[4] ?? 0;
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
    const sizeLength = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
    const length = 5 + (isSingleSegment ? 0 : 1) + dictionary + sizeLength;
    if (bytes.length < length) return undefined;
    this.#blocks = 0;
    this.#hasChecksum = (descriptor & 4) !== 0;
    this.#phase = 'block';
    return length;
  }

  #readBlockHeader(bytes: Buffer): number | undefined {
    if (bytes.length < 3) return undefined;
    const head = bytes.readUIntLE(0, 3);
    const type = (head >> 1) & 3;
    if (type === 3) throw new FrameError('a zstd block of a reserved type');
    this.#isLastBlock = (head & 1) !== 0;
    this.#blocks += 1;
    // A block of type 1 stores one byte that is repeated.
    this.#left = type === 1 ? 1 : head >> 3;
    this.#phase = 'body';
    return 3;
  }

  /** Goes on to the next phase when the present one has all its bytes. true at the end of a frame. */
  #advance(): boolean {
    if (!this.#isCounting() || this.#left > 0) return false;
    if (this.#phase === 'skippable') {
      this.#phase = 'header';
      return false;
    }
    if (this.#phase === 'body' && !this.#isLastBlock) {
      this.#phase = 'block';
      return false;
    }
    if (this.#phase === 'body' && this.#hasChecksum) {
      this.#phase = 'checksum';
      this.#left = 4;
      return false;
    }
    this.#phase = 'header';
    return true;
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #release(isLast: boolean): FramePart {
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return { bytes, isLast, mostContent: this.#blocks * mostBlockContent };
  }
}
