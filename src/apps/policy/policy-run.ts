// SPDX-License-Identifier: Apache-2.0
// What a run of policies over objects came to, for reports: results by object, and what the policies would change, make and delete.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type {
  ObjectReference,
  PlannedDeletion,
  PlannedWrite,
  PolicyResult,
  PolicyRun,
} from '../../model/policy-run.ts';
import { describeReference } from '../../model/policy-run.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import type { EngineDocument } from '../../policy/engine.ts';
import { severityOfEffect } from '../../policy/engine.ts';
import { compileCelException, isCelException } from '../../policy/kyverno/cel/exceptions.ts';
import { plannedDeletions } from '../../policy/kyverno/deletions.ts';
import { equalJson } from '../../policy/patch/json-members.ts';
import type { PolicySet } from '../../policy/policy-set.ts';
import type { Applied } from './apply.ts';

/** The run as reports want it. Annotations of the policies say category and score. */
export function policyRunOf(
  set: PolicySet,
  resources: readonly KubernetesResource[],
  { applied, deletions }: { readonly applied: Applied; readonly deletions: readonly PlannedDeletion[] },
): PolicyRun {
  const annotations = annotationsByPolicy(set);
  const references = new Map(resources.map((resource) => [resource, referenceTo(resource.object)]));
  const results = applied.results.map(({ resource, decision }): PolicyResult => {
    const { engine, policy, rule, outcome, effect, message, exceptions } = decision;
    const own = annotations.get(`${engine} ${policy}`);
    const category = asString(own?.['policies.kyverno.io/category']);
    return {
      engine,
      policy,
      rule,
      object: references.get(resource) ?? referenceTo(resource.object),
      outcome,
      effect,
      severity: decision.severity ?? severityOfEffect[effect],
      message,
      ...(category === undefined ? {} : { category }),
      ...(exceptions === undefined ? {} : { exceptions }),
      isScored: own?.['policies.kyverno.io/scored'] !== 'false',
    };
  });
  const changes = applied.changed.map(({ resource, object, patch }) => ({
    object: referenceTo(object),
    location: resource.locate(['metadata', 'name']),
    patch,
    after: object,
  }));
  return {
    policies: policiesAtWork(set, applied),
    objects: resources.length,
    results,
    changes,
    writes: plannedWrites(applied),
    deletions,
  };
}

/** Without what an engine brings along by itself (Pod Security) and had no occasion for. */
function policiesAtWork({ engines }: PolicySet, { results }: Applied): number {
  const active = new Set(results.map(({ decision }) => decision.engine));
  return engines
    .filter(({ engine, documents }) => documents.length > 0 || active.has(engine.id))
    .reduce((sum, { policies }) => sum + policies.length, 0);
}

/** As the object is in a cluster: one of a namespaced kind without a namespace is in `default`. */
export function referenceTo(object: JsonObject): ObjectReference {
  const { namespace } = requestFor(object);
  const metadata = asObject(object['metadata']);
  const uid = asString(metadata?.['uid']);
  return {
    apiVersion: asString(object['apiVersion']) ?? '',
    kind: asString(object['kind']) ?? '',
    ...(namespace === undefined ? {} : { namespace }),
    name: asString(metadata?.['name']) ?? asString(metadata?.['generateName']) ?? '',
    ...(uid === undefined ? {} : { uid }),
  };
}

/** By engine and name; a policy of a namespace also by `namespace/name`, as decisions call it. */
function annotationsByPolicy({ engines }: PolicySet): ReadonlyMap<string, JsonObject> {
  return new Map(
    engines.flatMap(({ engine, documents }) =>
      documents.flatMap(({ object }): [string, JsonObject][] => {
        const metadata = asObject(object['metadata']);
        const annotations = asObject(metadata?.['annotations']);
        if (annotations === undefined) return [];
        const name = asString(metadata?.['name']) ?? '';
        const full = `${asString(metadata?.['namespace']) ?? 'default'}/${name}`;
        return [name, full].map((each) => [`${engine.id} ${each}`, annotations]);
      }),
    ),
  );
}

/** Each wish once, whichever objects gave rise to it. */
function plannedWrites({ writes }: Applied): readonly PlannedWrite[] {
  const planned = new Map<string, PlannedWrite[]>();
  for (const { resource, write } of writes) {
    const { kind, policy, rule, object: after } = write;
    const object = referenceTo(after);
    const key = `${kind} ${policy} ${rule} ${object.apiVersion} ${describeReference(object)}`;
    const same = planned.get(key) ?? [];
    if (same.some((each) => equalJson(each.after, after))) continue;
    planned.set(key, [...same, { kind, policy, rule, object, after, because: referenceTo(resource.object) }]);
  }
  return [...planned.values()].flat();
}

export interface DeletionSurroundings {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly provider: DataProvider;
  readonly namespaceLabels: (namespace: string) => JsonObject;
}

export interface PlannedDeletions {
  readonly deletions: readonly PlannedDeletion[];
  /** What could not be told; those objects are kept. */
  readonly errors: readonly string[];
}

/** Which of the objects the policies of the set would delete when their time comes, whatever their schedule, and which have outlived their label. */
export function deletionsAmong(
  set: PolicySet,
  resources: readonly KubernetesResource[],
  { now, provider, namespaceLabels }: DeletionSurroundings,
): PlannedDeletions {
  const documents = set.engines.flatMap(({ engine, documents: own }) => (engine.id === 'kyverno' ? own : []));
  // As a cluster has them: with the namespace that they would be given.
  const places = new Map(resources.map((each) => [requestFor(each.object).object ?? each.object, each] as const));
  const { deleted, errors } = plannedDeletions({
    policies: documents,
    objects: [...places.keys()],
    now,
    data: provider,
    namespaceLabels,
    exceptions: documents.flatMap(celExceptionIn),
  });
  return {
    errors,
    deletions: deleted.flatMap(({ object, because }) => {
      const location = places.get(object)?.locate(['metadata', 'name']);
      return location === undefined ? [] : [{ object: referenceTo(object), location, because }];
    }),
  };
}

function celExceptionIn({ object }: EngineDocument) {
  if (!isCelException(object)) return [];
  const compiled = compileCelException(object);
  return compiled.kind === 'exception' ? [compiled.exception] : [];
}
