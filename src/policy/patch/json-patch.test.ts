// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffJson } from './json-diff.ts';
import { applyJsonMergePatch } from './json-merge-patch.ts';
import type { JsonPatchDialect } from './json-patch.ts';
import { compileJsonPatch } from './json-patch.ts';
import { applyJsonPatch } from './json-patch-apply.ts';
import { parsePointer, printPointer } from './json-pointer.ts';

/** The patched document, or the code of the fault. */
function patched(document: unknown, operations: unknown, dialect: JsonPatchDialect = 'strict'): unknown {
  const compiled = compileJsonPatch(operations, dialect);
  if (compiled.kind === 'fault') return compiled.code;
  const result = applyJsonPatch(compiled.patch, document);
  return result.kind === 'fault' ? result.code : result.value;
}

describe('a strict JSON Patch', () => {
  it.each([
    ['adds a member', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['inserts into a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['appends with -', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    ['removes', { a: [1, 2] }, [{ op: 'remove', path: '/a/0' }], { a: [2] }],
    ['replaces the whole', { a: 1 }, [{ op: 'replace', path: '', value: [] }], []],
    ['moves', { a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
    ['copies', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
    ['tests', { a: { b: 1, c: 2 } }, [{ op: 'test', path: '/a', value: { c: 2, b: 1 } }], { a: { b: 1, c: 2 } }],
    ['reads escapes', { 'a/b': { '~': 1 } }, [{ op: 'remove', path: '/a~1b/~0' }], { 'a/b': {} }],
  ])('%s', (_, document, operations, expected) => {
    const result = patched(document, operations);

    expect(result).toEqual(expected);
  });

  it.each([
    ['a parent that is missing', {}, [{ op: 'add', path: '/a/b', value: 1 }], 'missing'],
    ['an index beyond the end', { a: [] }, [{ op: 'add', path: '/a/1', value: 1 }], 'missing'],
    ['an index with a leading zero', { a: [1, 2] }, [{ op: 'remove', path: '/a/01' }], 'missing'],
    ['a negative index', { a: [1] }, [{ op: 'remove', path: '/a/-1' }], 'missing'],
    ['a test that fails', { a: 1 }, [{ op: 'test', path: '/a', value: '1' }], 'test'],
    ['a test of nothing', {}, [{ op: 'test', path: '/a', value: null }], 'missing'],
    ['a move into itself', { a: {} }, [{ op: 'move', from: '/a', path: '/a/b' }], 'invalid'],
    ['an unknown operation', {}, [{ op: 'merge', path: '/a' }], 'invalid'],
    ['an add without a value', {}, [{ op: 'add', path: '/a' }], 'invalid'],
    ['a path that is no pointer', {}, [{ op: 'remove', path: 'a' }], 'invalid'],
    ['what is no list', {}, { op: 'remove', path: '/a' }, 'invalid'],
  ])('refuses %s', (_, document, operations, code) => {
    const result = patched(document, operations);

    expect(result).toBe(code);
  });

  it('leaves the document that it was given as it was', () => {
    const document = Object.freeze({ a: Object.freeze([Object.freeze({ b: 1 })]) });

    const result = patched(document, [{ op: 'replace', path: '/a/0/b', value: 2 }]);

    expect(result).toEqual({ a: [{ b: 2 }] });
    expect(document).toEqual({ a: [{ b: 1 }] });
  });

  it('takes __proto__ for a key like any other', () => {
    const result = patched({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }]);

    expect(Object.keys(result as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('stops copies that double the document again and again', () => {
    const doubling = Array.from({ length: 40 }, (_, index) => ({ op: 'copy', from: '', path: `/c${index}` }));

    const result = patched({ a: [1, 2, 3] }, doubling);

    expect(result).toBe('limit');
  });
});

describe('the lenient dialects', () => {
  it('count negative indexes from the end', () => {
    const result = patched(
      { a: [1, 2, 3] },
      [
        { op: 'remove', path: '/a/-1' },
        { op: 'add', path: '/a/-1', value: 9 },
      ],
      'api-server',
    );

    expect(result).toEqual({ a: [1, 2, 9] });
  });

  it('hold a test of an absent member against null', () => {
    const operations = [{ op: 'test', path: '/a', value: null }];

    expect(patched({}, operations, 'api-server')).toEqual({});
    expect(patched({ a: 1 }, operations, 'api-server')).toBe('test');
    expect(patched({}, [{ op: 'test', path: '/a/b', value: null }], 'api-server')).toBe('missing');
  });

  it('make parents and forgive removals for Kyverno only', () => {
    const add = [{ op: 'add', path: '/metadata/annotations/a~1b', value: 'x' }];
    const remove = [{ op: 'remove', path: '/spec/tolerations/3' }];

    expect(patched({}, add, 'kyverno')).toEqual({ metadata: { annotations: { 'a/b': 'x' } } });
    expect(patched({}, add, 'api-server')).toBe('missing');
    expect(patched({ spec: {} }, remove, 'kyverno')).toEqual({ spec: {} });
    expect(patched({ spec: {} }, remove, 'api-server')).toBe('missing');
  });

  it('make lists for indexes and fill their gaps with null', () => {
    const result = patched({}, [{ op: 'add', path: '/a/2/b', value: 1 }], 'kyverno');

    expect(result).toEqual({ a: [null, null, { b: 1 }] });
    expect(patched({}, [{ op: 'add', path: '/a/-', value: 1 }], 'kyverno')).toEqual({ a: [1] });
  });

  it('put nothing into a scalar', () => {
    const result = patched({ a: 'text' }, [{ op: 'add', path: '/a/b', value: 1 }], 'kyverno');

    expect(result).toBe('missing');
  });
});

describe('a diff', () => {
  it.each([
    ['nothing for equal documents', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ['one removal for the first element of a list', [1, 2, 3, 4], [2, 3, 4], [{ op: 'remove', path: '/0' }]],
    ['one move for an element that went to the end', [1, 2, 3], [2, 3, 1], [{ op: 'move', from: '/0', path: '/2' }]],
    [
      'the change inside of an element',
      {
        spec: {
          containers: [
            { name: 'a', image: 'x:1' },
            { name: 'b', image: 'y:1' },
          ],
        },
      },
      {
        spec: {
          containers: [
            { name: 'a', image: 'x:1' },
            { name: 'b', image: 'y:2' },
          ],
        },
      },
      [{ op: 'replace', path: '/spec/containers/1/image', value: 'y:2' }],
    ],
    ['a replacement when that is shorter', { a: [1, 2, 3] }, { a: [] }, [{ op: 'replace', path: '/a', value: [] }]],
  ])('is %s', (_, before, after, expected) => {
    const operations = diffJson(before, after);

    expect(operations).toEqual(expected);
  });

  const json = fc.jsonValue({ maxDepth: 4 });

  it('turns any document into any other', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(patched(before, diffJson(before, after))).toEqual(after);
      }),
      { numRuns: 300 },
    );
  });

  it('turns lists with common elements into each other', () => {
    const list = fc.array(fc.oneof(fc.nat(5), fc.record({ name: fc.nat(3), v: fc.nat(2) })), { maxLength: 9 });
    fc.assert(
      fc.property(list, list, (before, after) => {
        expect(patched(before, diffJson(before, after))).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a JSON Merge Patch', () => {
  it('merges objects, removes what is null and replaces the rest', () => {
    const result = applyJsonMergePatch({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null, e: { f: null } }, d: [2] });

    expect(result).toEqual({ a: { c: 2, e: {} }, d: [2] });
  });

  it('gives the same when applied twice', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
        const once = applyJsonMergePatch(target, patch);

        expect(applyJsonMergePatch(once, patch)).toEqual(once);
      }),
    );
  });
});

describe('JSON Pointers', () => {
  it('are read as they were printed', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (tokens) => {
        expect(parsePointer(printPointer(tokens))).toEqual(tokens);
      }),
    );
  });
});

describe('any input', () => {
  it('is refused or applied, and never throws', () => {
    const token = fc.constantFrom('a', 'b', '0', '1', '-', '-1', '~1', '__proto__', '99999999999');
    const path = fc.array(token, { maxLength: 4 }).map((tokens) => tokens.map((each) => `/${each}`).join(''));
    const operation = fc.record({
      op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'other'),
      path,
      from: path,
      value: fc.jsonValue({ maxDepth: 2 }),
    });
    const dialect = fc.constantFrom<JsonPatchDialect>('strict', 'api-server', 'kyverno');
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.array(fc.oneof(operation, fc.anything()), { maxLength: 6 }),
        dialect,
        (document, operations, each) => {
          patched(document, operations, each);
        },
      ),
      { numRuns: 400 },
    );
  });
});
