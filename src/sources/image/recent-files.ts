// SPDX-License-Identifier: Apache-2.0
// The wanted files that were read last, for the hard links that usually follow close behind.

export interface FileContent {
  readonly bytes: Uint8Array;
  readonly mode: number;
}

const mostBytes = 16 * 1024 * 1024;

export class RecentFiles {
  readonly #files = new Map<string, FileContent>();
  #bytes = 0;

  add(path: string, content: FileContent): void {
    if (content.bytes.length > mostBytes / 2) return;
    this.#drop(path);
    this.#files.set(path, content);
    this.#bytes += content.bytes.length;
    for (const [oldest] of this.#files) {
      if (this.#bytes <= mostBytes) break;
      this.#drop(oldest);
    }
  }

  get(path: string): FileContent | undefined {
    return this.#files.get(path);
  }

  #drop(path: string): void {
    this.#bytes -= this.#files.get(path)?.bytes.length ?? 0;
    this.#files.delete(path);
  }
}
