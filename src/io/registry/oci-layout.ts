// SPDX-License-Identifier: Apache-2.0
// An OCI image layout (image-spec 1.1, image-layout.md) as a store: a folder, or a tar archive of such a folder.
import { join } from 'node:path';
import { asObject, asString } from '../../formats/document.ts';
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import type { ImageIndex } from '../../formats/oci/manifest.ts';
import { isImageItself, parseManifest } from '../../formats/oci/manifest.ts';
import { isManifestMediaType, mediaTypes } from '../../formats/oci/media-types.ts';
import { parseContentDigest, referrersTag } from '../../formats/oci/reference.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { RandomAccessFile } from '../stored-files.ts';
import { storedFolder } from '../stored-files.ts';
import { checked, digestLike } from './checked-stream.ts';
import type { BlobStream, BlobWish, FilePlace, ImageStore, ManifestBytes } from './image-store.ts';
import type { Outcome } from './outcome.ts';
import { found, invalidAnswer, outcomeOf, RegistryError } from './outcome.ts';
import { mergeReferrers } from './referrers.ts';
import { openTar } from './tar-index.ts';

const refName = 'org.opencontainers.image.ref.name';

/** Files by path, wherever they are kept. Each file that was opened is to be closed. */
export interface LayoutFiles {
  readonly name: string;
  open(path: string): RandomAccessFile | undefined;
  /** Undefined when there is no such file. */
  placeOf(path: string): FilePlace | undefined;
  close(): void;
}

/** `oci-dir:`. Throws TARGET_NOT_FOUND or INPUT_UNREADABLE when the folder is no layout. */
export function openOciDirectory(path: string, limits: Limits = defaultLimits): ImageStore {
  const folder = storedFolder(path);
  const placeOf = (file: string): FilePlace | undefined => {
    const length = folder.size(file);
    return length === undefined ? undefined : { file: join(path, file), offset: 0, length };
  };
  return layoutStore({ name: path, open: (file) => folder.open(file), placeOf, close: () => {} }, limits);
}

/** `oci-archive:`; `unpacked` when the file is packed as a whole. Throws TARGET_NOT_FOUND or INPUT_UNREADABLE when the file is no archive of a layout. */
export function openOciArchive(path: string, limits: Limits = defaultLimits, unpacked?: RandomAccessFile): ImageStore {
  const archive = openTar(path, limits.imageArchiveEntries, unpacked);
  try {
    return layoutStore(archive, limits);
  } catch (error) {
    archive.close();
    throw error;
  }
}

function layoutStore(files: LayoutFiles, limits: Limits): ImageStore {
  const index = readIndex(files, limits);
  const blob = (wish: BlobWish): Promise<Outcome<BlobStream>> =>
    outcomeOf(async () => openBlob(files, { path: blobPath(wish.digest), wish, maximum: limits.imageBlobBytes }));
  const stored = (digest: Digest, mediaType: string): Outcome<ManifestBytes> => {
    const bytes = readFile(files, blobPath(digest), limits.imageManifestBytes);
    if (bytes === undefined) return { kind: 'none' };
    const actual = digestLike(bytes, digest);
    if (actual !== digest) throw invalidAnswer(`${files.name}: the manifest ${digest} has the digest ${actual}`);
    return found({ digest, mediaType, bytes });
  };
  return {
    name: files.name,
    manifest: (name) =>
      outcomeOf(async () => {
        const chosen = name === undefined ? onlyImage(index, { stored, limits, name: files.name }) : named(index, name);
        if (chosen === 'whole index') return found(indexAsManifest(index));
        if (chosen !== undefined) return stored(chosen.digest, chosen.mediaType);
        // Manifests below an index are not listed in index.json, but stand among the blobs.
        const digest = parseContentDigest(name ?? '');
        return digest === undefined ? { kind: 'none' } : stored(digest, '');
      }),
    listed: () => outcomeOf(async () => found(indexAsManifest(index))),
    blob,
    referrers: (digest) =>
      outcomeOf(async () =>
        mergeReferrers(referrersIn(index, { digest, stored, limits, name: files.name }), undefined),
      ),
    close: () => files.close(),
  };
}

interface LayoutIndex {
  readonly manifest: ImageIndex;
  readonly bytes: Uint8Array;
}

function readIndex(files: LayoutFiles, limits: Limits): LayoutIndex {
  const bytes = readFile(files, 'index.json', limits.imageManifestBytes);
  const marker = readFile(files, 'oci-layout', limits.configBytes);
  if (bytes === undefined || marker === undefined) {
    const message = `${files.name}: is no OCI image layout (${bytes === undefined ? 'index.json' : 'oci-layout'} is missing)`;
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message });
  }
  const version = layoutVersion(marker);
  if (version !== undefined && !version.startsWith('1.'))
    throw new LandwaiterError({
      code: 'TARGET_UNSUPPORTED',
      message: `${files.name}: layouts of version ${version} are not read`,
    });
  const path = `${files.name}/index.json`;
  const { manifest, problems } = parseManifest(bytes, { path, mediaType: mediaTypes.ociIndex, limits });
  if (manifest?.kind !== 'index') {
    const message = `${path}: ${problems[0]?.message ?? 'is no index'}`;
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message });
  }
  return { manifest, bytes };
}

function layoutVersion(marker: Uint8Array): string | undefined {
  try {
    return asString(asObject(JSON.parse(Buffer.from(marker).toString('utf8')))?.['imageLayoutVersion']);
  } catch {
    return undefined;
  }
}

/** The name an image was stored under: the annotation of the specification, or the whole name as containerd writes it. */
function named({ manifest }: LayoutIndex, name: string): Descriptor | undefined {
  const entries = manifest.manifests;
  return (
    entries.find(({ digest }) => digest === name) ??
    entries.find(({ annotations }) => annotations[refName] === name) ??
    entries.find(({ annotations }) => annotations['io.containerd.image.name'] === name)
  );
}

interface LayoutReading {
  readonly stored: (digest: Digest, mediaType: string) => Outcome<ManifestBytes>;
  readonly limits: Limits;
  readonly name: string;
}

/** The one image that was not asked for by name. Signatures, attestations and SBOMs beside it are no choice. */
function onlyImage({ manifest }: LayoutIndex, reading: LayoutReading): Descriptor | 'whole index' {
  const entries = manifest.manifests;
  const images = entries.length < 2 ? entries : entries.filter((entry) => mayBeImage(entry, reading));
  return images.length === 1 && images[0] !== undefined ? images[0] : 'whole index';
}

/** What cannot be read may be an image: it is not passed over. */
function mayBeImage(entry: Descriptor, { stored, limits, name }: LayoutReading): boolean {
  if (!isManifestMediaType(entry.mediaType)) return true;
  if (isFallbackTag(entry.annotations[refName] ?? '')) return false;
  const outcome = stored(entry.digest, entry.mediaType);
  if (outcome.kind !== 'found') return true;
  const path = `${name}/${entry.digest}`;
  const { manifest } = parseManifest(outcome.value.bytes, { path, mediaType: entry.mediaType, limits });
  return manifest === undefined || isImageItself(manifest);
}

/** The tag of an index that lists referrers (distribution-spec 1.1, "Referrers Tag Schema"). */
function isFallbackTag(tag: string): boolean {
  return /^sha(?:256|384|512)-[0-9a-f]{32,64}$/.test(tag);
}

/** A layout of several images is an index like any other: the platform chooses. */
function indexAsManifest({ bytes }: LayoutIndex): ManifestBytes {
  return { digest: digestLike(bytes, undefined), mediaType: mediaTypes.ociIndex, bytes };
}

interface ReferrersSearch extends LayoutReading {
  readonly digest: Digest;
}

/** Manifests in index.json that name the digest as their subject, and those of an index under the fallback tag. */
function referrersIn({ manifest }: LayoutIndex, { digest, stored, limits, name }: ReferrersSearch): Descriptor[] {
  const tag = referrersTag(digest);
  const referring: Descriptor[] = [];
  for (const entry of manifest.manifests) {
    if (!isManifestMediaType(entry.mediaType)) continue;
    const outcome = stored(entry.digest, entry.mediaType);
    if (outcome.kind !== 'found') throw invalidAnswer(`${name}: the manifest ${entry.digest} of index.json is missing`);
    const { bytes } = outcome.value;
    const parsed = parseManifest(bytes, { path: `${name}/${entry.digest}`, mediaType: entry.mediaType, limits });
    // One that cannot be read could be the one that is looked for.
    if (parsed.manifest === undefined)
      throw invalidAnswer(`${name}/${entry.digest}: ${parsed.problems[0]?.message ?? ''}`);
    if (parsed.manifest.subject?.digest === digest) referring.push(entry);
    if (parsed.manifest.kind === 'index' && entry.annotations[refName] === tag)
      referring.push(...parsed.manifest.manifests);
  }
  return referring;
}

function blobPath(digest: Digest): string {
  return `blobs/${digest.replace(':', '/')}`;
}

export function readFile(files: LayoutFiles, path: string, maximum: number): Uint8Array | undefined {
  const file = files.open(path);
  if (file === undefined) return undefined;
  try {
    if (file.size > maximum)
      throw new RegistryError({
        code: 'LIMIT_EXCEEDED',
        reason: `${files.name}: ${path} has ${file.size} bytes, more than ${maximum}`,
      });
    return file.read(0, file.size);
  } finally {
    file.close();
  }
}

export interface BlobPlace {
  readonly path: string;
  readonly wish: BlobWish;
  readonly maximum: number;
}

/** A file as a checked stream; opened when it is read, so that a stream nobody reads holds nothing open. */
export function openBlob(files: LayoutFiles, { path, wish, maximum }: BlobPlace): Outcome<BlobStream> {
  const probe = files.open(path);
  if (probe === undefined) return { kind: 'none' };
  const { size } = probe;
  probe.close();
  const name = `${files.name}: ${path}`;
  if (wish.size !== undefined && wish.size !== size)
    throw invalidAnswer(`${name}: has ${size} bytes instead of ${wish.size}`);
  const place = files.placeOf(path);
  const chunks = checked(chunksOf(files, path), { name, digest: wish.digest, size, maximum });
  return found({ size, chunks, ...(place === undefined ? {} : { place }) });
}

const chunkBytes = 1024 * 1024;

export async function* chunksOf(files: LayoutFiles, path: string): AsyncGenerator<Uint8Array> {
  const file = files.open(path);
  if (file === undefined) return;
  try {
    for (let at = 0; at < file.size; at += chunkBytes) {
      const chunk = file.read(at, chunkBytes);
      // A file that became shorter: the check of the size tells.
      if (chunk.length === 0) return;
      yield chunk;
    }
  } finally {
    file.close();
  }
}
