// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../formats/glob.ts';
import type { Cataloger } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';
import { catalogers } from './index.ts';
import { CatalogerSelector } from './selector.ts';

function sample(id: string, parts: Partial<Cataloger>): Cataloger {
  return defineCataloger({
    id,
    title: id,
    ecosystems: ['generic'],
    kind: 'declared',
    files: [],
    capabilities: {
      versions: 'exact',
      dependencies: 'none',
      scopes: false,
      licenses: false,
      digests: false,
      lines: false,
      gaps: [],
    },
    parse: () => ({ packages: [], problems: [] }),
    ...parts,
  });
}

function idsOf(list: readonly Cataloger[]): string[] {
  return list.map((cataloger) => cataloger.id);
}

describe('CatalogerSelector', () => {
  it('gives parsers in the order of the list, each once', () => {
    const selector = new CatalogerSelector([
      sample('any-json', { files: ['**/*.json', '**/package.*'] }),
      sample('manifest', { files: ['**/package.json'] }),
    ]);

    expect(idsOf(selector.parsersOf('a/package.json'))).toEqual(['any-json', 'manifest']);
    expect(idsOf(selector.parsersOf('a/other.json'))).toEqual(['any-json']);
    expect(idsOf(selector.parsersOf('a/package.jsonx'))).toEqual(['any-json']);
  });

  it('leaves out what a cataloger excepts, unless another asks for it', () => {
    const parser = sample('parser', { files: ['**/x.lock'], except: ['**/vendor/**'] });
    const asker = sample('asker', { companions: ['**/x.lock'] });

    expect(new CatalogerSelector([parser]).takes('vendor/x.lock')).toBe(false);
    expect(new CatalogerSelector([parser, asker]).takes('vendor/x.lock')).toBe(true);
    expect(idsOf(new CatalogerSelector([parser, asker]).askersOf('vendor/x.lock'))).toEqual(['asker']);
  });

  it.each([
    ['{var,usr}/lib/{a,b}.d/*', 'usr/lib/b.d/x', true],
    ['{var,usr}/lib/{a,b}.d/*', 'opt/lib/b.d/x', false],
    ['**/*.[vV][sS][iI]', 'a/x.vSi', true],
    ['**/*.[vV][sS][iI]', 'a/x.vs', false],
    ['boot/image-*', 'boot/image-1', true],
    ['boot/image-*', 'boot/other', false],
    ['**/*.gz', 'x.gz', true],
    ['db/PF', 'db/PF', true],
    ['db/PF', 'db/pf', false],
    ['**/Dockerfile.*', 'Dockerfile.', true],
    ['**/opam', 'opam', true],
  ])('compares %s with %s', (glob, path, expected) => {
    const selector = new CatalogerSelector([sample('one', { files: [glob] })]);

    expect(selector.takes(path)).toBe(expected);
  });

  it('never turns away by its name what one of the catalogers takes', () => {
    const selector = new CatalogerSelector(catalogers);
    const globs = catalogers.flatMap((cataloger) => [...cataloger.files, ...(cataloger.companions ?? [])]);
    const paths = globs.flatMap(pathsOf);

    const wrong = paths.filter((path) => {
      const slash = path.lastIndexOf('/');
      const isPossible = selector.mayTake(path.slice(0, Math.max(0, slash)), path.slice(slash + 1));
      const isAsked = globs.some((glob) => compileGlob(glob)(path));
      return isAsked && !isPossible;
    });

    expect(wrong).toEqual([]);
    expect(paths.filter((path) => selector.takes(path)).length).toBeGreaterThan(globs.length / 2);
  });

  it('turns away names that no cataloger has', () => {
    const selector = new CatalogerSelector(catalogers);

    expect(
      ['main.go', 'index.ts', 'lib.rs', 'module.py', 'a', ''].filter((name) => selector.mayTake('src', name)),
    ).toEqual([]);
  });
});

/** Some paths that a glob stands for. */
function pathsOf(glob: string): string[] {
  const plain = glob.replace(/\[([^\]])[^\]]*\]/g, '$1').replace(/\?/g, 'q');
  const choices = /\{([^{}]*)\}/.exec(plain);
  if (choices !== null)
    return (choices[1] ?? '').split(',').flatMap((choice) => pathsOf(plain.replace(choices[0], choice)));
  return ['', 'w', 'Some.thing'].map((word) =>
    plain
      .replaceAll('**/', word === '' ? '' : 'a/b/')
      .replaceAll('**', 'c')
      .replaceAll('*', word),
  );
}
