// SPDX-License-Identifier: Apache-2.0
// The configurations of an image by platform, for policies that want to read them: one of a single image, those of all images of an index.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { Manifest } from '../../formats/oci/manifest.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import { collect } from '../../io/registry/checked-stream.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import { invalidAnswer, RegistryError } from '../../io/registry/outcome.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';

const mostImages = 100;

/** By `os/architecture/variant`. Throws RegistryError, TARGET_NOT_FOUND. */
export async function imageConfigs(store: ImageStore): Promise<JsonObject> {
  const manifest = await openManifest(store, undefined);
  if (manifest.kind !== 'index') return Object.fromEntries([await configOf(store, manifest)]);
  // Attestations of builders stand in indexes as images of no platform.
  const images = manifest.manifests.filter(({ platform }) => platform?.os !== 'unknown');
  if (images.length > mostImages) throw invalidAnswer(`${store.name}: more than ${mostImages} images in an index`);
  const configs = new Map<string, JsonObject>();
  for (const { digest } of images) {
    const image = await openManifest(store, digest);
    // A policy that does not see all of them must not be met by those it sees.
    if (image.kind === 'index') throw invalidAnswer(`${store.name}@${digest}: an index inside an index`);
    const [platform, config] = await configOf(store, image);
    if (configs.has(platform)) throw invalidAnswer(`${store.name}: two images in the index are for ${platform}`);
    configs.set(platform, config);
  }
  return Object.fromEntries(configs);
}

async function openManifest(store: ImageStore, name: string | undefined): Promise<Manifest> {
  const outcome = await store.manifest(name);
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  if (outcome.kind === 'none')
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `${store.name}: there is no such image` });
  const { bytes, mediaType, digest } = outcome.value;
  const { manifest, problems } = parseManifest(bytes, { path: `${store.name}@${digest}`, mediaType });
  if (manifest === undefined) throw invalidAnswer(`${store.name}@${digest}: ${problems[0]?.message ?? 'no manifest'}`);
  return manifest;
}

async function configOf(
  store: ImageStore,
  manifest: Exclude<Manifest, { kind: 'index' }>,
): Promise<readonly [string, JsonObject]> {
  const config = manifest.kind === 'image' ? manifest.config : undefined;
  if (config === undefined) throw invalidAnswer(`${store.name}: an image without configuration`);
  const { digest, size } = config;
  if (size > defaultLimits.imageManifestBytes)
    throw invalidAnswer(`${store.name}@${digest}: a configuration of ${size} bytes`);
  const outcome = await store.blob({ digest, size });
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  if (outcome.kind === 'none') throw invalidAnswer(`${store.name}@${digest}: the configuration is not there`);
  const bytes = await collect(outcome.value.chunks);
  const value = jsonObject(bytes);
  if (value === undefined) throw invalidAnswer(`${store.name}@${digest}: the configuration is no JSON object`);
  const parts = ['os', 'architecture', 'variant']
    .map((name) => asString(value[name]) ?? '')
    .filter((part) => part !== '');
  return [parts.join('/'), value];
}

function jsonObject(bytes: Buffer): JsonObject | undefined {
  try {
    return asObject(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}
