// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { dotnetDeps } from './dotnet-deps.ts';

const deps = JSON.stringify({
  runtimeTarget: { name: '.NETCoreApp,Version=v8.0' },
  targets: {
    '.NETCoreApp,Version=v8.0': {
      'App/1.0.0': { dependencies: { One: '1.0.0', Shared: '1.0.0' }, runtime: { 'App.dll': {} } },
      'Shared/1.0.0': { dependencies: { Two: '2.0.0' }, runtime: { 'Shared.dll': {} } },
      'One/1.0.0': { dependencies: { Two: '2.0.0' }, runtime: { 'One.dll': {} } },
      'Two/2.0.0': {},
      'runtimepack.Pack/8.0.0': { runtime: { 'System.dll': {} } },
    },
  },
  libraries: {
    'App/1.0.0': { type: 'project' },
    'Shared/1.0.0': { type: 'project' },
    'One/1.0.0': { type: 'package', sha512: `sha512-${Buffer.alloc(64, 2).toString('base64')}` },
    'Two/2.0.0': { type: 'package' },
    'runtimepack.Pack/8.0.0': { type: 'runtimepack' },
  },
});

describe('dotnetDeps', () => {
  it('tells the program, its projects and its packages apart', () => {
    const { get } = catalogText(dotnetDeps, { 'app/App.deps.json': deps });

    expect(get('App')).toMatchObject({ relationship: 'root', dependsOn: ['One@1.0.0', 'Shared@1.0.0'] });
    expect(get('Shared').relationship).toBe('workspace');
    expect(get('One')).toMatchObject({ relationship: 'direct', digests: [`sha512:${'02'.repeat(64)}`] });
    expect(get('Pack').version).toBe('8.0.0');
  });

  it('marks packages of which nothing was deployed', () => {
    const { get } = catalogText(dotnetDeps, { 'app/App.deps.json': deps });

    expect(get('Two').facts?.other).toEqual({ deployed: 'no' });
    expect(get('One').facts).toBeUndefined();
  });

  it('gives the runtime the name under which its vulnerabilities are recorded', () => {
    const { get } = catalogText(dotnetDeps, {
      'app/App.deps.json': deps.replaceAll('.Pack/8', '.Microsoft.NETCore.App.Runtime.linux-x64/8'),
    });

    expect(get('Microsoft.NETCore.App.Runtime.linux-x64').cpes).toEqual([
      'cpe:2.3:a:microsoft:.net:8.0.0:*:*:*:*:*:*:*',
    ]);
  });

  it('says that another JSON file is none', () => {
    const { problems } = catalogText(dotnetDeps, { 'x.deps.json': '{}' });

    expect(problems).toMatchObject([{ kind: 'schema', hidesFindings: true }]);
  });
});
