// SPDX-License-Identifier: Apache-2.0
// Rendering with programs that are scripts in a temporary folder.
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderManifests } from './render-manifests.ts';

function programs(scripts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-render-'));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return `${folder}:/bin:/usr/bin`;
}

describe('renderManifests', () => {
  it('reads what helm writes, with the file of each object', async () => {
    const script = `printf '%s\\n' '---' '# Source: web/templates/a.yaml' 'apiVersion: v1' 'kind: Pod' "metadata: { name: $2-$TOKEN }"`;

    const { resources, problems } = await renderManifests({
      kind: 'helm',
      directory: '/nowhere/chart',
      folder: 'chart',
      remote: [],
      environment: { PATH: programs({ helm: script }), TOKEN: 'secret' },
    });

    expect(problems).toEqual([]);
    expect(resources?.map((resource) => [resource.kind, resource.name, resource.locate([])])).toEqual([
      ['Pod', 'release-', { path: 'chart/templates/a.yaml' }],
    ]);
  });

  it('tries kubectl when there is no kustomize', async () => {
    const { resources } = await renderManifests({
      kind: 'kustomize',
      directory: '/nowhere',
      folder: '',
      remote: [],
      environment: { PATH: programs({ kustomize: 'exit 1', kubectl: 'echo "apiVersion: v1"; echo "kind: Service"' }) },
    });

    expect(resources?.map(({ kind }) => kind)).toEqual(['Service']);
  });

  it('starts nothing that would fetch', async () => {
    const { resources, problems } = await renderManifests({
      kind: 'kustomize',
      directory: '/nowhere',
      folder: 'prod',
      remote: ['https://git.example/x'],
      environment: { PATH: programs({ kustomize: 'echo "apiVersion: v1"; echo "kind: Service"' }) },
    });

    expect(resources).toBeUndefined();
    expect(problems[0]?.message).toBe('not rendered: it builds on https://git.example/x, which is not fetched');
  });

  it('says why nothing was rendered', async () => {
    const { resources, problems } = await renderManifests({
      kind: 'helm',
      directory: '/nowhere',
      folder: 'chart',
      remote: [],
      environment: { PATH: programs({ helm: 'exit 3' }) },
    });

    expect(resources).toBeUndefined();
    expect(problems).toMatchObject([{ kind: 'unsupported', message: 'not rendered: helm ended with 3' }]);
  });
});
