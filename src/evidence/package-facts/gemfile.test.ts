// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { gemfileGroups, scopeOfGroups } from './gemfile.ts';

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
