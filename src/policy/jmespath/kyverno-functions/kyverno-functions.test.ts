// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileJmespath } from '../expression.ts';
import { functionsOfKyverno, kyvernoFunctions } from './index.ts';

const surroundings = {
  now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
  random: (below: number) => below - 1,
  addressesOf: (host: string) =>
    host === 'intranet.example' ? ['10.1.2.3'] : host === 'web.example' ? ['203.0.113.9'] : undefined,
};

function evaluate(expression: string, value: unknown = {}): unknown {
  const compiled = compileJmespath(expression, { dialect: 'kyverno', functions: functionsOfKyverno, surroundings });
  const result = compiled.kind === 'fault' ? compiled : compiled.evaluate(value);
  return result.kind === 'fault' ? { fault: result.code } : result.value;
}

const fault = { fault: 'runtime' };

describe("Kyverno's functions", () => {
  it.each([
    ["compare('a', 'b')", -1],
    ["equal_fold('Straße', 'STRASSE')", true],
    ["replace('aaa', 'a', 'b', `2`)", 'bba'],
    ["replace_all('a.b.c', '.', '/')", 'a/b/c'],
    ["trim('--a-b--', '-')", 'a-b'],
    ["trim_prefix('v1.2', 'v')", '1.2'],
    ["split('a/b', '/')", ['a', 'b']],
    ["split('a😀', '')", ['a', '😀']],
    ["truncate('a😀b', `2`)", 'a😀'],
    ["path_canonicalize('/a/./b/../c//')", '/a/c'],
    ["pattern_match('a*', 'abc')", true],
    ["pattern_match('1?', `12`)", true],
    ["to_boolean('TrUe')", true],
    ["to_boolean('yes')", fault],
  ])('on texts: %s', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  it.each([
    ["regex_match('^v[0-9]+$', 'v12')", true],
    ["regex_match('^1', `12`)", true],
    ["regex_match('(', 'x')", fault],
    ["regex_replace_all('([a-z])([0-9])', 'a1b2', '${2}$1')", '1a2b'],
    ["regex_replace_all('a(?P<n>b)', 'ab', '<$n>')", '<b>'],
    ["regex_replace_all_literal('[0-9]', 'a1', '$0')", 'a$0'],
  ])('with regular expressions: %s', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  it('answer patterns made against backtracking in time', () => {
    expect(evaluate(`regex_match('^(a+)+$', '${'a'.repeat(5_000)}!')`)).toBe(false);
  });

  it.each([
    ["lookup({a: `1`}, 'a')", 1],
    ["lookup({a: `1`}, '__proto__')", null],
    ['lookup([`1`, `2`], `1`)', 2],
    [
      "items({b: `1`, a: `2`}, 'k', 'v')",
      [
        { k: 'a', v: 2 },
        { k: 'b', v: 1 },
      ],
    ],
    ["object_from_lists(['a', 'b'], [`1`])", { a: 1, b: null }],
    ["label_match({a: 'x'}, {a: 'x', b: 'y'})", true],
    ["label_match({a: 'x'}, {b: 'y'})", false],
  ])('on lists and objects: %s', (expression, expected) => {
    expect(evaluate(expression, { z: 1 })).toEqual(expected);
  });

  it.each([
    ["add('1Gi', '512Mi')", '1536Mi'],
    ["subtract('1h', '5400s')", '-30m0s'],
    ["multiply('1.5', `2`)", '3'],
    ["divide('10', `3`)", '3'],
    ["divide('10.00', `3`)", '3330m'],
    ["modulo('1h', '1500s')", '10m0s'],
    ['round(`-2.5`, `0`)', -3],
    ["add('1Gi', `1`)", fault],
    // A text that is both a quantity and a duration is taken as a quantity.
    ["add('1h', '90m')", fault],
    ['sum(`[]`)', fault],
  ])('that calculate: %s', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  it.each([
    ["base64_decode('aGk=')", 'hi'],
    ["base64_decode('a')", fault],
    ["base64_encode('hi')", 'aGk='],
    ["parse_json('[1]')", [1]],
    ["parse_json('[')", fault],
    ["parse_yaml('a: yes')", { a: true }],
    ["md5('')", 'd41d8cd98f00b204e9800998ecf8427e'],
    ["sha1('')", 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ])('that encode: %s', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  it.each([
    ['time_now_utc()', '2026-01-02T03:04:05Z'],
    ["time_since('', '2026-01-02T03:04:00Z', '')", '5s'],
    ["time_truncate('2026-01-02T03:04:05Z', '1h')", '2026-01-02T03:00:00Z'],
    ["time_between('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z')", true],
    ["time_before('2026-01-02T00:00:00+02:00', '2026-01-01T23:00:00Z')", true],
    ["time_add('2026-01-02', '1h')", fault],
    ["time_add('2026-01-02T00:00:00Z', 'soon')", fault],
  ])('on times: %s', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  it.each([
    ["is_external_url('https://web.example/x')", true],
    ["is_external_url('https://intranet.example')", false],
    ["is_external_url('https://unknown.example')", fault],
    ["is_external_url('http://[::ffff:10.0.0.1]')", false],
    ["is_external_url('http://2130706433/')", false],
    ["semver_compare('not a version', '<1.0.0')", true],
    ["semver_compare('1.0.0', 'newest')", fault],
    ["random('[a-c]{3}x?')", 'cccx'],
    ["random('(')", fault],
  ])('on hosts, versions and chance: %s', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  it('read RSA certificates', () => {
    const pem = execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:1024',
        '-nodes',
        '-keyout',
        '/dev/null',
        '-subj',
        '/CN=a.example/O=Team',
        '-days',
        '1',
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    ).toString();

    const subject = evaluate(
      'x509_decode(@).{name: Subject.CommonName, organizations: Subject.Organization, e: PublicKey.E}',
      pem,
    );

    expect(subject).toEqual({ name: 'a.example', organizations: ['Team'], e: 65_537 });
  });

  it('never throw, whatever they are given', () => {
    const argument = fc.oneof(
      fc.string(),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.string()),
    );

    fc.assert(
      fc.property(
        fc.constantFrom(...kyvernoFunctions),
        fc.array(argument, { minLength: 4, maxLength: 4 }),
        ({ name, parameters }, values) => {
          const names = parameters.map((_, index) => `[${index}]`).join(', ');
          expect(() => evaluate(`${name}(${names})`, values)).not.toThrow();
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
