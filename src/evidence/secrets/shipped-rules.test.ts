// SPDX-License-Identifier: Apache-2.0
// Walks the rules of rules/secrets: each finds its examples, and nothing in what is near.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { moduleText, readShippedRules } from '../../../scripts/secret-rules.ts';
import { defaultSecretRules } from './default-rules.ts';
import { createSecretScanner } from './scanner.ts';

interface Example {
  readonly id: string;
  readonly matches?: readonly string[];
  readonly misses?: readonly string[];
}

const folder = fileURLToPath(new URL('../../../rules/secrets/', import.meta.url));
const examples = readdirSync(folder).flatMap(
  (file) => (parse(readFileSync(folder + file, 'utf8')) as unknown as { rules: Example[] }).rules,
);
const rules = readShippedRules();

const alphabets: Readonly<Record<string, string>> = {
  alnum: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  alpha: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  b32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  b64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  bech: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
  digit: '0123456789',
  hex: '0123456789abcdef',
  lower: '0123456789abcdefghijklmnopqrstuvwxyz',
  mixed: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#%',
  upper: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
};

/** The same characters in every run: the generator of Park and Miller. */
function fill(template: string): string {
  let state = 20_26;
  const next = (alphabet: string): string => {
    state = (state * 48_271) % 2_147_483_647;
    return alphabet.charAt(Math.floor((state / 2_147_483_647) * alphabet.length));
  };
  const random = (name: string, count: number): string =>
    Array.from({ length: count }, () => next(alphabets[name] ?? '')).join('');
  return template
    .replace(/\{uuid\}/g, () => [8, 4, 4, 4, 12].map((count) => random('hex', count)).join('-'))
    .replace(/\{word:([A-Z]+)\}/g, '$1')
    .replace(/\{([a-z0-9]+):(\d+)\}/g, (all, name: string, count: string) =>
      alphabets[name] === undefined ? all : random(name, Number(count)),
    );
}

/** A file name for rules that look at one kind of file. */
function pathFor(path: string | undefined): string {
  const names = ['.npmrc', '.netrc', '.pgpass', '.pypirc', '.docker/config.json', 'settings.xml', '.htpasswd', '.env'];
  return path === undefined
    ? 'a.txt'
    : (names.find((name) => new RegExp(path.replace('(?i)', ''), 'i').test(name)) ?? 'a.txt');
}

describe('the shipped rules', () => {
  it('have unique ids, a severity and a confidence', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(rules.filter(({ severity, confidence }) => severity === undefined || confidence === undefined)).toEqual([]);
    expect(rules.length).toBeGreaterThan(120);
  });

  it('are translated in the module that the program loads', () => {
    const file = fileURLToPath(new URL('./shipped-rules.ts', import.meta.url));
    const { rules: loaded } = defaultSecretRules();

    expect(readFileSync(file, 'utf8')).toBe(moduleText());
    expect(loaded).toEqual(rules.map((rule) => JSON.parse(JSON.stringify(rule)) as unknown));
  });

  it('stand in docs/secrets.md', () => {
    const page = readFileSync(fileURLToPath(new URL('../../../docs/secrets.md', import.meta.url)), 'utf8');
    const row = (rule: (typeof rules)[number]): string =>
      `| \`${rule.id}\` | ${rule.description} | ${rule.severity} | ${rule.confidence} |`;

    expect(rules.map(row).filter((line) => !page.includes(line))).toEqual([]);
  });

  it('can be searched near their keywords, but for a few of certain files', () => {
    const open = rules.filter(({ regex, translated }) => regex !== undefined && translated?.reach === undefined);

    expect(open.map(({ id }) => id)).toEqual(['pgpass-password']);
  });

  it.each(examples.map((example) => [example.id, example] as const))('%s finds what it should', (id, example) => {
    const rule = rules.find((candidate) => candidate.id === id);
    const scanner = createSecretScanner({
      title: '',
      description: '',
      allowlists: [],
      rules: rule === undefined ? [] : [rule],
    });
    const path = pathFor(rule?.path);
    const find = (text: string): number => scanner.scan({ text: fill(text), path }).length;

    expect((example.matches ?? []).filter((text) => find(text) === 0)).toEqual([]);
    expect((example.misses ?? []).filter((text) => find(text) > 0)).toEqual([]);
    expect((example.matches ?? []).length > 0 || rule?.regex === undefined).toBe(true);
  });
});
