// SPDX-License-Identifier: Apache-2.0
// What Kyverno's `imageRegistry` context and `image.GetMetadata` tell of an image: its names, its manifest and its configuration. Of an index the image for
// linux/amd64 is meant, as Kyverno does, or its only one.
import type { JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import type { Reference } from '../../formats/oci/reference.ts';
import { defaultRegistry } from '../../formats/oci/reference.ts';
import { collect } from '../../io/registry/checked-stream.ts';
import type { ImageStore, ManifestBytes } from '../../io/registry/image-store.ts';
import { invalidAnswer, RegistryError } from '../../io/registry/outcome.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Lookup } from '../../policy/data-provider.ts';
import { workloadReference } from './image-reference.ts';

/** Never rejects for what registries do. */
export async function imageData(
  image: string,
  openStore: (reference: Reference) => ImageStore,
): Promise<Lookup<JsonObject>> {
  const parsed = workloadReference(image);
  if (parsed.kind === 'invalid') return { kind: 'failed', message: `no image name: ${parsed.reason}` };
  try {
    return await dataOf(image, parsed.reference, openStore(parsed.reference));
  } catch (error) {
    if (error instanceof LandwaiterError) return { kind: 'failed', message: `${error.code}: ${error.message}` };
    throw error;
  }
}

async function dataOf(image: string, reference: Reference, store: ImageStore): Promise<Lookup<JsonObject>> {
  const top = await manifestOf(store, undefined);
  if (top === undefined) return { kind: 'absent' };
  const index = read(store, top);
  let chosen = top;
  if (index.kind === 'index') {
    const images = index.manifests.filter(({ platform }) => platform?.os !== 'unknown');
    const usual = images.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64');
    const entry = usual ?? (images.length === 1 ? images[0] : undefined);
    if (entry === undefined) throw invalidAnswer(`${store.name}: an index without an image for linux/amd64`);
    const found = await manifestOf(store, entry.digest);
    if (found === undefined) throw invalidAnswer(`${store.name}@${entry.digest}: is in an index, but it is not there`);
    chosen = found;
  }
  const manifest = read(store, chosen);
  if (manifest.kind !== 'image') throw invalidAnswer(`${store.name}@${chosen.digest}: is no image`);
  const configuration = await configOf(store, manifest.config);
  const { registry, repository, tag, digest } = reference;
  const host = registry === defaultRegistry ? `index.${registry}` : registry;
  return {
    kind: 'found',
    value: {
      image,
      resolvedImage: `${host}/${repository}@${top.digest}`,
      registry: host,
      repository,
      identifier: digest ?? tag ?? 'latest',
      digest: top.digest,
      ...(tag === undefined ? {} : { tag }),
      ...(index.kind === 'index'
        ? { manifestList: jsonOf(store, top.bytes), imageIndex: jsonOf(store, top.bytes) }
        : {}),
      manifest: jsonOf(store, chosen.bytes),
      configData: configuration,
      config: configuration,
    },
  };
}

async function manifestOf(store: ImageStore, name: string | undefined): Promise<ManifestBytes | undefined> {
  const outcome = await store.manifest(name);
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  return outcome.kind === 'none' ? undefined : outcome.value;
}

function read(
  store: ImageStore,
  { bytes, mediaType, digest }: ManifestBytes,
): NonNullable<ReturnType<typeof parseManifest>['manifest']> {
  const { manifest, problems } = parseManifest(bytes, { path: `${store.name}@${digest}`, mediaType });
  if (manifest === undefined) throw invalidAnswer(`${store.name}@${digest}: ${problems[0]?.message ?? 'no manifest'}`);
  return manifest;
}

async function configOf(
  store: ImageStore,
  config: { readonly digest: ManifestBytes['digest']; readonly size: number },
): Promise<JsonObject> {
  const { digest, size } = config;
  if (size > defaultLimits.imageConfigBytes)
    throw invalidAnswer(`${store.name}@${digest}: a configuration of ${size} bytes`);
  const outcome = await store.blob({ digest, size });
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  if (outcome.kind === 'none') throw invalidAnswer(`${store.name}@${digest}: the configuration is not there`);
  return jsonOf(store, await collect(outcome.value.chunks));
}

function jsonOf({ name }: ImageStore, bytes: Uint8Array): JsonObject {
  try {
    const value = asObject(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (value !== undefined) return value;
  } catch {
    // Said below.
  }
  throw invalidAnswer(`${name}: what ought to be a JSON object is none`);
}
