// SPDX-License-Identifier: Apache-2.0
// Which images manifests run, where they say so, and what keeps images from being known.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ManifestImages } from './manifest-images.ts';
import { imagesInManifests } from './manifest-images.ts';

function podWith(...images: readonly string[]): string {
  const containers = images.map((image, index) => `    - name: c${index}\n      image: ${image}\n`).join('');
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n${containers}`;
}

interface Given {
  readonly path?: string;
  readonly stdin?: string;
  readonly isExcluded?: (path: string) => boolean;
}

async function imagesOf(files: Readonly<Record<string, string>>, given: Given = {}): Promise<ManifestImages> {
  const { path = '.', stdin = '', isExcluded } = given;
  const cwd = mkdtempSync(join(tmpdir(), 'landwaiter-manifests-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), content);
  }
  return imagesInManifests(path, { cwd, readStdin: async () => Buffer.from(stdin), isExcluded });
}

function targetsOf({ images }: ManifestImages): readonly string[] {
  return images.map(({ target }) => target);
}

const digest = `sha256:${'ab'.repeat(32)}`;

describe('images that manifests run', () => {
  it('are named once each, with every place', async () => {
    const found = await imagesOf({
      'a.yaml': podWith('registry.example/shop/web:1.4'),
      'deep/b.yml': podWith('registry.example/shop/web:1.4', 'registry.example/shop/cart:2'),
    });

    expect(found.images).toMatchObject([
      { target: 'image:registry.example/shop/cart:2', namedBy: [{ path: 'deep/b.yml', line: 10 }] },
      {
        target: 'image:registry.example/shop/web:1.4',
        namedBy: [
          { path: 'a.yaml', line: 8 },
          { path: 'deep/b.yml', line: 8 },
        ],
      },
    ]);
    expect(found.problems).toEqual([]);
  });

  it('keep their digest', async () => {
    const found = await imagesOf({ 'a.yaml': podWith(`registry.example/web@${digest}`) });

    expect(targetsOf(found)).toEqual([`image:registry.example/web@${digest}`]);
  });

  it('are found in JSON, in lists and in the init containers of any kind of object', async () => {
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      spec: { template: { spec: { initContainers: [{ image: 'registry.example/init:1' }], containers: [] } } },
    };
    const list = { apiVersion: 'v1', kind: 'List', items: [job] };

    expect(targetsOf(await imagesOf({ 'all.json': JSON.stringify(list) }))).toEqual(['image:registry.example/init:1']);
  });

  it('are read from a file that is named, and from standard input', async () => {
    const files = { 'a.yaml': podWith('registry.example/a:1'), 'b.yaml': podWith('registry.example/b:1') };

    const ofFile = await imagesOf(files, { path: 'b.yaml' });
    const ofStdin = await imagesOf(files, {
      path: '-',
      stdin: `${podWith('registry.example/c:1')}---\n${podWith('registry.example/d:1')}`,
    });

    expect(targetsOf(ofFile)).toEqual(['image:registry.example/b:1']);
    expect(targetsOf(ofStdin)).toEqual(['image:registry.example/c:1', 'image:registry.example/d:1']);
  });

  it('are left out where the user excludes the file', async () => {
    const files = { 'a.yaml': podWith('registry.example/a:1'), 'test/b.yaml': podWith('registry.example/b:1') };

    const found = await imagesOf(files, { isExcluded: (path) => path.startsWith('test/') });

    expect(targetsOf(found)).toEqual(['image:registry.example/a:1']);
  });
});

describe('what keeps images from being known', () => {
  it('is a template that nobody rendered', async () => {
    const found = await imagesOf({ 'chart/templates/web.yaml': podWith('{{ .Values.image }}') });

    expect(targetsOf(found)).toEqual([]);
    expect(found.problems).toMatchObject([
      { kind: 'unresolved', location: { path: 'chart/templates/web.yaml' }, hidesFindings: true },
    ]);
  });

  it('is a manifest that is broken', async () => {
    const found = await imagesOf({ 'a.yaml': `${podWith('registry.example/a:1')}  bad: [1\n` });

    expect(found.problems).toMatchObject([{ location: { path: 'a.yaml' }, hidesFindings: true }]);
  });

  it('is a path where there is nothing', async () => {
    await expect(imagesOf({}, { path: 'missing' })).rejects.toMatchObject({ code: 'TARGET_NOT_FOUND' });
  });
});
