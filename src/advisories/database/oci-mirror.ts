// SPDX-License-Identifier: Apache-2.0
// A mirror that is an artifact in a registry (oci-artifact.ts). The tag is resolved once, so that one update sees one publication; only the
// layers that are asked for are fetched, from the offset that is asked for. Nothing is trusted here: update.ts checks signature and digests.
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import type { Reference } from '../../formats/oci/reference.ts';
import { formatReference } from '../../formats/oci/reference.ts';
import type { RegistryClient } from '../../io/registry/client.ts';
import type { Outcome } from '../../io/registry/outcome.ts';
import { invalidAnswer, RegistryError } from '../../io/registry/outcome.ts';
import { LandwaiterError } from '../../model/error.ts';
import { mirrorFailed } from './failures.ts';
import type { Mirror } from './mirror.ts';
import { titleAnnotation } from './oci-artifact.ts';

type Layers = ReadonlyMap<string, Descriptor>;

/** The client is closed with the mirror. What the registry refuses or does not answer is thrown as RegistryError. */
export function ociMirror(client: RegistryClient, reference: Reference): Mirror {
  const name = `oci://${formatReference(reference)}`;
  let layers: Promise<Layers> | undefined;
  const layerOf = async (path: string): Promise<Descriptor> => {
    layers ??= layersOf(client, reference, name);
    const layer = (await layers).get(path);
    if (layer === undefined) throw mirrorFailed(`${name} has no ${path}`);
    return layer;
  };
  return {
    name,
    read: async (path, maximum) => {
      const { digest, size } = await layerOf(path);
      if (size > maximum) {
        const message = `${name}: ${path} has ${size} bytes, more than ${maximum}`;
        throw new LandwaiterError({ code: 'LIMIT_EXCEEDED', message });
      }
      const { chunks } = expectFound(await client.blob(reference, { digest, size }), `${name} has no ${path}`);
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(chunk);
      return Buffer.concat(parts);
    },
    stream: async (path, offset) => {
      const { digest, size } = await layerOf(path);
      // A file that is longer than the layer is none of this mirror: from the start, so that its digest decides.
      const from = offset < size ? offset : 0;
      return expectFound(await client.blobRest(reference, { digest, size, from }), `${name} has no ${path}`);
    },
    close: () => client.close(),
  };
}

async function layersOf(client: RegistryClient, reference: Reference, name: string): Promise<Layers> {
  const { bytes, mediaType } = expectFound(await client.manifest(reference), `${name}: there is nothing of this name`);
  const { manifest, problems } = parseManifest(bytes, { path: name, mediaType });
  if (manifest === undefined) throw invalidAnswer(`${name}: ${problems[0]?.message ?? 'no manifest'}`);
  if (manifest.kind === 'index') throw invalidAnswer(`${name}: an index of images, no advisory database`);
  const layers = new Map<string, Descriptor>();
  for (const layer of manifest.layers) {
    const title = layer.annotations[titleAnnotation];
    if (title !== undefined && !layers.has(title)) layers.set(title, layer);
  }
  if (!layers.has('index.json')) throw invalidAnswer(`${name}: no advisory database: no layer is called index.json`);
  return layers;
}

function expectFound<T>(outcome: Outcome<T>, absent: string): T {
  if (outcome.kind === 'found') return outcome.value;
  throw outcome.kind === 'none' ? mirrorFailed(absent) : new RegistryError(outcome);
}
