// SPDX-License-Identifier: Apache-2.0
// The container image of this program as an OCI layout, written by our own code: the same files give the same digest on every machine that has the same
// libraries. Layers: what an operating system gives, Node, the program.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { mediaTypes } from '../../src/formats/oci/media-types.ts';
import type { LayoutWriter } from '../../src/io/registry/layout-writer.ts';
import { openLayoutWriter } from '../../src/io/registry/layout-writer.ts';
import { blobContent } from '../../src/io/registry/writable-store.ts';
import type { Digest } from '../../src/model/digest.ts';
import type { TarMemberInput } from '../../test/support/tar-writer.ts';
import { writeTar } from '../../test/support/tar-writer.ts';

export interface ImageParts {
  readonly base: readonly TarMemberInput[];
  /** Folder of the npm package of Node. */
  readonly node: string;
  /** Root of this repository, and the folder that the program was bundled into. */
  readonly root: string;
  readonly dist: string;
  readonly version: string;
  /** RFC 3339. */
  readonly created: string;
  /** Commit, where one is known. */
  readonly revision: string | undefined;
}

export interface WrittenImage {
  readonly digest: Digest;
  readonly size: number;
  readonly bytes: number;
}

const place = 'opt/landwaiter';
const user = '65532:65532';

/** Writes into a layout that may hold others; the name is the version. */
export async function makeImage(folder: string, parts: ImageParts): Promise<WrittenImage> {
  const writer = openLayoutWriter(folder);
  const { node, root, dist, version, created, revision } = parts;
  const layers = [
    await pushLayer(writer, parts.base),
    await pushLayer(writer, [
      { path: 'opt/', mode: 0o755 },
      { path: 'opt/node/', mode: 0o755 },
      ...['LICENSE', 'package.json'].map((name) => file(`opt/node/${name}`, join(node, name), 0o644)),
      { path: 'opt/node/bin/', mode: 0o755 },
      file('opt/node/bin/node', join(node, 'bin', 'node'), 0o755),
    ]),
    await pushLayer(writer, [
      { path: 'opt/', mode: 0o755 },
      { path: `${place}/`, mode: 0o755 },
      ...['LICENSE', 'NOTICE'].map((name) => file(`${place}/${name}`, join(root, name), 0o644)),
      { path: `${place}/package.json`, content: packageOf(root) },
      ...tree(`${place}/bin`, join(root, 'bin')),
      ...tree(`${place}/dist`, dist),
      ...tree(`${place}/data`, join(root, 'data')),
      ...tree(`${place}/rules`, join(root, 'rules')),
    ]),
  ];
  const labels = {
    'org.opencontainers.image.title': 'landwaiter',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.created': created,
    ...(revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }),
  };
  const config = json({
    created,
    architecture: 'amd64',
    os: 'linux',
    config: {
      User: user,
      WorkingDir: '/home/nonroot',
      Env: [
        'PATH=/opt/node/bin',
        'HOME=/home/nonroot',
        'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
        'NODE_ENV=production',
      ],
      Entrypoint: ['/opt/node/bin/node', `/${place}/bin/landwaiter.cjs`],
      Cmd: ['--help'],
      ExposedPorts: { '8443/tcp': {} },
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: ['libraries of Debian', 'Node', 'landwaiter'].map((text) => ({ created, created_by: text })),
  });
  const configDigest = await pushBytes(writer, config);
  const manifest = json({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: { mediaType: mediaTypes.ociConfig, digest: configDigest, size: config.length },
    layers: layers.map(({ digest, size }) => ({ mediaType: mediaTypes.ociLayerGzip, digest, size })),
    annotations: labels,
  });
  const { digest } = await writer.pushManifest({ bytes: manifest, mediaType: mediaTypes.ociManifest, tag: version });
  return { digest, size: manifest.length, bytes: layers.reduce((sum, { size }) => sum + size, 0) };
}

/** Hangs a document on the image, unsigned: found by everything that reads referrers (OCI 1.1). */
export async function attachDocument(
  folder: string,
  image: WrittenImage,
  { type, text, created }: { readonly type: string; readonly text: string; readonly created: string },
): Promise<Digest> {
  const writer = openLayoutWriter(folder);
  const empty = Buffer.from('{}');
  const bytes = Buffer.from(text);
  const manifest = json({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: type,
    config: { mediaType: mediaTypes.ociEmpty, digest: await pushBytes(writer, empty), size: empty.length },
    layers: [{ mediaType: type, digest: await pushBytes(writer, bytes), size: bytes.length }],
    subject: { mediaType: mediaTypes.ociManifest, digest: image.digest, size: image.size },
    annotations: { 'org.opencontainers.image.created': created },
  });
  return (await writer.pushManifest({ bytes: manifest, mediaType: mediaTypes.ociManifest })).digest;
}

/** What the bundle holds: without what only builds and tests it. */
function packageOf(root: string): Buffer {
  const whole = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Readonly<Record<string, unknown>>;
  const { name, version, description, license, type, engines, dependencies } = whole;
  return json({ name, version, description, license, type, engines, dependencies });
}

interface Layer {
  readonly digest: Digest;
  readonly diffId: Digest;
  readonly size: number;
}

async function pushLayer(writer: LayoutWriter, members: readonly TarMemberInput[]): Promise<Layer> {
  const tar = writeTar(members);
  const packed = gzipSync(tar, { level: 6 });
  return { digest: await pushBytes(writer, packed), diffId: sha256(tar), size: packed.length };
}

async function pushBytes(writer: LayoutWriter, bytes: Uint8Array): Promise<Digest> {
  const digest = sha256(bytes);
  await writer.pushBlob(blobContent(digest, bytes));
  return digest;
}

function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function file(path: string, from: string, mode: number): TarMemberInput {
  return { path, content: readFileSync(from), mode };
}

/** A folder with all it holds, in the order of names; who may run what follows from where it lies, not from the machine that builds. */
function tree(path: string, from: string): TarMemberInput[] {
  const names = readdirSync(from, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.split('/').includes('examples'))
    .sort();
  return [
    { path: `${path}/`, mode: 0o755 },
    ...names.map((name): TarMemberInput => {
      const source = join(from, name);
      if (statSync(source).isDirectory()) return { path: `${path}/${name}/`, mode: 0o755 };
      return file(`${path}/${name}`, source, 0o644);
    }),
  ];
}
