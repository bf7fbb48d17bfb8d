// SPDX-License-Identifier: Apache-2.0
// The archive that `docker save` writes, as a store: manifest.json names a configuration and layers by path. The manifest that is handed
// out is made here, with the digests of what the archive holds; a registry would know the image under another one.
import { createHash } from 'node:crypto';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import type { ImageConfig } from '../../formats/oci/config.ts';
import { parseImageConfig } from '../../formats/oci/config.ts';
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { parseContentDigest, parseReference } from '../../formats/oci/reference.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { RandomAccessFile } from '../stored-files.ts';
import { digestLike } from './checked-stream.ts';
import type { ImageStore, ManifestBytes, ManifestName } from './image-store.ts';
import type { LayoutFiles } from './oci-layout.ts';
import { chunksOf, openBlob, readFile } from './oci-layout.ts';
import type { Outcome } from './outcome.ts';
import { found, invalidAnswer, outcomeOf } from './outcome.ts';
import { openTar } from './tar-index.ts';

interface SavedImage {
  readonly config: string;
  readonly layers: readonly string[];
  readonly tags: readonly string[];
}

/** `docker-archive:`; `unpacked` when the file is packed as a whole. Throws TARGET_NOT_FOUND or INPUT_UNREADABLE when the file is no such archive. */
export function openDockerArchive(
  path: string,
  limits: Limits = defaultLimits,
  unpacked?: RandomAccessFile,
): ImageStore {
  const archive = openTar(path, limits.imageArchiveEntries, unpacked);
  try {
    return archiveStore(archive, limits);
  } catch (error) {
    archive.close();
    throw error;
  }
}

function archiveStore(files: LayoutFiles, limits: Limits): ImageStore {
  const images = readImages(files, limits);
  /** Paths of the blobs of every manifest handed out. */
  const paths = new Map<string, string>();
  const manifests = new Map<string, ManifestBytes>();
  const made = async (image: SavedImage): Promise<Outcome<ManifestBytes>> => {
    const manifest = await makeManifest(files, { image, paths, limits });
    manifests.set(manifest.digest, manifest);
    return found(manifest);
  };
  return {
    name: files.name,
    manifest: (name) =>
      outcomeOf(async () => {
        const known = manifests.get(name ?? '');
        if (known !== undefined) return found(known);
        const image = choose(images, name, (path) => configDigest(files, path, limits));
        if (image === 'ambiguous') {
          const names = images.flatMap(({ tags }) => tags).slice(0, 10);
          throw invalidAnswer(
            `${files.name}: holds ${images.length} images; name one of ${names.join(', ') || 'them by its digest'}`,
          );
        }
        return image === undefined ? { kind: 'none' } : made(image);
      }),
    blob: (wish) =>
      outcomeOf(async () => {
        const path = paths.get(wish.digest);
        return path === undefined ? { kind: 'none' } : openBlob(files, { path, wish, maximum: limits.imageBlobBytes });
      }),
    // The format has no place for them.
    referrers: async () => ({ kind: 'none' }),
    close: () => files.close(),
  };
}

function readImages(files: LayoutFiles, limits: Limits): readonly SavedImage[] {
  const bytes = readFile(files, 'manifest.json', limits.imageManifestBytes);
  const unreadable = (reason: string): LandwaiterError =>
    new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `${files.name}: ${reason}` });
  if (bytes === undefined) throw unreadable('is no archive of docker save (manifest.json is missing)');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw unreadable('manifest.json is not JSON');
  }
  return asArray(value).map((item) => {
    const image = asObject(item);
    const config = asString(image?.['Config']);
    const layers = image?.['Layers'];
    if (
      config === undefined ||
      (layers !== null && !Array.isArray(layers)) ||
      !asArray(layers).every((path) => typeof path === 'string')
    )
      throw unreadable('manifest.json has an image without configuration or layers');
    return { config, layers: asStrings(asArray(layers)), tags: asStrings(image?.['RepoTags']) };
  });
}

/** By one of its names in any spelling, or by the digest of its configuration (the identifier that docker shows). */
function choose(
  images: readonly SavedImage[],
  name: ManifestName,
  digestOfConfig: (path: string) => string | undefined,
): SavedImage | 'ambiguous' | undefined {
  if (name === undefined) return images.length > 1 ? 'ambiguous' : images[0];
  const wanted = canonical(name);
  const named = images.find(({ tags }) =>
    tags.some((tag) => tag === name || canonical(tag) === wanted || tag.endsWith(`:${name}`)),
  );
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/.exec(name)?.[1];
  if (named !== undefined || hex === undefined) return named;
  return images.find(({ config }) => digestOfConfig(config) === `sha256:${hex}`);
}

function configDigest(files: LayoutFiles, path: string, limits: Limits): string | undefined {
  const bytes = readFile(files, path, limits.imageConfigBytes);
  return bytes === undefined ? undefined : digestLike(bytes, undefined);
}

function canonical(name: string): string {
  const parsed = parseReference(name);
  if (parsed.kind === 'invalid') return name;
  const { registry, repository, tag } = parsed.reference;
  return `${registry}/${repository}:${tag ?? 'latest'}`;
}

interface Making {
  readonly image: SavedImage;
  readonly paths: Map<string, string>;
  readonly limits: Limits;
}

async function makeManifest(files: LayoutFiles, { image, paths, limits }: Making): Promise<ManifestBytes> {
  const configBytes = readFile(files, image.config, limits.imageConfigBytes);
  if (configBytes === undefined) throw invalidAnswer(`${files.name}: the configuration ${image.config} is missing`);
  const { config, problems } = parseImageConfig(configBytes, `${files.name}: ${image.config}`, limits);
  if (config === undefined) throw invalidAnswer(`${files.name}: ${image.config}: ${problems[0]?.message ?? ''}`);
  if (config.diffIds.length !== image.layers.length)
    throw invalidAnswer(
      `${files.name}: has ${image.layers.length} layers, its configuration names ${config.diffIds.length}`,
    );
  const digest = digestLike(configBytes, undefined);
  paths.set(digest, image.config);
  const layers: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>[] = [];
  for (const [index, path] of image.layers.entries()) {
    const layer = await layerOf(files, path, { config, index });
    paths.set(layer.digest, path);
    layers.push(layer);
  }
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.dockerManifest,
    config: { mediaType: mediaTypes.dockerConfig, size: configBytes.length, digest },
    layers,
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return { digest: digestLike(bytes, undefined), mediaType: mediaTypes.dockerManifest, bytes };
}

interface LayerPlace {
  readonly config: ImageConfig;
  readonly index: number;
}

/** The digest is what the path or the configuration says; it is checked when the layer is read. Only a packed layer without either is hashed now. */
async function layerOf(
  files: LayoutFiles,
  path: string,
  { config, index }: LayerPlace,
): Promise<Pick<Descriptor, 'mediaType' | 'digest' | 'size'>> {
  const file = files.open(path);
  if (file === undefined) throw invalidAnswer(`${files.name}: the layer ${path} is missing`);
  const { size } = file;
  const head = file.read(0, 4);
  file.close();
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const isZstd = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
  const mediaType = isGzip ? mediaTypes.dockerLayerGzip : isZstd ? mediaTypes.ociLayerZstd : mediaTypes.dockerLayer;
  const named = parseContentDigest(/^blobs\/(.{1,200})$/.exec(path)?.[1]?.replace('/', ':') ?? '');
  const plain = isGzip || isZstd ? undefined : config.diffIds[index];
  return { mediaType, size, digest: named ?? plain ?? (await hashOf(files, path)) };
}

async function hashOf(files: LayoutFiles, path: string): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(files, path)) hash.update(chunk);
  const digest = digestOf('sha256', hash.digest('hex'));
  if (digest === undefined) throw new RangeError('a SHA-256 has 64 hex digits');
  return digest;
}
