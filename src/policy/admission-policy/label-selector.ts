// SPDX-License-Identifier: Apache-2.0
// Label selectors (apimachinery metav1.LabelSelector). An absent or empty selector matches everything.

import { asObject, asString, type JsonObject } from '../../formats/document.ts';

export function matchesSelector(selector: JsonObject | undefined, labels: JsonObject): boolean {
  const exact = Object.entries(asObject(selector?.['matchLabels']) ?? {});
  if (!exact.every(([key, value]) => labels[key] === value)) return false;
  const expressions = selector?.['matchExpressions'];
  return !Array.isArray(expressions) || expressions.every((each) => matchesExpression(asObject(each), labels));
}

function matchesExpression(expression: JsonObject | undefined, labels: JsonObject): boolean {
  const key = asString(expression?.['key']) ?? '';
  const values: readonly unknown[] = Array.isArray(expression?.['values']) ? expression['values'] : [];
  const isThere = Object.hasOwn(labels, key);
  switch (expression?.['operator']) {
    case 'In':
      return isThere && values.includes(labels[key]);
    case 'NotIn':
      return !isThere || !values.includes(labels[key]);
    case 'Exists':
      return isThere;
    case 'DoesNotExist':
      return !isThere;
    default:
      return false;
  }
}
