// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearMatcher } from './re2/linear-matcher.ts';
import { translateRe2, utf8FormOf } from './re2-to-js.ts';

function matches(source: string, text: string): readonly string[] {
  const expression = new RegExp(utf8FormOf(source), 'g');
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return [...bytes.matchAll(expression)].map(([match]) => Buffer.from(match, 'latin1').toString('utf8'));
}

describe('translateRe2', () => {
  it.each([
    ['(?i)key', 'KEY Key', ['KEY', 'Key'], 'flags at the beginning'],
    ['a(?i)b|c(?-i:d)', 'aB CD Cd', ['aB', 'Cd'], 'flags in the middle, until the group ends'],
    ['b\\z', 'ab abz b', ['b'], '\\z, which is a z in JavaScript'],
    ['^a$', 'a\na', [], 'edges of the text, not of lines'],
    ['(?m)^a$', 'a\na', ['a', 'a'], 'edges of lines when asked for'],
    ['[[:alnum:]]+', 'ab1:[', ['ab1'], 'POSIX classes'],
    ['[[:^digit:]]', '1x', ['x'], 'negated POSIX classes'],
    ['\\s', '\u00a0\v \t', [' ', '\t'], 'blanks are six characters of ASCII'],
    ['.', '\r\n', ['\r'], 'a dot is everything but a line feed'],
    ['(?s)a.b', 'a\nb', ['a\nb'], 'a dot with the flag s'],
    ['(?P<name>a)(?<other>b)', 'ab', ['ab'], 'named groups'],
    ['\\Qa.b\\E', 'a.b axb', ['a.b'], 'quoted text'],
    ['\\x{e9}é', 'éé', ['éé'], 'characters beyond ASCII'],
    ['[à-ü]{2}', 'éè', ['éè'], 'ranges beyond ASCII'],
    ['^.{3}$', 'äöü', ['äöü'], 'counts are of characters'],
    ['[^x]{2}', 'ßx€y', ['€y'], 'negated classes are of characters'],
    ['\\pL+', 'añb1', ['añb'], 'Unicode classes'],
    ['(?U)a+', 'aaa', ['a', 'a', 'a'], 'swapped greediness'],
    ['a{,2}', 'a{,2}', ['a{,2}'], 'a brace that counts nothing'],
    ['[a\\]-]+', 'a]-', ['a]-'], 'escapes and hyphens in classes'],
  ])('reads %s as Go does', (source, text, expected) => {
    expect(matches(source, text)).toEqual(expected);
  });

  it.each([
    'a**',
    '(?=a)',
    '(?<!a)',
    '\\1',
    'x{1001}',
    'x{2,1}',
    '(',
    ')',
    '[a',
    '\\8',
    '*a',
    '[z-a]',
    'a\\',
    '(?P<a',
    '\\pX',
  ])('refuses %s, as Go does', (source) => {
    expect(translateRe2(source).kind).toBe('refused');
  });

  it('knows how far around a keyword a match reaches', () => {
    const reach = (source: string, ...keywords: string[]): unknown => {
      const translation = translateRe2(source, keywords);
      return translation.kind === 'pattern' ? translation.pattern.reach : undefined;
    };

    expect(reach('\\bghp_[0-9a-z]{36}', 'ghp_')).toEqual({ before: 0, after: 40 });
    expect(reach('(?i)x{0,5}(?:api[_-]?key|secret)=.+', 'api', 'secret')).toEqual({ before: 5 });
    expect(reach('a(?:key)?b', 'key')).toBeUndefined();
    expect(reach('.*key', 'key')).toBeUndefined();
    expect(reach('key|token', 'key')).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (source) => void translateRe2(source, ['a'])));
    fc.assert(
      fc.property(fc.stringMatching(/^[a-c()[\]{}|*+?\\^$.0-2,:]{0,20}$/), (source) => void translateRe2(source)),
    );
  });
});

const atom = fc.constantFrom('a', 'b', '[ab]', '.', '(a)', '(?:ab|b)', '(a|ab)', '\\b', '^', '$', '[^a]');
const part = fc
  .tuple(atom, fc.constantFrom('', '*', '+', '?', '*?', '+?', '{2}', '{1,2}'))
  .map(([left, right]) => (/^(?:\\b|\^|\$)$/.test(left) ? left : left + right));
const pattern = fc
  .array(fc.array(part, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
  .map((branches) => branches.map((parts) => parts.join('')).join('|'));

describe('linearMatcher', () => {
  it('finds what V8 finds', () => {
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[ab \n]{0,12}$/), (source, text) => {
        const match = new RegExp(utf8FormOf(source)).exec(text);
        const span = linearMatcher(source).span(text, 0);

        expect(span).toEqual(match === null ? undefined : [match.index, match.index + match[0].length]);
      }),
    );
  });

  it('needs time in proportion to the text for what makes V8 stand still', () => {
    const text = 'a'.repeat(20_000);

    expect(linearMatcher('(a*)*b').span(text, 0)).toBeUndefined();
    expect(linearMatcher('(?:a|aa)+$').span(text, 0)).toEqual([0, 20_000]);
  });

  it('keeps the last capture of a repetition', () => {
    expect(linearMatcher('(?:(a)|b)+').find('ab', 0)).toEqual([0, 2, 0, 1]);
  });
});
