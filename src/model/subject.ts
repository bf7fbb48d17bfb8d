// SPDX-License-Identifier: Apache-2.0
// What a statement can be about. A subject's id never depends on when or by whom it was seen.
import type { Digest } from './digest.ts';

export const subjectKinds = [
  'commit',
  'source-tree',
  'file',
  'package',
  'vulnerability',
  'pipeline-run',
  'builder',
  'identity',
  'image-index',
  'image',
  'layer',
  'workload',
  'container',
  'node',
  'cluster',
  'sbom',
] as const;
export type SubjectKind = (typeof subjectKinds)[number];

export interface Subject {
  readonly kind: SubjectKind;
  /** `<kind>:<digest or stable id>`; unique in a graph. */
  readonly id: string;
  /** What a person calls it: a path, a purl, an image reference. */
  readonly name: string;
  /** Content digests, where the subject has content. */
  readonly digests: readonly Digest[];
}

/** Builds a subject; `key` is a digest or another stable id within the kind. */
export function subjectOf(kind: SubjectKind, key: string, name: string, digests: readonly Digest[] = []): Subject {
  return { kind, id: `${kind}:${key}`, name, digests };
}
