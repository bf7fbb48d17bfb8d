// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { nugetConfig } from './nuget-config.ts';

describe('nugetConfig', () => {
  it('gives version, scope and framework', () => {
    const text = `<packages>
<package id="One" version="1.0.0" targetFramework="net48" />
<package id="Two" version="2.0.0" developmentDependency="true" />
<package version="3.0.0" />
</packages>`;

    const { get, problems } = catalogText(nugetConfig, { 'packages.config': text });

    expect(get('One')).toMatchObject({
      version: '1.0.0',
      scope: 'runtime',
      facts: { groups: ['net48'] },
      locations: [{ line: 2 }],
    });
    expect(get('Two').scope).toBe('development');
    expect(problems).toMatchObject([{ kind: 'schema', location: { line: 4 } }]);
  });

  it('keeps what it read of a file that is cut off', () => {
    const { names, problems } = catalogText(nugetConfig, {
      'packages.config': '<packages><package id="One" version="1.0.0" />',
    });

    expect(names).toEqual(['One@1.0.0']);
    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });
});
