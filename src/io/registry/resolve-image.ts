// SPDX-License-Identifier: Apache-2.0
// From a name to the one image that runs on a platform: through indexes, with every step checked against the digest that led to it.
import type { ImageConfig } from '../../formats/oci/config.ts';
import { parseImageConfig } from '../../formats/oci/config.ts';
import type { ImageManifest } from '../../formats/oci/manifest.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import type { Platform } from '../../formats/oci/platform.ts';
import { choosePlatform, formatPlatform } from '../../formats/oci/platform.ts';
import type { Digest } from '../../model/digest.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import { collect } from './checked-stream.ts';
import type { ImageStore, ManifestName } from './image-store.ts';
import type { Outcome } from './outcome.ts';
import { found, invalidAnswer, outcomeOf, RegistryError } from './outcome.ts';

export interface ResolvedImage {
  /** What the name stood for: the digest to pin. An index, or the manifest itself. */
  readonly digest: Digest;
  /** Digests of the indexes on the way, the outermost first; empty when the name stands for one image. */
  readonly indexes: readonly Digest[];
  readonly manifestDigest: Digest;
  readonly manifest: ImageManifest;
}

export interface ResolveOptions {
  readonly name?: ManifestName;
  readonly platform: Platform;
  readonly limits?: Limits;
}

/** `none`: the name stands for nothing. An image that exists, but not for the platform, is `unknown` and says for which it does. */
export function resolveImage(store: ImageStore, options: ResolveOptions): Promise<Outcome<ResolvedImage>> {
  const { platform, limits = defaultLimits } = options;
  return outcomeOf(async () => {
    let name = options.name;
    let expected: { readonly size: number; readonly mediaType: string } | undefined;
    const indexes: Digest[] = [];
    for (;;) {
      const outcome = await store.manifest(name);
      if (outcome.kind === 'none' && indexes.length > 0)
        throw invalidAnswer(`${store.name}@${name}: the index names it, but it is not there`);
      if (outcome.kind !== 'found') return outcome;
      const { digest, mediaType, bytes } = outcome.value;
      const path = `${store.name}@${digest}`;
      if (expected !== undefined && expected.size !== bytes.length)
        throw invalidAnswer(`${path}: has ${bytes.length} bytes instead of ${expected.size}`);
      if (expected !== undefined && mediaType !== '' && mediaType !== expected.mediaType)
        throw invalidAnswer(`${path}: is called ${expected.mediaType} by its index, and ${mediaType} where it is kept`);
      const { manifest, problems } = parseManifest(bytes, {
        path,
        mediaType: expected?.mediaType ?? mediaType,
        limits,
      });
      const fault = problems[0];
      if (manifest === undefined)
        throw new RegistryError({
          code: fault?.kind === 'limit' ? 'LIMIT_EXCEEDED' : 'REGISTRY_INVALID',
          reason: `${path}: ${fault?.message ?? ''}`,
        });
      if (manifest.kind === 'image')
        return found({ digest: indexes[0] ?? digest, indexes, manifestDigest: digest, manifest });
      if (manifest.kind === 'artifact')
        throw invalidAnswer(`${path}: is an artifact (${manifest.artifactType ?? 'of no type'}), not an image`);
      if (indexes.length >= limits.imageIndexDepth)
        throw new RegistryError({
          code: 'LIMIT_EXCEEDED',
          reason: `${path}: more than ${limits.imageIndexDepth} indexes inside indexes`,
        });
      indexes.push(digest);
      const chosen = choosePlatform(manifest.manifests, platform);
      if (chosen === undefined) {
        const offered = manifest.manifests.flatMap((entry) =>
          entry.platform === undefined ? [] : formatPlatform(entry.platform),
        );
        const list = [...new Set(offered)].slice(0, 20).join(', ');
        throw invalidAnswer(
          `${path}: has no image for ${formatPlatform(platform)}${list === '' ? '' : `; it has ${list}`}`,
        );
      }
      name = chosen.digest;
      expected = chosen;
    }
  });
}

export interface ConfigBytes {
  readonly bytes: Uint8Array;
  readonly config: ImageConfig;
}

/** The configuration of a resolved image. A number of layers other than the manifest's is refused: one could be hidden. */
export function readImageConfig(
  store: ImageStore,
  { manifest }: Pick<ResolvedImage, 'manifest'>,
  limits: Limits = defaultLimits,
): Promise<Outcome<ConfigBytes>> {
  return outcomeOf(async () => {
    const { digest, size } = manifest.config;
    const path = `${store.name}@${digest}`;
    if (size > limits.imageConfigBytes)
      throw new RegistryError({
        code: 'LIMIT_EXCEEDED',
        reason: `${path}: a configuration of ${size} bytes, more than ${limits.imageConfigBytes}`,
      });
    const outcome = await store.blob({ digest, size });
    if (outcome.kind === 'none') throw invalidAnswer(`${path}: the configuration is not there`);
    if (outcome.kind === 'unknown') return outcome;
    const bytes = await collect(outcome.value.chunks);
    const { config, problems } = parseImageConfig(bytes, path, limits);
    if (config === undefined) throw invalidAnswer(`${path}: ${problems[0]?.message ?? ''}`);
    if (config.diffIds.length !== manifest.layers.length)
      throw invalidAnswer(`${path}: names ${config.diffIds.length} layers, the manifest ${manifest.layers.length}`);
    return found({ bytes, config });
  });
}
