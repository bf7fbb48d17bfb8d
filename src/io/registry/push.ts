// SPDX-License-Identifier: Apache-2.0
// Writing to one place: blobs (already there, mounted, whole, or in pieces that are taken up again), manifests with what they refer to, and
// deletion. Throws RegistryError: a push that is not known to have worked has not worked.
import type { Manifest } from '../../formats/oci/manifest.ts';
import { artifactTypeOf, parseManifest } from '../../formats/oci/manifest.ts';
import { manifestMediaTypes } from '../../formats/oci/media-types.ts';
import { parseContentDigest } from '../../formats/oci/reference.ts';
import type { Place } from '../../formats/oci/registries-conf.ts';
import type { Digest } from '../../model/digest.ts';
import type { Limits } from '../../model/limits.ts';
import { errorSentence, nameOf } from './answer.ts';
import { checked, digestLike } from './checked-stream.ts';
import { invalidAnswer, RegistryError } from './outcome.ts';
import { pullManifest } from './pull.ts';
import { changeFallback } from './referrers.ts';
import type { Answer, Question, Session } from './session.ts';
import { locationOf } from './session.ts';

export interface BlobContent {
  readonly digest: Digest;
  readonly size: number;
  /** From the beginning, each time it is called. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Another repository of the same registry that has it. */
  readonly mountFrom?: string;
}

export type BlobPush = 'present' | 'mounted' | 'uploaded';

export interface PushOptions {
  /** Blobs above this many bytes are sent in pieces of this size, each kept in memory until it has arrived. */
  readonly pieceBytes: number;
  readonly limits: Limits;
}

const uploads = 3;

export async function pushBlob(
  session: Session,
  place: Place,
  { content, options }: { readonly content: BlobContent; readonly options: PushOptions },
): Promise<BlobPush> {
  for (let attempt = 1; ; attempt += 1) {
    if (await isPresent(session, place, content.digest)) return attempt === 1 ? 'present' : 'uploaded';
    try {
      return await upload(session, place, { content, options });
    } catch (error) {
      // The last answer may have been lost: then the blob is there, and the next round sees it.
      const isOpen = error instanceof RegistryError && error.code === 'REGISTRY_UNREACHABLE';
      if (!isOpen || attempt >= uploads) throw error;
    }
  }
}

async function isPresent(session: Session, place: Place, digest: Digest): Promise<boolean> {
  const { response } = await session.ask(place, {
    method: 'HEAD',
    path: `blobs/${digest}`,
    actions: 'pull,push',
    redirects: 'follow',
    repeat: 'allowed',
  });
  response.discard();
  return response.status === 200;
}

interface Upload {
  readonly content: BlobContent;
  readonly options: PushOptions;
}

async function upload(session: Session, place: Place, { content, options }: Upload): Promise<BlobPush> {
  const { digest, size, mountFrom } = content;
  const mount =
    mountFrom === undefined ? '' : `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(mountFrom)}`;
  const started = await session.ask(place, {
    ...writing('POST', `blobs/uploads/${mount}`),
    headers: { 'content-length': '0' },
    ...(mountFrom === undefined ? {} : { also: [mountFrom] }),
    repeat: 'allowed',
  });
  if (started.response.status === 201) {
    started.response.discard();
    return 'mounted';
  }
  await expectStatus(started, 202);
  const least = Number(started.response.header('oci-chunk-min-length') ?? 0);
  const piece = Math.max(options.pieceBytes, Number.isSafeInteger(least) && least <= 1024 ** 3 ? least : 0);
  const name = `${place.registry}/${place.repository}@${digest}`;
  const source = (): AsyncIterable<Uint8Array> => checked(content.open(), { name, digest, size, maximum: size });
  if (size <= piece) {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(size) };
    const url = finalUrl(nextPlace(started), digest);
    await expectStatus(await session.ask(place, { ...writing('PUT', url), headers, body: source }), 201);
    return 'uploaded';
  }
  let at = nextPlace(started);
  let sent = 0;
  for await (const bytes of pieces(source(), piece)) {
    at = await sendPiece(session, place, { at, bytes, from: sent });
    sent += bytes.length;
  }
  await expectStatus(
    await session.ask(place, { ...writing('PUT', finalUrl(at, digest)), headers: { 'content-length': '0' } }),
    201,
  );
  return 'uploaded';
}

function writing(method: string, path: string | URL): Question {
  return { method, path, actions: 'pull,push', redirects: 'hand over', repeat: 'once' };
}

interface Piece {
  readonly at: URL;
  readonly bytes: Uint8Array;
  /** Offset of the first byte in the blob. */
  readonly from: number;
}

/** Sends one piece; after a failure asks how much has arrived, and sends the rest. Returns where the next one goes. */
async function sendPiece(session: Session, place: Place, { at, bytes, from }: Piece): Promise<URL> {
  let [url, arrived] = [at, 0];
  for (let attempt = 1; ; attempt += 1) {
    const rest = bytes.subarray(arrived);
    const headers = {
      'content-type': 'application/octet-stream',
      'content-range': `${from + arrived}-${from + bytes.length - 1}`,
    };
    try {
      const answer = await session.ask(place, { ...writing('PATCH', url), headers, body: rest });
      await expectStatus(answer, 202);
      return nextPlace(answer);
    } catch (error) {
      if (!(error instanceof RegistryError) || error.code === 'REGISTRY_UNAUTHORIZED' || attempt >= uploads)
        throw error;
      const status = await session.ask(place, { ...writing('GET', url), repeat: 'allowed' });
      await expectStatus(status, 204);
      url = status.response.header('location') === undefined ? url : nextPlace(status);
      const end = /^(?:bytes=)?0-(\d{1,15})$/.exec(status.response.header('range') ?? '')?.[1];
      // "0-0" is what registries say of nothing and of one byte alike.
      const total = end === undefined || end === '0' ? 0 : Number(end) + 1;
      arrived = total - from;
      if (arrived === bytes.length) return url;
      if (arrived < 0 || arrived > bytes.length)
        throw invalidAnswer(`${nameOf(url)}: has ${total} bytes of an upload that lacks others`);
    }
  }
}

async function* pieces(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let kept: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    kept.push(chunk);
    length += chunk.length;
    while (length >= size) {
      const all = Buffer.concat(kept);
      yield all.subarray(0, size);
      kept = [all.subarray(size)];
      length -= size;
    }
  }
  if (length > 0) yield Buffer.concat(kept);
}

function nextPlace({ response, url, endpoint }: Answer): URL {
  const location = response.header('location');
  if (location === undefined) throw invalidAnswer(`${nameOf(url)}: does not say where the upload goes on`);
  return locationOf(location, url, endpoint);
}

function finalUrl(place: URL, digest: Digest): URL {
  const url = new URL(place);
  url.searchParams.set('digest', digest);
  return url;
}

async function expectStatus({ response, url }: Answer, status: number): Promise<void> {
  if (response.status === status) {
    response.discard();
    return;
  }
  const sentence = await errorSentence(response, url);
  throw invalidAnswer(`${nameOf(url)}: answered ${response.status}${sentence === '' ? '' : ` (${sentence})`}`);
}

export interface ManifestContent {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** Without a tag the manifest is reachable by its digest only. */
  readonly tag?: string;
}

export interface ManifestPush {
  readonly digest: Digest;
  /** Who keeps the list of referrers, when the manifest refers to another one: the registry, or the fallback tag. */
  readonly referrers: 'registry' | 'tag' | undefined;
}

export async function pushManifest(
  session: Session,
  place: Place,
  { content, options }: { readonly content: ManifestContent; readonly options: PushOptions },
): Promise<ManifestPush> {
  const { bytes, mediaType, tag } = content;
  const digest = digestLike(bytes, undefined);
  const name = `${place.registry}/${place.repository}@${digest}`;
  const { manifest, problems } = parseManifest(bytes, { path: name, mediaType, limits: options.limits });
  if (manifest === undefined) throw invalidAnswer(`${name}: ${problems[0]?.message ?? 'is no manifest'}`);
  const answer = await session.ask(place, {
    ...writing('PUT', `manifests/${tag ?? digest}`),
    headers: { 'content-type': mediaType },
    body: bytes,
    repeat: 'allowed',
  });
  await expectStatus(answer, 201);
  const stated = parseContentDigest(answer.response.header('docker-content-digest') ?? '');
  if (stated !== undefined && digestLike(bytes, stated) !== stated)
    throw invalidAnswer(`${name}: the registry stored it as ${stated}`);
  const { subject } = manifest;
  if (subject === undefined) return { digest, referrers: undefined };
  // Sent back by registries that have the referrers API (distribution-spec 1.1, "Pushing Manifests with Subject").
  if (answer.response.header('oci-subject') !== undefined) return { digest, referrers: 'registry' };
  const add = entryOf(manifest, digest, bytes.length);
  await changeFallback(session, place, { digest: subject.digest, limits: options.limits, add });
  return { digest, referrers: 'tag' };
}

function entryOf(
  manifest: Manifest,
  digest: Digest,
  size: number,
): Readonly<Record<string, unknown>> & { readonly digest: Digest } {
  const { mediaType, annotations } = manifest;
  const artifactType = artifactTypeOf(manifest);
  return {
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

/** Deletes a manifest, also from the fallback list of what it refers to. */
export async function deleteManifest(
  session: Session,
  place: Place,
  { digest, limits }: { readonly digest: Digest; readonly limits: Limits },
): Promise<'deleted' | 'absent'> {
  const outcome = await pullManifest(session, place, { name: digest, limits });
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  if (outcome.kind === 'none') return 'absent';
  const { bytes, mediaType } = outcome.value;
  const answer = await session.ask(place, {
    method: 'DELETE',
    path: `manifests/${digest}`,
    headers: { accept: manifestMediaTypes.join(', ') },
    actions: 'pull,delete',
    redirects: 'hand over',
    repeat: 'allowed',
  });
  // A repeated request finds nothing where the first one worked.
  if (answer.response.status === 404) answer.response.discard();
  else await expectStatus(answer, 202);
  const subject = parseManifest(bytes, { path: digest, mediaType, limits }).manifest?.subject;
  if (subject !== undefined) await changeFallback(session, place, { digest: subject.digest, limits, remove: digest });
  return 'deleted';
}
