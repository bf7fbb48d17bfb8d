// SPDX-License-Identifier: Apache-2.0
// Label selectors of objects in manifests (apimachinery metav1.LabelSelector): whether they are valid, what they match, and how Kubernetes
// prints them. An empty selector matches everything.

import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, entriesOf } from '../../formats/document.ts';

export interface SelectorRequirement {
  readonly key: string;
  /** `Equals` comes from matchLabels, the others from matchExpressions. */
  readonly operator: 'Equals' | 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

export type LabelSelector =
  | { readonly kind: 'selector'; readonly requirements: readonly SelectorRequirement[] }
  /** The reason is worded as apimachinery words it. */
  | { readonly kind: 'invalid'; readonly reason: string };

const operators: readonly SelectorRequirement['operator'][] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** Reads `matchLabels` and `matchExpressions`; undefined members count as empty. */
export function readLabelSelector(selector: JsonObject | undefined): LabelSelector {
  const requirements: SelectorRequirement[] = entriesOf(selector?.['matchLabels']).map(([key, value]) => ({
    key,
    operator: 'Equals',
    values: [String(value)],
  }));
  for (const item of asArray(selector?.['matchExpressions'])) {
    const expression = asObject(item);
    const operator = operators.find((known) => known === expression?.['operator']);
    if (operator === undefined)
      return {
        kind: 'invalid',
        reason: `"${asString(expression?.['operator']) ?? ''}" is not a valid label selector operator`,
      };
    const values = asArray(expression?.['values']).map(String);
    const needsValues = operator === 'In' || operator === 'NotIn';
    if (needsValues && values.length === 0)
      return {
        kind: 'invalid',
        reason: "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
      };
    requirements.push({ key: asString(expression?.['key']) ?? '', operator, values });
  }
  return { kind: 'selector', requirements };
}

/** A selector of plain labels, as Services have it. */
export function selectorOfLabels(labels: JsonObject): LabelSelector {
  return readLabelSelector({ matchLabels: labels });
}

/** An invalid selector matches nothing. */
export function selects(selector: LabelSelector, labels: JsonObject): boolean {
  return selector.kind === 'selector' && selector.requirements.every((requirement) => meets(requirement, labels));
}

function meets({ key, operator, values }: SelectorRequirement, labels: JsonObject): boolean {
  const isThere = Object.hasOwn(labels, key);
  const value = isThere ? String(labels[key]) : '';
  switch (operator) {
    case 'Equals':
    case 'In':
      return isThere && values.includes(value);
    case 'NotIn':
      return !isThere || !values.includes(value);
    case 'Exists':
      return isThere;
    default:
      return !isThere;
  }
}

/** As `labels.Selector.String()` prints it: requirements by key, `a=b`, `c in (d,e)`, `f`, `!g`. */
export function printSelector(selector: LabelSelector): string {
  if (selector.kind === 'invalid') return '';
  return [...selector.requirements]
    .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
    .map(printRequirement)
    .join(',');
}

function printRequirement({ key, operator, values }: SelectorRequirement): string {
  const sorted = [...values].sort();
  switch (operator) {
    case 'Equals':
      return `${key}=${values[0] ?? ''}`;
    case 'In':
      return `${key} in (${sorted.join(',')})`;
    case 'NotIn':
      return `${key} notin (${sorted.join(',')})`;
    case 'Exists':
      return key;
    default:
      return `!${key}`;
  }
}
