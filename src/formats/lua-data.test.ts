// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../model/limits.ts';
import { parseLuaData } from './lua-data.ts';

describe('parseLuaData', () => {
  it('reads texts, numbers and tables', () => {
    const text =
      'package = "lib"\nsize = 3\nlist = { "a", \'b\' }\nmap = { x = 1, ["y z"] = true }\nlong = [==[\nl]]l]==]\n';

    const document = parseLuaData(text, 'x.rockspec');
    const { globals, problems } = document;

    expect(problems).toEqual([]);
    expect(globals.get('list')).toEqual(['a', 'b']);
    expect(globals.get('map')).toEqual({ x: 1, 'y z': true });
    expect(globals.get('long')).toBe('l]]l');
    expect(document.lineOf('size')).toBe(2);
  });

  it('joins texts and knows variables, but keeps locals to itself', () => {
    const { globals } = parseLuaData(
      'local v = "1.0"\nversion = v .. "-" .. 2\nurl = { a = version }\nb = url.a\n',
      'x',
    );

    expect(globals.get('version')).toBe('1.0-2');
    expect(globals.get('b')).toBe('1.0-2');
    expect(globals.has('v')).toBe(false);
  });

  it('chooses with and, or, == and ~=', () => {
    const { globals } = parseLuaData(
      'local v = "dev"\na = v == "dev" and "main" or nil\nb = (v ~= "dev") and v or "x"\n',
      'x',
    );

    expect(globals.get('a')).toBe('main');
    expect(globals.get('b')).toBe('x');
  });

  it('skips both kinds of comments', () => {
    const { globals } = parseLuaData('#!/usr/bin/lua\n-- one\n--[[ two\nlines ]]\na = 1 -- three\n', 'x');

    expect(globals.get('a')).toBe(1);
  });

  it.each(['a = b', 'a = {', 'a = "x', 'a = [[x', 'a = f()', 'a = "x" ..', 'return {}', 'a = { ["x" = 1 }'])(
    'gives a problem for %j and keeps what came before',
    (text) => {
      const { globals, problems } = parseLuaData(`first = 1\n${text}`, 'x');

      expect(globals.get('first')).toBe(1);
      expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
    },
  );

  it('gives a problem for nesting beyond the limit', () => {
    const deep = ['{', '(', '- ', 'not '].map((open) =>
      parseLuaData(`a = ${open.repeat(defaultLimits.depth + 1)}`, 'x'),
    );

    expect(deep.map(({ problems }) => problems.length)).toEqual([1, 1, 1, 1]);
  });

  it('stops a text that doubles itself', () => {
    const doubling = `a = "${'x'.repeat(1000)}"\n${'a = a .. a\n'.repeat(40)}`;

    expect(parseLuaData(doubling, 'x').problems).toHaveLength(1);
  });

  it('throws for no text', () => {
    const soup = fc.array(
      fc.constantFrom('a', '=', '"x"', '{', '}', '[', ']', '..', '.', 'local', 'not', '(', ')', ',', '\n', '--', '[['),
      { maxLength: 60 },
    );
    fc.assert(fc.property(soup, (parts) => void parseLuaData(parts.join(' '), 'x')));
  });
});
