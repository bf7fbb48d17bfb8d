// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { denoJson } from './deno-json.ts';
import { denoLock } from './deno-lock.ts';

const hex = 'ab'.repeat(32);

const lock = {
  version: '5',
  specifiers: { 'jsr:@std/path@1': '1.0.2', 'npm:a@^5.0.0': '5.3.0_p@1.0.0' },
  jsr: { '@std/path@1.0.2': { integrity: hex, dependencies: ['npm:a@^5.0.0'] } },
  npm: { 'a@5.3.0_p@1.0.0': { integrity: 'sha1-C+7Hteo/D9vJXQ3UfzxbwnXajzM=', dependencies: ['p'] }, 'p@1.0.0': {} },
  remote: {
    'https://modules.example/x/oak@v12.1.0/mod.ts': hex,
    'https://modules.example/x/oak@v12.1.0/deps.ts': hex,
    'https://modules.example/plain.ts': hex,
  },
  workspace: { dependencies: ['jsr:@std/path@1'] },
};

describe('denoLock', () => {
  it('reads npm and JSR packages with their dependencies', () => {
    const { get } = catalogText(denoLock, { 'deno.lock': JSON.stringify(lock) });

    expect(get('@std/path')).toMatchObject({
      type: 'jsr',
      version: '1.0.2',
      digests: [`sha256:${hex}`],
      dependsOn: ['a@5.3.0'],
      relationship: 'direct',
    });
    expect(get('a')).toMatchObject({ type: 'npm', dependsOn: ['p@1.0.0'], relationship: 'indirect' });
  });

  it('makes one package of the modules of one version, and none of an address without a version', () => {
    const { packages } = catalogText(denoLock, { 'deno.lock': JSON.stringify(lock) });

    expect(packages.filter((item) => item.type === 'generic').map((item) => `${item.name} ${item.version}`)).toEqual([
      'modules.example/x/oak v12.1.0',
    ]);
  });

  it('reads the older form, with the lists below `packages`', () => {
    const old = {
      version: '3',
      packages: {
        specifiers: { 'npm:a@5': 'npm:a@5.0.0' },
        npm: {
          'a@5.0.0': { integrity: '', dependencies: { b: 'b@1.0.0' } },
          'b@1.0.0': { integrity: '', dependencies: {} },
        },
      },
    };

    const { get } = catalogText(denoLock, { 'deno.lock': JSON.stringify(old) });

    expect(get('a').dependsOn).toEqual(['b@1.0.0']);
  });
});

describe('denoJson', () => {
  const manifest =
    '{\n  // comments are allowed\n  "imports": {"a": "npm:a@^1.2", "p": "jsr:@std/path@1.0.0/posix", "x": "./x.ts"},\n}';

  it('lists the npm and JSR specifiers of the import map with their constraints', () => {
    const { get, names } = catalogText(denoJson, { 'deno.jsonc': manifest });

    expect(names).toEqual(['@std/path@1.0.0', 'a@']);
    expect(get('a')).toMatchObject({
      constraint: '^1.2',
      type: 'npm',
      locations: [expect.objectContaining({ line: 3 })],
    });
  });

  it('yields to the lock file beside it', () => {
    const { packages } = catalogText(denoJson, { 'deno.json': manifest, 'deno.lock': '{}' });

    expect(packages).toEqual([]);
  });
});
