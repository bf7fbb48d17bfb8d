// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePropertyList } from './plist.ts';

/** A binary property list with one dictionary of short ASCII strings. */
function binary(entries: Readonly<Record<string, string>>): Uint8Array {
  const texts = Object.entries(entries).flat();
  const keys = texts.map((_, index) => index).filter((index) => index % 2 === 0);
  const objects = [
    [0xd0 | keys.length, ...keys.map((index) => index + 1), ...keys.map((index) => index + 2)],
    ...texts.map((text) => [0x50 | text.length, ...Buffer.from(text)]),
  ];
  const offsets: number[] = [];
  const body = [...Buffer.from('bplist00')];
  for (const object of objects) {
    offsets.push(body.length);
    body.push(...object);
  }
  const trailer = [0, 0, 0, 0, 0, 0, 1, 1, ...eight(objects.length), ...eight(0), ...eight(body.length)];
  return Uint8Array.from([...body, ...offsets, ...trailer]);
}

function eight(value: number): number[] {
  return [0, 0, 0, 0, 0, 0, value >> 8, value & 255];
}

describe('parsePropertyList', () => {
  it('reads XML', () => {
    const text =
      '<plist><dict><key>a</key><array><integer>1</integer><true/></array><key>b</key><string>x</string></dict></plist>';

    expect(parsePropertyList(new TextEncoder().encode(text), 'Info.plist').value).toEqual({ a: [1, true], b: 'x' });
  });

  it('reads the binary form', () => {
    expect(parsePropertyList(binary({ CFBundleName: 'Chat', Version: '4.5' }), 'Info.plist').value).toEqual({
      CFBundleName: 'Chat',
      Version: '4.5',
    });
  });

  it('reports what is neither', () => {
    expect(parsePropertyList(new TextEncoder().encode('<a/>'), 'Info.plist').problems).toMatchObject([
      { kind: 'syntax' },
    ]);
    expect(parsePropertyList(new TextEncoder().encode('bplist00'), 'Info.plist').problems).toMatchObject([
      { kind: 'syntax' },
    ]);
  });

  it('throws for no change of a binary list', () => {
    const whole = binary({ a: 'b', c: 'd' });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
        const changed = Uint8Array.from(whole);
        changed[at] = byte;
        parsePropertyList(changed, 'Info.plist');
        parsePropertyList(whole.subarray(0, length), 'Info.plist');
      }),
    );
  });
});
