// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { paketDependencies } from './paket-dependencies.ts';

const text = `source https://feed.example/v3/index.json // comment
nuget One ~> 1.2
nuget Two 2.0 copy_local: true
nuget Three >= 3.0 < 4.0 # comment
nuget Four == 4.1
github owner/Repo:main src/File.fs
group Build
  nuget Five
`;

describe('paketDependencies', () => {
  it('takes only single versions for exact, and keeps requirements', () => {
    const { get } = catalogText(paketDependencies, { 'paket.dependencies': text });

    expect(get('One')).toMatchObject({ version: '', constraint: '~> 1.2', locations: [{ line: 2 }] });
    expect(get('Two').version).toBe('2.0');
    expect(get('Three')).toMatchObject({ version: '', constraint: '>= 3.0 < 4.0' });
    expect(get('Four').version).toBe('4.1');
  });

  it('reads groups and GitHub sources', () => {
    const { get } = catalogText(paketDependencies, { 'paket.dependencies': text });

    expect(get('Five')).toMatchObject({ scope: 'build', facts: { groups: ['Build'] } });
    expect(get('owner/Repo')).toMatchObject({ type: 'github', version: 'main' });
  });
});
