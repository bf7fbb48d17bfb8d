// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRubyStrings } from './ruby-literals.ts';

describe('readRubyStrings', () => {
  it.each([
    ['"a".freeze', ['a']],
    ["'it\\'s'", ["it's"]],
    ['"Andr\\u00e9\\n"', ['Andr\u00e9\n']],
    ['%q(a (b) c).strip', ['a (b) c']],
    ['%w[a b\n c]', ['a', 'b', 'c']],
    ['["a".freeze,\n  \'b\',]', ['a', 'b']],
    ['VERSION', []],
    ['"open', []],
  ])('reads %j', (text, strings) => {
    expect(readRubyStrings(text)).toEqual(strings);
  });

  it('throws for no text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('"', "'", '\\', '%q', '(', ')', '[', ']', ',', 'a', '\n', '.freeze')),
        (parts) => void readRubyStrings(parts.join('')),
      ),
    );
  });
});
