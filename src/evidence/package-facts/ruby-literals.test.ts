// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gemfileGroups, scopeOfGroups } from './gemfile.ts';
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

describe('gemfileGroups', () => {
  it('knows blocks, options and gems that stand in two places', () => {
    const text =
      "gem 'a'\ngroup :test do\n  gem 'b'\n  if true\n    gem 'c'\n  end\nend\ngem 'd', '~> 1', groups: [:development, :test]\ngem 'e', :group => :development # gem 'x'\ngem 'b'\n";

    expect(Object.fromEntries(gemfileGroups(text))).toEqual({
      a: [],
      b: [],
      c: ['test'],
      d: ['development', 'test'],
      e: ['development'],
    });
  });

  it('takes a gem for runtime as soon as one group is deployed', () => {
    expect(scopeOfGroups(['development', 'production'])).toBe('runtime');
    expect(scopeOfGroups(['test'])).toBe('test');
  });
});
