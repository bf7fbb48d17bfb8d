// SPDX-License-Identifier: Apache-2.0
// Manifests that refer to an image: the referrers API and the fallback tag together, because registries have answered the API with empty
// lists while the tag knew better, and writers without the API keep using the tag. Also the upkeep of that tag.
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { referrersTag } from '../../formats/oci/reference.ts';
import type { Place } from '../../formats/oci/registries-conf.ts';
import type { Digest } from '../../model/digest.ts';
import type { Limits } from '../../model/limits.ts';
import { nameOf } from './answer.ts';
import type { Referrers } from './image-store.ts';
import type { Outcome, Unknown } from './outcome.ts';
import { found, invalidAnswer, outcomeOf, RegistryError } from './outcome.ts';
import { pullReferrers } from './pages.ts';
import { pullManifest } from './pull.ts';
import { delayAfter } from './retry.ts';
import type { Session } from './session.ts';

export interface ReferrersWish {
  readonly digest: Digest;
  readonly limits: Limits;
}

/** `none` only when both ways answered clearly. Types are not filtered: those in a fallback index are known to be wrong (cosign's). */
export async function findReferrers(session: Session, place: Place, wish: ReferrersWish): Promise<Outcome<Referrers>> {
  const [api, tag] = await Promise.all([pullReferrers(session, place, wish), pullFallback(session, place, wish)]);
  const descriptors = [
    ...(api.kind === 'found' ? api.value : []),
    ...(tag.kind === 'found' ? tag.value.descriptors : []),
  ];
  const unknown = [api, tag].find((outcome): outcome is Unknown => outcome.kind === 'unknown');
  return mergeReferrers(descriptors, unknown);
}

/** Each digest once, the first one counts. */
export function mergeReferrers(descriptors: readonly Descriptor[], unknown: Unknown | undefined): Outcome<Referrers> {
  const unique = [...new Map(descriptors.toReversed().map((item) => [item.digest, item])).values()].toReversed();
  if (unique.length > 0) return found({ descriptors: unique, incomplete: unknown });
  return unknown ?? { kind: 'none' };
}

interface Fallback {
  readonly descriptors: readonly Descriptor[];
  /** Entries as they are written, so that an update changes nothing in those of others. */
  readonly entries: readonly unknown[];
}

/** The index under the fallback tag. A tag that is no index is unknown: nobody can tell what it hides. */
function pullFallback(session: Session, place: Place, { digest, limits }: ReferrersWish): Promise<Outcome<Fallback>> {
  return outcomeOf(async () => {
    const tag = referrersTag(digest);
    const outcome = await pullManifest(session, place, { name: tag, limits });
    if (outcome.kind !== 'found') return outcome;
    const path = `${place.registry}/${place.repository}:${tag}`;
    const { bytes, mediaType } = outcome.value;
    const { manifest, problems } = parseManifest(bytes, { path, mediaType, limits });
    if (manifest?.kind !== 'index') throw invalidAnswer(`${path}: ${problems[0]?.message ?? 'is no index'}`);
    if (manifest.manifests.length > limits.referrers)
      throw new RegistryError({
        code: 'LIMIT_EXCEEDED',
        reason: `${path}: more than ${limits.referrers} manifests refer to it`,
      });
    const entries = asArray(asObject(JSON.parse(Buffer.from(bytes).toString('utf8')))?.['manifests']);
    return found({ descriptors: manifest.manifests, entries });
  });
}

export interface FallbackChange extends ReferrersWish {
  /** The entry that shall be there, or the digest of the one that shall not. */
  readonly add?: Readonly<Record<string, unknown>> & { readonly digest: Digest };
  readonly remove?: Digest;
}

const rewrites = { attempts: 8, first: 200, longest: 3_000 };

/**
 * Brings an entry into the fallback index, or takes it out. The index is read, changed and written, and another writer may come in between
 * without any registry noticing: so it is read again, and written again until what must be in it is. Throws RegistryError.
 */
export async function changeFallback(session: Session, place: Place, change: FallbackChange): Promise<void> {
  const { add, remove } = change;
  // Everything seen in any round: an entry that another writer lost is brought back.
  const seen = new Map<string, unknown>();
  for (let round = 1; ; round += 1) {
    const outcome = await pullFallback(session, place, change);
    if (outcome.kind === 'unknown') throw new RegistryError(outcome);
    const entries = outcome.kind === 'found' ? outcome.value.entries : [];
    for (const entry of entries) seen.set(digestOf(entry), entry);
    const present = new Set(entries.map(digestOf));
    if (add !== undefined) seen.set(add.digest, seen.get(add.digest) ?? add);
    if (remove !== undefined) seen.delete(remove);
    const isRight =
      [...seen.keys()].every((digest) => present.has(digest)) && (remove === undefined || !present.has(remove));
    if (isRight) return;
    const delay =
      round === 1 ? 0 : delayAfter(round - 1, undefined, { options: rewrites, random: session.pace.random });
    if (delay === undefined) {
      const reason = `${place.registry}/${place.repository}:${referrersTag(change.digest)}: others keep changing the list of referrers`;
      throw new RegistryError({ code: 'REGISTRY_INVALID', reason });
    }
    if (delay > 0) await session.pace.pause(delay);
    await writeFallback(session, place, { digest: change.digest, entries: [...seen.values()] });
  }
}

function digestOf(entry: unknown): string {
  return asString(asObject(entry)?.['digest']) ?? '';
}

async function writeFallback(
  session: Session,
  place: Place,
  { digest, entries }: { readonly digest: Digest; readonly entries: readonly unknown[] },
): Promise<void> {
  const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: entries };
  const { response, url } = await session.ask(place, {
    method: 'PUT',
    path: `manifests/${referrersTag(digest)}`,
    headers: { 'content-type': mediaTypes.ociIndex },
    body: Buffer.from(JSON.stringify(index)),
    actions: 'pull,push',
    redirects: 'hand over',
    repeat: 'allowed',
  });
  response.discard();
  if (response.status !== 201)
    throw invalidAnswer(`${nameOf(url)}: answered ${response.status} to a list of referrers`);
}
