// SPDX-License-Identifier: Apache-2.0
// Policies of all kinds that Kyverno tests may name, under one face: what each says of a request. A new kind is one case here.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { Problem } from '../../model/problem.ts';
import { evaluateAdmission } from '../../policy/admission-policy/evaluate.ts';
import { mutateAdmission } from '../../policy/admission-policy/mutate.ts';
import type { AdmissionData } from '../../policy/admission-policy/params.ts';
import type { AdmissionPolicySet } from '../../policy/admission-policy/policy-set.ts';
import { compileAdmissionPolicies } from '../../policy/admission-policy/policy-set.ts';
import type { AdmissionRequest, Operation } from '../../policy/admission-policy/request.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import type { CelEvaluation } from '../../policy/kyverno/cel/core.ts';
import {
  compileDeletingPolicy,
  evaluateDeletingPolicy,
  isDeletingPolicy,
} from '../../policy/kyverno/cel/deleting-policy.ts';
import type { CelException } from '../../policy/kyverno/cel/exceptions.ts';
import {
  compileGeneratingPolicy,
  evaluateGeneratingPolicy,
  isGeneratingPolicy,
} from '../../policy/kyverno/cel/generating-policy.ts';
import { concludeImages, VerifiedImages } from '../../policy/kyverno/cel/image-round.ts';
import {
  compileImageValidatingPolicy,
  isImageValidatingPolicy,
} from '../../policy/kyverno/cel/image-validating-policy.ts';
import { judgeImages } from '../../policy/kyverno/cel/image-validation.ts';
import {
  compileMutatingPolicy,
  evaluateMutatingPolicy,
  isMutatingPolicy,
} from '../../policy/kyverno/cel/mutating-policy.ts';
import {
  compileValidatingPolicy,
  evaluateValidatingPolicy,
  isValidatingPolicy,
} from '../../policy/kyverno/cel/validating-policy.ts';
import type { EvaluationOptions, PolicyRequest } from '../../policy/kyverno/engine.ts';
import { evaluatePolicy } from '../../policy/kyverno/engine.ts';
import type { PolicySettings } from '../../policy/kyverno/policy.ts';
import { compilePolicy, isKyvernoPolicy } from '../../policy/kyverno/policy.ts';
import type { Queries } from '../../policy/kyverno/queries.ts';
import type { RuleOutcome } from '../../policy/kyverno/rule.ts';
import { outcome } from '../../policy/kyverno/rule.ts';

/** All policies mutate before any validates; what is generated is not judged. */
export const phases = ['mutate', 'verifyImages', 'validate', 'generate'] as const;
export type Phase = (typeof phases)[number];

export interface TestRequest {
  readonly request: PolicyRequest;
  readonly options: EvaluationOptions;
  readonly data: DataProvider;
  readonly admissionData: AdmissionData;
  readonly celExceptions: readonly CelException[];
  readonly phase: Phase;
}

export interface TestPolicy {
  readonly name: string;
  /** Empty for kinds of the whole cluster. */
  readonly namespace: string;
  readonly annotations: JsonObject;
  /** Whether results name rules. */
  readonly hasRules: boolean;
  /** Of JSON payloads, not of resources. */
  readonly isOfPayloads: boolean;
  run(request: TestRequest): readonly RuleOutcome[];
}

export type LoadedPolicy =
  | { readonly kind: 'policy'; readonly policy: TestPolicy }
  | { readonly kind: 'unusable'; readonly name: string; readonly reason: string };

export interface Loading {
  /** All documents of the test's policies, for the kinds that need more than one. */
  readonly others: readonly KubernetesResource[];
  readonly queries: Queries;
  readonly hardening: PolicySettings['hardening'];
}

/** Undefined for documents that are policies together with others only. */
export function loadPolicy(resource: KubernetesResource, loading: Loading): LoadedPolicy | undefined {
  const { object } = resource;
  const { others } = loading;
  if (isKyvernoPolicy(object)) return loadKyvernoPolicy(resource, loading);
  if (isValidatingPolicy(object)) return loadValidatingPolicy(resource);
  if (isImageValidatingPolicy(object)) return loadImageValidatingPolicy(resource);
  if (isDeletingPolicy(object)) return loadDeletingPolicy(resource);
  if (isMutatingPolicy(object)) return loadMutatingPolicy(resource);
  if (isGeneratingPolicy(object)) return loadGeneratingPolicy(resource);
  if (object['kind'] === 'ValidatingAdmissionPolicy') return loadAdmissionPolicy(resource, others);
  if (object['kind'] === 'MutatingAdmissionPolicy') return loadMutatingAdmissionPolicy(resource, others);
  if (bindingKinds.includes(object['kind'])) return undefined;
  const name = nameIn(object);
  return { kind: 'unusable', name, reason: `policies of kind ${resource.kind} are not supported yet` };
}

const bindingKinds: readonly unknown[] = ['ValidatingAdmissionPolicyBinding', 'MutatingAdmissionPolicyBinding'];

function nameIn(object: JsonObject): string {
  return asString(asObject(object['metadata'])?.['name']) ?? '';
}

function unusable(object: JsonObject, problems: readonly Problem[]): LoadedPolicy {
  return { kind: 'unusable', name: nameIn(object), reason: problems.map(({ message }) => message).join('; ') };
}

function loadKyvernoPolicy(resource: KubernetesResource, { queries, hardening }: Loading): LoadedPolicy {
  const { policy, problems } = compilePolicy(resource, queries, { keyTransparencyLog: 'required', hardening });
  if (policy === undefined) return unusable(resource.object, problems);
  const { name, namespace, annotations } = policy;
  const run = ({ request, options, phase }: TestRequest): readonly RuleOutcome[] =>
    evaluatePolicy(policy, request, { ...options, only: phase });
  return { kind: 'policy', policy: { name, namespace, annotations, hasRules: true, isOfPayloads: false, run } };
}

/** What policies in CEL see of a request. */
function evaluationOf({ request, data, celExceptions }: TestRequest, asked: AdmissionRequest): CelEvaluation {
  const { namespace, namespaceLabels = {} } = request;
  return { request: asked, namespace, namespaceLabels, data, exceptions: celExceptions };
}

function loadValidatingPolicy(resource: KubernetesResource): LoadedPolicy {
  const { policy, problems } = compileValidatingPolicy(resource);
  if (policy === undefined) return unusable(resource.object, problems);
  const { name, namespace, annotations } = policy;
  const isOfPayloads = policy.mode === 'JSON';
  const run = (asked: TestRequest): readonly RuleOutcome[] => {
    if (asked.phase !== 'validate') return [];
    const said = evaluateValidatingPolicy(
      policy,
      evaluationOf(asked, isOfPayloads ? payloadRequest(asked.request) : admissionRequestOf(asked.request)),
    );
    return said === undefined ? [] : [said];
  };
  return { kind: 'policy', policy: { name, namespace, annotations, hasRules: false, isOfPayloads, run } };
}

function loadImageValidatingPolicy(resource: KubernetesResource): LoadedPolicy {
  const { policy, problems } = compileImageValidatingPolicy(resource);
  if (policy === undefined) return unusable(resource.object, problems);
  const { name, namespace, annotations } = policy;
  const isOfPayloads = policy.mode === 'JSON';
  const run = (asked: TestRequest): readonly RuleOutcome[] => {
    if (asked.phase !== 'validate') return [];
    const evaluation = evaluationOf(
      asked,
      isOfPayloads ? payloadRequest(asked.request) : admissionRequestOf(asked.request),
    );
    const verified = new VerifiedImages();
    const judged = judgeImages(policy, evaluation, verified);
    return judged === undefined ? [] : [concludeImages(policy, judged, verified)];
  };
  return { kind: 'policy', policy: { name, namespace, annotations, hasRules: false, isOfPayloads, run } };
}

function loadDeletingPolicy(resource: KubernetesResource): LoadedPolicy {
  const { policy, problems } = compileDeletingPolicy(resource);
  if (policy === undefined) return unusable(resource.object, problems);
  const { name, namespace, annotations, isOfAnything } = policy;
  const run = (asked: TestRequest): readonly RuleOutcome[] => {
    if (asked.phase !== 'validate') return [];
    const said = evaluateDeletingPolicy(
      policy,
      evaluationOf(asked, isOfAnything ? payloadRequest(asked.request) : admissionRequestOf(asked.request)),
    );
    return said === undefined ? [] : [said];
  };
  return {
    kind: 'policy',
    policy: { name, namespace, annotations, hasRules: false, isOfPayloads: isOfAnything, run },
  };
}

function loadMutatingPolicy(resource: KubernetesResource): LoadedPolicy {
  const { policy, problems } = compileMutatingPolicy(resource);
  if (policy === undefined) return unusable(resource.object, problems);
  const { name, namespace, annotations } = policy;
  const run = (asked: TestRequest): readonly RuleOutcome[] => {
    if (asked.phase !== 'mutate') return [];
    const said = evaluateMutatingPolicy(policy, evaluationOf(asked, admissionRequestOf(asked.request)));
    return said === undefined ? [] : [said];
  };
  return { kind: 'policy', policy: { name, namespace, annotations, hasRules: false, isOfPayloads: false, run } };
}

function loadGeneratingPolicy(resource: KubernetesResource): LoadedPolicy {
  const { policy, problems } = compileGeneratingPolicy(resource);
  if (policy === undefined) return unusable(resource.object, problems);
  const { name, namespace, annotations } = policy;
  const run = (asked: TestRequest): readonly RuleOutcome[] => {
    if (asked.phase !== 'generate') return [];
    const said = evaluateGeneratingPolicy(policy, evaluationOf(asked, admissionRequestOf(asked.request)));
    return said === undefined ? [] : [said];
  };
  return { kind: 'policy', policy: { name, namespace, annotations, hasRules: false, isOfPayloads: false, run } };
}

/** A policy of Kubernetes with its bindings; one without applies as if it had one. */
function admissionSet(policy: KubernetesResource, others: readonly KubernetesResource[]): AdmissionPolicySet {
  const name = nameIn(policy.object);
  const bindings = others.filter(
    ({ object }) => bindingKinds.includes(object['kind']) && asObject(object['spec'])?.['policyName'] === name,
  );
  return compileAdmissionPolicies([policy, ...bindings].map(asTested), { unbound: 'apply' });
}

/** Kyverno's test command judges what an API server would refuse: rules that name no operations, and bindings that name no actions. */
function asTested(resource: KubernetesResource): KubernetesResource {
  const spec = asObject(resource.object['spec']);
  if (spec === undefined) return resource;
  if (bindingKinds.includes(resource.object['kind']))
    return { ...resource, object: { ...resource.object, spec: { validationActions: ['Deny'], ...spec } } };
  const constraints = asObject(spec['matchConstraints']);
  const rules = constraints?.['resourceRules'];
  if (!Array.isArray(rules)) return resource;
  const resourceRules = rules.map((rule) => ({ operations: ['*'], ...asObject(rule) }));
  const matchConstraints = { ...constraints, resourceRules };
  return { ...resource, object: { ...resource.object, spec: { ...spec, matchConstraints } } };
}

function loadAdmissionPolicy(resource: KubernetesResource, others: readonly KubernetesResource[]): LoadedPolicy {
  const { object } = resource;
  const name = nameIn(object);
  const set = admissionSet(resource, others);
  const refusing = set.problems.filter(({ hidesFindings }) => hidesFindings);
  if (refusing.length > 0) return unusable(object, refusing);
  const run = ({ request, admissionData, phase }: TestRequest): readonly RuleOutcome[] => {
    if (phase !== 'validate') return [];
    const said = evaluateAdmission(set, admissionRequestOf(request), admissionData);
    const [finding] = [...said.denials, ...said.warnings, ...said.audits, ...said.ignored];
    if (finding !== undefined) return [outcome('', finding.cause === 'validation' ? 'fail' : 'error', finding.message)];
    return said.met.has(name) ? [outcome('', 'pass', '')] : [];
  };
  return { kind: 'policy', policy: { ...nativeFace(object), run } };
}

function loadMutatingAdmissionPolicy(
  resource: KubernetesResource,
  others: readonly KubernetesResource[],
): LoadedPolicy {
  const { object } = resource;
  const set = admissionSet(resource, others);
  const refusing = set.problems.filter(({ hidesFindings }) => hidesFindings);
  if (refusing.length > 0) return unusable(object, refusing);
  const run = ({ request, admissionData: data, phase }: TestRequest): readonly RuleOutcome[] => {
    if (phase !== 'mutate') return [];
    const said = mutateAdmission(set, admissionRequestOf(request), { data });
    const [denial] = said.denials;
    if (denial !== undefined) return [{ ...outcome('', 'error', denial.message), type: 'mutate' }];
    if (said.decisions.length === 0 || said.object === undefined) return [];
    return said.decisions.some((decision) => decision.outcome === 'changed')
      ? [{ ...outcome('', 'pass', 'mutated'), type: 'mutate', patched: said.object }]
      : [{ ...outcome('', 'skip', 'no patches applied'), type: 'mutate' }];
  };
  return { kind: 'policy', policy: { ...nativeFace(object), run } };
}

function nativeFace(object: JsonObject): Omit<TestPolicy, 'run'> {
  const annotations = asObject(asObject(object['metadata'])?.['annotations']) ?? {};
  return { name: nameIn(object), namespace: '', annotations, hasRules: false, isOfPayloads: false };
}

function payloadRequest({ object = {} }: PolicyRequest): AdmissionRequest {
  return { ...requestFor({}, 'CREATE'), object };
}

function admissionRequestOf({
  object,
  oldObject,
  operation,
  requester,
  userInfo,
  subresource,
}: PolicyRequest): AdmissionRequest {
  const request = requestFor(object ?? oldObject ?? {}, operation as Operation);
  return {
    ...request,
    ...(subresource === undefined ? {} : { subResource: subresource }),
    ...(oldObject === undefined ? {} : { oldObject }),
    userInfo: userInfo ?? (requester === undefined ? {} : { username: requester.username, groups: requester.groups }),
  };
}
