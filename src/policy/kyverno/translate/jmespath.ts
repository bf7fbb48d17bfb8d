// SPDX-License-Identifier: Apache-2.0
// JMESPath expressions of policies as CEL. Where a missing field is an error in Kyverno it is one in CEL; where `||`, filters and projections swallow it,
// optional members do. What has no counterpart is refused.
import { defaultLimits } from '../../../model/limits.ts';
import type { Node } from '../../jmespath/ast.ts';
import { JmespathFault } from '../../jmespath/fault.ts';
import { parseJmespath } from '../../jmespath/parser.ts';
import type { Names, Place } from './cel-text.ts';
import { CannotCarryOver, certainMemberOf, isIdentifier, literal, memberOf, not, plain, quote, valueOf } from './cel-text.ts';
import { globExpression } from './leaf.ts';

/** What expressions of a rule may name. */
export interface Scope {
  readonly names: Names;
  /** `request.object`; the members that Kubernetes always gives are certain. */
  readonly object: Place;
  /** Loop variables (`element`), context entries, and other names, as CEL. */
  readonly values: ReadonlyMap<string, string>;
}

export type ValueKind = 'list' | 'text' | 'number' | 'truth' | 'map' | 'any';

export interface Value {
  readonly place: Place;
  readonly kind: ValueKind;
}

/** Inside of `||`, filters and projections what is missing is null. */
type Mode = 'strict' | 'lenient';

interface Situation {
  readonly scope: Scope;
  readonly mode: Mode;
  /** What fields are asked of; undefined: the context. */
  readonly current: Place | undefined;
}

/** Throws CannotCarryOver. */
export function jmespathToCel(text: string, scope: Scope): Value {
  const limits = { length: defaultLimits.expressionLength, depth: defaultLimits.expressionDepth };
  const parsed = parseJmespath(text, limits);
  if (parsed instanceof JmespathFault) throw new CannotCarryOver(`${text}: ${parsed.message}`);
  return translate(parsed, { scope, mode: 'strict', current: undefined });
}

function any(text: string, kind: ValueKind = 'any'): Value {
  return { place: plain(text), kind };
}

function textOf({ place }: Value): string {
  return valueOf(place);
}

function translate(node: Node, situation: Situation): Value {
  const { scope, current, mode } = situation;
  switch (node.kind) {
    case 'current':
      if (current === undefined) throw new CannotCarryOver('@');
      return { place: current, kind: 'any' };
    case 'literal':
      return any(literal(node.value), kindOfLiteral(node.value));
    case 'field':
      return field(node.name, situation);
    case 'index':
      return index(node.index, situation);
    case 'chain':
      return chain(node, situation);
    case 'pipe':
      return translate(node.right, { ...situation, current: translate(node.left, situation).place });
    case 'or':
      return either(node, situation);
    case 'and':
      return any(`(${truth(node.left, situation)} && ${truth(node.right, situation)})`, 'truth');
    case 'not':
      return any(not(truth(node.of, { ...situation, mode: 'lenient' })), 'truth');
    case 'comparison':
      return comparison(node, situation);
    case 'projection':
      return projected(listText(translate(node.left, situation)), { right: node.right, situation });
    case 'values': {
      const name = scope.names.next('k');
      const map = mapText(translate(node.left, situation));
      return projected(`${map}.map(${name}, ${map}[${name}])`, { right: node.right, situation });
    }
    case 'filter': {
      const name = scope.names.next('i');
      const list = listText(translate(node.left, situation));
      const inner = { scope, mode: 'lenient' as const, current: plain(name) };
      return projected(`${list}.filter(${name}, ${truth(node.condition, inner)})`, { right: node.right, situation });
    }
    case 'flatten':
      return flatten(node.left, situation);
    case 'list': {
      const items = node.items.map((item) => textOf(translate(item, { ...situation, mode: 'lenient' })));
      return any(`[${items.map((item) => `dyn(${item})`).join(', ')}]`, 'list');
    }
    case 'hash': {
      const entries = node.entries.map(
        ({ key, value }) => `${quote(key)}: dyn(${textOf(translate(value, { ...situation, mode: 'lenient' }))})`,
      );
      return any(`{${entries.join(', ')}}`, 'map');
    }
    case 'call':
      return call(node.name, node.args, { ...situation, mode });
    default:
      throw new CannotCarryOver(`${node.kind} in an expression`);
  }
}

function kindOfLiteral(value: unknown): ValueKind {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'truth';
  return value === null ? 'any' : 'map';
}

function field(name: string, { scope, current, mode }: Situation): Value {
  if (current === undefined) {
    const known = scope.values.get(name);
    if (known === undefined) throw new CannotCarryOver(`the variable ${name}`);
    return any(known);
  }
  if (current.text === 'request') return ofRequest(name, scope);
  return { place: mode === 'lenient' ? memberOf(current, name) : certainMemberOf(current, name), kind: 'any' };
}

const requestMembers: Readonly<Record<string, ValueKind>> = { operation: 'text', namespace: 'text', name: 'text', userInfo: 'map', kind: 'map', uid: 'text', dryRun: 'truth' };

function ofRequest(name: string, scope: Scope): Value {
  if (name === 'object') return { place: scope.object, kind: 'map' };
  if (name === 'oldObject') return any('oldObject', 'map');
  const kind = requestMembers[name];
  if (kind === undefined) throw new CannotCarryOver(`request.${name}, which CEL policies do not know`);
  return any(`request.${name}`, kind);
}

function index(position: number, { current }: Situation): Value {
  if (current === undefined) throw new CannotCarryOver('an index of nothing');
  const { text, isOptional } = current;
  if (position >= 0) return { place: { text: `${text}[?${position}]`, isOptional: true }, kind: 'any' };
  const list = isOptional ? `${text}.orValue([])` : text;
  return any(`(${list}.size() >= ${-position} ? ${list}[${list}.size() - ${-position}] : null)`);
}

function chain({ left, right }: Extract<Node, { kind: 'chain' }>, situation: Situation): Value {
  const outer = left.kind === 'field' && left.name === 'request' && situation.current === undefined;
  const current = outer ? plain('request') : translate(left, situation).place;
  return translate(right, { ...situation, current });
}

/** `a || b`: b where a is null, false or empty. */
function either({ left, right }: Extract<Node, { kind: 'or' }>, situation: Situation): Value {
  if (isTruth(left) && isTruth(right))
    return any(`(${truth(left, { ...situation, mode: 'lenient' })} || ${truth(right, situation)})`, 'truth');
  const first = translate(left, { ...situation, mode: 'lenient' });
  const second = translate(right, situation);
  const kind = second.kind === 'any' ? first.kind : second.kind;
  if (isEmptyLiteral(right) && first.place.isOptional) return any(`${first.place.text}.orValue(${textOf(second)})`, kind);
  const text = textOf(first);
  return any(`(${isTruthy(text, first.kind)} ? dyn(${text}) : dyn(${textOf(second)}))`, first.kind === second.kind ? kind : 'any');
}

function isEmptyLiteral(node: Node): boolean {
  if (node.kind !== 'literal') return node.kind === 'list' && node.items.length === 0;
  const { value } = node;
  return value === null || value === '' || value === false || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
}

function isTruth(node: Node): boolean {
  return node.kind === 'comparison' || node.kind === 'not' || ((node.kind === 'or' || node.kind === 'and') && isTruth(node.left) && isTruth(node.right));
}

/** A condition as CEL has them. */
function truth(node: Node, situation: Situation): string {
  if (node.kind === 'or') return `(${truth(node.left, { ...situation, mode: 'lenient' })} || ${truth(node.right, situation)})`;
  const value = translate(node, situation);
  return isTruthy(textOf(value), value.kind);
}

function isTruthy(text: string, kind: ValueKind): string {
  switch (kind) {
    case 'truth':
      return text;
    case 'text':
      return `${text} != ""`;
    case 'list':
    case 'map':
      return `size(${text}) > 0`;
    case 'number':
      return 'true';
    default:
      return not(`dyn(${text}) in [dyn(null), dyn(false), dyn(""), dyn([]), dyn({})]`);
  }
}

function comparison({ operator, left, right }: Extract<Node, { kind: 'comparison' }>, situation: Situation): Value {
  const inner: Situation = { ...situation, mode: situation.mode };
  const [first, second] = [translate(left, inner), translate(right, inner)];
  const [one, other] = [textOf(first), textOf(second)];
  if (operator === '==' || operator === '!=') return any(`dyn(${one}) ${operator} dyn(${other})`, 'truth');
  return any(`double(${one}) ${operator} double(${other})`, 'truth');
}

function listText({ place, kind }: Value): string {
  if (place.isOptional) return `${place.text}.orValue([])`;
  return kind === 'list' || !place.text.includes('null') ? place.text : `(${place.text})`;
}

function mapText({ place }: Value): string {
  return place.isOptional ? `${place.text}.orValue({})` : place.text;
}

/** `right` of each element; those for which it gives null are left out. */
function projected(list: string, { right, situation }: { readonly right: Node; readonly situation: Situation }): Value {
  if (right.kind === 'current') return any(list, 'list');
  const name = situation.scope.names.next('p');
  const each = translate(right, { ...situation, mode: 'lenient', current: plain(name) });
  const mapped = `${list}.map(${name}, ${textOf(each)})`;
  const isCertain = each.kind !== 'any' && !each.place.isOptional;
  return any(isCertain ? mapped : `${mapped}.filter(${name}, ${name} != null)`, 'list');
}

/** A list in brackets joins its lists; a list of a projection is flattened; any other is taken for a list without lists. */
function flatten(left: Node, situation: Situation): Value {
  const lists = left.kind === 'list' ? left : left.kind === 'chain' && left.right.kind === 'list' ? left.right : undefined;
  if (lists !== undefined) {
    const current = left.kind === 'chain' ? chainLeft(left, situation) : situation.current;
    const items = lists.items.map((item) => listText(translate(item, { ...situation, mode: 'lenient', current })));
    return any(`(${items.join(' + ')})`, 'list');
  }
  const value = translate(left, situation);
  if (['projection', 'filter', 'values', 'flatten'].includes(left.kind)) return any(`${listText(value)}.flatten()`, 'list');
  return any(listText(value), 'list');
}

function chainLeft({ left }: Extract<Node, { kind: 'chain' }>, situation: Situation): Place {
  if (left.kind === 'field' && left.name === 'request' && situation.current === undefined) return plain('request');
  return translate(left, situation).place;
}

type Caller = (args: readonly Value[], nodes: readonly Node[]) => Value;

const texts = (form: (text: string, ...more: readonly string[]) => string, kind: ValueKind = 'text'): Caller => (args) => {
  const [first = '', ...rest] = args.map(textOf);
  return any(form(first, ...rest), kind);
};

const functions: Readonly<Record<string, Caller>> = {
  length: ([value]) => any(`size(${value === undefined ? '' : textOf(value)})`, 'number'),
  contains: ([where, what]) => contains(where, what),
  starts_with: texts((text, prefix = '') => `${text}.startsWith(${prefix})`, 'truth'),
  ends_with: texts((text, suffix = '') => `${text}.endsWith(${suffix})`, 'truth'),
  to_upper: texts((text) => `${text}.upperAscii()`),
  to_lower: texts((text) => `${text}.lowerAscii()`),
  trim_prefix: texts((text, prefix = '') => `(${text}.startsWith(${prefix}) ? ${text}.substring(size(${prefix})) : ${text})`),
  replace_all: texts((text, from = '', to = '') => `${text}.replace(${from}, ${to})`),
  split: texts((text, separator = '') => `${text}.split(${separator})`, 'list'),
  join: texts((separator, list = '') => `${list}.join(${separator})`),
  to_string: ([value]) => any(value === undefined ? '' : value.kind === 'text' ? textOf(value) : `string(${textOf(value)})`, 'text'),
  to_number: texts((text) => `double(${text})`, 'number'),
  sum: texts((list) => `${list}.map(n, double(n)).sum()`, 'number'),
  max: texts((list) => `${list}.max()`, 'any'),
  min: texts((list) => `${list}.min()`, 'any'),
  sort: texts((list) => `${list}.sort()`, 'list'),
  reverse: texts((list) => `${list}.reverse()`, 'list'),
  keys: ([value]) => any(`${value === undefined ? '{}' : mapText(value)}.map(key, key)`, 'list'),
  values: ([value]) => {
    const map = value === undefined ? '{}' : mapText(value);
    return any(`${map}.map(key, ${map}[key])`, 'list');
  },
  to_array: ([value]) => (value?.kind === 'list' ? value : any(`(type(${value === undefined ? '' : textOf(value)}) == list ? ${value === undefined ? '' : textOf(value)} : [${value === undefined ? '' : textOf(value)}])`, 'list')),
  not_null: (args) => {
    const all = args.map((value) => textOf(value));
    return any(all.reduceRight((rest, text) => `(${text} != null ? dyn(${text}) : dyn(${rest}))`, 'null'));
  },
  regex_match: ([pattern, text], [node]) => {
    if (node?.kind === 'literal' && typeof node.value === 'string' && text !== undefined)
      return any(`string(${textOf(text)}).matches(${quote(node.value)})`, 'truth');
    return any(`string(${text === undefined ? '' : textOf(text)}).matches(${pattern === undefined ? '' : textOf(pattern)})`, 'truth');
  },
  pattern_match: ([, text], [node]) => {
    if (node?.kind !== 'literal' || typeof node.value !== 'string' || text === undefined)
      throw new CannotCarryOver('pattern_match with a pattern that depends on the object');
    return any(`string(${textOf(text)}).matches(${quote(globExpression(node.value))})`, 'truth');
  },
  add: texts((left, right = '') => `double(${left}) + double(${right})`, 'number'),
  subtract: texts((left, right = '') => `double(${left}) - double(${right})`, 'number'),
  multiply: texts((left, right = '') => `double(${left}) * double(${right})`, 'number'),
  base64_decode: texts((text) => `string(base64.decode(${text}))`),
  base64_encode: texts((text) => `base64.encode(bytes(${text}))`),
  to_boolean: texts((text) => `bool(${text})`, 'truth'),
  equal_fold: texts((left, right = '') => `${left}.lowerAscii() == ${right}.lowerAscii()`, 'truth'),
};

function contains(where: Value | undefined, what: Value | undefined): Value {
  if (where === undefined || what === undefined) throw new CannotCarryOver('contains without arguments');
  const [place, wanted] = [textOf(where), textOf(what)];
  if (where.kind === 'list') return any(`${wanted} in ${listText(where)}`, 'truth');
  if (where.kind === 'text') return any(`${place}.contains(${wanted})`, 'truth');
  const text = `string(${place}).contains(string(${wanted}))`;
  return any(`(type(${place}) == list ? ${wanted} in ${place} : ${text})`, 'truth');
}

function call(name: string, args: readonly Node[], situation: Situation): Value {
  const form = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (form === undefined) throw new CannotCarryOver(`the function ${name}, which has no counterpart in CEL`);
  const mode = name === 'not_null' ? 'lenient' : situation.mode;
  return form(
    args.map((arg) => translate(arg, { ...situation, mode })),
    args,
  );
}

/** A name under which CEL knows a context entry. */
export function celNameOf(entry: string): string {
  if (!isIdentifier(entry)) throw new CannotCarryOver(`the context entry ${entry}, whose name CEL does not allow`);
  return `variables.${entry}`;
}

