// SPDX-License-Identifier: Apache-2.0
// Judges objects by policies, as the admission of a cluster would if somebody sent them one by one. Used by `policy apply`, and by scans of manifests.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { Decision } from '../../model/decision.ts';
import type { PolicyFinding } from '../../model/policy-finding.ts';
import type { ParamKind } from '../../policy/admission-policy/compiled-policy.ts';
import type { AdmissionData } from '../../policy/admission-policy/params.ts';
import type { AdmissionRequest, Operation } from '../../policy/admission-policy/request.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import { restMapping } from '../../policy/admission-policy/rest-mapping.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import { noData } from '../../policy/data-provider.ts';
import type { EngineData, EngineDocument, PolicyEffect, PolicyWrite } from '../../policy/engine.ts';
import { severityOfEffect } from '../../policy/engine.ts';
import type { JsonPatchOperation } from '../../policy/patch/json-patch.ts';
import type { EngineDecision, PolicySet } from '../../policy/policy-set.ts';
import { describeObject } from '../../policy/policy-set.ts';
import type { KyvernoValues } from './kyverno-values.ts';
import { noValues, statedOperation, statedValues, subresourceOf } from './kyverno-values.ts';

export interface ApplyOptions {
  /** What is done with the objects; absent: what the values say, else CREATE. */
  readonly operation?: Operation | undefined;
  /** Stated in place of what nobody here can look up. */
  readonly values?: KyvernoValues;
  readonly userInfo?: AdmissionRequest['userInfo'];
  /** Further objects that policies may look up: namespaces with their labels, params. */
  readonly known: readonly EngineDocument[];
  /** Subject of the decisions, and the evidence they rest on. */
  readonly subject: string;
  readonly evidence: readonly string[];
  /** What policies may ask of the world; nothing when absent. */
  readonly provider?: DataProvider;
}

/** A provider that looks up what evaluations asked for in vain. */
export interface SettlingProvider extends DataProvider {
  /** False when there was nothing to look up. */
  settle(): Promise<boolean>;
}

export interface Applied {
  readonly decisions: readonly Decision[];
  /** Decision by decision, with the object that each is about. */
  readonly results: readonly ObjectDecision[];
  /** Objects as mutating policies leave them, where they changed. */
  readonly changed: readonly ChangedObject[];
  /** Other objects that policies want, with the object that made them want it. */
  readonly writes: readonly { readonly resource: KubernetesResource; readonly write: PolicyWrite }[];
}

export interface ObjectDecision {
  readonly resource: KubernetesResource;
  readonly decision: EngineDecision;
}

export interface ChangedObject {
  readonly resource: KubernetesResource;
  readonly object: JsonObject;
  readonly patch: readonly JsonPatchOperation[];
}

/** One request for each object. Decisions fail, pass, are skipped, or say that a policy could not judge. */
export function applyPolicies(
  set: PolicySet,
  resources: readonly KubernetesResource[],
  options: ApplyOptions,
): Applied {
  const data: EngineData = { ...judgingData([...resources, ...options.known], options), writes: 'wanted' };
  const results: ObjectDecision[] = [];
  const changed: ChangedObject[] = [];
  const writes: Applied['writes'][number][] = [];
  for (const resource of resources) {
    const outcome = set.judge(requestOn(resource.object, options), data);
    results.push(...outcome.decisions.map((decision) => ({ resource, decision })));
    writes.push(...outcome.writes.map((write) => ({ resource, write })));
    const { patch, object } = outcome;
    if (patch.length > 0 && object !== undefined) changed.push({ resource, object, patch });
  }
  const decisions = results.map(({ resource, decision }) => decisionOf(decision, resource, options));
  return { decisions, results, changed, writes };
}

type RequestOptions = Pick<ApplyOptions, 'operation' | 'userInfo' | 'values'>;

/** The request that somebody would cause with an object. Objects of subresources, as values tell of them, go to their parent. */
function requestOn(object: JsonObject, { operation, userInfo, values = noValues }: RequestOptions): AdmissionRequest {
  const request = requestFor(object, operation ?? statedOperation(values, nameOf(object)) ?? 'CREATE');
  const sub = subresourceOf(values, object);
  return {
    ...request,
    ...(sub === undefined
      ? {}
      : {
          resource: { ...sub.parent, resource: restMapping(sub.parent.group, sub.parent.kind).resource },
          subResource: sub.name,
        }),
    ...(userInfo === undefined ? {} : { userInfo }),
  };
}

/** What policies may ask while they judge: what was handed in, what was stated, and the provider. */
function judgingData(
  documents: readonly EngineDocument[],
  { values = noValues, provider = noData }: Pick<ApplyOptions, 'values' | 'provider'>,
): EngineData {
  return {
    ...dataOf(documents, values),
    provider,
    ...(values === noValues ? {} : { values: statedValues(values) }),
  };
}

/** Answers can lead to further questions; more rounds than this mean that somebody asks in circles. */
const mostRounds = 20;

/** Judges until everything that the policies ask for is at hand. What is still open after that stays an error of its policy. */
export async function applyPoliciesAsking(
  set: PolicySet,
  resources: readonly KubernetesResource[],
  options: ApplyOptions & { readonly provider: SettlingProvider },
): Promise<Applied> {
  for (let round = 0; ; round += 1) {
    const applied = applyPolicies(set, resources, options);
    if (round >= mostRounds || !(await options.provider.settle())) return applied;
  }
}

/**
 * What was handed in stands for the cluster. A namespace that is not among it is taken for one without labels of its own, as a cluster would have made it.
 */
export function dataOf(
  documents: readonly EngineDocument[],
  values: Pick<KyvernoValues, 'namespaces' | 'namespaceLabels'> = noValues,
): Pick<EngineData, 'cluster'> {
  const objects = [...documents.map(({ object }) => object), ...values.namespaces];
  const namespaces = new Map(
    objects
      .filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Namespace')
      .map((object) => [nameOf(object), object]),
  );
  const byKind = Map.groupBy(objects, ({ apiVersion, kind }) => `${String(apiVersion)} ${String(kind)}`);
  const cluster: AdmissionData = {
    objects: ({ apiVersion, kind }: ParamKind) => byKind.get(`${apiVersion} ${kind}`) ?? [],
    namespace: (name) => {
      const stated = values.namespaceLabels[name];
      const own = { 'kubernetes.io/metadata.name': name, ...stated };
      const known = namespaces.get(name);
      if (known === undefined) return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: own } };
      const metadata = known['metadata'] as Readonly<Record<string, unknown>>;
      const labels = { ...own, ...(metadata['labels'] as object | undefined), ...stated };
      return { ...known, metadata: { ...metadata, labels } };
    },
  };
  return { cluster };
}

function nameOf(object: EngineDocument['object']): string {
  return asString(asObject(object['metadata'])?.['name']) ?? '';
}

function decisionOf(decision: EngineDecision, resource: KubernetesResource, options: ApplyOptions): Decision {
  const { policy, rule, outcome, effect, message, location, at, engine } = decision;
  const id = rule === '' ? policy : `${policy}/${rule}`;
  const severity = decision.severity ?? severityOfEffect[effect];
  const place = resource.locate(at ?? ['metadata', 'name']);
  const base = {
    rule: `policy/${id}`,
    subject: options.subject,
    severity,
    locations: [place],
    evidence: options.evidence,
  };
  const name = describeObject(resource.object);
  if (outcome === 'pass' || outcome === 'skip') return { ...base, outcome, message: `${name}: ${id}` };
  if (outcome === 'error') return { ...base, outcome: 'error', message: `${name}: ${id}: ${message}` };
  const finding: PolicyFinding = {
    kind: 'policy',
    id,
    title: titleOf(id, effect),
    engine,
    severity,
    effect,
    message,
    resource: name,
    ...(location === undefined ? {} : { policyLocation: location }),
  };
  return { ...base, outcome: 'fail', message: `${name}: ${message}`, finding };
}

function titleOf(id: string, effect: PolicyEffect): string {
  return { deny: `Refused by ${id}`, warn: `Warned of by ${id}`, audit: `Noted by ${id}` }[effect];
}
