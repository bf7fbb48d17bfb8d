// SPDX-License-Identifier: Apache-2.0
// PAX extended header records (POSIX.1-2001 pax, "pax Header Block"): `LENGTH KEY=VALUE\n`, the length counting itself.

export interface PaxRecords {
  /** In the order of the block; a key may come again (sparse maps of version 0.0). */
  readonly records: readonly (readonly [key: string, value: string])[];
  /** Why the records after those are missing. */
  readonly broken?: string;
}

const equals = 0x3d;
const newline = 0x0a;
const space = 0x20;

/** Never throws. */
export function parsePaxRecords(block: Buffer): PaxRecords {
  const records: [string, string][] = [];
  for (let at = 0; at < block.length; ) {
    // Some writers fill the rest of the block with NULs.
    if (block[at] === 0) return { records };
    let length = 0;
    let index = at;
    for (; index < at + 10; index += 1) {
      const digit = (block[index] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      length = length * 10 + digit;
    }
    const end = at + length;
    if (index === at || block[index] !== space || end > block.length || end <= index + 1 || block[end - 1] !== newline)
      return { records, broken: `no record at byte ${at}` };
    const sign = block.indexOf(equals, index + 1);
    if (sign === -1 || sign >= end) return { records, broken: `the record at byte ${at} has no value` };
    records.push([block.toString('utf8', index + 1, sign), block.toString('utf8', sign + 1, end - 1)]);
    at = end;
  }
  return { records };
}
