// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from './evidence.ts';

export const relationKinds = [
  'built-by',
  'produced',
  'contains',
  'declares',
  'depends-on',
  'describes',
  'affected-by',
  'signed-by',
  'admitted',
  'instance-of',
  'seen-in',
] as const;
export type RelationKind = (typeof relationKinds)[number];

/** A typed edge between two subjects, with the evidence it follows from. */
export interface Relation {
  readonly from: string;
  readonly kind: RelationKind;
  readonly to: string;
  readonly evidence: Evidence;
}
