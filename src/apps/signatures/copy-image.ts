// SPDX-License-Identifier: Apache-2.0
// Copies an image with everything that hangs on it from one store to another, byte for byte: manifests below an index, referrers (and what refers
// to those), and the older tags. Digests are checked on the way; nothing is verified beyond that.
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import type { Manifest } from '../../formats/oci/manifest.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import type { ImageStore, ManifestBytes } from '../../io/registry/image-store.ts';
import { invalidAnswer, RegistryError } from '../../io/registry/outcome.ts';
import type { WritableStore } from '../../io/registry/writable-store.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { LegacyKind } from './attachment.ts';
import { legacySuffixes, legacyTag } from './attachment.ts';

export interface CopyPlaces {
  readonly from: ImageStore;
  /** Where the proofs are, when that is another repository. */
  readonly proofsFrom: ImageStore;
  readonly to: WritableStore;
}

export interface CopiedManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly role: 'image' | 'part' | 'referrer' | LegacyKind;
  /** The name it was pushed under. */
  readonly tag?: string;
}

export interface CopyWish {
  /** Name in the source; undefined for what it was opened for. */
  readonly name: string | undefined;
  /** Tag in the target. */
  readonly tag?: string;
}

/**
 * Returns every manifest that was copied, the image last. Throws RegistryError when something cannot be read or written: half a copy without its
 * signatures would look like an unsigned image. Throws TARGET_NOT_FOUND when there is no such image.
 */
export async function copyImage(places: CopyPlaces, { name, tag }: CopyWish): Promise<readonly CopiedManifest[]> {
  const image = await manifestOf(places.from, name);
  if (image === undefined)
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `${places.from.name}: there is no such image` });
  const run: CopyRun = { ...places, copied: new Map(), left: defaultLimits.proofsPerImage * 4 };
  await copyContent(run, places.from, image.manifest);
  await copyProofs(run, [image.bytes.digest, ...partsOf(image.manifest)]);
  await push(run, image, { role: 'image', ...(tag === undefined ? {} : { tag }) });
  return [...run.copied.values()];
}

interface CopyRun extends CopyPlaces {
  readonly copied: Map<string, CopiedManifest>;
  /** Manifests that may still be copied. */
  left: number;
}

interface OpenManifest {
  readonly bytes: ManifestBytes;
  readonly manifest: Manifest;
}

async function manifestOf(store: ImageStore, name: string | undefined): Promise<OpenManifest | undefined> {
  const outcome = await store.manifest(name);
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  if (outcome.kind === 'none') return undefined;
  const { digest, bytes, mediaType } = outcome.value;
  const { manifest, problems } = parseManifest(bytes, { path: `${store.name}@${digest}`, mediaType });
  if (manifest === undefined) throw invalidAnswer(`${store.name}@${digest}: ${problems[0]?.message ?? ''}`);
  return { bytes: outcome.value, manifest };
}

function partsOf(manifest: Manifest): readonly Digest[] {
  return manifest.kind === 'index' ? manifest.manifests.map(({ digest }) => digest) : [];
}

/** What a manifest is made of, before the manifest: a registry may refuse one whose content it does not have. */
async function copyContent(run: CopyRun, from: ImageStore, manifest: Manifest): Promise<void> {
  if (manifest.kind === 'index') {
    for (const { digest } of manifest.manifests) await copyManifest(run, from, { digest, role: 'part' });
    return;
  }
  const blobs = manifest.kind === 'image' ? [manifest.config, ...manifest.layers] : manifest.layers;
  for (const blob of blobs) await copyBlob(run, from, blob);
}

async function copyManifest(
  run: CopyRun,
  from: ImageStore,
  { digest, role }: { readonly digest: Digest; readonly role: CopiedManifest['role'] },
): Promise<void> {
  if (run.copied.has(digest)) return;
  const open = await manifestOf(from, digest);
  if (open === undefined) throw invalidAnswer(`${from.name}@${digest}: is named, but it is not there`);
  await copyContent(run, from, open.manifest);
  await push(run, open, { role });
}

async function push(
  run: CopyRun,
  { bytes: { digest, bytes }, manifest: { mediaType } }: OpenManifest,
  { role, tag }: { readonly role: CopiedManifest['role']; readonly tag?: string },
): Promise<void> {
  run.left -= 1;
  if (run.left < 0)
    throw new RegistryError({
      code: 'LIMIT_EXCEEDED',
      reason: `${run.from.name}: more hangs on the image than is copied`,
    });
  const pushed = await run.to.pushManifest({ bytes, mediaType, ...(tag === undefined ? {} : { tag }) });
  if (pushed.digest !== digest) throw invalidAnswer(`${run.to.name}@${digest}: was stored as ${pushed.digest}`);
  run.copied.set(tag ?? digest, { digest, mediaType, role, ...(tag === undefined ? {} : { tag }) });
}

async function copyBlob({ to }: CopyRun, from: ImageStore, { digest, size, urls }: Descriptor): Promise<void> {
  // Foreign layers are fetched from elsewhere by whoever runs the image.
  if (urls !== undefined && urls.length > 0) return;
  const read = async function* (): AsyncGenerator<Uint8Array> {
    const outcome = await from.blob({ digest, size });
    if (outcome.kind === 'unknown') throw new RegistryError(outcome);
    if (outcome.kind === 'none')
      throw invalidAnswer(`${from.name}@${digest}: is named by a manifest, but it is not there`);
    yield* outcome.value.chunks;
  };
  await to.pushBlob({ digest, size, open: read });
}

/** Referrers of referrers count as well: a signature of an SBOM belongs to the SBOM. */
async function copyProofs(run: CopyRun, subjects: readonly Digest[]): Promise<void> {
  const seen = new Set<Digest>(subjects);
  const waiting = [...subjects];
  for (let digest = waiting.shift(); digest !== undefined; digest = waiting.shift()) {
    for (const found of await referrersOf(run.proofsFrom, digest)) {
      await copyManifest(run, run.proofsFrom, { digest: found, role: 'referrer' });
      if (seen.has(found)) continue;
      seen.add(found);
      waiting.push(found);
    }
    for (const kind of Object.keys(legacySuffixes) as LegacyKind[]) {
      const tag = legacyTag(digest, kind);
      const open = await manifestOf(run.proofsFrom, tag);
      if (open === undefined) continue;
      await copyContent(run, run.proofsFrom, open.manifest);
      await push(run, open, { role: kind, tag });
    }
  }
}

async function referrersOf(store: ImageStore, digest: Digest): Promise<readonly Digest[]> {
  const outcome = await store.referrers(digest);
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  if (outcome.kind === 'none') return [];
  if (outcome.value.incomplete !== undefined) throw new RegistryError(outcome.value.incomplete);
  return outcome.value.descriptors.map((item) => item.digest);
}
