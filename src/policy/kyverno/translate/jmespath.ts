// SPDX-License-Identifier: Apache-2.0
// JMESPath expressions of policies as CEL. Where a missing field is an error in Kyverno it is one in CEL; where `||`, filters and projections swallow it,
// optional members do. What has no counterpart is refused.
import { defaultLimits } from '../../../model/limits.ts';
import type { Node } from '../../jmespath/ast.ts';
import { JmespathFault } from '../../jmespath/fault.ts';
import { parseJmespath } from '../../jmespath/parser.ts';
import type { Names, Place } from './cel-text.ts';
import { CannotCarryOver, certainMemberOf, isIdentifier, literal, memberOf, not, plain, quote } from './cel-text.ts';
import { celFunctions } from './functions.ts';
import type { Value, ValueKind } from './value.ts';
import { any, isTruthy, listText, mapText, textOf } from './value.ts';

/** What expressions of a rule may name. */
export interface Scope {
  readonly names: Names;
  /** `request.object`; the members that Kubernetes always gives are certain. */
  readonly object: Place;
  /** Loop variables (`element`), context entries, and other names, as CEL. */
  readonly values: ReadonlyMap<string, string>;
}

/** Inside of `||`, filters and projections what is missing is null. */
type Mode = 'strict' | 'lenient';

interface Situation {
  readonly scope: Scope;
  readonly mode: Mode;
  /** What fields are asked of; undefined: the context. */
  readonly current: Place | undefined;
  readonly currentKind?: ValueKind;
}

/** Throws CannotCarryOver. */
export function jmespathToCel(text: string, scope: Scope, mode: Mode = 'strict'): Value {
  const limits = { length: defaultLimits.expressionLength, depth: defaultLimits.expressionDepth };
  const parsed = parseJmespath(text, limits);
  if (parsed instanceof JmespathFault) throw new CannotCarryOver(`${text}: ${parsed.message}`);
  return translate(parsed, { scope, mode, current: undefined });
}

/** Projections swallow what is missing on their left. */
function lenient(situation: Situation): Situation {
  return { ...situation, mode: 'lenient' };
}

/** An expression asked of a value instead of the context. */
export function jmespathOn(text: string, value: string, scope: Scope): Value {
  const limits = { length: defaultLimits.expressionLength, depth: defaultLimits.expressionDepth };
  const parsed = parseJmespath(text, limits);
  if (parsed instanceof JmespathFault) throw new CannotCarryOver(`${text}: ${parsed.message}`);
  return translate(parsed, { scope, mode: 'strict', current: plain(value) });
}

function translate(node: Node, situation: Situation): Value {
  const { scope, current, mode } = situation;
  switch (node.kind) {
    case 'current':
      if (current === undefined) throw new CannotCarryOver('@');
      return { place: current, kind: situation.currentKind ?? 'any' };
    case 'literal':
      return any(literal(node.value), kindOfLiteral(node.value));
    case 'field':
      return field(node.name, situation);
    case 'index':
      return index(node.index, situation);
    case 'chain':
      return chain(node, situation);
    case 'pipe':
      return piped(node, situation);
    case 'or':
      return either(node, situation);
    case 'and':
      return any(`(${truth(node.left, situation)} && ${truth(node.right, situation)})`, 'truth');
    case 'not':
      return any(not(truth(node.of, { ...situation, mode: 'lenient' })), 'truth');
    case 'comparison':
      return comparison(node, situation);
    case 'projection':
      return projected(listText(translate(node.left, lenient(situation))), { right: node.right, situation });
    case 'values': {
      const name = scope.names.next('k');
      const map = mapText(translate(node.left, lenient(situation)));
      return projected(`${map}.map(${name}, ${map}[${name}])`, { right: node.right, situation });
    }
    case 'filter': {
      const name = scope.names.next('i');
      const list = listText(translate(node.left, lenient(situation)));
      const inner = { scope, mode: 'lenient' as const, current: plain(name) };
      return projected(`${list}.filter(${name}, ${truth(node.condition, inner)})`, { right: node.right, situation });
    }
    case 'flatten':
      return flatten(node.left, lenient(situation));
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

function piped({ left, right }: { readonly left: Node; readonly right: Node }, situation: Situation): Value {
  const { place, kind } = translate(left, situation);
  return translate(right, { ...situation, current: place, currentKind: kind });
}

function kindOfLiteral(value: unknown): ValueKind {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'truth';
  return value === null ? 'any' : 'map';
}

/** `system:serviceaccount:NAMESPACE:NAME`; empty for everybody else. */
const serviceAccount =
  '(request.userInfo.?username.orValue("").startsWith("system:serviceaccount:") ? request.userInfo.username.split(":")[3] : "")';

function field(name: string, { scope, current, mode }: Situation): Value {
  // What stood as a variable inside of an expression is no member of anything.
  const nested = name.startsWith('$') ? scope.values.get(name) : undefined;
  if (nested !== undefined) return any(nested, 'text');
  if (current === undefined && name === '') return any('dyn(null)');
  if (current === undefined) {
    const known = scope.values.get(name) ?? (name === 'serviceAccountName' ? serviceAccount : undefined);
    if (known === undefined) throw new CannotCarryOver(`the variable ${name}`);
    return any(known);
  }
  if (current.text === 'request') return ofRequest(name, scope);
  return { place: mode === 'lenient' ? memberOf(current, name) : certainMemberOf(current, name), kind: 'any' };
}

const requestMembers: Readonly<Record<string, ValueKind>> = {
  operation: 'text',
  namespace: 'text',
  name: 'text',
  userInfo: 'map',
  kind: 'map',
  uid: 'text',
  dryRun: 'truth',
};

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
function either({ left, right }: { readonly left: Node; readonly right: Node }, situation: Situation): Value {
  if (isTruth(left) && isTruth(right))
    return any(`(${truth(left, { ...situation, mode: 'lenient' })} || ${truth(right, situation)})`, 'truth');
  const first = translate(left, { ...situation, mode: 'lenient' });
  // There always is an operation.
  if (first.place.text === 'request.operation') return first;
  // Kyverno's `||` swallows what is missing on its right as well.
  const second = translate(right, lenient(situation));
  const isTelling = first.kind !== 'any' || second.kind === 'list' || second.kind === 'map';
  const kind = !isTelling ? 'any' : first.kind === 'any' ? second.kind : first.kind;
  if (isEmptyLiteral(right) && first.place.isOptional)
    return any(`${first.place.text}.orValue(${textOf(second)})`, kind);
  const text = textOf(first);
  return any(
    `(${isTruthy(text, first.kind)} ? dyn(${text}) : dyn(${textOf(second)}))`,
    first.kind === second.kind ? kind : 'any',
  );
}

function isEmptyLiteral(node: Node): boolean {
  if (node.kind !== 'literal') return node.kind === 'list' && node.items.length === 0;
  const { value } = node;
  return (
    value === null ||
    value === '' ||
    value === false ||
    (typeof value === 'object' && Object.keys(value ?? {}).length === 0)
  );
}

function isTruth(node: Node): boolean {
  return (
    node.kind === 'comparison' ||
    node.kind === 'not' ||
    ((node.kind === 'or' || node.kind === 'and') && isTruth(node.left) && isTruth(node.right))
  );
}

/** A condition as CEL has them. */
function truth(node: Node, situation: Situation): string {
  if (node.kind === 'or')
    return `(${truth(node.left, { ...situation, mode: 'lenient' })} || ${truth(node.right, situation)})`;
  const value = translate(node, situation);
  return isTruthy(textOf(value), value.kind);
}

function comparison({ operator, left, right }: Extract<Node, { kind: 'comparison' }>, situation: Situation): Value {
  const inner: Situation = { ...situation, mode: situation.mode };
  const [first, second] = [translate(left, inner), translate(right, inner)];
  const [one, other] = [textOf(first), textOf(second)];
  if (operator === '==' || operator === '!=') return any(`dyn(${one}) ${operator} dyn(${other})`, 'truth');
  return any(`double(${one}) ${operator} double(${other})`, 'truth');
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
  const lists =
    left.kind === 'list' ? left : left.kind === 'chain' && left.right.kind === 'list' ? left.right : undefined;
  if (lists !== undefined) {
    const current = left.kind === 'chain' ? chainLeft(left, situation) : situation.current;
    const items = lists.items.map((item) => listText(translate(item, { ...situation, mode: 'lenient', current })));
    // Lists of elements of several types are joined as lists of any.
    return any(
      items.length === 1 ? (items[0] ?? '[]') : `(${items.map((item) => `dyn(${item})`).join(' + ')})`,
      'list',
    );
  }
  const value = translate(left, situation);
  if (['projection', 'filter', 'values', 'flatten'].includes(left.kind))
    return any(`dyn(${listText(value)}).flatten()`, 'list');
  return any(listText(value), 'list');
}

function chainLeft({ left }: Extract<Node, { kind: 'chain' }>, situation: Situation): Place {
  if (left.kind === 'field' && left.name === 'request' && situation.current === undefined) return plain('request');
  return translate(left, situation).place;
}

function call(name: string, args: readonly Node[], situation: Situation): Value {
  const form = Object.hasOwn(celFunctions, name) ? celFunctions[name] : undefined;
  if (form === undefined) throw new CannotCarryOver(`the function ${name}, which has no counterpart in CEL`);
  const mode = name === 'not_null' ? 'lenient' : situation.mode;
  return form(
    args.map((arg) => translate(arg, { ...situation, mode })),
    args,
  );
}

/** Context entries may have hyphens in their names, variables may not. */
export function variableName(entry: string): string {
  const name = entry.replaceAll('-', '_');
  if (!isIdentifier(name)) throw new CannotCarryOver(`the context entry ${entry}, whose name CEL does not allow`);
  return name;
}

/** A name under which CEL knows a context entry. */
export function celNameOf(entry: string): string {
  return `variables.${variableName(entry)}`;
}
