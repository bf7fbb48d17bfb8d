// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { PackageList } from '../model/package.ts';
import { packageOf } from '../model/package.ts';
import { addRegistryLicenses } from './license-registry.ts';

function listOf(...packages: Parameters<typeof packageOf>[0][]): PackageList {
  return { cataloger: 'x', path: 'x.lock', ecosystem: 'npm', kind: 'declared', packages: packages.map(packageOf) };
}

function registry(answers: Readonly<Record<string, string>>): { fetch: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const answer = async (input: string | URL | Request): Promise<Response> => {
    const url = String(input instanceof Request ? input.url : input);
    asked.push(url);
    const body = answers[url];
    return new Response(body ?? '', { status: body === undefined ? 404 : 200 });
  };
  return { fetch: answer, asked };
}

const addresses = new Map([
  ['npm', 'https://registry.npm.example/'],
  ['pypi', 'https://index.pypi.example/pypi/'],
]);

describe('addRegistryLicenses', () => {
  it('asks once for each package without a licence and fills it in everywhere', async () => {
    const { fetch, asked } = registry({
      'https://registry.npm.example/@a%2Fb/1.0.0': '{"license":"MIT"}',
      'https://index.pypi.example/pypi/certifi/2025.1.1/json': '{"info":{"license":"MPL-2.0"}}',
    });
    const scoped = { name: '@a/b', version: '1.0.0', type: 'npm', purl: 'pkg:npm/%40a/b@1.0.0' };
    const python = { name: 'certifi', version: '2025.1.1', type: 'pypi', purl: 'pkg:pypi/certifi@2025.1.1' };
    const known = { name: 'ms', version: '2.0.0', type: 'npm', purl: 'pkg:npm/ms@2.0.0', licenses: ['ISC'] };

    const { lists, problems } = await addRegistryLicenses([listOf(scoped, known), listOf(scoped, python)], {
      addresses,
      fetch,
      timeout: 1000,
    });

    expect(lists.map((list) => list.packages.map((item) => item.licenses))).toEqual([
      [['MIT'], ['ISC']],
      [['MIT'], ['MPL-2.0']],
    ]);
    expect(asked).toHaveLength(2);
    expect(problems).toEqual([]);
  });

  it('remarks what the registry does not tell and leaves the package as it was', async () => {
    const { fetch } = registry({ 'https://registry.npm.example/broken/1.0.0': '{' });
    const broken = { name: 'broken', version: '1.0.0', type: 'npm', purl: 'pkg:npm/broken@1.0.0' };
    const missing = { name: 'missing', version: '1.0.0', type: 'npm', purl: 'pkg:npm/missing@1.0.0' };

    const { lists, problems } = await addRegistryLicenses([listOf(broken, missing)], {
      addresses,
      fetch,
      timeout: 1000,
    });

    expect(lists[0]?.packages.map((item) => item.licenses)).toEqual([[], []]);
    expect(problems.map((problem) => [problem.message, problem.hidesFindings])).toEqual([
      ['licence of broken 1.0.0: the answer of the registry could not be read', false],
      ['licence of missing 1.0.0: the registry answered 404', false],
    ]);
  });

  it('asks for nothing that has no purl, no version or no registry', async () => {
    const { fetch, asked } = registry({});

    await addRegistryLicenses(
      [
        listOf(
          { name: 'own', version: '1.0.0', type: 'npm' },
          { name: 'x', version: '', type: 'npm', purl: 'pkg:npm/x' },
          { name: 'y', version: '1', type: 'cargo', purl: 'pkg:cargo/y@1' },
        ),
      ],
      { addresses, fetch, timeout: 1000 },
    );

    expect(asked).toEqual([]);
  });
});
