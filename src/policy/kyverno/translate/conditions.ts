// SPDX-License-Identifier: Apache-2.0
// Preconditions and deny conditions as CEL (../conditions.ts and ../operators are what they mean). A wildcard that stands in the object no longer matches
// the lists of the policy: CEL cannot say that, and it is a way around policies.

import { asArray, asObject, asString } from '../../../formats/document.ts';
import { parseGoDuration } from '../../../formats/go-duration.ts';
import { parseKubernetesQuantity } from '../../../formats/kubernetes-quantity.ts';
import { hasWildcard } from '../../../formats/wildcard.ts';
import { conditionOperator } from '../operators/index.ts';
import { operatorOf } from '../string-pattern.ts';
import { variablesIn } from '../substitute.ts';
import { allOf, anyOf, CannotCarryOver, literal, not, plain, quote, valueOf } from './cel-text.ts';
import type { Scope } from './jmespath.ts';
import { jmespathToCel } from './jmespath.ts';
import { durationForm, globOfValue, globToCel, leafToCel } from './leaf.ts';
import type { OverlayScope } from './overlay.ts';
import type { Value } from './value.ts';

/** Whether a block of conditions holds. Throws CannotCarryOver. */
export function conditionsToCel(value: unknown, scope: Scope): string {
  if (value === undefined || value === null) return 'true';
  if (!Array.isArray(value)) return block(value, scope);
  const items = value.map((item) => asObject(item) ?? {});
  if (items.some((item) => item['any'] !== undefined || item['all'] !== undefined))
    return allOf(items.map((item) => block(item, scope)));
  return allOf(items.map((item) => condition(item, scope)));
}

function block(value: unknown, scope: Scope): string {
  const { any, all } = asObject(value) ?? {};
  const each = (list: unknown): string[] => asArray(list).map((item) => condition(item, scope));
  return allOf([Array.isArray(any) ? anyOf(each(any)) : undefined, ...each(all)]);
}

/** A key or value: something written, or something of the object. */
type Side = { readonly kind: 'written'; readonly value: unknown } | { readonly kind: 'asked'; readonly value: Value };

function sideOf(value: unknown, scope: Scope): Side {
  if (typeof value === 'string' && value.includes('{{')) return { kind: 'asked', value: interpolated(value, scope) };
  if (Array.isArray(value) && JSON.stringify(value).includes('{{')) {
    const items = value.map((item) => {
      const side = sideOf(item, scope);
      return side.kind === 'asked' ? valueOf(side.value.place) : literal(side.value);
    });
    return {
      kind: 'asked',
      value: { place: plain(`[${items.map((item) => `dyn(${item})`).join(', ')}]`), kind: 'list' },
    };
  }
  if (JSON.stringify(value ?? null).includes('{{')) throw new CannotCarryOver('variables inside of a map');
  return { kind: 'written', value };
}

/** Variables inside of an expression, written as its texts: what they give becomes a text there. */
const nested = /(['"])\{\{\s*((?:[^{}]|\{[^{}]*\})*?)\s*\}\}\1/g;

function withoutNested(text: string, scope: Scope, values: Map<string, string>): string {
  const inner = text.trim();
  if (!inner.startsWith('{{') || !inner.endsWith('}}') || !inner.slice(2).includes('{{')) return text;
  const body = inner.slice(2, -2).replaceAll(nested, (_match, _quote, expression: string) => {
    const name = `$${scope.values.size + values.size}`;
    const value = jmespathToCel(expression, scope);
    values.set(name, value.kind === 'text' ? valueOf(value.place) : `string(${valueOf(value.place)})`);
    return `"${name}"`;
  });
  return body.includes('{{') || body.includes('}}') ? text : `{{${body}}}`;
}

/** What stands between variables. Braces are left over there where variables stand inside of each other. */
function withoutBraces(text: string): string {
  if (text.includes('{{')) throw new CannotCarryOver(`variables inside of each other: ${text.slice(0, 100)}`);
  return text;
}

/** A text with variables in it; one that is a variable keeps its type. */
export function interpolated(written: string, outer: Scope): Value {
  const values = new Map<string, string>();
  const text = withoutNested(written, outer, values);
  const scope: Scope = values.size === 0 ? outer : { ...outer, values: new Map([...outer.values, ...values]) };
  const variables = variablesIn(text);
  const [first] = variables;
  if (first === undefined) return { place: plain(quote(withoutBraces(text))), kind: 'text' };
  if (first.start === 0 && first.end === text.length) return jmespathToCel(first.expression, scope);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, expression } of variables) {
    if (start > at) parts.push(quote(withoutBraces(text.slice(at, start))));
    const value = jmespathToCel(expression, scope);
    if (value.kind === 'list' || value.kind === 'map') throw new CannotCarryOver(`${expression}, written into a text`);
    parts.push(value.kind === 'text' ? valueOf(value.place) : `string(${valueOf(value.place)})`);
    at = end;
  }
  if (at < text.length) parts.push(quote(withoutBraces(text.slice(at))));
  return { place: plain(`(${parts.join(' + ')})`), kind: 'text' };
}

function condition(item: unknown, scope: Scope): string {
  const { key, operator: written, value } = asObject(item) ?? {};
  const operator = conditionOperator(asString(written) ?? '');
  if (operator === undefined) throw new CannotCarryOver(`the operator ${String(written)}`);
  const left = sideOf(key, scope);
  const right = sideOf(value, scope);
  if (left.kind === 'written' && right.kind === 'written') return String(operator.test(key ?? null, value ?? null));
  const asked: Value =
    left.kind === 'asked' ? left.value : { place: plain(literal(left.value)), kind: kindOfWritten(left.value) };
  switch (operator.name) {
    case 'Equals':
    case 'Equal':
      return equals(asked, right);
    case 'NotEquals':
    case 'NotEqual':
      return allOf([isNotNull(asked), not(equals(asked, right))]);
    case 'AnyIn':
      return membership(asked, right, { quantifier: 'exists', isNegative: false, scope });
    case 'In':
    case 'AllIn':
      return membership(asked, right, { quantifier: 'all', isNegative: false, scope });
    case 'AnyNotIn':
      return membership(asked, right, { quantifier: 'exists', isNegative: true, scope });
    case 'NotIn':
    case 'AllNotIn':
      return membership(asked, right, {
        quantifier: operator.name === 'NotIn' && asked.kind === 'list' ? 'exists' : 'all',
        isNegative: true,
        scope,
      });
    default:
      return ordered(asked, right, operator.name);
  }
}

function kindOfWritten(value: unknown): Value['kind'] {
  return Array.isArray(value)
    ? 'list'
    : typeof value === 'string'
      ? 'text'
      : typeof value === 'number'
        ? 'number'
        : 'any';
}

function isNotNull({ place, kind }: Value): string | undefined {
  if (kind !== 'any') return undefined;
  const text = valueOf(place);
  return /^(?!variables)[\w.?[\]"]+(?:\.orValue\(dyn\(null\)\))?$/.test(text)
    ? `${text} != null`
    : `dyn(${text}) != null`;
}

function equals({ place, kind }: Value, right: Side): string {
  const text = valueOf(place);
  if (right.kind === 'asked') {
    const other = valueOf(right.value.place);
    const isSame = `dyn(${text}) == dyn(${other})`;
    const areTexts = [kind, right.value.kind].every((each) => each === 'text' || each === 'any');
    return areTexts && mayBeGlob(other)
      ? `(${isSame} || type(${text}) == string && type(${other}) == string && ${globOfValue(text, other)})`
      : isSame;
  }
  const { value } = right;
  if (value === null || value === undefined) return 'false';
  if (typeof value === 'string' && (hasWildcard(value) || isAmount(value))) {
    if (kind === 'number') return leafToCel(plain(text), value);
    const fits = hasWildcard(value)
      ? globToCel(text, value, kind === 'text' ? 'text' : 'any scalar')
      : amountEquals(text, value);
    return kind === 'text' ? fits : allOf([`type(${text}) == string`, fits]);
  }
  if (kind === 'list' && !Array.isArray(value)) return 'false';
  if (kind === 'number')
    return text.startsWith('size(') && Number.isInteger(value)
      ? `${text} == ${literal(value)}`
      : `dyn(${text}) == dyn(${literal(value)})`;
  if (kind === 'truth') return typeof value === 'boolean' ? (value ? text : not(text)) : 'false';
  if (kindOfWritten(value) !== kind && kind !== 'any' && kindOfWritten(value) !== 'any')
    return `dyn(${text}) == dyn(${literal(value)})`;
  return `${text} == ${literal(value)}`;
}

function isAmount(text: string): boolean {
  return (parseGoDuration(text) !== undefined && text !== '0') || parseKubernetesQuantity(text) !== undefined;
}

function amountEquals(text: string, value: string): string {
  return `(${text} == ${quote(value)} || ${leafToCel(plain(text), value)})`;
}

interface Membership {
  readonly quantifier: 'all' | 'exists';
  readonly isNegative: boolean;
  readonly scope: Scope;
}

function membership(key: Value, right: Side, { quantifier, isNegative, scope }: Membership): string {
  const name = scope.names.next('m');
  const text = valueOf(key.place);
  const isThere = memberTest(name, right, 'list');
  const test = isNegative ? not(isThere) : isThere;
  if (key.kind === 'list') return `${text}.${quantifier}(${name}, ${test})`;
  const single = memberTest(text, right, 'scalar');
  const scalar = isNegative ? not(single) : single;
  if (key.kind !== 'any') return scalar;
  return `(type(${text}) == list ? ${text}.${quantifier}(${name}, ${test}) : ${allOf([isNotNull(key), scalar])})`;
}

/** Whether globs of a value count. Those of the object do not: they would be the requester's to choose. */
function mayBeGlob(text: string): boolean {
  return /\b(?:variables|resource|globalContext|userInfo|json)\b/.test(text);
}

function textTest(text: string, other: string): string {
  const isSame = `string(${text}) == ${other}`;
  return mayBeGlob(other) ? `(${isSame} || ${globOfValue(text, other)})` : isSame;
}

function elementTest(text: string, list: string): string {
  if (mayBeGlob(list))
    return `dyn(${list}).exists(g, g == dyn(${text}) || type(g) == string && ${globOfValue(text, 'g')})`;
  // A lone asterisk in the object is every value, as in Kyverno.
  return `(dyn(${text}) in dyn(${list}) || "*" in dyn(${list}))`;
}

/** Matches Kyverno, where globs in a list of JSON count for the elements of a list and not for a lone scalar. */
function jsonTest(text: string, list: string, of: 'list' | 'scalar'): string {
  return of === 'list' ? elementTest(text, list) : `dyn(${text}) in ${list}`;
}

/** Whether a scalar, or an element of a list, is one of the values. */
function memberTest(text: string, right: Side, of: 'list' | 'scalar'): string {
  if (right.kind === 'asked') {
    const list = valueOf(right.value.place);
    const { kind } = right.value;
    if (kind === 'list') return elementTest(text, list);
    if (kind === 'text') return textTest(text, list);
    // ConfigMaps hold lists as JSON.
    const written = list.includes('variables.')
      ? `string(dyn(${list})).startsWith("[") ? ${jsonTest(text, `json.Unmarshal(string(dyn(${list})))`, of)} : `
      : '';
    const single = mayBeGlob(list)
      ? `(dyn(${text}) == dyn(${list}) || type(${list}) == string && ${globOfValue(text, list)})`
      : `dyn(${text}) == dyn(${list})`;
    return `(type(${list}) == list ? ${elementTest(text, list)} : ${written}${single})`;
  }
  const { value } = right;
  if (typeof value === 'string' && operatorOf(value) === 'range') return leafToCel(plain(text), value);
  if (typeof value === 'string') return globToCel(text, value, 'any scalar');
  if (!Array.isArray(value)) throw new CannotCarryOver(`a list made of ${JSON.stringify(value)}`);
  const globs = value.filter((item): item is string => typeof item === 'string' && hasWildcard(item));
  const exact: unknown[] = value.filter((item) => typeof item !== 'string' || !hasWildcard(item));
  const isText = exact.every((item) => typeof item === 'string');
  // Kyverno also takes what stands in the object as a pattern; of that only the lone asterisk is carried over.
  if (isText && exact.length > 0 && !exact.includes('*') && !text.startsWith('request.')) exact.push('*');
  return anyOf([
    ...(exact.length === 0
      ? []
      : [isText ? `${text} in ${literal(exact)}` : `string(${text}) in ${literal(exact.map(String))}`]),
    ...globs.map((glob) => globToCel(text, glob, 'any scalar')),
  ]);
}

const symbols: Readonly<Record<string, string>> = {
  GreaterThan: '>',
  GreaterThanOrEquals: '>=',
  LessThan: '<',
  LessThanOrEquals: '<=',
};

function ordered(key: Value, right: Side, operator: string): string {
  const symbol = symbols[operator.replace('Duration', '')] ?? '';
  const text = valueOf(key.place);
  if (right.kind === 'asked') return `double(${text}) ${symbol} double(${valueOf(right.value.place)})`;
  const { value } = right;
  if (typeof value === 'number')
    return ['number'].includes(key.kind)
      ? `double(${text}) ${symbol} double(${literal(value)})`
      : `${isNumber(text)} && double(${text}) ${symbol} double(${literal(value)})`;
  if (typeof value !== 'string' || !isAmount(value))
    throw new CannotCarryOver(`${operator} with ${JSON.stringify(value)}`);
  if (parseKubernetesQuantity(value) !== undefined && parseGoDuration(value) === undefined)
    return `isQuantity(string(${text})) && quantity(string(${text})).compareTo(quantity(${quote(value)})) ${symbol} 0`;
  return `string(${text}).matches(${quote(durationForm)}) && duration(string(${text})) ${symbol} duration(${quote(value)})`;
}

function isNumber(text: string): string {
  return /^(?!variables)[\w.?[\]"]+(?:\.orValue\(dyn\(null\)\))?$/.test(text)
    ? `${text} != null`
    : `dyn(${text}) != null`;
}

/** What patterns may name. */
export function overlayScope(scope: Scope): OverlayScope {
  return { names: scope.names, textOf: (text) => valueOf(interpolated(text, scope).place) };
}
