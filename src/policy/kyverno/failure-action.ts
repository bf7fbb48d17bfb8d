// SPDX-License-Identifier: Apache-2.0
// Whether a breach of a rule refuses the request: what the rule says, else what the policy says, for the namespace of the request
// (Kyverno pkg/validation/policy and pkg/utils/engine).
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { matchesWildcard } from '../../formats/wildcard.ts';
import { matchesWildcardSelector } from './match.ts';
import type { FailureAction } from './rule.ts';

interface Override {
  readonly action: FailureAction;
  readonly namespaces: readonly string[];
  readonly selector: JsonObject | undefined;
}

export interface FailureActions {
  /** Where no override is about the namespace. */
  readonly action: FailureAction;
  readonly overrides: readonly Override[];
}

/** `overrides` only count for policies of the whole cluster. */
export function readFailureActions(
  rule: JsonObject,
  spec: JsonObject,
  scope: 'Cluster' | 'Namespaced',
): FailureActions {
  const validate = asObject(rule['validate']);
  const own = asString(validate?.['failureAction']) ?? imageAction(rule['verifyImages']);
  const listed = validate?.['failureActionOverrides'];
  const isOwn = own !== undefined || asArray(listed).length > 0;
  const overrides = isOwn ? listed : spec['validationFailureActionOverrides'];
  return {
    action: actionOf(own ?? asString(spec['validationFailureAction'])),
    overrides: scope === 'Namespaced' ? [] : asArray(overrides).map(overrideOf),
  };
}

/** One entry that enforces is enough; else what the first says. */
function imageAction(entries: unknown): string | undefined {
  const stated = asArray(entries).map((entry) => asString(asObject(entry)?.['failureAction']));
  return stated.find((word) => word?.toLowerCase() === 'enforce') ?? stated[0];
}

function actionOf(word: string | undefined): FailureAction {
  return word?.toLowerCase() === 'enforce' ? 'Enforce' : 'Audit';
}

function overrideOf(value: unknown): Override {
  const item = asObject(value) ?? {};
  return {
    action: actionOf(asString(item['action'])),
    namespaces: asStrings(item['namespaces']),
    selector: asObject(item['namespaceSelector']),
  };
}

/** The first override that is about the namespace decides; one without namespaces and selector is about all. */
export function failureActionFor(
  { action, overrides }: FailureActions,
  namespace: string,
  namespaceLabels: JsonObject,
): FailureAction {
  const decisive = overrides.find(
    ({ namespaces, selector }) =>
      (namespaces.length === 0 || namespaces.some((pattern) => matchesWildcard(pattern, namespace))) &&
      (selector === undefined || matchesWildcardSelector(selector, namespaceLabels)),
  );
  return decisive?.action ?? action;
}
