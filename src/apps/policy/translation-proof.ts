// SPDX-License-Identifier: Apache-2.0
// Holds translated policies against the original: both judge the same requests, and every rule must refuse and accept the same. Passing, being skipped
// and not applying are the same here: the object is accepted.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { AdmissionRequest, Operation } from '../../policy/admission-policy/request.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import { restMapping } from '../../policy/admission-policy/rest-mapping.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import { pinImages } from '../../policy/kyverno/cel/image-pinning.ts';
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
import { compileValidatingPolicy, evaluateValidatingPolicy } from '../../policy/kyverno/cel/validating-policy.ts';
import type { PolicyRequest } from '../../policy/kyverno/engine.ts';
import { evaluatePolicy } from '../../policy/kyverno/engine.ts';
import { mergePatch } from '../../policy/kyverno/evaluation-context.ts';
import type { PolicySource } from '../../policy/kyverno/policy.ts';
import { compilePolicy } from '../../policy/kyverno/policy.ts';
import type { Queries } from '../../policy/kyverno/queries.ts';
import type { RuleOutcome } from '../../policy/kyverno/rule.ts';
import { literal } from '../../policy/kyverno/translate/cel-text.ts';
import type { Translation } from '../../policy/kyverno/translate/translate-policy.ts';
import { equalJson } from '../../policy/patch/json-members.ts';
import { describeObject } from '../../policy/policy-set.ts';
import { isRuleOf } from './kyverno-values.ts';

export interface ProofCase {
  readonly request: PolicyRequest;
  /** Values from outside, by dotted keys. */
  readonly values?: JsonObject;
  /** A neighbour made from an example: where the original itself cannot judge it, nothing is compared. */
  readonly isGenerated?: boolean;
}

export interface ProofOptions {
  readonly queries: Queries;
  readonly data: DataProvider;
  readonly ruleValues?: (rule: string) => JsonObject | undefined;
}

export interface ProofDifference {
  /** `not-compared`: neither could look at the images, so that nobody knows. */
  readonly kind: 'differs' | 'not-compared';
  readonly rule: string;
  readonly object: string;
  readonly original: string;
  readonly translated: string;
}

type Judge = (request: PolicyRequest) => RuleOutcome | undefined;

/** What several policies make of one rule: the first that refuses decides, and each sees what those before it changed. */
function judgedByAll(judges: readonly Judge[], written: PolicyRequest): RuleOutcome | undefined {
  let request = written;
  let first: RuleOutcome | undefined;
  for (const judge of judges) {
    const said = judge(request);
    if (said === undefined) continue;
    if (isRefused(said)) return said;
    first ??= said;
    if (said.patched !== undefined) request = { ...request, object: said.patched };
  }
  if (first === undefined || request.object === undefined || request.object === written.object) return first;
  return { ...first, patched: request.object };
}

/** Where the translation judges otherwise; a translation that cannot be compiled differs for every rule. Never throws. */
export function translationDifferences(
  source: PolicySource,
  translation: Translation,
  proof: ProofOptions & { readonly cases: readonly ProofCase[] },
): readonly ProofDifference[] {
  const { queries, data, cases } = proof;
  const { policy, problems } = compilePolicy(source, queries);
  if (policy === undefined)
    return [
      {
        kind: 'differs',
        rule: '',
        object: '',
        original: problems[0]?.message ?? 'not loaded',
        translated: 'not compared',
      },
    ];
  const differences: ProofDifference[] = [];
  const judges = new Map<string, Judge[]>();
  for (const { rule, object } of translation.policies) {
    const judge = judgeOf(withStandIns(object, { ...cases[0]?.values, ...proof.ruleValues?.(rule) }), data);
    if (typeof judge === 'string')
      differences.push({ kind: 'differs', rule, object: '', original: 'loaded', translated: judge });
    else judges.set(rule, [...(judges.get(rule) ?? []), judge]);
  }
  for (const { request: written, values, isGenerated } of cases) {
    let request = withValues(written, values ?? {});
    const said = evaluatePolicy(policy, request, {
      queries,
      data,
      ...(values === undefined ? {} : { values }),
      ...(proof.ruleValues === undefined ? {} : { ruleValues: proof.ruleValues }),
    });
    // Nobody can say what would be right where the original fails.
    if (isGenerated === true && said.some(({ status }) => status === 'error')) continue;
    for (const [rule, all] of judges) {
      const translated = judgedByAll(all, request);
      const difference = compare(
        said.filter((outcome) => isRuleOf(outcome.rule, rule)),
        translated,
        request,
      );
      if (difference !== undefined)
        differences.push({ rule, object: describeObject(request.object ?? request.oldObject), ...difference });
      // Each rule sees what those before it have made of the object.
      if (translated?.patched !== undefined) request = { ...request, object: translated.patched };
    }
  }
  return differences;
}

/** Values from outside may be about the request itself, which CEL policies read as it is. */
function withValues(request: PolicyRequest, values: JsonObject): PolicyRequest {
  let changed: JsonObject = { object: request.object, oldObject: request.oldObject, userInfo: request.userInfo };
  for (const [key, value] of Object.entries(values)) {
    const [first, second = '', ...rest] = key.split('.');
    if (first !== 'request' || !['object', 'oldObject', 'userInfo'].includes(second)) continue;
    const patch = [second, ...rest].reduceRight<unknown>((inner, part) => ({ [part]: inner }), value);
    changed = mergePatch(changed, asObject(patch) ?? {});
  }
  const account = asString(values['serviceAccountName']);
  if (account !== undefined) {
    const username = `system:serviceaccount:${asString(values['serviceAccountNamespace']) ?? 'default'}:${account}`;
    changed = mergePatch(changed, { userInfo: { username } });
  }
  const [object, oldObject, userInfo] = ['object', 'oldObject', 'userInfo'].map((key) => asObject(changed[key]));
  return { ...request, object, oldObject, ...(userInfo === undefined ? {} : { userInfo }) };
}

function compare(
  original: readonly RuleOutcome[],
  translated: RuleOutcome | undefined,
  { object }: PolicyRequest,
): Omit<ProofDifference, 'rule' | 'object'> | undefined {
  const breach = original.find(isRefused);
  const isSame = (breach !== undefined) === (translated !== undefined && isRefused(translated));
  if (!isSame) return { kind: 'differs', original: textOf(breach ?? original[0]), translated: textOf(translated) };
  if (translated?.type === 'verifyImages' && translated.status === 'error' && breach?.status === 'error')
    return { kind: 'not-compared', original: textOf(breach), translated: textOf(translated) };
  const left = original.findLast(({ patched }) => patched !== undefined)?.patched ?? object;
  const right = translated?.patched ?? object;
  const isChanging = translated?.type === 'mutate' || (translated?.type === 'verifyImages' && breach === undefined);
  if (!isChanging || equalJson(sorted(left), sorted(right))) return undefined;
  return { kind: 'differs', original: JSON.stringify(left), translated: JSON.stringify(right) };
}

/** Lists whose elements have names are compared without their order: Kyverno puts new containers before, Kubernetes behind the others. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const names = value.map((item) => asString(asObject(item)?.['name']));
    const items = value.map(sorted);
    if (names.includes(undefined)) return items;
    return items.toSorted((left, right) =>
      String(asObject(left)?.['name']) < String(asObject(right)?.['name']) ? -1 : 1,
    );
  }
  const object = asObject(value);
  if (object === undefined) return value;
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, sorted(item)]));
}

function isRefused({ status }: RuleOutcome): boolean {
  return status === 'fail' || status === 'error';
}

function textOf(outcome: RuleOutcome | undefined): string {
  return outcome === undefined ? 'not about it' : `${outcome.status}: ${outcome.message}`;
}

/** Values that stand in for context entries stand in for the variables made from them as well. */
function withStandIns(policy: JsonObject, values: JsonObject): JsonObject {
  const spec = asObject(policy['spec']) ?? {};
  const variables = asArray(spec['variables']).map((item) => {
    const variable = asObject(item) ?? {};
    const name = asString(variable['name']) ?? '';
    let value: unknown;
    for (const [key, given] of Object.entries(values)) {
      const [first = '', ...rest] = key.split('.').map((part) => part.replace(/^"(.*)"$/, '$1'));
      if (first.replaceAll('-', '_') !== name) continue;
      const patch = rest.reduceRight<unknown>((inner, part) => ({ [part]: inner }), given);
      const map = asObject(patch);
      value = map === undefined ? patch : mergePatch(value, map);
    }
    return value === undefined ? variable : { ...variable, expression: `dyn(${literal(value)})` };
  });
  return variables.length === 0 ? policy : { ...policy, spec: { ...spec, variables } };
}

/** The reason when it cannot be compiled. */
function judgeOf(object: JsonObject, data: DataProvider): Judge | string {
  const source: PolicySource = { object, locateValue: (_path: DocumentPath) => ({ path: 'translation' }) };
  const evaluation = (request: PolicyRequest) => ({
    request: {
      ...requestFor(request.object ?? request.oldObject ?? {}, request.operation as Operation),
      ...(request.oldObject === undefined ? {} : { oldObject: request.oldObject }),
      ...(request.subresource === undefined ? {} : { subResource: request.subresource }),
      ...(request.parent === undefined ? {} : parentOf(request.parent)),
      userInfo: request.userInfo ?? {},
    },
    namespace: request.namespace ?? namespaceOf(request),
    namespaceLabels: request.namespaceLabels ?? {},
    data,
    exceptions: [],
  });
  if (isImageValidatingPolicy(object)) {
    const { policy, problems } = compileImageValidatingPolicy(source);
    if (policy === undefined) return problems[0]?.message ?? 'cannot be compiled';
    return (written) => {
      const pinned = pinImages(policy, evaluation(written))?.patched;
      const verified = new VerifiedImages();
      const request = pinned === undefined ? written : { ...written, object: pinned };
      const judged = judgeImages(policy, evaluation(request), verified);
      if (judged === undefined) return undefined;
      const said = concludeImages(policy, judged, verified);
      return pinned === undefined ? said : { ...said, patched: pinned };
    };
  }
  if (isMutatingPolicy(object)) {
    const { policy, problems } = compileMutatingPolicy(source);
    if (policy === undefined) return problems[0]?.message ?? 'cannot be compiled';
    return (request) => evaluateMutatingPolicy(policy, evaluation(request));
  }
  const { policy, problems } = compileValidatingPolicy(source);
  if (policy === undefined) return problems[0]?.message ?? 'cannot be compiled';
  return (request) => evaluateValidatingPolicy(policy, evaluation(request));
}

/** The object of a subresource comes under the resource of its parent. */
function parentOf({ group, version, kind }: NonNullable<PolicyRequest['parent']>): Pick<AdmissionRequest, 'resource'> {
  return { resource: { group, version, resource: restMapping(group, kind).resource } };
}

function namespaceOf({ object, oldObject, namespaceLabels }: PolicyRequest): JsonObject | undefined {
  const name = asString(asObject((object ?? oldObject)?.['metadata'])?.['namespace']);
  if (name === undefined) return undefined;
  const labels = { 'kubernetes.io/metadata.name': name, ...namespaceLabels };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
