// SPDX-License-Identifier: Apache-2.0
// What policies said of objects, and what they would do besides judging: change them, make others, delete. Reports on policies are views of it.
import type { Location } from './location.ts';
import type { Severity } from './severity.ts';

/** An object of a cluster, by its coordinates. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for objects of the whole cluster. */
  readonly namespace?: string;
  readonly name: string;
  /** Of objects that come from a cluster. */
  readonly uid?: string;
}

/** One rule on one object. */
export interface PolicyResult {
  readonly engine: string;
  readonly policy: string;
  /** Empty where the policy has only one. */
  readonly rule: string;
  readonly object: ObjectReference;
  /** `error`: nobody could judge, which is not `pass`. */
  readonly outcome: 'pass' | 'fail' | 'skip' | 'error';
  /** What the cluster would do about a breach. */
  readonly effect: 'deny' | 'warn' | 'audit';
  readonly severity: Severity;
  /** As the policy words it; empty where it says nothing. */
  readonly message: string;
  /** What the policy says it is about: `Pod Security Standards (Baseline)`. */
  readonly category?: string;
  /** Exceptions (`namespace/name`) because of which the rule was skipped or passed. */
  readonly exceptions?: readonly string[];
  /** False: the policy says that a breach of it does not count. */
  readonly isScored: boolean;
}

export interface PlannedOperation {
  readonly op: string;
  /** A JSON pointer. */
  readonly path: string;
  readonly value?: unknown;
}

/** An object that policies change before it is judged. */
export interface PlannedChange {
  readonly object: ObjectReference;
  /** Where it stands now. */
  readonly location: Location;
  /** RFC 6902, from the object that was handed in. */
  readonly patch: readonly PlannedOperation[];
  readonly after: Readonly<Record<string, unknown>>;
}

/** Another object, as a policy wants it. Nothing is written by saying so. */
export interface PlannedWrite {
  /** `make`: it ought to be there; `change`: it is there, and ought to be this. */
  readonly kind: 'make' | 'change';
  readonly policy: string;
  readonly rule: string;
  readonly object: ObjectReference;
  readonly after: Readonly<Record<string, unknown>>;
  /** The object that made the policy want it. */
  readonly because: ObjectReference;
}

/** An object that policies delete when their time comes, or whose own label has ended its life. */
export interface PlannedDeletion {
  readonly object: ObjectReference;
  readonly location: Location;
  /** `ClusterCleanupPolicy old-pods`, or the label. */
  readonly because: string;
}

export interface PolicyRun {
  /** Policies that were compiled, and objects that were handed in. */
  readonly policies: number;
  readonly objects: number;
  readonly results: readonly PolicyResult[];
  readonly changes: readonly PlannedChange[];
  readonly writes: readonly PlannedWrite[];
  readonly deletions: readonly PlannedDeletion[];
}

export type ResultCounts = Readonly<Record<PolicyResult['outcome'], number>>;

export function countResults(results: readonly Pick<PolicyResult, 'outcome'>[]): ResultCounts {
  const counts = { pass: 0, fail: 0, skip: 0, error: 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}

/** `Pod shop/web` */
export function describeReference({ kind, namespace, name }: ObjectReference): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
