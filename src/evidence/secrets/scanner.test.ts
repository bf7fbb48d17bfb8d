// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeTar } from '../../../test/support/tar-writer.ts';
import { readGitleaksConfig } from '../../formats/gitleaks-config.ts';
import { redacted, secretFingerprint, toFinding } from './finding.ts';
import type { RawSecret, SecretScanner, SecretScanOptions } from './raw-secret.ts';
import { createSecretScanner } from './scanner.ts';

const token = `[[rules]]
id = "token"
description = "A token"
regex = 'tok_([a-z0-9]{8})'
keywords = ["tok_"]
`;

function scannerOf(toml: string, options: SecretScanOptions = {}): SecretScanner {
  const { ruleSet } = readGitleaksConfig(toml, 'rules.toml');
  if (ruleSet === undefined) throw new Error('rules that cannot be used');
  return createSecretScanner(ruleSet, options);
}

function scan(toml: string, text: string, options: SecretScanOptions = {}): readonly RawSecret[] {
  return scannerOf(toml, options).scan({ text, path: 'a.txt' });
}

describe('a secret', () => {
  it('is told with the place of the match in bytes, and the group as the secret', () => {
    const [found] = scan(token, 'one\n  key: tok_abcd1234;\n');

    expect(found).toMatchObject({ match: 'tok_abcd1234', secret: 'abcd1234', start: 11, end: 23 });
    expect(found).toMatchObject({
      startLine: 2,
      endLine: 2,
      startColumn: 8,
      endColumn: 19,
      line: '  key: tok_abcd1234;',
    });
  });

  it('is found in what is encoded, with the place of the encoded text', () => {
    const [found] = scan(token, `a\nx=${Buffer.from('my tok_abcd1234 is here').toString('base64')}\n`);

    expect(found).toMatchObject({ secret: 'abcd1234', startLine: 2, startColumn: 3 });
    expect(found?.tags).toEqual(['decoded:base64', 'decode-depth:1']);
  });

  it.each(['gitleaks:allow', 'landwaiter:allow'])('is passed over on a line that says %s', (comment) => {
    const text = `tok_abcd1234 # ${comment}\ntok_efgh5678\n`;

    expect(scan(token, text).map(({ secret }) => secret)).toEqual(['efgh5678']);
    expect(scan(token, text, { ignoresAllowComments: true })).toHaveLength(2);
  });

  it('must have more entropy than the rule asks for', () => {
    const rule = `${token}entropy = 2\n`;

    expect(scan(rule, 'tok_aaaabbbb tok_abcd1234').map(({ secret }) => secret)).toEqual(['abcd1234']);
  });

  it('of a generic rule gives way to one that knows it', () => {
    const rules = `${token}[[rules]]\nid = "generic-thing"\nregex = 'abcd[0-9]+'\n`;

    expect(scan(rules, 'tok_abcd1234\nabcd9').map(({ rule, secret }) => [rule.id, secret])).toEqual([
      ['token', 'abcd1234'],
      ['generic-thing', 'abcd9'],
    ]);
  });

  it('of a composite rule needs its part near', () => {
    const rules = `[[rules]]\nid = "password"\nregex = 'pw=(\\w+)'\n[[rules.required]]\nid = "user"\nwithinLines = 1\n[[rules]]\nid = "user"\nregex = 'user=\\w+'\nskipReport = true\n`;

    expect(scan(rules, 'user=a\npw=b\n\n\npw=c')).toMatchObject([{ secret: 'b', required: [{ match: 'user=a' }] }]);
  });

  it('can be the name of a file', () => {
    const scanner = scannerOf(`[[rules]]\nid = "p12"\npath = '\\.p12$'\n`);
    const results = scanner.scanFiles([{ path: 'a/b.p12', bytes: Buffer.from('PK\x03\x04') }]);

    expect(results).toMatchObject([
      { skipped: 'binary', secrets: [{ kind: 'path', match: 'file detected: a/b.p12' }] },
    ]);
  });
});

describe('files', () => {
  it('are told apart when many are scanned at once', () => {
    const results = scannerOf(token).scanFiles([
      { path: 'a', bytes: Buffer.from('tok_aaaa1111') },
      { path: 'b', bytes: Buffer.from('nothing') },
      { path: 'c', bytes: Buffer.from('\n\ntok_cccc3333') },
    ]);

    expect(results.map(({ secrets }) => secrets.map(({ path, startLine }) => [path, startLine]))).toEqual([
      [['a', 1]],
      [],
      [['c', 3]],
    ]);
  });

  it('keep their lines across fragments', () => {
    const text = `${'some line of text\n'.repeat(20_000)}tok_abcd1234\n`;
    const [result] = scannerOf(token).scanFiles([{ path: 'a', bytes: Buffer.from(text) }]);

    expect(result?.secrets).toMatchObject([{ startLine: 20_001 }]);
  });

  it.each(['OTTO_KEY', 'RIFF_KEY', 'OggS', 'ID3', 'BZh', 'GIF89a'])(
    'of text that begins with %s were taken for binary',
    (word) => {
      const [result] = scannerOf(token).scanFiles([
        { path: 'a.env', bytes: Buffer.from(`${word}=1\nx=tok_abcd1234\n`) },
      ]);

      expect(result?.skipped).toBeUndefined();
      expect(result?.secrets).toHaveLength(1);
    },
  );

  it.each(['utf-16le', 'utf-16be'])(
    'in %s without a mark were searched as if each byte were a character',
    (encoding) => {
      const little = Buffer.from('x=tok_abcd1234\n', 'utf16le');
      const bytes = encoding === 'utf-16le' ? little : Buffer.from(little).swap16();
      const [result] = scannerOf(token).scanFiles([{ path: 'a.ps1', bytes }]);

      expect(result?.secrets.map(({ secret }) => secret)).toEqual(['abcd1234']);
    },
  );

  it('in UTF-16 are read as text', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('key tok_abcd1234', 'utf16le')]);
    const [result] = scannerOf(token).scanFiles([{ path: 'a', bytes }]);

    expect(result?.secrets).toMatchObject([{ secret: 'abcd1234' }]);
  });

  it('inside archives are named with the archive, as deep as was asked for', () => {
    const inner = writeTar([{ path: 'in/a.txt', content: 'tok_abcd1234' }]);
    const outer = gzipSync(writeTar([{ path: 'inner.tar', content: inner }]));
    const found = (archiveDepth: number): unknown =>
      scannerOf(token, { archiveDepth })
        .scanFiles([{ path: 'x.tar.gz', bytes: outer }])
        .map(({ secrets, skipped }) => ({ paths: secrets.map(({ path }) => path), skipped }));

    expect(found(2)).toEqual([{ paths: ['x.tar.gz!inner.tar!in/a.txt'], skipped: undefined }]);
    expect(found(1)).toEqual([{ paths: [], skipped: 'archive' }]);
    expect(found(0)).toEqual([{ paths: [], skipped: 'archive' }]);
  });

  it('that allowlists of all rules take out are not looked at', () => {
    const scanner = scannerOf(`${token}[[allowlists]]\npaths = ['^vendor/']\n`);

    expect(scanner.isPathAllowed('vendor/a')).toBe(true);
    expect(scanner.scanFiles([{ path: 'vendor/a', bytes: Buffer.from('tok_abcd1234') }])).toMatchObject([
      { skipped: 'allowed', secrets: [] },
    ]);
  });

  it('of any bytes give a result', () => {
    const scanner = scannerOf(token, { archiveDepth: 3 });
    const path = fc.constantFrom('a', 'a.zip', 'a.tar.gz', 'a.zst', 'a.xz', 'a.tar', 'a.br', 'a.7z');
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        path,
        (bytes, name) => void scanner.scanFiles([{ path: name, bytes }]),
      ),
    );
  });
});

describe('what is told of a secret', () => {
  const [raw] = scan(token, 'tok_abcd1234') as [RawSecret];

  it('has a fingerprint that depends on rule, secret and key, and not on the place', () => {
    const [moved] = scan(token, '\n\n  tok_abcd1234') as [RawSecret];
    const [other] = scan(token, 'tok_abcd1235') as [RawSecret];

    expect(secretFingerprint(moved, 'k')).toBe(secretFingerprint(raw, 'k'));
    expect(secretFingerprint(other, 'k')).not.toBe(secretFingerprint(raw, 'k'));
    expect(secretFingerprint(raw, 'l')).not.toBe(secretFingerprint(raw, 'k'));
  });

  it('holds nothing of a short secret and six characters of a long one at most', () => {
    expect(JSON.stringify(toFinding(raw, { key: 'k' }))).not.toContain('abcd1234');
    expect(redacted('abcdefghijklmnop')).toBe('abcd****op');
    expect(redacted('hunter2')).toBe('****');
    expect(redacted('-----BEGIN KEY-----\nabcdef\n')).toBe('----****--');
  });
});
