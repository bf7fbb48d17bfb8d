// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseGithubAuditConfiguration } from './configuration.ts';
import { matchesUses, parseUsesPattern } from './uses-pattern.ts';

function read(text: string): ReturnType<typeof parseGithubAuditConfiguration> {
  return parseGithubAuditConfiguration(text, 'zizmor.yml');
}

function rule(id: string, body: string): string {
  return `rules:\n  ${id}:\n    ${body.replaceAll('\n', '\n    ')}\n`;
}

describe('parseGithubAuditConfiguration', () => {
  it('reads what is disabled, ignored and rated', () => {
    const result = read(
      rule(
        'artipacked',
        'disable: true\nignore:\n  - a.yml\n  - b.yml:3\n  - .github/workflows/c.yml:4:5\nseverity: high',
      ),
    );

    expect(result.kind === 'read' ? result.configuration.rules.get('artipacked') : result).toEqual({
      disabled: true,
      ignores: [{ file: 'a.yml' }, { file: 'b.yml', line: 3 }, { file: 'c.yml', line: 4, column: 5 }],
      severity: 'high',
      settings: {},
    });
  });

  it('takes a configuration with rules that say nothing', () => {
    expect(read('rules: {}\n')).toMatchObject({ kind: 'read' });
    expect(read('rules:\n  x:\n')).toMatchObject({ kind: 'read' });
  });

  it.each([
    ['', 'no rules'],
    ['rule: {}', 'unknown member "rule"'],
    ['rules: []', 'rules must be a map'],
    ['rules: [', 'not valid YAML'],
    [rule('artipacked', 'disable: sure'), 'true or false'],
    [rule('artipacked', 'off: true'), 'unknown member "off"'],
    [rule('artipacked', 'severity: awful'), 'severity must be'],
    [rule('artipacked', 'ignore: ["a.yml:x"]'), 'file:line'],
    [rule('artipacked', 'ignore: ["a.yml:0"]'), 'file:line'],
    [rule('dependabot-cooldown', 'config: {days: 0}'), 'above zero'],
    [rule('dependabot-cooldown', 'config: {days: many}'), 'above zero'],
    [rule('dependabot-cooldown', 'config: {weeks: 1}'), 'unknown member "weeks"'],
    [rule('forbidden-uses', 'config: {allow: ["*/*"]}'), 'invalid pattern'],
    [rule('forbidden-uses', 'config: {allow: [], deny: []}'), 'not both'],
    [rule('forbidden-uses', 'config: {maybe: []}'), 'unknown member'],
    [rule('secrets-outside-env', 'config: {deny: []}'), 'unknown member'],
    [rule('unpinned-uses', 'config: {policies: [x]}'), 'must be a map'],
    [rule('unpinned-uses', 'config: {policies: {"a/b@v1": any}}'), 'no sense'],
    [rule('unpinned-uses', 'config: {policies: {"a/*": never}}'), 'unknown policy'],
  ])('refuses %j', (text, message) => {
    const result = read(text);

    expect(result.kind === 'faulty' ? result.problems.map((problem) => problem.message).join() : 'read').toContain(
      message,
    );
  });

  it('says on which line the fault is', () => {
    const result = read('rules:\n  unpinned-uses:\n    config:\n      policies:\n        lol: any\n');

    expect(result).toMatchObject({ kind: 'faulty', problems: [{ location: { path: 'zizmor.yml', line: 3 } }] });
  });
});

describe('patterns over uses', () => {
  it.each([
    ['*', true],
    ['a/*', true],
    ['A/B', false],
    ['a/b/*', true],
    ['a/b/c', true],
    ['a/b/c@v1', true],
    ['a/b/c@v2', false],
    ['b/*', false],
    ['a/bb/*', false],
  ])('%s against a/b/c@v1: %s', (text, matches) => {
    const pattern = parseUsesPattern(text);

    const found =
      pattern === undefined
        ? undefined
        : matchesUses(pattern, { kind: 'repository', owner: 'a', repository: 'B', path: './c/', ref: 'v1' });

    expect(found).toBe(matches);
  });

  it.each(['', 'a', 'a/', '/b', '*/b', 'a/b*', 'a/*/c', 'a/*@v1', 'a/b@'])('%j is none', (text) => {
    expect(parseUsesPattern(text)).toBeUndefined();
  });
});
