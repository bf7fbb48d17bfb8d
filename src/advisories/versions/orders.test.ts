// SPDX-License-Identifier: Apache-2.0
// Each scheme's own rules, as ascending chains and as constraints in the ecosystem's words.
import * as oracle from '@renovatebot/pep440';
import fc from 'fast-check';
import semverOracle from 'semver';
import { describe, expect, it } from 'vitest';
import { orderOf, orderOfEcosystem, versionOrders } from './index.ts';
import { modernJavaVersion } from './jvm.ts';
import { withoutJavaRuntime } from './maven.ts';
import { compareInstalled, type VersionOrder } from './order.ts';
import { canonicalGemSegments } from './rubygems.ts';

function order(id: string): VersionOrder {
  const found = orderOf(id);
  if (found === undefined) throw new Error(`no order ${id}`);
  return found;
}

describe('ascending versions', () => {
  it.each([
    ['semver', '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.10.0'],
    [
      'golang',
      'v0.0.0-20170116102854-1ef0e047d5a7 v0.0.0-20180116102854-5a71ef0e047d v0.0.1 v1.2.3 v2.0.0+incompatible',
    ],
    ['golang', '1.20.0-0 go1.20beta1 go1.20rc1 1.20.0-rc.2 go1.20 go1.20.1 go1.21.0'],
    ['pub', '1.0.0-pre 1.0.0-pre+build 1.0.0 1.0.0+1 1.0.0+1.1 1.0.0+2'],
    ['nuget', '1.0.0-Alpha 1.0.0-beta 1.0.0 1.0.0.1 1.0.1'],
    ['pep440', '1.0.dev1 1.0a1.dev1 1.0a1 1.0b1 1.0rc1 1.0 1.0+abc 1.0+abc.1 1.0+1 1.0.post1.dev1 1.0.post1 1.1 1!0.1'],
    ['pep440', '2.0-unknown 0.1'],
    ['maven', '1-alpha-1 1-beta-1 1-milestone-1 1-rc-1 1-SNAPSHOT 1 1-sp 1-xyz 1-1 1.1 1.10'],
    ['rubygems', '1.0.a 1.0.b1 1.0.rc1 1.0 1.0.1 1.10'],
    ['packagist', '1.0-dev 1.0-alpha1 1.0-beta1 1.0-RC1 1.0 1.0-pl1 1.1 1.10'],
    ['cran', '0.1 0.1-1 0.1-2 0.1.10 0.2'],
    ['hackage', '0.9 1 1.0 1.0.0 1.0.1 1.10'],
    ['dpkg', '1.0~~ 1.0~rc1 1.0 1.0-1~deb12u1 1.0-1 1.0-1+b1 1.0a 1.0+dfsg 1.1 1:0.1'],
    ['rpm', '1.0~rc1 1.0 1.0^git1 1.0.1 1.0.1-1.el8 1.0.1-1.el8_1 1.0.1-2 1:0.1'],
    ['apk', '1.0_alpha 1.0_alpha2 1.0_beta 1.0_pre1 1.0_rc1 1.0 1.0-r1 1.0-r2 1.0_p1 1.0a 1.0.1 1.1'],
    ['pacman', '1.0alpha 1.0rc1 1.0 1.0-1 1.0-2 1.0.a 1.0.1 1:0.1'],
    ['portage', '1.0_alpha1 1.0_beta 1.0_pre 1.0_rc1 1.0 1.0-r1 1.0_p 1.0_p1 1.0b 1.0.0 1.01 1.1'],
    ['bitnami', '1.2.2-9 1.2.3 1.2.3-1 1.2.3-10 1.2.4'],
    ['jvm', '1.7.0_80 1.8.0 1.8.0_131-ea 8.0.131 1.8.0_132-b11 9.0.0-ea 9.0.0 11.0.4'],
    ['conda', '0.4.1.rc1 0.4.1 0.5a1 0.5 0.5.post1 1.0dev 1.0a 1.0 1.1 1!0.1'],
    ['conan', '1.0-rc1 1.0 1.0.2 1.1.1 1.1.1a 1.1.1w 1.10 cci.20210118'],
    ['fuzzy', '1.0.2a 1.0.2k 1.0.2zg 1.0.2zh 1.1.0'],
    ['kb', 'KB4562562 KB4562563'],
  ])('%s: %s', (id, chain) => {
    const versions = chain.split(' ');

    const sorted = versions.toReversed().sort((a, b) => order(id).compare(a, b));

    expect(sorted).toEqual(versions);
    for (const [at, version] of versions.slice(1).entries()) {
      expect(order(id).compare(versions[at] ?? '', version), `${versions[at]} < ${version}`).toBeLessThan(0);
    }
  });
});

describe('equal versions', () => {
  it.each([
    ['semver', '1.2.3+build', 'v1.2.3+other'],
    ['semver', '1.20rc1', '1.20.0-rc1'],
    ['golang', 'v3.2.0', 'v3.2.0+incompatible'],
    ['golang', 'go1.21.3 X:boringcrypto', '1.21.3'],
    ['pep440', '1.0.0-RC.1', '1rc1'],
    ['pep440', '1.0-1', '1.0.post1'],
    ['maven', '1.0.0.RELEASE', '1'],
    ['maven', '1.0alpha1', '1-a1'],
    ['rubygems', '1.0-x86_64-linux', '1'],
    ['rubygems', '5.0.0.a1', '5.a.1'],
    ['nuget', '1.0', '1.0.0.0+meta'],
    ['dpkg', '0:1.0-0', '1.0'],
    ['rpm', '1_0', '1.0'],
    ['apk', '1-r', '1-r0'],
    ['conda', '1.0', '1.0.0'],
    ['jvm', '1.8.0_131-b11', '8u131'],
  ])('%s: %s and %s', (id, a, b) => {
    expect(order(id).compare(a, b)).toBe(0);
  });
});

describe('numbers that no double can hold', () => {
  it.each([
    'semver',
    'npm',
    'nuget',
    'pub',
    'rubygems',
    'packagist',
    'maven',
    'pep440',
    'dpkg',
    'rpm',
    'apk',
    'cran',
    'hackage',
  ])('%s', (id) => {
    expect(order(id).compare('1.999999999999999999999999999991', '1.999999999999999999999999999999')).toBeLessThan(0);
  });
});

describe('npm ranges', () => {
  it.each([
    ['1.2.9', '^1.2.3', true],
    ['2.0.0', '^1.2.3', false],
    ['0.2.9', '^0.2.3', true],
    ['0.3.0', '^0.2.3', false],
    ['1.2.9', '~1.2', true],
    ['1.5.0', '1.2 - 2.3', true],
    ['2.4.0', '1.2 - 2.3', false],
    ['3.1.0', '1.x || >=3', true],
    ['1.2.3-beta', '>=1.2.3-alpha', true],
    ['1.2.4-beta', '>=1.2.3-alpha', false],
    ['1.0.0', 'latest', undefined],
    ['1.0.0', 'git+https://example.org/x', undefined],
  ])('%s in %s: %s', (version, range, expected) => {
    expect(order('npm').satisfies(version, range)).toBe(expected);
  });

  const number = fc.constantFrom('0', '1', '2', '10');
  const version = fc
    .tuple(number, number, number, fc.constantFrom('', '-alpha', '-beta.2', '-0', '+build'))
    .map(([major, minor, patch, tail]) => `${major}.${minor}.${patch}${tail}`);
  const partial = fc.oneof(
    version,
    number,
    fc.tuple(number, number).map((parts) => parts.join('.')),
    number.map((one) => `${one}.x`),
    fc.constant('*'),
  );
  const comparator = fc
    .tuple(fc.constantFrom('', '^', '~', '>', '>=', '<', '<=', '=', '>= '), partial)
    .map((parts) => parts.join(''));
  const range = fc.oneof(
    comparator,
    fc.tuple(comparator, comparator).map((parts) => parts.join(' ')),
    fc.tuple(comparator, comparator).map((parts) => parts.join(' || ')),
    fc.tuple(partial, partial).map((parts) => parts.join(' - ')),
  );

  it('agree with node-semver', () => {
    fc.assert(
      fc.property(version, range, (one, text) => {
        const isRange = semverOracle.validRange(text, { loose: true }) !== null;
        return (
          order('npm').satisfies(one, text) ===
          (isRange ? semverOracle.satisfies(one, text, { loose: true }) : undefined)
        );
      }),
      { numRuns: 500 },
    );
  });

  it('order versions like node-semver', () => {
    fc.assert(
      fc.property(version, version, (a, b) => Math.sign(order('npm').compare(a, b)) === semverOracle.compare(a, b)),
    );
  });
});

describe('Python versions', () => {
  const number = fc.constantFrom('0', '1', '2', '10');
  const version = fc
    .tuple(
      fc.constantFrom('', '1!'),
      fc.array(number, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.')),
      fc.constantFrom('', 'a1', '-beta.2', 'rc1', '.post1', '-1', '.dev1', 'a1.dev2', '.post1.dev3', '+local.1', '+1'),
    )
    .map((parts) => parts.join(''));

  it('are ordered like the reference implementation does', () => {
    fc.assert(
      fc.property(
        version,
        version,
        (a, b) => Math.sign(order('pep440').compare(a, b)) === Math.sign(oracle.compare(a, b)),
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['1.4.5', '~=1.4', true],
    ['2.0', '~=1.4', false],
    ['1.4.9', '~=1.4.2', true],
    ['1.5', '~=1.4.2', false],
    ['1.1.9', '==1.1.*', true],
    ['1.1.9', '!=1.1.*', false],
    ['1.0+cu118', '==1.0', true],
    ['1.0+cu118', '==1.0+cu121', false],
    ['2.0rc1', '<2.0', false],
    ['2.0rc1', '<=2.0rc2', true],
    ['1.0.post1', '>1.0', false],
    ['1.1a1', '>=1.0', false],
    ['1.0', '===1.0', true],
    ['1.0', '~=1', undefined],
    ['1.0', 'latest', undefined],
  ])('%s in %s: %s', (one, specifier, expected) => {
    expect(order('pep440').satisfies(one, specifier)).toBe(expected);
  });

  it('takes prereleases for affected where an installer would not choose them', () => {
    expect(order('pep440').affects('2.0rc1', '>=1.0, <2.0')).toBe(true);
    expect(order('pep440').affects('1.4.5rc1', '~=1.4')).toBe(true);
  });
});

describe('constraints in the ecosystem’s words', () => {
  it.each([
    ['cargo', '1.9.0', '1.2', true],
    ['cargo', '2.0.0', '1.2', false],
    ['cargo', '1.3.0', '1.2.*', false],
    ['cargo', '1.5.0', '>=1.2, <1.6', true],
    ['cargo', '1.2.3', '=1.2.4', false],
    ['pub', '0.0.9', '^0.0.3', true],
    ['pub', '1.0.0', 'any', true],
    ['hex', '2.5.0', '~> 2.1', true],
    ['hex', '2.2.0', '~> 2.1.2', false],
    ['hex', '3.0.0', '~> 2.1 or >= 3.0.0', true],
    ['swift', '1.5.0', '1.0.0..<2.0.0', true],
    ['swift', '2.0.0', '1.0.0...2.0.0', true],
    ['swift', '2.0.0', 'from: "1.2.0"', false],
    ['julia', '0.5.9', '0.5, 1', true],
    ['julia', '2.0.0', '0.5, 1', false],
    ['rubygems', '2.2.9', '~> 2.2.1', true],
    ['rubygems', '2.3.0', '~> 2.2.1', false],
    ['rubygems', '2.3.a', '~> 2.2.1', false],
    ['rubygems', '2.9', '~> 2.2', true],
    ['rubygems', '1.0', '!1.2.0', undefined],
    ['packagist', '1.9.9', '^1.2', true],
    ['packagist', '2.0.0', '^1.2', false],
    ['packagist', '1.9.0', '~1.2', true],
    ['packagist', '1.3.0', '~1.2.3', false],
    ['packagist', '1.2.7', '1.2.*', true],
    ['packagist', '2.5.0', '1.0 - 2.0 || ^3', false],
    ['packagist', 'v1.0', '>=1.0.0,<1.1', true],
    ['packagist', '1.2.0-beta1', '^1.2@beta', true],
    ['nuget', '1.5.0', '[1.0,2.0)', true],
    ['nuget', '2.0.0', '[1.0,2.0)', false],
    ['nuget', '9.0', '1.0', true],
    ['nuget', '1.9', '1.*', true],
    ['maven', '1.5', '[1.0,2.0)', true],
    ['maven', '1.1', '(,1.0],[1.2,)', false],
    ['maven', '1.2', '[1.2]', true],
    ['maven', '9', '1.0', true],
    ['cran', '4.1', '(>= 3.5.0)', true],
    ['hackage', '1.2.3.4', '^>=1.2.3', true],
    ['hackage', '1.3', '^>=1.2.3', false],
    ['hackage', '2.1', '>=1 && <2 || ==2.1.*', true],
    ['conan', '1.2.12', '[>=1.2 <2]', true],
    ['conan', '2.0', '[~1.2]', false],
    ['conda', '1.2.9', '=1.2', true],
    ['conda', '1.3', '1.2.*', false],
    ['conda', '3.0', '>=1.0,<2|3.*', true],
    ['apk', '1.2.9-r3', '~1.2', true],
    ['dpkg', '1.0-1', '<< 1.0-2', true],
  ])('%s: %s in %s: %s', (id, version, constraint, expected) => {
    expect(order(id).satisfies(version, constraint)).toBe(expected);
  });
});

describe('installed versions against bounds that leave something unsaid', () => {
  it.each([
    ['pep440', '2.0.0+cu118', '2.0.0', 0],
    ['pep440', '4.2.8+sp1', '4.2.8+sp2', -1],
    ['bitnami', '1.2.3-7', '1.2.3', 0],
    ['bitnami', '1.2.3-7', '1.2.3-8', -1],
    ['maven', '12.10.2.jre8', '12.10.2.jre11', 0],
    ['rpm', '1.1.1k-4.el8', '1:1.1.1k-5.el8', -1],
    ['rpm', '0:2.0-1', '1:1.0-1', -1],
    ['packagist', '1.0', '1.0.0', 0],
    ['pacman', '1.0-3', '1.0', 0],
  ])('%s: %s against %s', (id, installed, bound, expected) => {
    expect(Math.sign(compareInstalled(order(id), installed, bound)) + 0).toBe(expected);
  });
});

describe('spellings', () => {
  it('turns versions of old Java runtimes into those of JEP 223', () => {
    expect(['1.8.0_13-ea-b002', '8.0-update302-b08', '8u302-b08', '11.0.4'].map(modernJavaVersion)).toEqual([
      '8.0.13-ea+2',
      '8.0.302+8',
      '8.0.302+8',
      '11.0.4',
    ]);
  });

  it('drops the Java runtime only at the end of a version', () => {
    expect(['1.0.jre11', '1.0.jre11-SNAPSHOT'].map(withoutJavaRuntime)).toEqual(['1.0', '1.0.jre11-SNAPSHOT']);
  });

  it('drops the zeros of gems that do not matter', () => {
    expect(canonicalGemSegments('5.0.0.a1.0')).toEqual([5, { word: 'a' }, 1]);
  });
});

describe('the list', () => {
  it('finds the order of an ecosystem with or without its release', () => {
    expect(
      ['npm', 'Debian:12', 'Ubuntu:22.04:LTS', 'Seal:PyPI', 'Seal:Red Hat:7', 'nobody knows'].map(
        (name) => orderOfEcosystem(name).id,
      ),
    ).toEqual(['npm', 'dpkg', 'dpkg', 'pep440', 'rpm', 'fuzzy']);
  });

  it('names each ecosystem once', () => {
    const names = versionOrders.flatMap((one) => one.ecosystems);

    expect(new Set(names).size).toBe(names.length);
  });
});
