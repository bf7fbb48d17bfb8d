// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { elfFile } from '../../../test/support/executable-writer.ts';
import { compileGlob } from '../../formats/glob.ts';
import { binaryClassifier, binaryClassifiers } from './binary-classifier.ts';

/** An ELF file that holds the text. */
function program(text: string): Buffer {
  return elfFile([{ name: '.rodata', bytes: Buffer.from(`\0${text}\0`, 'latin1') }]);
}

function purlsOf(path: string, text: string): (string | undefined)[] {
  return catalogText(binaryClassifier, { [path]: program(text) }).packages.map((item) => item.purl);
}

describe('binaryClassifier', () => {
  it.each([
    ['usr/sbin/nginx', 'nginx version: nginx/1.25.1', 'pkg:generic/nginx@1.25.1'],
    ['usr/sbin/nginx', 'nginx version: openresty/1.21.4.3', 'pkg:generic/nginx@1.21.4'],
    ['usr/bin/openssl', 'OpenSSL 3.0.13 30 Jan 2024', 'pkg:generic/openssl@3.0.13'],
    ['usr/bin/openssl', 'OpenSSL 1.1.1 (compatible; AWS-LC 1.42.0)', 'pkg:generic/aws-lc@1.42.0'],
    ['usr/bin/python3.11', 'PYTHONIOENCODING\x003.11.2\0', 'pkg:generic/python@3.11.2'],
    ['usr/lib/libpython3.12.so.1.0', '3.12.1\0', 'pkg:generic/python@3.12.1'],
    ['usr/bin/redis-server', '7.0.5f00dcafe1234-16734286300000000000\0', 'pkg:generic/redis@7.0.5'],
    ['usr/bin/redis-server', '7.2.4builder-17023000000000000000\0', 'pkg:generic/redis@7.2.4'],
    ['opt/consul', '\x01v1.9.0\0', 'pkg:golang/github.com/hashicorp/consul@1.9.0'],
    ['jdk/bin/java', 'openjdk\0java\x000.0\x0017.0.9+9-LTS\0', 'pkg:generic/oracle/openjdk@17.0.9%2B9-LTS'],
    ['usr/lib/jvm/zulu21/bin/java', 'openjdk\0java\x000.0\x0021.0.1+12\0', 'pkg:generic/azul/zulu@21.0.1%2B12'],
    ['usr/bin/ruby', 'ruby 3.2.1 (2023-02-08 revision 31819e82c8)', 'pkg:generic/ruby@3.2.1'],
    ['usr/lib/erlang/bin/erlexec', '/build/otp_src_26.1/erts/x', 'pkg:generic/erlang@26.1'],
    ['usr/bin/deno', `deno-${'a'.repeat(40)}1.16.4release/v`, 'pkg:generic/deno@1.16.4'],
  ])('knows %s by its texts', (path, text, purl) => {
    expect(purlsOf(path, text)).toEqual([purl]);
  });

  it('states the CPEs that advisories use', () => {
    const { get } = catalogText(binaryClassifier, { 'bin/bash': program('@(#)Bash version 5.2.15(1) release') });

    expect(get('bash').cpes).toEqual(['cpe:2.3:a:gnu:bash:5.2.15:*:*:*:*:*:*:*']);
  });

  it('finds two programs in one file', () => {
    expect(purlsOf('usr/sbin/mysqld', '5.7.33-ndb-7.6.17')).toEqual([
      'pkg:generic/mysql-server@5.7.33',
      'pkg:generic/mysql-cluster@7.6.17',
    ]);
  });

  it('takes some text files by their name', () => {
    const files = { 'usr/local/go/VERSION': 'go1.22.3\ntime 2024-04-29T14:09:46Z\n' };

    expect(catalogText(binaryClassifier, files).names).toEqual(['go@1.22.3']);
  });

  it('does not take the half of a version that the name of the file contradicts', () => {
    expect(purlsOf('usr/bin/python3.11', 'PYTHONIOENCODING\x003.9.2\0')).toEqual([]);
  });

  it('finds nothing in another program of the same name', () => {
    expect(purlsOf('usr/bin/nginx', 'hello')).toEqual([]);
  });

  it('takes no script that is called like a program', () => {
    expect(catalogText(binaryClassifier, { 'usr/bin/nginx': '#!/bin/sh\n# nginx/1.2.3\n' }).names).toEqual([]);
  });
});

describe('tables of classifiers', () => {
  const rules = binaryClassifiers.flatMap(({ id, rules: list }) => list.map((rule, index) => ({ id, index, rule })));

  it('have unique ids and globs that can be compiled', () => {
    const ids = binaryClassifiers.map((item) => item.id);

    expect(new Set(ids).size).toBe(ids.length);
    expect(
      binaryClassifiers.flatMap((item) => item.files.map(compileGlob)).every((test) => !test('no/such/file')),
    ).toBe(true);
  });

  it('name the version in every pattern', () => {
    const nameless = rules.filter(({ rule }) => {
      const groups = rule.products === undefined ? ['version'] : Object.keys(rule.products);
      return rule.pattern instanceof RegExp && !groups.every((group) => String(rule.pattern).includes(`(?<${group}>`));
    });

    expect(nameless.map(({ id, index }) => `${id} ${index}`)).toEqual([]);
  });

  it('have patterns that end soon on texts made to be slow', () => {
    const pieces = ['1.1.1', '1.', '0', '\0', '-', 'a', '10.10.10-', '9'];
    const slow: string[] = [];
    for (const { id, index, rule } of rules) {
      const pattern = rule.pattern instanceof RegExp ? rule.pattern : rule.pattern('usr/bin/python3.11');
      for (const piece of pieces) {
        const text = piece.repeat(2_000);
        const start = performance.now();
        pattern?.exec(`${rule.near ?? ''}${text}${rule.near ?? ''}`);
        if (performance.now() - start > 100) slow.push(`${id} ${index} ${JSON.stringify(piece)}`);
      }
    }

    expect(slow).toEqual([]);
  });

  it('never throw on arbitrary bytes', () => {
    const paths = binaryClassifiers.flatMap((item) => item.files.map((glob) => glob.replace(/\*\*\/|[*?[\]{}]/g, '')));
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.uint8Array({ maxLength: 300 }), (path, bytes) => {
        binaryClassifier.parse({ path, bytes }, { get: () => undefined, match: () => [] });
      }),
    );
  });
});
