// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { nugetLock } from './nuget-lock.ts';

const lock = JSON.stringify(
  {
    version: 1,
    dependencies: {
      'net8.0': {
        One: { type: 'Direct', requested: '[1.0.0, )', resolved: '1.0.0', dependencies: { two: '2.0.0' } },
        Two: { type: 'Transitive', resolved: '2.0.0' },
        local: { type: 'Project', dependencies: { One: '[1.0.0, )' } },
      },
      'net8.0/linux-x64': { Three: { type: 'Transitive', resolved: '3.0.0', dependencies: { Two: '2.0.0' } } },
    },
  },
  undefined,
  2,
);

describe('nugetLock', () => {
  it('gives relationship, edges without regard to case, and lines', () => {
    const { get } = catalogText(nugetLock, { 'packages.lock.json': lock });

    expect(get('One')).toMatchObject({
      version: '1.0.0',
      relationship: 'direct',
      dependsOn: ['Two@2.0.0'],
      constraint: '[1.0.0, )',
      locations: [{ line: 5, endLine: 12 }],
      purl: 'pkg:nuget/One@1.0.0',
    });
    expect(get('Two').relationship).toBe('indirect');
    expect(get('local').relationship).toBe('workspace');
  });

  it('reads what differs for one runtime over the rest of its framework', () => {
    const { get } = catalogText(nugetLock, { 'packages.lock.json': lock });

    expect(get('Three').dependsOn).toEqual(['Two@2.0.0']);
  });

  it('finds licences in the package folder', () => {
    const nuspec = '<package><metadata><license type="expression">MIT</license></metadata></package>';

    const { get } = catalogText(nugetLock, {
      'packages.lock.json': lock,
      '.nuget/packages/one/1.0.0/one.nuspec': nuspec,
    });

    expect(get('One').licenses).toEqual(['MIT']);
  });
});
