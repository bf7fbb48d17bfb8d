// SPDX-License-Identifier: Apache-2.0
// Judges objects by policies, as the admission of a cluster would if somebody sent them one by one. Used by `policy apply`, and by scans of manifests.
import { asObject, asString } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { Decision } from '../../model/decision.ts';
import type { PolicyFinding } from '../../model/policy-finding.ts';
import type { ParamKind } from '../../policy/admission-policy/compiled-policy.ts';
import type { AdmissionData } from '../../policy/admission-policy/params.ts';
import type { AdmissionRequest, Operation } from '../../policy/admission-policy/request.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import { noData } from '../../policy/data-provider.ts';
import type { EngineData, EngineDocument, PolicyEffect } from '../../policy/engine.ts';
import { severityOfEffect } from '../../policy/engine.ts';
import type { EngineDecision, PolicySet } from '../../policy/policy-set.ts';
import { describeObject } from '../../policy/policy-set.ts';

export interface ApplyOptions {
  readonly operation: Operation;
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
  /** Objects as mutating policies leave them, where they changed. */
  readonly changed: readonly { readonly resource: KubernetesResource; readonly object: unknown }[];
}

/** One request for each object. Decisions fail, pass, are skipped, or say that a policy could not judge. */
export function applyPolicies(
  set: PolicySet,
  resources: readonly KubernetesResource[],
  options: ApplyOptions,
): Applied {
  const data = { ...dataOf([...resources, ...options.known]), provider: options.provider ?? noData };
  const decisions: Decision[] = [];
  const changed: { resource: KubernetesResource; object: unknown }[] = [];
  for (const resource of resources) {
    const request = { ...requestFor(resource.object, options.operation), ...userOf(options) };
    const outcome = set.judge(request, data);
    decisions.push(...outcome.decisions.map((decision) => decisionOf(decision, resource, options)));
    if (outcome.patch.length > 0) changed.push({ resource, object: outcome.object });
  }
  return { decisions, changed };
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

function userOf({ userInfo }: ApplyOptions): Pick<AdmissionRequest, 'userInfo'> {
  return userInfo === undefined ? {} : { userInfo };
}

/**
 * What was handed in stands for the cluster. A namespace that is not among it is taken for one without labels of its own, as a cluster would have made it.
 */
export function dataOf(documents: readonly EngineDocument[]): Pick<EngineData, 'cluster'> {
  const objects = documents.map(({ object }) => object);
  const namespaces = new Map(
    objects
      .filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Namespace')
      .map((object) => [nameOf(object), object]),
  );
  const byKind = Map.groupBy(objects, ({ apiVersion, kind }) => `${String(apiVersion)} ${String(kind)}`);
  const cluster: AdmissionData = {
    objects: ({ apiVersion, kind }: ParamKind) => byKind.get(`${apiVersion} ${kind}`) ?? [],
    namespace: (name) => {
      const own = { 'kubernetes.io/metadata.name': name };
      const known = namespaces.get(name);
      if (known === undefined) return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: own } };
      const metadata = known['metadata'] as Readonly<Record<string, unknown>>;
      const labels = { ...own, ...(metadata['labels'] as object | undefined) };
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
