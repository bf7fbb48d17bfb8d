// SPDX-License-Identifier: Apache-2.0
// What the API server would not take of matchConstraints and matchResources (pkg/apis/admissionregistration/validation, validateMatchResources). A word that it
// does not know matches nothing, and a policy that matches nothing admits everything.

import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject } from '../../formats/document.ts';

export interface MatchFault {
  readonly message: string;
  /** From the specification on. */
  readonly path: DocumentPath;
}

const operations: ReadonlySet<unknown> = new Set(['*', 'CREATE', 'UPDATE', 'DELETE', 'CONNECT']);
const scopes: ReadonlySet<unknown> = new Set([undefined, '*', 'Cluster', 'Namespaced']);
const matchPolicies: ReadonlySet<unknown> = new Set([undefined, 'Exact', 'Equivalent']);

/** `rules`: whether there must be resourceRules (a policy) or need not (a binding). */
export function matchFaults(match: JsonObject, rules: 'required' | 'optional'): readonly MatchFault[] {
  const faults: MatchFault[] = [];
  if (!matchPolicies.has(match['matchPolicy']))
    faults.push({ message: 'matchPolicy must be Exact or Equivalent', path: ['matchPolicy'] });
  for (const member of ['namespaceSelector', 'objectSelector'] as const)
    faults.push(...selectorFaults(match[member], [member]));
  for (const member of ['resourceRules', 'excludeResourceRules'] as const) {
    const value = match[member];
    if (value !== undefined && value !== null && !Array.isArray(value))
      faults.push({ message: `${member} must be a list`, path: [member] });
    for (const [index, rule] of asArray(value).entries()) faults.push(...ruleFaults(asObject(rule), [member, index]));
  }
  if (rules === 'required' && asArray(match['resourceRules']).length === 0)
    faults.push({ message: 'resourceRules are required: without any nothing is judged', path: [] });
  return faults;
}

function ruleFaults(rule: JsonObject | undefined, path: DocumentPath): readonly MatchFault[] {
  if (rule === undefined) return [{ message: 'a rule must be an object', path }];
  const faults: MatchFault[] = [];
  for (const member of ['operations', 'apiGroups', 'apiVersions', 'resources'] as const) {
    const list = asArray(rule[member]);
    if (list.length === 0 || list.some((item) => typeof item !== 'string'))
      faults.push({ message: `${member} must be a list of at least one text`, path: [...path, member] });
  }
  const unknown = asArray(rule['operations']).find((operation) => !operations.has(operation));
  if (typeof unknown === 'string') {
    const message = `operation "${unknown.slice(0, 50)}" is none of CREATE, UPDATE, DELETE, CONNECT, *`;
    faults.push({ message, path: [...path, 'operations'] });
  }
  if (!scopes.has(rule['scope']))
    faults.push({ message: 'scope must be Cluster, Namespaced or *', path: [...path, 'scope'] });
  return faults;
}

/** Of a label selector (apimachinery ValidateLabelSelector). */
export function selectorFaults(value: unknown, path: DocumentPath): readonly MatchFault[] {
  if (value === undefined || value === null) return [];
  const selector = asObject(value);
  if (selector === undefined) return [{ message: 'a selector must be an object', path }];
  const labels = selector['matchLabels'];
  const expressions = selector['matchExpressions'];
  const faults: MatchFault[] = [];
  if (labels !== undefined && labels !== null) {
    const values = Object.values(asObject(labels) ?? { none: undefined });
    if (values.some((label) => typeof label !== 'string'))
      faults.push({ message: 'matchLabels must map names to texts', path: [...path, 'matchLabels'] });
  }
  if (expressions !== undefined && expressions !== null && !Array.isArray(expressions))
    faults.push({ message: 'matchExpressions must be a list', path: [...path, 'matchExpressions'] });
  for (const [index, item] of asArray(expressions).entries()) {
    const message = expressionFault(asObject(item));
    if (message !== undefined) faults.push({ message, path: [...path, 'matchExpressions', index] });
  }
  return faults;
}

function expressionFault(expression: JsonObject | undefined): string | undefined {
  const operator = expression?.['operator'];
  if (typeof expression?.['key'] !== 'string' || expression['key'] === '') return 'an expression needs a key';
  const count = asArray(expression['values']).length;
  if (operator === 'In' || operator === 'NotIn') return count > 0 ? undefined : `${operator} needs values`;
  if (operator === 'Exists' || operator === 'DoesNotExist')
    return count === 0 ? undefined : `${operator} takes no values`;
  return 'operator must be In, NotIn, Exists or DoesNotExist';
}
