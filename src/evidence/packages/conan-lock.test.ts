// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { conanLock } from './conan-lock.ts';
import { conanfileTxt } from './conanfile-txt.ts';
import { conaninfo } from './conaninfo.ts';

describe('conanLock', () => {
  it('reads the graph of Conan 1', () => {
    const nodes = {
      0: { ref: 'app/1.0', path: 'conanfile.py', requires: ['1'], build_requires: ['3'] },
      1: { ref: 'openssl/3.0.5@corp/stable#f00', requires: ['2'] },
      2: { ref: 'zlib/1.2.12' },
      3: { ref: 'cmake/3.25.0' },
    };

    const { get } = catalogText(conanLock, {
      'conan.lock': JSON.stringify({ graph_lock: { nodes }, version: '0.4' }, null, 1),
    });

    expect(get('app').relationship).toBe('root');
    expect(get('openssl')).toMatchObject({
      relationship: 'direct',
      dependsOn: ['zlib@1.2.12'],
      purl: 'pkg:conan/corp/openssl@3.0.5?channel=stable',
    });
    expect(get('zlib').relationship).toBe('indirect');
    expect(get('cmake').scope).toBe('build');
  });

  it('reads package references of the oldest version', () => {
    const nodes = { 0: { path: 'x', requires: { 'zlib/1.2.11#aa': '1' } }, 1: { pref: 'zlib/1.2.11#aa:19729b#bb' } };

    const { get } = catalogText(conanLock, { 'conan.lock': JSON.stringify({ graph_lock: { nodes }, version: '0.2' }) });

    expect(get('zlib')).toMatchObject({ version: '1.2.11', relationship: 'direct' });
  });

  it('reads the lists of Conan 2', () => {
    const text = '{"version":"0.5",\n"requires":["zlib/1.3#aa%1675278901.75"],\n"build_requires":["cmake/3.25.0"]}';

    const { get } = catalogText(conanLock, { 'conan.lock': text });

    expect(get('zlib')).toMatchObject({
      version: '1.3',
      scope: 'runtime',
      facts: { groups: ['requires'], other: { recipeRevision: 'aa' } },
      locations: [{ line: 2 }],
    });
    expect(get('cmake')).toMatchObject({ scope: 'build', facts: { groups: ['build-requires'] } });
  });

  it('reports what is no reference', () => {
    expect(catalogText(conanLock, { 'conan.lock': '{"requires":["1.2.3"]}' }).problems).toMatchObject([
      { kind: 'schema', hidesFindings: true },
    ]);
  });
});

describe('conanfileTxt', () => {
  it('reads requirements, ranges and tools, and passes over comments', () => {
    const text =
      '[requires]\n# comment\nzlib/1.3\nfmt/[>=10 <11]\n[tool_requires]\ncmake/3.25.0\n[generators]\nCMakeDeps\n';

    const { get, packages } = catalogText(conanfileTxt, { 'conanfile.txt': text });

    expect(get('zlib').locations).toEqual([{ path: 'conanfile.txt', line: 3 }]);
    expect(get('fmt')).toMatchObject({ version: '', constraint: '>=10 <11' });
    expect(get('cmake').scope).toBe('build');
    expect(packages).toHaveLength(3);
  });
});

describe('conaninfo', () => {
  it('takes the package from the path and what it was built with from the file', () => {
    const path = '.conan/data/fast/1.2.2/_/_/package/9d1f/conaninfo.txt';

    const { get } = catalogText(conaninfo, {
      [path]: '[full_requires]\n    zlib/1.2.13:dfbe\n[recipe_hash]\n    c6f6\n',
    });

    expect(get('fast')).toMatchObject({ version: '1.2.2', dependsOn: ['zlib@1.2.13'] });
    expect(get('zlib').facts?.other).toEqual({ packageId: 'dfbe' });
  });
});
