// SPDX-License-Identifier: Apache-2.0
// Reading from one place: manifests whole, blobs as streams that go on where a connection broke off.
import { isManifestMediaType, manifestMediaTypes, mediaTypeOf } from '../../formats/oci/media-types.ts';
import { parseContentDigest } from '../../formats/oci/reference.ts';
import type { Place } from '../../formats/oci/registries-conf.ts';
import type { Digest } from '../../model/digest.ts';
import type { Limits } from '../../model/limits.ts';
import { nameOf, readWhole } from './answer.ts';
import { checked, digestLike } from './checked-stream.ts';
import type { BlobRest, BlobRestWish, BlobStream, BlobWish, ManifestBytes } from './image-store.ts';
import type { Outcome } from './outcome.ts';
import { found, invalidAnswer, outcomeOf, RegistryError } from './outcome.ts';
import { delayAfter } from './retry.ts';
import type { Answer, Session } from './session.ts';
import { TransportError } from './transport.ts';

/** Connections in a row that may break before they have brought enough to be worth another one. */
const fruitless = 4;
const enoughBytes = 65_536;

/** A manifest by tag or digest. The digest is computed; what the registry says about it may only agree. */
export function pullManifest(
  session: Session,
  place: Place,
  { name, limits }: { readonly name: string; readonly limits: Limits },
): Promise<Outcome<ManifestBytes>> {
  return outcomeOf(async () => {
    const { response, url } = await session.ask(place, {
      method: 'GET',
      path: `manifests/${name}`,
      headers: { accept: manifestMediaTypes.join(', ') },
      actions: 'pull',
      redirects: 'follow',
      repeat: 'allowed',
    });
    if (response.status === 404) {
      response.discard();
      return { kind: 'none' };
    }
    expectPlain({ response, url }, 200);
    const bytes = await readWhole(response, url, limits.imageManifestBytes);
    const wanted = parseContentDigest(name);
    const stated = parseContentDigest(response.header('docker-content-digest') ?? '');
    const digest = digestLike(bytes, wanted);
    if (wanted !== undefined && digest !== wanted)
      throw invalidAnswer(`${nameOf(url)}: the manifest has the digest ${digest}`);
    if (stated !== undefined && digestLike(bytes, stated) !== stated)
      throw invalidAnswer(
        `${nameOf(url)}: the registry calls the manifest ${stated}, its content has the digest ${digest}`,
      );
    const mediaType = mediaTypeOf(response.header('content-type'));
    return found({ digest, mediaType: isManifestMediaType(mediaType) ? mediaType : '', bytes });
  });
}

/** Throws REGISTRY_INVALID for any status but `status`, and for content that was repacked on the way. */
function expectPlain({ response, url }: Pick<Answer, 'response' | 'url'>, status: number): void {
  const encoding = response.header('content-encoding') ?? 'identity';
  if (response.status === status && encoding === 'identity') return;
  response.discard();
  const what = response.status === status ? `sent content encoded as ${encoding}` : `answered ${response.status}`;
  throw invalidAnswer(`${nameOf(url)}: ${what}`);
}

/** Starts a blob. The outcome tells whether it is there; the rest comes with the stream. */
export function pullBlob(
  session: Session,
  place: Place,
  { wish, limits }: { readonly wish: BlobWish; readonly limits: Limits },
): Promise<Outcome<BlobStream>> {
  return outcomeOf(async () => {
    const first = await askBlob(session, place, wish.digest, 0);
    const { response, url } = first;
    if (response.status === 404) {
      response.discard();
      return { kind: 'none' };
    }
    expectPlain(first, 200);
    const length = response.header('content-length');
    const stated = length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
    if (wish.size !== undefined && stated !== undefined && stated !== wish.size) {
      response.discard();
      throw invalidAnswer(`${nameOf(url)}: has ${stated} bytes instead of ${wish.size}`);
    }
    const size = wish.size ?? stated;
    const parts = resumed(session, place, { digest: wish.digest, first });
    const name = `${place.registry}/${place.repository}@${wish.digest}`;
    return found({ size, chunks: checked(parts, { name, digest: wish.digest, size, maximum: limits.imageBlobBytes }) });
  });
}

/** Starts a blob in the middle, for a download that goes on where another run stopped. */
export function pullBlobRest(session: Session, place: Place, wish: BlobRestWish): Promise<Outcome<BlobRest>> {
  return outcomeOf(async () => {
    const first = await askBlob(session, place, wish.digest, wish.from);
    const { response, url } = first;
    if (response.status === 404) {
      response.discard();
      return { kind: 'none' };
    }
    // 416: what the reader has is as long as the blob, or longer, and may be anything: it must begin again.
    if (response.status === 416) {
      response.discard();
      throw invalidAnswer(`${nameOf(url)}: has nothing after ${wish.from} bytes`);
    }
    const start = response.status === 200 ? 0 : wish.from;
    await startOf(first, wish.from);
    return found({ start, chunks: resumed(session, place, { digest: wish.digest, first, from: start }) });
  });
}

function askBlob(session: Session, place: Place, digest: Digest, from: number): Promise<Answer> {
  const headers = from === 0 ? {} : { range: `bytes=${from}-` };
  return session.ask(place, {
    method: 'GET',
    path: `blobs/${digest}`,
    headers,
    actions: 'pull',
    redirects: 'follow',
    repeat: 'allowed',
  });
}

interface Start {
  readonly digest: Digest;
  readonly first: Answer;
  /** Where the first answer begins. */
  readonly from?: number;
}

/** The bytes of a blob through as many connections as it takes while each brings something. */
async function* resumed(
  session: Session,
  place: Place,
  { digest, first, from = 0 }: Start,
): AsyncGenerator<Uint8Array> {
  let answer = first;
  let received = from;
  let skip = 0;
  for (let failures = 0; ; ) {
    const before = received;
    try {
      for await (const chunk of answer.response.body) {
        if (skip >= chunk.length) {
          skip -= chunk.length;
          continue;
        }
        const fresh = skip === 0 ? chunk : chunk.subarray(skip);
        skip = 0;
        received += fresh.length;
        yield fresh;
      }
      return;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      failures = received - before >= enoughBytes ? 1 : failures + 1;
      const { random, pause } = session.pace;
      const delay = delayAfter(failures, undefined, {
        options: { attempts: fruitless, first: 250, longest: 5_000 },
        random,
      });
      if (delay === undefined) throw brokenOff(answer, received, error);
      await pause(delay);
      answer = await askBlob(session, place, digest, received);
      skip = await startOf(answer, received);
    }
  }
}

function brokenOff({ url }: Answer, received: number, error: TransportError): RegistryError {
  return new RegistryError(
    { code: 'REGISTRY_UNREACHABLE', reason: `${nameOf(url)}: ${error.message} after ${received} bytes` },
    error,
  );
}

/** Bytes to pass over at the beginning of a further answer: none for the range that was asked for, all known ones for a whole answer. */
async function startOf(answer: Answer, received: number): Promise<number> {
  const { response, url } = answer;
  if (received === 0 || response.status === 200) {
    expectPlain(answer, 200);
    return received;
  }
  const range = /^bytes (\d{1,15})-/.exec(response.header('content-range') ?? '')?.[1];
  if (response.status === 206 && range !== undefined && Number(range) === received) return 0;
  response.discard();
  // 404 in the middle is no "not there": half of it was.
  if (response.status !== 206)
    throw invalidAnswer(`${nameOf(url)}: answered ${response.status} when asked for the rest`);
  throw invalidAnswer(`${nameOf(url)}: sent another range than it was asked for`);
}
