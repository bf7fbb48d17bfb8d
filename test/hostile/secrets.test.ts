// SPDX-License-Identifier: Apache-2.0
// Rules and files made to stop the search for secrets: it ends in time, tells what it could not do, and finds what it can.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { SecretScanner } from '../../src/evidence/secrets/raw-secret.ts';
import { createSecretScanner } from '../../src/evidence/secrets/scanner.ts';
import { withinTime } from '../../src/evidence/secrets/time-guard.ts';
import { readGitleaksConfig } from '../../src/formats/gitleaks-config.ts';

function scannerOf(rules: Readonly<Record<string, string>>, rest = ''): SecretScanner {
  const tables = Object.entries(rules).map(([id, regex]) => `[[rules]]\nid = "${id}"\nregex = '''${regex}'''\n`);
  const { ruleSet, problems } = readGitleaksConfig(tables.join('') + rest, 'rules.toml');
  if (ruleSet === undefined) throw new Error(problems[0]?.message);
  return createSecretScanner(ruleSet, { archiveDepth: 8 });
}

describe('an expression that backtracks without end', () => {
  it('is ended, and what it should find is found in another way', () => {
    const scanner = scannerOf({ slow: '(?:a|a)*b[0-9]{4}', good: 'tok_[a-z]{4}' });
    const text = `${'a'.repeat(60)} b1234 tok_abcd`;

    const found = scanner.scan({ text, path: 'a' });

    expect(found.map(({ rule, match }) => [rule.id, match])).toEqual([
      ['slow', 'b1234'],
      ['good', 'tok_abcd'],
    ]);
  });

  it('that no engine can run in time is told with the place, and the other rules go on', () => {
    const scanner = scannerOf({ slow: '(?:[a-z]{1,50}){1,20}[0-9]x', good: 'tok_[a-z]{4}' });
    const text = `${'abcdefgh '.repeat(12_000)}tok_abcd`;
    const start = performance.now();

    const [result] = scanner.scanFiles([{ path: 'a', bytes: Buffer.from(text) }]);

    expect(result?.secrets.map(({ match }) => match)).toContain('tok_abcd');
    for (const problem of result?.problems ?? [])
      expect(problem).toMatchObject({ kind: 'limit', hidesFindings: true, location: { path: 'a' } });
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('in an allowlist does not stop the search either', () => {
    const scanner = scannerOf(
      { good: 'tok_[a-z]{40}' },
      "[[allowlists]]\nregexes = ['^(?:[a-z_]+)+$', '^(\\w|\\w\\w)*!$']\n",
    );

    expect(scanner.scan({ text: `tok_${'b'.repeat(40)}!`, path: 'a' })).toHaveLength(0);
  });

  it('for paths is run by the engine that cannot be slow', () => {
    const scanner = scannerOf({ good: 'tok_[a-z]{4}' }, "[[allowlists]]\npaths = ['^(a+)+$', '(x*)*y', '.*.*.*.*z']\n");
    const start = performance.now();

    expect(scanner.scan({ text: 'tok_abcd', path: `${'a'.repeat(3_000)}!` })).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('of V8 is really interrupted', () => {
    const start = performance.now();

    expect(withinTime(50, () => /(a+)+b/.test('a'.repeat(50)))).toEqual({ kind: 'too-slow' });
    expect(withinTime(1_000, () => 7)).toEqual({ kind: 'done', value: 7 });
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('a file', () => {
  const scanner = scannerOf({ good: 'tok_[a-z]{4}' });
  const scan = (path: string, bytes: Uint8Array) => scanner.scanFiles([{ path, bytes }])[0];

  it('of one line of ten megabytes is searched to its end', () => {
    const result = scan('a', Buffer.from(`${'x = 1; '.repeat(1_500_000)}tok_abcd`));

    expect(result?.secrets).toMatchObject([{ secret: 'tok_abcd', startLine: 1 }]);
    expect(result?.problems).toEqual([]);
  });

  it('with a finding in every word keeps memory in bounds', () => {
    const result = scan('a', Buffer.from('tok_abcd '.repeat(5_000)));

    expect(result?.secrets).toHaveLength(5_000);
    expect(Math.max(...(result?.secrets.map(({ line }) => line.length) ?? []))).toBeLessThanOrEqual(4_096);
  });

  it('that is no UTF-8 is searched', () => {
    const bytes = Buffer.concat([
      Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0x80]),
      Buffer.from(' tok_abcd '),
      Buffer.from([0xf0, 0x9f]),
    ]);

    expect(scan('a', bytes)?.secrets).toHaveLength(1);
  });

  it('that is a program is passed over', () => {
    expect(scan('a', Buffer.from('\x7fELF tok_abcd'))).toMatchObject({ skipped: 'binary', secrets: [] });
  });

  it('that unpacks to very much is told', () => {
    const result = scan('bomb.gz', gzipSync(Buffer.alloc(520 * 1024 * 1024), { level: 1 }));

    expect(result?.secrets).toEqual([]);
    expect(result?.problems).toMatchObject([{ kind: 'limit', hidesFindings: true }]);
  });

  it('full of what looks encoded is decoded in time', () => {
    const start = performance.now();

    scan('a', Buffer.from('%41'.repeat(300_000)));
    scan('a', Buffer.from('\\u0041%'.repeat(100_000)));
    scan('a', Buffer.from(`${'%'.repeat(500_000)}41`));
    scan('a', Buffer.from(Buffer.from('a'.repeat(300_000)).toString('base64')));

    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('a configuration', () => {
  it('of a large expression is refused or bounded', () => {
    const nested = `${'('.repeat(400)}a${')'.repeat(400)}`;

    expect(readGitleaksConfig(`[[rules]]\nid="a"\nregex='${nested}'`, 'a').ruleSet).toBeUndefined();
    expect(readGitleaksConfig(`[[rules]]\nid="a"\nregex='${'a?'.repeat(20_000)}'`, 'a').problems.length).toBeLessThan(
      2,
    );
  });
});
