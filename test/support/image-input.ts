// SPDX-License-Identifier: Apache-2.0
// Images for tests that look at configuration and layers without reading any: layers by name, a history by steps.
import type { HistoryEntry } from '../../src/formats/oci/config.ts';
import type { Digest } from '../../src/model/digest.ts';
import type { ImageInput, ImageLayer } from '../../src/sources/image/image-input.ts';
import { sha256 } from './image-builder.ts';

export interface NamedImageParts {
  /** Two layers of the same name have the same content. */
  readonly layers: readonly string[];
  /** Words of the step; those that begin with `-` made no layer. */
  readonly history?: readonly string[];
  readonly comments?: readonly (string | undefined)[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly target?: string;
}

export function namedImage({ layers, history = [], comments = [], ...parts }: NamedImageParts): ImageInput {
  const { annotations = {}, labels = {}, target = 'oci-dir:app' } = parts;
  const named = layers.map(namedLayer);
  return {
    target,
    name: 'app',
    version: 'latest',
    digest: sha256(Buffer.from(target)),
    indexes: [],
    annotations,
    config: {
      platform: { os: 'linux', architecture: 'amd64' },
      diffIds: named.map(({ diffId }) => diffId as Digest),
      history: history.map((text, index): HistoryEntry => {
        const isEmptyLayer = text.startsWith('-');
        const comment = comments[index];
        const createdBy = isEmptyLayer ? text.slice(1) : text;
        return { createdBy, isEmptyLayer, ...(comment === undefined ? {} : { comment }) };
      }),
      runtime: {
        user: '',
        environment: [],
        entrypoint: [],
        command: [],
        workingDirectory: '/',
        labels,
        exposedPorts: [],
        volumes: [],
        healthCheck: [],
      },
    },
    layers: named,
  };
}

export function namedLayer(name: string): ImageLayer {
  const bytes = Buffer.from(name);
  return {
    digest: sha256(bytes),
    diffId: sha256(Buffer.from(`content of ${name}`)),
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    size: bytes.length,
    open: async function* () {
      yield bytes;
    },
  };
}
