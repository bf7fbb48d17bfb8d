// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileOverlay } from './overlay.ts';

function kindOf(pattern: unknown, resource: unknown): string {
  return compileOverlay(pattern)(resource).kind;
}

describe('patterns with anchors', () => {
  it('ask every element of a list', () => {
    const pattern = { spec: { containers: [{ image: '!*:latest' }] } };

    const result = compileOverlay(pattern)({ spec: { containers: [{ image: 'a:1' }, { image: 'b:latest' }] } });

    expect(result).toMatchObject({ kind: 'fail', path: '/spec/containers/1/image/' });
  });

  it('take an empty list, but no missing one', () => {
    const kinds = [kindOf({ a: [{ b: 1 }] }, { a: [] }), kindOf({ a: [{ b: 1 }] }, {})];

    expect(kinds).toEqual(['pass', 'fail']);
  });

  it('skip where a condition does not hold', () => {
    const pattern = { '(kind)': 'Pod', name: 'x' };

    const kinds = [
      kindOf(pattern, { kind: 'Job', name: 'y' }),
      kindOf(pattern, { kind: 'Pod', name: 'y' }),
      kindOf(pattern, { name: 'y' }),
    ];

    expect(kinds).toEqual(['skip', 'fail', 'skip']);
  });

  it('forbid a key, even one that is null', () => {
    const kinds = [kindOf({ 'X(a)': null }, { a: null }), kindOf({ 'X(a)': null }, {})];

    expect(kinds).toEqual(['fail', 'pass']);
  });

  it('ask a key only where it is, with the equality anchor', () => {
    const kinds = [kindOf({ '=(a)': 1 }, {}), kindOf({ '=(a)': 1 }, { a: 2 })];

    expect(kinds).toEqual(['pass', 'fail']);
  });

  it('ask for one fitting element, with the existence anchor', () => {
    const pattern = { '^(a)': [{ b: 1 }] };

    const kinds = [
      kindOf(pattern, { a: [{ b: 2 }, { b: 1 }] }),
      kindOf(pattern, { a: [{ b: 2 }] }),
      kindOf(pattern, {}),
    ];

    expect(kinds).toEqual(['pass', 'fail', 'pass']);
  });

  it('find labels by wildcards in their keys', () => {
    const pattern = { metadata: { labels: { 'team.example/*': '?*' } } };

    const kinds = [
      kindOf(pattern, { metadata: { labels: { 'team.example/owner': 'me' } } }),
      kindOf(pattern, { metadata: { labels: { other: 'me' } } }),
    ];

    expect(kinds).toEqual(['pass', 'fail']);
  });

  it('are an error where a key under an anchor is missing and something else fails', () => {
    expect(kindOf({ 'X(a)': null, b: 1 }, { b: 2 })).toBe('error');
  });

  it('never throw', () => {
    const key = fc.constantFrom('a', '(a)', '<(a)', 'X(a)', '=(a)', '^(a)', '+(a)', 'metadata', 'labels', '*');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 3 }),
      ),
    }));

    fc.assert(fc.property(tree, tree, (pattern, resource) => void kindOf(pattern, resource)));
  });
});
