// SPDX-License-Identifier: Apache-2.0
// `db push`: a published database from a folder into a repository of a registry. Files that are there already are not sent again; the tag is
// set last, so that readers see the old database or the new one, whole.
import { createHash, hash } from 'node:crypto';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import type { Reference } from '../../formats/oci/reference.ts';
import type { RegistryClient } from '../../io/registry/client.ts';
import type { StoredFolder } from '../../io/stored-files.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { DatabaseIndex, ShardListing } from './database-index.ts';
import { parseIndex } from './database-index.ts';
import { invalidDatabase, missingDatabase } from './failures.ts';
import { folderMirror } from './folder-mirror.ts';
import { envelopeFile, indexFile, shardFolder } from './layout.ts';
import type { ArtifactFile } from './oci-artifact.ts';
import { artifactManifest, emptyConfig } from './oci-artifact.ts';
import { ociMirror } from './oci-mirror.ts';
import { parseEnvelope } from './signature.ts';

export interface PublishOptions {
  readonly limits?: Limits;
  readonly onFile?: (path: string) => void;
}

export interface Publishing {
  readonly index: DatabaseIndex;
  /** Of the manifest: what a digest in `--from` names. */
  readonly digest: Digest;
  readonly sentFiles: number;
  readonly sentBytes: number;
  /** Files that the repository had already. */
  readonly keptFiles: number;
}

/**
 * Throws DATABASE_MISSING when the folder holds no whole database, DATABASE_INVALID, USAGE when the tag holds a newer database or something
 * else, and RegistryError.
 */
export async function publishDatabase(
  folder: StoredFolder,
  target: { readonly client: RegistryClient; readonly reference: Reference },
  options: PublishOptions = {},
): Promise<Publishing> {
  const { client, reference } = target;
  const limits = options.limits ?? defaultLimits;
  if (reference.digest !== undefined) {
    const hint = 'a digest is what comes out of it';
    throw new LandwaiterError({ code: 'USAGE', message: 'a database is published under a tag, not a digest', hint });
  }
  const source = folderMirror(folder);
  const envelopeBytes = await source.read(envelopeFile, limits.indexBytes);
  const indexBytes = await source.read(indexFile, limits.indexBytes);
  parseEnvelope(envelopeBytes, folder.name);
  const index = parseIndex(indexBytes, folder.name);
  for (const listing of index.shards) await expectWhole(folder, listing);
  await refuseReplacing(index, target, limits);

  const files: { readonly file: ArtifactFile; readonly open: () => AsyncIterable<Uint8Array> }[] = [
    ...[
      { path: indexFile, bytes: indexBytes },
      { path: envelopeFile, bytes: envelopeBytes },
    ].map(({ path, bytes }) => ({ file: fileOf(path, bytes), open: () => onePiece(bytes) })),
    ...index.shards.map((listing) => {
      const path = `${shardFolder}/${listing.file}`;
      const file: ArtifactFile = { path, digest: `sha256:${listing.sha256}` as Digest, size: listing.bytes };
      return { file, open: () => wholeFile(folder, path) };
    }),
  ];
  let [sentFiles, sentBytes] = [0, 0];
  await client.pushBlob(reference, { ...emptyConfig, open: () => onePiece(emptyConfig.bytes) });
  for (const { file, open } of files) {
    options.onFile?.(file.path);
    const state = await client.pushBlob(reference, { digest: file.digest, size: file.size, open });
    if (state === 'present') continue;
    sentFiles += 1;
    sentBytes += file.size;
  }
  const bytes = artifactManifest(
    files.map(({ file }) => file),
    index,
  );
  const { digest } = await client.pushManifest(reference, {
    bytes,
    mediaType: mediaTypes.ociManifest,
    tag: reference.tag ?? 'latest',
  });
  return { index, digest, sentFiles, sentBytes, keptFiles: files.length - sentFiles };
}

/** Before anything is sent: what is published wrong would be refused by everybody who fetches it. */
async function expectWhole(folder: StoredFolder, { file, bytes, sha256 }: ShardListing): Promise<void> {
  const path = `${shardFolder}/${file}`;
  if (folder.size(path) !== bytes)
    throw missingDatabase(`${folder.name} does not have the whole of ${file}; publish the folder that db build wrote`);
  const digest = createHash('sha256');
  for await (const chunk of wholeFile(folder, path)) digest.update(chunk);
  if (digest.digest('hex') !== sha256)
    throw invalidDatabase(`${folder.name}: ${file} does not have the digest in the index`);
}

/** A tag that is typed wrong must not take the place of an image, nor an old folder that of a newer database. */
async function refuseReplacing(
  index: DatabaseIndex,
  { client, reference }: { readonly client: RegistryClient; readonly reference: Reference },
  limits: Limits,
): Promise<void> {
  const present = await client.manifest(reference);
  // Registries also answer "not allowed" about a repository that does not exist yet; whether it may be written they say when it is.
  if (present.kind === 'none' || (present.kind === 'unknown' && present.code === 'REGISTRY_UNAUTHORIZED')) return;
  const mirror = ociMirror(client, reference);
  const refuse = (message: string, hint: string): LandwaiterError =>
    new LandwaiterError({ code: 'USAGE', message, hint });
  let published: DatabaseIndex;
  try {
    published = parseIndex(await mirror.read(indexFile, limits.indexBytes), mirror.name);
  } catch (error) {
    if (!(error instanceof LandwaiterError) || (error.code !== 'REGISTRY_INVALID' && error.code !== 'DATABASE_INVALID'))
      throw error;
    throw refuse(`${mirror.name} holds something else: ${error.message}`, 'name another tag, or delete this one');
  }
  if (published.sequence > index.sequence) {
    const message = `${mirror.name} holds database ${published.sequence}, newer than ${index.sequence}`;
    throw refuse(message, 'build it again into the folder from which that one was published');
  }
}

function fileOf(path: string, bytes: Uint8Array): ArtifactFile {
  return { path, digest: `sha256:${hash('sha256', bytes)}` as Digest, size: bytes.length };
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* wholeFile(folder: StoredFolder, path: string): AsyncGenerator<Uint8Array> {
  yield* (await folderMirror(folder).stream(path, 0)).chunks;
}
