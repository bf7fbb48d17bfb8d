// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../model/limits.ts';
import { parseImageConfig } from './config.ts';
import type { ParsedManifest } from './manifest.ts';
import { artifactTypeOf, parseManifest } from './manifest.ts';
import { layerCompression, mediaTypes } from './media-types.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const layer = { mediaType: mediaTypes.ociLayerGzip, digest, size: 10 };
const image = {
  schemaVersion: 2,
  mediaType: mediaTypes.ociManifest,
  config: { mediaType: mediaTypes.ociConfig, digest, size: 2 },
  layers: [layer],
};

function read(value: unknown, mediaType?: string): ParsedManifest {
  return parseManifest(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), {
    path: 'm',
    mediaType,
  });
}

describe('a manifest', () => {
  it('of an image has a configuration and layers', () => {
    expect(read(image).manifest).toMatchObject({ kind: 'image', config: { size: 2 }, layers: [{ digest, size: 10 }] });
  });

  it('of docker is read as well', () => {
    expect(read({ ...image, mediaType: mediaTypes.dockerManifest }).manifest).toMatchObject({
      kind: 'image',
      mediaType: mediaTypes.dockerManifest,
    });
  });

  it('without a type of its own has the one it came with, or that of its members', () => {
    const { mediaType: _, ...untyped } = image;

    expect(read(untyped, mediaTypes.dockerManifest).manifest?.mediaType).toBe(mediaTypes.dockerManifest);
    expect(read(untyped).manifest?.mediaType).toBe(mediaTypes.ociManifest);
    expect(read({ schemaVersion: 2, manifests: [layer] }, 'application/json').manifest?.kind).toBe('index');
  });

  it('of an artifact has layers and what it refers to', () => {
    const { manifest } = read({
      mediaType: mediaTypes.ociArtifact,
      artifactType: 'text/x',
      blobs: [layer],
      subject: layer,
    });

    expect(manifest).toMatchObject({ kind: 'artifact', layers: [{ digest }], subject: { digest } });
  });

  it('names its type of artifact, or that of its configuration', () => {
    const { manifest } = read(image);
    const { manifest: typed } = read({ ...image, artifactType: 'text/x' });

    expect([manifest && artifactTypeOf(manifest), typed && artifactTypeOf(typed)]).toEqual([
      mediaTypes.ociConfig,
      'text/x',
    ]);
  });

  it('may have no layers, also written as null', () => {
    expect(read({ ...image, layers: null }).manifest).toMatchObject({ layers: [] });
  });

  it.each<[string, unknown, string?]>([
    ['is no JSON', '{'],
    ['is no object', '[]'],
    ['has the version 1', { schemaVersion: 1, fsLayers: [] }],
    ['has no version', { ...image, schemaVersion: undefined }],
    ['is another thing than it was handed over as', image, mediaTypes.ociIndex],
    ['is an image and an index', { ...image, manifests: [] }],
    ['is an index and an image', { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [], layers: [] }],
    ['has a key twice', `{"schemaVersion":2,"layers":[],${JSON.stringify(image).slice(1)}`],
    ['is not UTF-8', Buffer.from(JSON.stringify({ ...image, annotations: { a: 'é' } }), 'latin1')],
    ['has a type that is not read', { ...image, mediaType: 'application/vnd.example' }],
    ['has a type that is no text', { ...image, mediaType: 5 }],
    ['has no configuration', { ...image, config: undefined }],
    ['has layers that are no list', { ...image, layers: {} }],
    ['has one layer that cannot be checked', { ...image, layers: [layer, { ...layer, digest: 'sha256:abc' }] }],
    ['has a layer of no size', { ...image, layers: [{ ...layer, size: '10' }] }],
    ['has a layer of negative size', { ...image, layers: [{ ...layer, size: -1 }] }],
    ['has a layer of impossible size', { ...image, layers: [{ ...layer, size: 1e300 }] }],
    ['has a layer with a digest nobody checks', { ...image, layers: [{ ...layer, digest: `md5:${'ab'.repeat(16)}` }] }],
    ['has too many layers', { ...image, layers: Array.from({ length: defaultLimits.imageLayers + 1 }, () => layer) }],
    ['refers to something malformed', { ...image, subject: {} }],
  ])('that %s is refused whole', (_, value, mediaType) => {
    const { manifest, problems } = read(value, mediaType);

    expect(manifest).toBeUndefined();
    expect(problems[0]).toMatchObject({ hidesFindings: true });
  });

  it('above the limit is not even parsed', () => {
    const { problems } = parseManifest(Buffer.alloc(20), {
      path: 'm',
      limits: { ...defaultLimits, imageManifestBytes: 10 },
    });

    expect(problems).toMatchObject([{ kind: 'limit' }]);
  });

  it('keeps annotations that are texts, whatever their names', () => {
    const { manifest } = read(
      `{"annotations":{"__proto__":"p","constructor":"c","n":1},${JSON.stringify(image).slice(1)}`,
    );

    expect(Object.entries(manifest?.annotations ?? {})).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
  });

  it('of any bytes, or changed in any place, never throws', () => {
    const whole = Buffer.from(JSON.stringify({ ...image, subject: layer, annotations: { a: 'b' } }));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc
            .tuple(fc.nat(whole.length - 1), fc.nat(255))
            .map(([at, value]) => Buffer.from(whole).fill(value, at, at + 1)),
        ),
        (bytes) => {
          const { manifest, problems } = parseManifest(bytes, { path: 'm' });
          parseImageConfig(bytes, 'c');

          expect((manifest === undefined) === problems.length > 0).toBe(true);
        },
      ),
    );
  });

  it('of any JSON never throws', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('config', 'layers', 'manifests', 'subject', 'mediaType', 'annotations'),
        (value, key) => {
          expect(read({ ...image, [key]: value }).problems).toBeDefined();
        },
      ),
    );
  });
});

describe('a configuration', () => {
  const config = { os: 'linux', architecture: 'arm64', variant: 'v8', rootfs: { type: 'layers', diff_ids: [digest] } };
  const parse = (value: unknown): ReturnType<typeof parseImageConfig> =>
    parseImageConfig(Buffer.from(JSON.stringify(value)), 'c');

  it('tells how the image runs and was made', () => {
    const history = [
      { created_by: 'RUN true', created: '2026-01-01T00:00:00Z' },
      { created_by: 'USER 5', empty_layer: true },
    ];
    const runtime = {
      User: '5',
      Env: ['A=b'],
      Cmd: ['x'],
      Labels: { l: '1' },
      ExposedPorts: { '80/tcp': {} },
      Healthcheck: { Test: ['CMD', 'y'] },
    };

    expect(parse({ ...config, history, config: runtime }).config).toMatchObject({
      platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
      diffIds: [digest],
      history: [
        { createdBy: 'RUN true', isEmptyLayer: false },
        { createdBy: 'USER 5', isEmptyLayer: true },
      ],
      runtime: {
        user: '5',
        environment: ['A=b'],
        command: ['x'],
        entrypoint: [],
        labels: { l: '1' },
        exposedPorts: ['80/tcp'],
        healthCheck: ['CMD', 'y'],
      },
    });
  });

  it.each([
    ['no list of layers', { ...config, rootfs: undefined }],
    ['a layer that is no digest', { ...config, rootfs: { diff_ids: [digest, 'x'] } }],
  ])('with %s is refused', (_, value) => {
    expect(parse(value)).toMatchObject({ config: undefined, problems: [{ hidesFindings: true }] });
  });
});

it.each([
  [mediaTypes.ociLayer, 'none'],
  ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'gzip'],
  ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 'gzip'],
  ['application/vnd.oci.image.layer.nondistributable.v1.tar+zstd', 'zstd'],
  ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', undefined],
])('a layer of the type %s is packed with %s', (mediaType, compression) => {
  expect(layerCompression(mediaType)).toBe(compression);
});
