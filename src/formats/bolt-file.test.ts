// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boltBucket, boltText, parseBoltDatabase } from './bolt-file.ts';

/** A leaf page: header and entries, the data behind them. */
function leaf(entries: readonly (readonly [string, Uint8Array, 'value' | 'bucket'])[]): Uint8Array {
  const data: number[] = [];
  const table = new DataView(new ArrayBuffer(16 + entries.length * 16));
  table.setUint16(8, 0x02, true);
  table.setUint16(10, entries.length, true);
  for (const [index, [key, value, kind]] of entries.entries()) {
    const at = 16 + index * 16;
    table.setUint32(at, kind === 'bucket' ? 1 : 0, true);
    table.setUint32(at + 4, table.byteLength - at + data.length, true);
    table.setUint32(at + 8, key.length, true);
    table.setUint32(at + 12, value.length, true);
    data.push(...new TextEncoder().encode(key), ...value);
  }
  return Uint8Array.from([...new Uint8Array(table.buffer), ...data]);
}

/** Two meta pages, then the root page. */
function database(root: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 * 4_096);
  const view = new DataView(bytes.buffer);
  for (const [page, transaction] of [
    [0, 1n],
    [1, 2n],
  ] as const) {
    const meta = page * 4_096 + 16;
    view.setUint32(meta, 0xed0cdaed, true);
    view.setUint32(meta + 4, 2, true);
    view.setUint32(meta + 8, 4_096, true);
    view.setBigUint64(meta + 16, page === 0 ? 9n : 2n, true);
    view.setBigUint64(meta + 48, transaction, true);
  }
  bytes.set(root, 2 * 4_096);
  return bytes;
}

const inner = leaf([['name', new TextEncoder().encode('value'), 'value']]);
const whole = database(leaf([['bucket', Uint8Array.from([...new Uint8Array(16), ...inner]), 'bucket']]));

describe('parseBoltDatabase', () => {
  it('follows the newer meta page into buckets that stand inside their parent', () => {
    const { root, problems } = parseBoltDatabase(whole, 'meta.db');

    expect(problems).toEqual([]);
    expect(boltText(boltBucket(root, ['bucket']), 'name')).toBe('value');
    expect(boltBucket(root, ['bucket', 'name']).size).toBe(0);
  });

  it('reports what is no database', () => {
    expect(parseBoltDatabase(new TextEncoder().encode('text'), 'meta.db').problems).toMatchObject([
      { kind: 'syntax', hidesFindings: true },
    ]);
  });

  it('ends and throws nothing whatever a byte is changed to', () => {
    fc.assert(
      fc.property(fc.nat(2 * 4_096 + 200), fc.nat(255), (at, byte) => {
        const changed = Uint8Array.from(whole);
        changed[at] = byte;
        parseBoltDatabase(changed, 'meta.db');
      }),
    );
  });
});
