// SPDX-License-Identifier: Apache-2.0
// Whether a request falls under matchConstraints or matchResources (apiserver pkg/admission/plugin/policy/matching). Reads specifications as they are.

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { matchesSelector } from './label-selector.ts';
import type { AdmissionRequest } from './request.ts';
import type { GroupVersion } from './rest-mapping.ts';
import { equivalentsOf, restMapping } from './rest-mapping.ts';

export interface MatchContext {
  /** Labels of the request's namespace; read only where a selector asks for them. */
  readonly of: { readonly namespaceLabels: JsonObject };
  /** `ignored`: what would match if the namespace had the labels that a selector asks for. */
  readonly labels: 'known' | 'ignored';
}

/** `rules`: whether a specification without resourceRules matches everything (a binding) or nothing (a policy). */
export function matchesResources(
  match: JsonObject | undefined,
  request: AdmissionRequest,
  { of, rules, labels }: MatchContext & { readonly rules: 'optional' | 'required' },
): boolean {
  if (match === undefined) return rules === 'optional';
  if (labels === 'known' && !matchesNamespace(asObject(match['namespaceSelector']), request, of)) return false;
  if (!matchesObject(asObject(match['objectSelector']), request)) return false;
  const policy = match['matchPolicy'] === 'Exact' ? 'Exact' : 'Equivalent';
  return matchesRules(match, request, { policy, rules });
}

interface RuleMatching {
  readonly policy: 'Exact' | 'Equivalent';
  readonly rules: 'optional' | 'required';
}

/** What the rules of a specification say of a kind, an operation and a scope: the same for every object, unless they name some. */
const answers: Readonly<Record<RuleMatching['rules'], WeakMap<JsonObject, Map<string, boolean> | 'by name'>>> = {
  optional: new WeakMap(),
  required: new WeakMap(),
};
const mostAnswers = 1_000;

function matchesRules(match: JsonObject, request: AdmissionRequest, matching: RuleMatching): boolean {
  let known = answers[matching.rules].get(match);
  if (known === undefined) {
    const all = [...rulesOf(match['excludeResourceRules']), ...rulesOf(match['resourceRules'])];
    known = all.some(({ resourceNames }) => resourceNames !== undefined) ? 'by name' : new Map<string, boolean>();
    answers[matching.rules].set(match, known);
  }
  if (known === 'by name') return judgeRules(match, request, matching);
  const key = keyOf(request);
  const answer = known.get(key);
  if (answer !== undefined) return answer;
  const judged = judgeRules(match, request, matching);
  if (known.size >= mostAnswers) known.clear();
  known.set(key, judged);
  return judged;
}

const keys = new WeakMap<AdmissionRequest, string>();

/** Everything that rules without names look at. Made once for a request that dozens of policies are asked about. */
function keyOf(request: AdmissionRequest): string {
  const made = keys.get(request);
  if (made !== undefined) return made;
  const { operation, resource, subResource = '', kind, namespace } = request;
  const place = `${resource.group}/${resource.version}/${resource.resource}/${subResource}`;
  const key = `${operation} ${place} ${kind.group}/${kind.kind} ${namespace === undefined ? 'cluster' : 'namespace'}`;
  keys.set(request, key);
  return key;
}

function judgeRules(match: JsonObject, request: AdmissionRequest, { policy, rules }: RuleMatching): boolean {
  if (rulesOf(match['excludeResourceRules']).some((rule) => matchesRule(rule, request, policy))) return false;
  const included = rulesOf(match['resourceRules']);
  if (included.length === 0) return rules === 'optional';
  return included.some((rule) => matchesRule(rule, request, policy));
}

function rulesOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(asObject).filter((rule) => rule !== undefined) : [];
}

/** Objects without a namespace match, except that a Namespace is judged by its own labels. */
function matchesNamespace(
  selector: JsonObject | undefined,
  request: AdmissionRequest,
  of: MatchContext['of'],
): boolean {
  if (selector === undefined) return true;
  if (request.kind.group === '' && request.kind.kind === 'Namespace')
    return matchesSelector(selector, labelsOf(request.object ?? request.oldObject));
  return request.namespace === undefined || matchesSelector(selector, of.namespaceLabels);
}

/** The new object or the old one; an absent one has no say. */
function matchesObject(selector: JsonObject | undefined, request: AdmissionRequest): boolean {
  if (selector === undefined) return true;
  const objects = [request.object, request.oldObject].filter((object) => object !== undefined);
  if (objects.length === 0) return matchesSelector(selector, {});
  return objects.some((object) => matchesSelector(selector, labelsOf(object)));
}

export function labelsOf(object: JsonObject | undefined): JsonObject {
  return asObject(asObject(object?.['metadata'])?.['labels']) ?? {};
}

function includes(list: unknown, value: string): boolean {
  return Array.isArray(list) && (list.includes('*') || list.includes(value));
}

function matchesRule(rule: JsonObject, request: AdmissionRequest, policy: 'Exact' | 'Equivalent'): boolean {
  if (!includes(rule['operations'], request.operation)) return false;
  const names = rule['resourceNames'];
  if (Array.isArray(names) && names.length > 0 && !names.includes(request.name ?? '')) return false;
  if (!matchesScope(asString(rule['scope']), request)) return false;
  const { resource } = request.resource;
  const isNamed = Array.isArray(rule['resources']) && rule['resources'].some((each) => fitsResource(each, request));
  if (!isNamed) return false;
  const candidates: readonly GroupVersion[] =
    policy === 'Exact' ? [request.resource] : equivalentsOf(resource, request.resource);
  return candidates.some(
    ({ group, version }) => includes(rule['apiGroups'], group) && includes(rule['apiVersions'], version),
  );
}

function matchesScope(scope: string | undefined, request: AdmissionRequest): boolean {
  if (scope === undefined || scope === '*') return true;
  // A Namespace is cluster-scoped although requests for it carry a namespace.
  const isNamespace = restMapping(request.kind.group, request.kind.kind).scope === 'Cluster';
  const isNamespaced = request.namespace !== undefined && !isNamespace;
  return scope === (isNamespaced ? 'Namespaced' : 'Cluster');
}

/** `pods`, `pods/status`, `pods/*`, `*` (no sub-resources), `*\/scale`, `*\/*`. */
function fitsResource(pattern: unknown, { resource, subResource }: AdmissionRequest): boolean {
  const [name, sub] = (asString(pattern) ?? '').split('/');
  if (name !== '*' && name !== resource.resource) return false;
  return (sub === '*' && name !== undefined) || (sub ?? '') === (subResource ?? '');
}
