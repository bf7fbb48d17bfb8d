// SPDX-License-Identifier: Apache-2.0
// Turns an image into evidence, subjects and relations: index contains image, image contains layer, layer contains file and package.
import { formatPlatform } from '../../formats/oci/platform.ts';
import { parseDigest } from '../../model/digest.ts';
import type { Evidence } from '../../model/evidence.ts';
import { evidenceOf } from '../../model/evidence.ts';
import type { GraphBuilder } from '../../model/graph.ts';
import type { BaseImage, ImageFacts } from '../../model/image-facts.ts';
import type { PackageList } from '../../model/package.ts';
import type { Subject } from '../../model/subject.ts';
import { subjectOf } from '../../model/subject.ts';
import type { ImageInput } from '../../sources/image/image-input.ts';
import type { RecordOptions } from '../packages/record.ts';
import { packageSubject } from '../packages/record.ts';
import { buildSteps, originOf } from './build-steps.ts';
import { redactSecrets } from './secret-patterns.ts';

export function imageSubject(image: ImageInput): Subject {
  return contentSubject('image', image.digest, image.name);
}

export interface ImageRecordOptions extends RecordOptions {
  readonly base: BaseImage | undefined;
}

/** Adds the image, its indexes and its layers, and one evidence of what the image says about itself. */
export function recordImage(graph: GraphBuilder, image: ImageInput, options: ImageRecordOptions): Evidence<'image'> {
  const { producer, source, observedAt } = options;
  const subject = graph.addSubject(imageSubject(image));
  const evidence = graph.addEvidence(
    evidenceOf<'image'>({
      subject: subject.id,
      kind: 'image',
      body: imageFacts(image, options.base),
      producer,
      source,
      observedAt,
      trust: 'observed',
    }),
  );
  for (const digest of image.indexes) {
    const index = graph.addSubject(contentSubject('image-index', digest, image.name));
    graph.addRelation(index.id, 'contains', subject.id, evidence);
  }
  for (const layer of image.layers) {
    const part = graph.addSubject(contentSubject('layer', layer.digest, layer.digest));
    graph.addRelation(subject.id, 'contains', part.id, evidence);
  }
  return evidence;
}

/** Says which layer brought each file and each package; `lists` and `evidence` belong together in their order. */
export function recordOrigins(graph: GraphBuilder, lists: readonly PackageList[], evidence: readonly Evidence[]): void {
  for (const [index, list] of lists.entries()) {
    const statement = evidence[index];
    if (statement === undefined) continue;
    for (const item of list.packages) {
      for (const { layer } of item.locations) {
        if (layer !== undefined) graph.addRelation(`layer:${layer}`, 'contains', packageSubject(item).id, statement);
      }
    }
  }
}

export function imageFacts(image: ImageInput, base: BaseImage | undefined): ImageFacts {
  const { config } = image;
  const byLayer = new Map(buildSteps(image, base).map((step) => [step.layer, step.text]));
  return {
    platform: formatPlatform(config.platform),
    indexes: image.indexes,
    ...(config.created === undefined ? {} : { created: config.created }),
    user: config.runtime.user,
    ...(base === undefined ? {} : { base }),
    layers: image.layers.map(({ digest, diffId, size }, index) => {
      const origin = originOf(base, index);
      return {
        digest,
        diffId: diffId ?? '',
        size,
        createdBy: redactSecrets(byLayer.get(digest) ?? ''),
        ...(origin === undefined ? {} : { origin }),
      };
    }),
  };
}

function contentSubject(kind: 'image' | 'image-index' | 'layer', digest: string, name: string): Subject {
  const parsed = parseDigest(digest);
  return subjectOf(kind, digest, name, parsed === undefined ? [] : [parsed]);
}
