// SPDX-License-Identifier: Apache-2.0
// Reports of policies as objects of a cluster: openreports.io/v1alpha1 (Report, ClusterReport) and its predecessor wgpolicyk8s.io/v1alpha2 (PolicyReport,
// ClusterPolicyReport), which have the same results. One report for each object that was judged, as Kyverno writes them in a cluster: `scope` names it.
import { hash } from 'node:crypto';
import type { ObjectReference, PolicyResult, PolicyRun } from '../../model/policy-run.ts';
import type { Severity } from '../../model/severity.ts';

export interface PolicyReportKind {
  readonly apiVersion: string;
  /** Of objects in a namespace, and of others. */
  readonly kinds: { readonly namespaced: string; readonly cluster: string };
  /** Whether the report itself names who wrote it; results always do. */
  readonly hasSource: boolean;
}

/** Who wrote the report, for consumers that filter by it. */
const source = 'landwaiter';

type Result = 'pass' | 'fail' | 'warn' | 'error' | 'skip';

/** Reports in the order in which objects were judged. `createdAt`: RFC 3339, the time of every result. */
export function buildPolicyReports(
  { results }: Pick<PolicyRun, 'results'>,
  { apiVersion, kinds, hasSource }: PolicyReportKind,
  createdAt: string,
): readonly Readonly<Record<string, unknown>>[] {
  const seconds = Math.floor(Date.parse(createdAt) / 1_000);
  const byObject = Map.groupBy(results, ({ object }) => keyOf(object));
  return [...byObject.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { object } = first;
    const told = own.map((result) => resultOf(result, seconds));
    return [
      {
        apiVersion,
        kind: object.namespace === undefined ? kinds.cluster : kinds.namespaced,
        metadata: {
          name: nameOf(object),
          ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
          labels: { 'app.kubernetes.io/managed-by': source },
          ...ownersOf(object),
        },
        ...(hasSource ? { source } : {}),
        scope: { ...object },
        summary: summaryOf(told.map(({ result }) => result)),
        results: told,
      },
    ];
  });
}

function keyOf({ apiVersion, kind, namespace = '', name, uid = '' }: ObjectReference): string {
  return JSON.stringify([apiVersion, kind, namespace, name, uid]);
}

/** A name of a cluster, unique for the object: `deployment-checkout-9f86d081884c`. */
function nameOf(object: ObjectReference): string {
  const words = `${object.kind}-${object.name}`.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
  const short = words.slice(0, 200).replace(/^[^a-z0-9]+/, '');
  return `${short}-${hash('sha256', keyOf(object)).slice(0, 12)}`;
}

/** An object that is in a cluster takes its report along when it goes. */
function ownersOf({ apiVersion, kind, name, uid }: ObjectReference): object {
  return uid === undefined ? {} : { ownerReferences: [{ apiVersion, kind, name, uid }] };
}

const severityWords: Readonly<Record<Severity, string | undefined>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  negligible: 'info',
  unknown: undefined,
};

function resultOf(
  { policy, rule, outcome, effect, message, isScored, category, severity, exceptions }: PolicyResult,
  seconds: number,
) {
  // A breach of a policy that is not scored only warns, as in Kyverno.
  const result: Result = outcome === 'fail' && !isScored ? 'warn' : outcome;
  const word = severityWords[severity];
  return {
    source,
    policy,
    ...(rule === '' ? {} : { rule }),
    ...(category === undefined ? {} : { category }),
    ...(word === undefined ? {} : { severity: word }),
    timestamp: { seconds, nanos: 0 },
    result,
    scored: isScored,
    ...(message === '' ? {} : { message }),
    properties: { effect, ...(exceptions === undefined ? {} : { exceptions: exceptions.join(',') }) },
  };
}

function summaryOf(results: readonly Result[]): Readonly<Record<Result, number>> {
  const summary = { pass: 0, fail: 0, warn: 0, error: 0, skip: 0 };
  for (const result of results) summary[result] += 1;
  return summary;
}
