// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowestVersion, markerExtra, parseRequirement, parseSpecifier, pinnedVersion } from './pep508.ts';

describe('parseRequirement', () => {
  it('reads name, extras, specifier and marker', () => {
    const requirement = parseRequirement('Some_Lib[fast, tls] (>=1.0, <2) ; python_version < "3.9"');

    expect(requirement).toEqual({
      name: 'Some_Lib',
      extras: ['fast', 'tls'],
      specifier: '>=1.0, <2',
      marker: 'python_version < "3.9"',
    });
  });

  it('reads a direct reference up to its marker', () => {
    const requirement = parseRequirement('lib @ git+https://git.example/lib.git@v1 ; os_name == "posix"');

    expect(requirement).toMatchObject({ url: 'git+https://git.example/lib.git@v1', marker: 'os_name == "posix"' });
  });

  it.each(['', '==1.0', 'lib==', 'lib 1.0', 'lib=1.0', '-lib==1', 'lib==1 lib', "lib=='1'", 'lib[', 'lib @ '])(
    'refuses %j',
    (text) => {
      expect(parseRequirement(text)).toBeUndefined();
    },
  );

  it('throws for no text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseRequirement(text)));
  });

  it('reads again what it would print', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/);
    const version = fc.stringMatching(/^[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}$/);
    fc.assert(
      fc.property(name, fc.constantFrom('==', '>=', '~=', '!='), version, (lib, operator, number) => {
        expect(parseRequirement(`${lib}${operator}${number}`)).toEqual({
          name: lib,
          extras: [],
          specifier: `${operator}${number}`,
        });
      }),
    );
  });
});

describe('versions of a specifier', () => {
  it('is pinned by == and === only, and not by a wildcard', () => {
    expect(pinnedVersion('==1.2')).toBe('1.2');
    expect(pinnedVersion('=== 1.2+local')).toBe('1.2+local');
    expect(pinnedVersion('==1.*')).toBeUndefined();
    expect(pinnedVersion('~=1.2')).toBeUndefined();
  });

  it('has a lowest version where it names one', () => {
    expect(lowestVersion('!=1.3, >=1.2, <2')).toBe('1.2');
    expect(lowestVersion('==2.0.*')).toBe('2.0.0');
    expect(lowestVersion('==2.*, >=2.1')).toBe('2.1');
    expect(lowestVersion('>1.0')).toBeUndefined();
    expect(lowestVersion('==2.*.*')).toBeUndefined();
  });

  it('has no clauses when one of them is broken', () => {
    expect(parseSpecifier('>=1, oops')).toBeUndefined();
  });
});

describe('markerExtra', () => {
  it('finds the extra in a marker', () => {
    expect(markerExtra(`python_version > "3" and extra == 'docs'`)).toBe('docs');
    expect(markerExtra('python_version > "3"')).toBeUndefined();
  });
});
