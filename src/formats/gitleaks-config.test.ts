// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGitleaksConfig } from './gitleaks-config.ts';

const base = `
[[rules]]
id = "token"
description = "A token"
regex = 'tok_([a-z]{4})'
keywords = ["TOK_"]
tags = ["one"]
`;

describe('readGitleaksConfig', () => {
  it('reads keys in any case, and one text where a list is meant', () => {
    const { ruleSet } = readGitleaksConfig(
      `[[rules]]\nID = "a"\nRegex = 'x'\nsecretgroup = 0\nkeywords = "A,b"`,
      'a.toml',
    );

    expect(ruleSet?.rules[0]).toMatchObject({ id: 'a', regex: 'x', keywords: ['a', 'b'] });
  });

  it('merges a rule with the one of the same id in what is extended', () => {
    const text = `[extend]\npath = "base.toml"\n[[rules]]\nid = "token"\nentropy = 3\ntags = ["two"]\n[[rules.allowlists]]\nstopwords = ["fake"]`;
    const { ruleSet, problems } = readGitleaksConfig(text, 'a.toml', { readExtended: () => base });

    expect(problems).toEqual([]);
    expect(ruleSet?.rules).toMatchObject([
      {
        id: 'token',
        description: 'A token',
        regex: 'tok_([a-z]{4})',
        entropy: 3,
        tags: ['one', 'two'],
        keywords: ['tok_'],
      },
    ]);
    expect(ruleSet?.rules[0]?.allowlists[0]?.stopWords).toEqual(['fake']);
  });

  it('follows two extensions and says that it left out the third', () => {
    const chain = (path: string): string =>
      `[extend]\npath = "${Number(path) + 1}"\n[[rules]]\nid = "r${path}"\nregex = 'a'`;
    const { ruleSet, problems } = readGitleaksConfig(chain('0'), 'a.toml', { readExtended: chain });

    expect(ruleSet?.rules.map(({ id }) => id)).toEqual(['r0', 'r1', 'r2']);
    expect(problems).toMatchObject([{ kind: 'limit', hidesFindings: true }]);
  });

  it.each([
    ['not TOML', '[[rules', 'not valid TOML'],
    ['an expression that Go refuses', `[[rules]]\nid="a"\nregex='(?=a)'`, 'a: the expression cannot be used'],
    [
      'a composite rule without its part',
      `[[rules]]\nid="a"\nregex='a'\n[[rules.required]]\nid="b"`,
      "rule ID 'b' does not exist",
    ],
    ['an unknown condition', `[[allowlists]]\ncondition="XOR"\npaths=['a']`, "unknown allowlist |condition| 'XOR'"],
    ['both extensions', `[extend]\nuseDefault=true\npath="a"`, 'extend.path and extend.useDefault'],
    ['an extension that is not there', `[extend]\npath="b.toml"`, 'open b.toml: no such file or directory'],
  ])('refuses %s', (_name, text, message) => {
    const { ruleSet, problems } = readGitleaksConfig(text, 'a.toml');

    expect(ruleSet).toBeUndefined();
    expect(problems[0]?.message).toContain(message);
  });

  it('says which keys of betterleaks it does not evaluate', () => {
    const { ruleSet, problems } = readGitleaksConfig(`${base}\nfilter = "entropy > 3"\nvalidate = "x"`, 'a.toml');

    expect(ruleSet?.rules).toHaveLength(1);
    expect(problems.map(({ message }) => message)).toEqual([
      '"filter" of rules is not evaluated; their findings are reported without it',
      '"validate" of rules is not evaluated; their findings are reported without it',
    ]);
  });

  it('took misspelt keys and a second rule of the same id in silence', () => {
    const text = `${base}regexp = "x"\n${base}[[rule]]\nid = "other"\n`;

    expect(readGitleaksConfig(text, 'a.toml').problems.map(({ message }) => message)).toEqual([
      'unknown key "rule"',
      'unknown key "regexp"',
      'there are several rules "token"; only the last one counts',
    ]);
  });

  it('left out rules of an address in silence', () => {
    const { problems } = readGitleaksConfig('[extend]\nurl = "https://rules.example/x.toml"', 'a.toml');

    expect(problems).toMatchObject([{ kind: 'unsupported', hidesFindings: true }]);
  });

  it('gives a rule set or a problem for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { ruleSet, problems } = readGitleaksConfig(text, 'a.toml');

        expect(ruleSet !== undefined || problems.length > 0).toBe(true);
      }),
    );
  });
});
