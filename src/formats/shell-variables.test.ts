// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { substituteVariables } from './shell-variables.ts';

const variables = new Map([
  ['A', 'one'],
  ['EMPTY', ''],
]);

describe('substituteVariables', () => {
  it.each([
    ['$A-${A}', 'one-one'],
    ['${B:-two}', 'two'],
    ['${EMPTY:-two}', 'two'],
    ['${EMPTY-two}', ''],
    ['${A:+three}', 'three'],
    ['${B:-${A}}', 'one'],
    ['$$A', '$A'],
  ])('turns %s into %s', (text, result) => {
    expect(substituteVariables(text, variables)).toBe(result);
  });

  it.each(['$B', '${B}', '${B:?missing}', '${A', '${}'])('cannot tell %s', (text) => {
    expect(substituteVariables(text, variables)).toBeUndefined();
  });

  it('throws for no text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('$', '{', '}', ':-', 'A', '+', '?')),
        (parts) => void substituteVariables(parts.join(''), variables),
      ),
    );
  });
});
