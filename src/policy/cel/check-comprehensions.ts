// SPDX-License-Identifier: Apache-2.0
// Types of quantifiers and of the macros that give a value a name: what their variables are, and what comes out.

import type { Binding, Quantifier } from './ast.ts';
import type { Checking } from './checking.ts';
import { optionalContent } from './checking.ts';
import type { CelType } from './types.ts';
import { boolType, dynType, errorType, intType, isDyn, listOf, mapOf, optionalOf, printType } from './types.ts';

export function checkQuantifier(expression: Quantifier, checking: Checking): CelType {
  const range = checking.substitution.apply(checking.check(expression.range));
  const [first, second] = rangeTypes(range, expression, checking);
  const variables = [
    { name: expression.variable, type: first },
    ...(expression.second === undefined ? [] : [{ name: expression.second, type: second }]),
  ];
  const result = checking.within(variables, () => {
    if (expression.condition !== undefined) checking.expect(expression.condition, boolType);
    return expression.result === undefined ? undefined : checking.check(expression.result);
  });
  return quantified(expression, { first, result }, checking);
}

function quantified(
  expression: Quantifier,
  types: { readonly first: CelType; readonly result: CelType | undefined },
  checking: Checking,
): CelType {
  switch (expression.form) {
    case 'all':
    case 'exists':
    case 'existsOne':
      return boolType;
    case 'filter':
      return listOf(types.first);
    case 'map':
    case 'transformList':
      return listOf(types.result ?? dynType);
    case 'transformMap':
      return mapOf(types.first, types.result ?? dynType);
    default: {
      const result = checking.substitution.apply(types.result ?? dynType);
      if (result.kind === 'map' || isDyn(result)) return result;
      return checking.fault('transformMapEntry must give a map', expression.result?.start ?? expression.start);
    }
  }
}

/** Types of the variables over a range: element, or index and element; key, or key and value. */
function rangeTypes(
  range: CelType,
  { range: { start }, second }: Quantifier,
  checking: Checking,
): readonly [CelType, CelType] {
  const isPair = second !== undefined;
  if (range.kind === 'list') return isPair ? [intType, range.element] : [range.element, dynType];
  if (range.kind === 'map') return [range.key, range.value];
  if (range.kind === 'parameter' || isDyn(range)) {
    if (range.kind === 'parameter') checking.assign(range, dynType);
    return [dynType, dynType];
  }
  checking.fault(
    `expression of type '${printType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
    start,
  );
  return [errorType, errorType];
}

/** bind, optMap and optFlatMap. */
export function checkBinding(expression: Binding, checking: Checking): CelType {
  const value = expression.form === 'bind' ? checking.check(expression.value) : checking.content(expression.value);
  const body = checking.within([{ name: expression.variable, type: value }], () => checking.check(expression.body));
  if (expression.form === 'bind') return body;
  if (expression.form === 'optMap') return optionalOf(body);
  const type = checking.substitution.apply(body);
  if (isDyn(type) || optionalContent(type) !== undefined) return type;
  return checking.fault(`optFlatMap must give an optional but gives '${printType(type)}'`, expression.body.start);
}
