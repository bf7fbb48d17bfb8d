// SPDX-License-Identifier: Apache-2.0
// Images from disk to packages, with layers, relations and everything between.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BuiltImage, BuiltLayer } from '../../../test/support/image-builder.ts';
import { buildImage, buildLayer, writeOciLayout } from '../../../test/support/image-builder.ts';
import { catalogers } from '../../evidence/packages/index.ts';
import { evidenceOfKind } from '../../model/graph.ts';
import type { Inspection } from '../inspect.ts';
import { inspect } from '../inspect.ts';
import { openTarget } from '../target.ts';
import { localReader } from './layer-readers.ts';
import { layerOfTask, taskOf } from './layer-reading.ts';

const debian = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n';
const alpine = 'PRETTY_NAME="Alpine Linux v3.20"\nID=alpine\nVERSION_ID=3.20.1\n';

function dpkgStatus(...names: readonly string[]): string {
  return names
    .map((name) => `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1-1\n`)
    .join('\n');
}

function npmLock(name: string, dependency: string): string {
  const packages = { '': { name, version: '1.0.0' }, [`node_modules/${dependency}`]: { version: '2.0.0' } };
  return JSON.stringify({ name, lockfileVersion: 3, packages });
}

function debianLayers(): readonly [BuiltLayer, BuiltLayer] {
  const base = buildLayer([
    { path: 'lib', type: '2', link: 'usr/lib' },
    { path: 'usr/lib/os-release', content: debian },
    { path: 'etc/os-release', type: '2', link: '../usr/lib/os-release' },
    { path: 'var/lib/dpkg/status', content: dpkgStatus('bash', 'gone') },
    { path: 'old/package-lock.json', content: npmLock('old', 'left-pad') },
  ]);
  const top = buildLayer(
    [
      { path: 'var/lib/dpkg/status', content: dpkgStatus('bash', 'curl') },
      { path: '.wh.old' },
      { path: 'app/package-lock.json', content: npmLock('app', 'express') },
    ],
    'zstd',
  );
  return [base, top];
}

function stored(image: BuiltImage): string {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-oci-'));
  writeOciLayout(folder, image);
  return folder;
}

async function look(target: string, isExcluded?: (path: string) => boolean): Promise<Inspection> {
  const opened = await openTarget(target, {
    cwd: '/',
    environment: {},
    platform: 'linux/amd64',
    readStdin: async () => new Uint8Array(),
  });
  return inspect(opened, { catalogers, observedAt: '2026-01-01T00:00:00Z', scopes: 'all', isExcluded });
}

function packagesOf({ lists }: Inspection): string[] {
  return lists.flatMap((list) => list.packages.map((item) => item.purl ?? item.name));
}

describe('an image in an OCI layout', () => {
  it('gives the packages of the squashed view, with the distribution', async () => {
    const inspection = await look(`oci-dir:${stored(buildImage(debianLayers()))}`);

    expect(packagesOf(inspection)).toEqual([
      'app',
      'pkg:npm/express@2.0.0',
      'pkg:deb/debian/bash@1-1?arch=amd64&distro=debian-12',
      'pkg:deb/debian/curl@1-1?arch=amd64&distro=debian-12',
    ]);
    expect(inspection.lists.find((list) => list.ecosystem === 'deb')?.distribution?.id).toBe('debian');
    expect(inspection.coverage.problems).toEqual([]);
  });

  it('says which layer brought each package, also in a database that is written anew', async () => {
    const layers = debianLayers();

    const { lists } = await look(`oci-dir:${stored(buildImage(layers))}`);

    const origins = lists.flatMap((list) =>
      list.packages.map((item) => [item.name, layers.findIndex(({ digest }) => digest === item.locations[0]?.layer)]),
    );
    expect(origins).toEqual([
      ['app', 1],
      ['express', 1],
      ['bash', 0],
      ['curl', 1],
    ]);
  });

  it('is a subject by the digest of its manifest, related to its layers and their packages', async () => {
    const layers = debianLayers();
    const image = buildImage(layers, { User: '1000' });

    const { subject, graph } = await look(`oci-dir:${stored(image)}`);

    const has = (from: string, to: string): boolean =>
      graph.relations.some((relation) => relation.from === from && relation.kind === 'contains' && relation.to === to);
    expect(subject).toMatchObject({ id: `image:${image.digest}`, digests: [image.digest] });
    expect(has(subject.id, `layer:${layers[0].digest}`)).toBe(true);
    expect(has(`layer:${layers[1].digest}`, 'package:pkg:npm/express@2.0.0')).toBe(true);
    expect(evidenceOfKind(graph, 'image').map(({ body }) => body)).toMatchObject([
      { platform: 'linux/amd64', user: '1000', layers: [{ createdBy: 'step 0' }, { createdBy: 'step 1' }] },
    ]);
  });

  it('of Alpine gives apk packages', async () => {
    const layer = buildLayer([
      { path: 'etc/os-release', content: alpine },
      { path: 'lib/apk/db/installed', content: 'P:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\n\n' },
    ]);

    const inspection = await look(`oci-dir:${stored(buildImage([layer]))}`);

    expect(packagesOf(inspection)).toEqual(['pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.1']);
  });

  it('leaves out what the user excludes', async () => {
    const inspection = await look(`oci-dir:${stored(buildImage(debianLayers()))}`, (path) => path.startsWith('var/'));

    expect(packagesOf(inspection)).toEqual(['app', 'pkg:npm/express@2.0.0']);
    expect(inspection.coverage.skipped).toContainEqual({ reason: 'excluded', count: 1, examples: [] });
  });

  it('is incomplete when a layer is damaged, and the others are still read', async () => {
    const layers = debianLayers();
    const bytes = Buffer.from(layers[1].bytes);
    bytes[20] = (bytes[20] ?? 0) ^ 0xff;
    const image = { ...buildImage(layers), layers: [layers[0], { ...layers[1], bytes }] };
    const folder = stored(image);
    const { renameSync } = await import('node:fs');
    const { sha256 } = await import('../../../test/support/image-builder.ts');
    const blobs = join(folder, 'blobs', 'sha256');
    renameSync(join(blobs, sha256(bytes).slice(7)), join(blobs, layers[1].digest.slice(7)));

    const inspection = await look(`oci-dir:${folder}`);

    expect(inspection.coverage.problems).toMatchObject([{ hidesFindings: true }]);
    expect(packagesOf(inspection)).toContain('pkg:npm/left-pad@2.0.0');
  });

  it('is found by its name or digest behind the path', async () => {
    const image = buildImage(debianLayers());
    const folder = stored(image);

    await expect(look(`oci-dir:${folder}:latest`)).resolves.toMatchObject({ target: { version: 'latest' } });
    await expect(look(`oci-dir:${folder}@${image.digest}`)).resolves.toMatchObject({ target: { kind: 'image' } });
    await expect(look(`oci-dir:${folder}:other`)).rejects.toMatchObject({ code: 'TARGET_NOT_FOUND' });
  });
});

describe('a task for another thread', () => {
  it('gives the same record as reading here', async () => {
    const opened = await openTarget(`oci-dir:${stored(buildImage(debianLayers()))}`, {
      cwd: '/',
      environment: {},
      platform: 'linux/amd64',
      readStdin: async () => new Uint8Array(),
    });
    const [layer] = opened.kind === 'image' ? opened.image.layers : [];
    if (layer?.place === undefined) throw new TypeError('a layer on disk has a place');
    const { defaultLimits } = await import('../../model/limits.ts');
    const reader = localReader(catalogers, defaultLimits);

    const here = await reader.read(layer);
    const there = await reader.read(layerOfTask(structuredClone(taskOf(layer, layer.place))));

    expect(there).toEqual(here);
  });
});
