// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { juliaProject } from './julia-project.ts';

describe('juliaProject', () => {
  it('reads the package itself and what it asks for', () => {
    const text =
      'name = "Mine"\nuuid = "u0"\nversion = "1.4.3"\n\n[deps]\nJson = "u1"\n\n[compat]\nJson = "0.21"\n\n[extras]\nTest = "u2"\n';

    const { get } = catalogText(juliaProject, { 'Project.toml': text });

    expect(get('Mine')).toMatchObject({ relationship: 'root', version: '1.4.3', dependsOn: ['u1', 'u2'] });
    expect(get('Json')).toMatchObject({ constraint: '0.21', locations: [{ path: 'Project.toml', line: 6 }] });
    expect(get('Test').scope).toBe('test');
  });

  it('gives only the needs of an environment, which has no name', () => {
    expect(catalogText(juliaProject, { 'Project.toml': '[deps]\nJson = "u1"\n' }).names).toEqual(['Json@']);
  });
});
