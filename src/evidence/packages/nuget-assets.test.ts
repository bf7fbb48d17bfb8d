// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { nugetAssets } from './nuget-assets.ts';

const assets = JSON.stringify({
  version: 3,
  targets: {
    'net8.0': {
      'One/1.0.0': { type: 'package', dependencies: { Two: '2.0.0' } },
      'Two/2.0.0': { type: 'package' },
      'Tool/3.0.0': { type: 'package' },
      'Shared/1.0.0': { type: 'project', dependencies: { Two: '2.0.0' } },
    },
  },
  libraries: {
    'One/1.0.0': { type: 'package', sha512: Buffer.alloc(64, 3).toString('base64') },
    'Two/2.0.0': { type: 'package' },
    'Tool/3.0.0': { type: 'package' },
    'Shared/1.0.0': { type: 'project' },
  },
  projectFileDependencyGroups: { 'net8.0': ['One >= 1.0.0', 'Tool >= 3.0.0'] },
  project: { frameworks: { 'net8.0': { dependencies: { One: {}, Tool: { suppressParent: 'All' } } } } },
});

describe('nugetAssets', () => {
  it('gives edges, scopes and relationships', () => {
    const { get } = catalogText(nugetAssets, { 'obj/project.assets.json': assets });

    expect(get('One')).toMatchObject({
      relationship: 'direct',
      dependsOn: ['Two@2.0.0'],
      digests: [`sha512:${'03'.repeat(64)}`],
    });
    expect(get('Two').relationship).toBe('indirect');
    expect(get('Tool').scope).toBe('development');
    expect(get('Shared').relationship).toBe('workspace');
  });
});
