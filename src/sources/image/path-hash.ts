// SPDX-License-Identifier: Apache-2.0
// Paths as numbers, so that three million of them fit in 24 MB: which layer replaces or removes what is decided by comparing these.
// Two paths with the same number would let one hide the other. By accident that does not happen (53 bits); and whoever could do it on
// purpose writes the upper layer, where replacing or removing the file is simpler.

/** Number of the whole path, and of each of its folders from the top down: `a/b/c` -> [a, a/b, a/b/c]. The root has none. */
export function pathHashes(path: string): number[] {
  const hashes: number[] = [];
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let index = 0; index < path.length; index += 1) {
    const code = path.charCodeAt(index);
    if (code === slash) hashes.push(joined(low, high));
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
    high ^= high >>> 15;
  }
  if (path !== '') hashes.push(joined(low, high));
  return hashes;
}

/** Number of the whole path. */
export function pathHash(path: string): number {
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let index = 0; index < path.length; index += 1) {
    const code = path.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
    high ^= high >>> 15;
  }
  return joined(low, high);
}

const slash = 0x2f;

function joined(low: number, high: number): number {
  return (high & 0x1fffff) * 0x1_0000_0000 + (low >>> 0);
}

/** A list of numbers that grows. */
export class NumberList {
  #numbers = new Float64Array(256);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length] = value;
    this.#length += 1;
  }

  /** A copy of the right size. */
  toArray(): Float64Array {
    return this.#numbers.slice(0, this.#length);
  }
}
