// SPDX-License-Identifier: Apache-2.0
// The pipeline map: a graph from who can start something to what it reaches. Built by build-map.ts, asked by outsider-paths.ts, shown by the map-* files.
import type { Location } from '../../../model/location.ts';
import type { Actor } from '../pipeline.ts';

export const mapNodeKinds = [
  'actor',
  'trigger',
  'job',
  'step',
  'secret',
  'identity',
  'environment',
  'runner',
  'artifact',
  'cache',
  'image',
  'workload',
] as const;
export type MapNodeKind = (typeof mapNodeKinds)[number];

export interface MapNode {
  /** Unique in the map; stable between runs over the same files. */
  readonly id: string;
  readonly kind: MapNodeKind;
  readonly label: string;
  /** Path of the pipeline it belongs to. */
  readonly pipeline?: string;
  readonly location?: Location;
  /** The least trusted who can make it happen. */
  readonly actor?: Actor;
  /** For people: runner, permissions, subject. */
  readonly facts: Readonly<Record<string, string>>;
}

export type MapEdgeKind =
  | 'may'
  | 'starts'
  | 'then'
  | 'calls'
  | 'follows'
  | 'runs'
  | 'reads'
  | 'signs in as'
  | 'enters'
  | 'uploads'
  | 'is downloaded by'
  | 'saves'
  | 'is restored by'
  | 'runs on'
  | 'also runs'
  | 'pushes'
  | 'deploys'
  | 'runs as';

export interface MapEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: MapEdgeKind;
  readonly location?: Location;
}

/** What somebody who starts a job can do in it. */
export interface JobControl {
  /** Id of the node of the trigger. */
  readonly trigger: string;
  readonly job: string;
  /** How what runs becomes theirs: sentences with places, in order. Empty: the trigger itself runs their code. */
  readonly steps: readonly { readonly text: string; readonly location: Location }[];
  /** Secrets and write access are there. */
  readonly trusted: boolean;
  /** Nodes of secrets that only steps read which do not run for this trigger. */
  readonly unread: readonly string[];
  /** A condition or environment that may stop it, in words. */
  readonly guard?: string;
}

export interface PipelineMap {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  readonly controls: readonly JobControl[];
}
