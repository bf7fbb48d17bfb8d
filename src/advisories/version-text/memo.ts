// SPDX-License-Identifier: Apache-2.0
// Remembers parsed versions and constraints: a scan compares few distinct texts very often.

const most = 4_096;

/** The same function with its results kept for the latest few thousand texts. The function must be pure. */
export function remember<T>(parse: (text: string) => T): (text: string) => T {
  let kept = new Map<string, T>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined || kept.has(text)) return known as T;
    // Starting over is cheaper than tracking which entry was used last, and bounds memory just as well.
    if (kept.size >= most) kept = new Map();
    const result = parse(text);
    kept.set(text, result);
    return result;
  };
}
