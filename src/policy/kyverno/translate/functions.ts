// SPDX-License-Identifier: Apache-2.0
// The functions of JMESPath that have a counterpart in CEL.
import type { Node } from '../../jmespath/ast.ts';
import { CannotCarryOver, quote } from './cel-text.ts';
import { globExpression } from './leaf.ts';
import type { Value, ValueKind } from './value.ts';
import { any, listText, mapText, textOf } from './value.ts';

export type Caller = (args: readonly Value[], nodes: readonly Node[]) => Value;

const texts =
  (form: (text: string, ...more: readonly string[]) => string, kind: ValueKind = 'text'): Caller =>
  (args) => {
    const [first = '', ...rest] = args.map(textOf);
    return any(form(first, ...rest), kind);
  };

export const celFunctions: Readonly<Record<string, Caller>> = {
  length: ([value]) => any(`size(${value === undefined ? '' : textOf(value)})`, 'number'),
  contains: ([where, what]) => contains(where, what),
  starts_with: texts((text, prefix = '') => `${text}.startsWith(${prefix})`, 'truth'),
  ends_with: texts((text, suffix = '') => `${text}.endsWith(${suffix})`, 'truth'),
  to_upper: texts((text) => `${text}.upperAscii()`),
  to_lower: texts((text) => `${text}.lowerAscii()`),
  trim_prefix: texts(
    (text, prefix = '') => `(${text}.startsWith(${prefix}) ? ${text}.substring(size(${prefix})) : ${text})`,
  ),
  replace_all: texts((text, from = '', to = '') => `${text}.replace(${from}, ${to})`),
  split: texts((text, separator = '') => `${text}.split(${separator})`, 'list'),
  join: texts((separator, list = '') => `${list}.join(${separator})`),
  to_string: ([value]) =>
    any(value === undefined ? '' : value.kind === 'text' ? textOf(value) : `string(${textOf(value)})`, 'text'),
  to_number: texts((text) => `double(${text})`, 'number'),
  sum: texts((list) => `${list}.map(n, double(n)).sum()`, 'number'),
  max: texts((list) => `${list}.max()`, 'any'),
  min: texts((list) => `${list}.min()`, 'any'),
  sort: texts((list) => `${list}.sort()`, 'list'),
  reverse: texts((list) => `${list}.reverse()`, 'list'),
  keys: ([value]) => any(`dyn(${value === undefined ? '{}' : mapText(value)}).map(key, key)`, 'list'),
  values: ([value]) => {
    const map = `dyn(${value === undefined ? '{}' : mapText(value)})`;
    return any(`${map}.map(key, ${map}[key])`, 'list');
  },
  to_array: ([value]) =>
    value?.kind === 'list'
      ? value
      : any(
          `(type(${value === undefined ? '' : textOf(value)}) == list ? ${value === undefined ? '' : textOf(value)} : [${value === undefined ? '' : textOf(value)}])`,
          'list',
        ),
  not_null: (args) => {
    const all = args.map((value) => textOf(value));
    return any(all.reduceRight((rest, text) => `(${text} != null ? dyn(${text}) : dyn(${rest}))`, 'null'));
  },
  regex_match: ([pattern, text], [node]) => {
    if (node?.kind === 'literal' && typeof node.value === 'string' && text !== undefined)
      return any(`string(${textOf(text)}).matches(${quote(node.value)})`, 'truth');
    return any(
      `string(${text === undefined ? '' : textOf(text)}).matches(${pattern === undefined ? '' : textOf(pattern)})`,
      'truth',
    );
  },
  pattern_match: ([, text], [node]) => {
    if (node?.kind !== 'literal' || typeof node.value !== 'string' || text === undefined)
      throw new CannotCarryOver('pattern_match with a pattern that depends on the object');
    return any(`string(${textOf(text)}).matches(${quote(globExpression(node.value))})`, 'truth');
  },
  add: texts((left, right = '') => `double(${left}) + double(${right})`, 'number'),
  subtract: texts((left, right = '') => `double(${left}) - double(${right})`, 'number'),
  multiply: texts((left, right = '') => `double(${left}) * double(${right})`, 'number'),
  divide: texts(
    (left, right = '') =>
      `quantity(string(${left})).asApproximateFloat() / quantity(string(${right})).asApproximateFloat()`,
    'number',
  ),
  parse_json: texts((text) => `json.Unmarshal(${text})`, 'any'),
  base64_decode: texts((text) => `string(base64.decode(${text}))`),
  base64_encode: texts((text) => `base64.encode(bytes(${text}))`),
  abs: texts((number) => `math.abs(double(${number}))`, 'number'),
  to_boolean: texts((text) => `bool(${text})`, 'truth'),
  equal_fold: texts((left, right = '') => `${left}.lowerAscii() == ${right}.lowerAscii()`, 'truth'),
};

function contains(where: Value | undefined, what: Value | undefined): Value {
  if (where === undefined || what === undefined) throw new CannotCarryOver('contains without arguments');
  const [place, wanted] = [textOf(where), textOf(what)];
  if (where.kind === 'list') return any(`${wanted} in ${listText(where)}`, 'truth');
  if (where.kind === 'text') return any(`${place}.contains(${wanted})`, 'truth');
  const text = `${place.includes('null') ? `${place} != null && ` : ''}string(${place}).contains(string(${wanted}))`;
  return any(`(type(${place}) == list ? ${wanted} in ${place} : ${text})`, 'truth');
}
