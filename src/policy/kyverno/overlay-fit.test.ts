// SPDX-License-Identifier: Apache-2.0
import { assert, constantFrom, dictionary, letrec, oneof, property } from 'fast-check';
import { expect, test } from 'vitest';
import { compileOverlay } from './overlay.ts';
import { compileFit } from './overlay-fit.ts';

const leaves = [
  'a',
  'b',
  '',
  '5',
  5,
  0,
  1.5,
  true,
  false,
  null,
  '?*',
  '!a',
  '>3',
  'a | b',
  '*',
  '1-10',
  '512Mi',
  '<=1Gi',
];
const names = ['a', 'b', 'metadata', 'labels', '=(a)', 'X(b)', '+(a)', '(a)', '^(b)', '<(a)', 'app*'];
const { tree } = letrec((tie) => ({
  tree: oneof(
    { maxDepth: 4 },
    constantFrom<unknown>(...leaves),
    dictionary(constantFrom(...names), tie('tree'), { maxKeys: 3 }),
    oneof(
      tie('tree').map((one) => [one]),
      constantFrom<unknown>([], ['a', 'b'], [['a']]),
    ),
  ),
}));

test('what fits passes, and what does not fit does not pass, for whatever pattern and resource', () => {
  assert(
    property(tree, tree, (pattern, resource) => {
      const fits = compileFit(pattern);
      if (fits === undefined) return;
      expect(fits(resource)).toBe(compileOverlay(pattern)(resource).kind === 'pass');
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['a condition', { '(a)': 'x' }],
  ['a global condition', { spec: { '<(a)': 'x' } }],
  ['an anchor of existence', { list: [{ '^(a)': [{ b: 1 }] }] }],
  ['wildcards in the keys of labels', { metadata: { labels: { 'app*': '?*' } } }],
])('patterns with %s are left to the overlay', (_, pattern) => {
  expect(compileFit(pattern)).toBeUndefined();
});
