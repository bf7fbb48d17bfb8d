// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { goMod } from './go-mod.ts';
import { goSum } from './go-sum.ts';
import { goVendorModules } from './go-vendor-modules.ts';
import { goWork } from './go-work.ts';

const mod = `module git.example/shop // the shop

go 1.21

toolchain go1.21.5-vendor

require (
	git.example/A v1.2.0
	"git.example/b" v2.0.0+incompatible // indirect; why
)

require git.example/c v0.1.0
require git.example/d v0.2.0
exclude git.example/d v0.2.0

replace git.example/c => ../c
replace git.example/A v1.2.0 => git.example/fork v1.2.1
retract [v1.0.0, v1.1.0]
`;

describe('goMod', () => {
  it('tells the module, direct and indirect requirements, and the standard library', () => {
    const { get } = catalogText(goMod, { 'go.mod': mod });

    expect(get('git.example/shop')).toMatchObject({
      relationship: 'root',
      version: '',
      locations: [{ path: 'go.mod', line: 1 }],
    });
    expect(get('git.example/b')).toMatchObject({
      relationship: 'indirect',
      purl: 'pkg:golang/git.example/b@v2.0.0%2Bincompatible',
    });
    expect(get('stdlib')).toMatchObject({ version: '1.21.5', locations: [{ path: 'go.mod', line: 5 }] });
  });

  it('takes the replacement in place of the module, a folder as a project of the tree, and drops excluded versions', () => {
    const { get, names } = catalogText(goMod, { 'go.mod': mod });

    expect(get('git.example/fork')).toMatchObject({ version: 'v1.2.1', relationship: 'direct' });
    expect(get('git.example/fork').locations.map((location) => location.line)).toEqual([17, 8]);
    expect(get('git.example/c')).toMatchObject({
      version: '',
      relationship: 'workspace',
      facts: { other: { folder: '../c' } },
    });
    expect(names).not.toContain('git.example/d@v0.2.0');
  });

  it('keeps the hashes of go.sum', () => {
    const { get } = catalogText(goMod, {
      'go.mod': mod,
      'go.sum': 'git.example/fork v1.2.1 h1:abc=\ngit.example/fork v1.2.1/go.mod h1:def=\n',
    });

    expect(get('git.example/fork').facts?.other).toEqual({ h1: 'h1:abc=', replaces: 'git.example/A@v1.2.0' });
  });

  it('adds the rest from go.sum before Go 1.17, in the highest version', () => {
    const { get, names } = catalogText(goMod, {
      'go.mod': 'module m\ngo 1.16\nrequire git.example/a v1.0.0\n',
      'go.sum':
        'git.example/a v1.0.0 h1:a=\ngit.example/e v1.0.0 h1:e=\ngit.example/e v1.10.0 h1:f=\ngit.example/g v1.0.0/go.mod h1:g=\n',
    });

    expect(names).toEqual(['git.example/a@v1.0.0', 'git.example/e@v1.10.0', 'm@', 'stdlib@1.16']);
    expect(get('stdlib').constraint).toBe('>= 1.16');
    expect(get('git.example/e')).toMatchObject({ relationship: 'indirect', locations: [{ path: 'go.sum', line: 3 }] });
  });

  it('tells lines that are not of the format, with their place', () => {
    const { problems } = catalogText(goMod, { 'go.mod': 'this is no go.mod\nrequire (\n' });

    expect(problems.map((problem) => [problem.kind, problem.location.line])).toEqual([
      ['syntax', 1],
      ['syntax', undefined],
    ]);
  });

  it('throws for no mutated file', () => {
    fc.assert(
      fc.property(fc.nat(mod.length), fc.nat(40), fc.string({ maxLength: 4 }), (at, length, middle) => {
        catalogText(goMod, { 'go.mod': mod.slice(0, at) + middle + mod.slice(at + length) });
      }),
      { numRuns: 60 },
    );
  });
});

describe('goSum', () => {
  const sum = 'git.example/a v1.0.0 h1:a=\ngit.example/a v1.2.0 h1:b=\ngit.example/c v1.0.0/go.mod h1:c=\n';

  it('lists modules with content where there is no go.mod', () => {
    expect(catalogText(goSum, { 'go.sum': sum }).names).toEqual(['git.example/a@v1.2.0']);
  });

  it('yields to a go.mod beside it', () => {
    expect(catalogText(goSum, { 'go.mod': 'module m\n', 'go.sum': sum }).packages).toEqual([]);
  });
});

describe('goWork', () => {
  it('lists replacements by modules and the standard library', () => {
    const { names, problems } = catalogText(goWork, {
      'go.work':
        'go 1.22.1\nuse (\n\t./a\n\t./b\n)\nreplace git.example/x => git.example/y v1.0.0\nreplace git.example/z => ./z\n',
    });

    expect(names).toEqual(['git.example/y@v1.0.0', 'stdlib@1.22.1']);
    expect(problems).toEqual([]);
  });
});

describe('goVendorModules', () => {
  it('lists modules of which a package is vendored, replacements under their own name', () => {
    const { get, names } = catalogText(goVendorModules, {
      'vendor/modules.txt': `# git.example/a v1.0.0
## explicit; go 1.21
git.example/a/x
# git.example/unused v1.0.0
## explicit
# git.example/b v0.1.0 => git.example/fork v0.2.0
git.example/fork/x
# git.example/c v1.0.0 => ../c
git.example/c
`,
    });

    expect(names).toEqual(['git.example/a@v1.0.0', 'git.example/c@v1.0.0', 'git.example/fork@v0.2.0']);
    expect(get('git.example/a')).toMatchObject({
      relationship: 'direct',
      locations: [{ path: 'vendor/modules.txt', line: 1 }],
    });
    expect(get('git.example/fork').relationship).toBe('indirect');
  });
});
