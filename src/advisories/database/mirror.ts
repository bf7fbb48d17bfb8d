// SPDX-License-Identifier: Apache-2.0
// Where a published database can be fetched from. A new kind is one more file with an implementation and one line in open-mirror.ts: what is
// fetched, checked and kept is decided in update.ts.

export interface MirrorStream {
  /** Where the bytes begin: the offset that was asked for, or 0 when the mirror cannot resume. */
  readonly start: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface Mirror {
  /** What a person calls it. */
  readonly name: string;
  /** A small file, whole. Throws NETWORK_FAILED or LIMIT_EXCEEDED. */
  read(path: string, maximum: number): Promise<Uint8Array>;
  /** A large file from an offset on. Throws NETWORK_FAILED; the chunks may throw it too. */
  stream(path: string, offset: number): Promise<MirrorStream>;
  /** Ends connections, where there are any. */
  close?(): void;
}
