// SPDX-License-Identifier: Apache-2.0
// What reports ask about the image that a run looked at: of what it is made, and what came with its base.
import type { Decision } from './decision.ts';
import type { EvidenceGraph } from './graph.ts';
import { evidenceOfKind } from './graph.ts';
import type { BaseImage, ImageFacts, LayerOrigin } from './image-facts.ts';
import { packageListsOf } from './projection.ts';

export interface ImageView {
  readonly facts: ImageFacts;
  /** Of a layer by its digest; undefined when it is not known where the base image ends. */
  originOf(layer: string | undefined): LayerOrigin | undefined;
}

/** Undefined when the run looked at no image. */
export function imageOf(graph: EvidenceGraph): ImageView | undefined {
  const [evidence] = evidenceOfKind(graph, 'image');
  if (evidence === undefined) return undefined;
  const facts = evidence.body;
  const origins = new Map(facts.layers.map(({ digest, origin }) => [digest, origin]));
  return { facts, originOf: (layer) => (layer === undefined ? undefined : origins.get(layer)) };
}

/** Who brought what a decision is about. */
export function originOfDecision(decision: Decision, image: ImageView | undefined): LayerOrigin | undefined {
  const { finding, locations } = decision;
  if (finding?.kind === 'misconfiguration' && finding.origin !== undefined) return finding.origin;
  const own = locations.map(({ layer }) => image?.originOf(layer));
  // What stands in both needs work in both; the layers of one's own are what one can change.
  return own.includes('own') ? 'own' : own.find((origin) => origin !== undefined);
}

export interface OriginCounts {
  readonly base: number;
  readonly own: number;
}

export function countOrigins(origins: readonly (LayerOrigin | undefined)[]): OriginCounts {
  const count = (origin: LayerOrigin): number => origins.filter((item) => item === origin).length;
  return { base: count('base'), own: count('own') };
}

/** Packages by the layer that brought them. */
export function packageOrigins(graph: EvidenceGraph, image: ImageView): OriginCounts {
  const packages = packageListsOf(graph).flatMap((list) => list.packages);
  return countOrigins(packages.map(({ locations }) => image.originOf(locations[0]?.layer)));
}

/** `12 from the base image, 3 from your layers`; empty when nothing is known. */
export function describeOrigins({ base, own }: OriginCounts): string {
  return base + own === 0 ? '' : `${base} from the base image, ${own} from your layers`;
}

export const originWords: Readonly<Record<LayerOrigin, string>> = { base: 'base image', own: 'your layers' };

/** `debian:12 (the first 2 of 5 layers, by the history)`; undefined when nothing is known of a base. */
export function describeBase(base: BaseImage | undefined, layers: number): string | undefined {
  if (base === undefined) return undefined;
  const name = base.name ?? base.target ?? base.digest;
  const how = base.basis === 'layers' ? 'the same layers' : 'by the history';
  const extent =
    base.layers === 0
      ? 'its layers are not known'
      : `${base.layers === 1 ? 'the first' : `the first ${base.layers}`} of ${layers} layers, ${how}`;
  return name === undefined ? extent : `${name} (${extent})`;
}
