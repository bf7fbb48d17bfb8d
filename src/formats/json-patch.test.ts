// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from './json-patch.ts';

describe('applyJsonPatch', () => {
  it.each<[unknown, readonly unknown[], unknown]>([
    [{ a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    [{ a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    [{ a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    [{ a: [1, 2] }, [{ op: 'replace', path: '/a/0', value: 0 }], { a: [0, 2] }],
    [{ a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    [{ a: { b: 1 } }, [{ op: 'move', from: '/a/b', path: '/c' }], { a: {}, c: 1 }],
    [{ a: 1 }, [{ op: 'copy', from: '/a', path: '/b' }], { a: 1, b: 1 }],
    [{ 'x/y~z': 1 }, [{ op: 'replace', path: '/x~1y~0z', value: 2 }], { 'x/y~z': 2 }],
    [{ a: 1 }, [{ op: 'test', path: '/a', value: 1 }], { a: 1 }],
    [{ a: 1 }, [{ op: 'add', path: '', value: 2 }], 2],
  ])('does the operations of RFC 6902 (%#)', (value, operations, expected) => {
    expect(applyJsonPatch(value, operations)).toMatchObject({ value: expected });
  });

  it.each([
    [[{ op: 'remove', path: '/b' }], 'operation 0 removes what is not there'],
    [[{ op: 'replace', path: '/b', value: 1 }], 'operation 0 replaces what is not there'],
    [[{ op: 'add', path: '/b/c', value: 1 }], 'operation 0 adds to what is not there'],
    [[{ op: 'test', path: '/a', value: 2 }], 'the test of operation 0 fails'],
    [[{ op: 'move', from: '/x', path: '/a' }], 'operation 0 takes from where nothing is'],
    [[{ op: 'fly', path: '/a' }], 'operation 0 is called fly'],
    [[{ op: 'add' }], 'operation 0 has no path'],
  ])('leaves nothing half done: %j', (operations, fault) => {
    const value = { a: 1 };

    expect(applyJsonPatch(value, operations)).toEqual({ value: undefined, fault, touched: [] });
    expect(value).toEqual({ a: 1 });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.array(
          fc.record({
            op: fc.constantFrom('add', 'remove', 'move', 'copy', 'replace'),
            path: fc.constantFrom('', '/a', '/0', '/a/0', '/-', '/__proto__'),
            from: fc.constantFrom('/a', '/0', ''),
            value: fc.jsonValue(),
          }),
        ),
        (value, operations) => {
          applyJsonPatch(value, operations);
        },
      ),
    );
  });
});
