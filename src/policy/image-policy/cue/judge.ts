// SPDX-License-Identifier: Apache-2.0
// A CUE policy against JSON: their unification must not fail. Stricter than CUE in one thing: a member that the policy constrains must be there, where
// CUE would put it in ("predicate: Data: x" is satisfied in CUE by a predicate without Data). Members that other members of the policy refer to
// (`before: time.Parse(...)`), hidden ones (`_x`) and optional ones need not. Never throws.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import type { CueExpression, CueFile, CueStruct } from './syntax.ts';
import { CueFault } from './syntax.ts';
import type { Conjunct, Frame, Run } from './values.ts';
import { functionName, hasField, isSame, isWithin, step, Violation, valueOf } from './values.ts';

export type CueVerdict =
  | { readonly kind: 'satisfied' }
  | { readonly kind: 'violated'; readonly reason: string }
  /** Something in the policy is not judged here, or it took too long. */
  | { readonly kind: 'unsupported'; readonly reason: string };

export function judgeCue({ root, imports }: CueFile, data: JsonObject): CueVerdict {
  try {
    const run: Run = { imports, referred: referredNames(root), steps: { left: 200_000, open: 0 } };
    const frame: Frame = { struct: root, data, parent: undefined };
    check([{ expression: root, frame }], data, { run, path: [] });
    return { kind: 'satisfied' };
  } catch (error) {
    if (error instanceof Violation) return { kind: 'violated', reason: error.message };
    if (error instanceof CueFault) return { kind: 'unsupported', reason: error.message };
    throw error;
  }
}

interface Place {
  readonly run: Run;
  readonly path: readonly string[];
}

function violation({ path }: Place, reason: string): Violation {
  return new Violation(`${path.length === 0 ? 'the document' : path.join('.')}: ${reason}`);
}

/** All conjuncts of one place against the data there; undefined: there is none. */
function check(conjuncts: readonly Conjunct[], data: unknown, place: Place): void {
  step(place.run);
  const flat = conjuncts.flatMap((conjunct) => parts(conjunct));
  const structs = flat.filter(
    (conjunct): conjunct is Conjunct & { readonly expression: CueStruct } => conjunct.expression.kind === 'struct',
  );
  for (const conjunct of flat) if (conjunct.expression.kind !== 'struct') checkOne(conjunct, data, place);
  if (structs.length === 0) return;
  const object = asObject(data);
  if (object === undefined) throw violation(place, data === undefined ? 'is missing' : 'is no object');
  checkMembers(structs, object, place);
}

/** `a & b` are two conjuncts; a name of a member stands for what that member must be. */
function parts({ expression, frame }: Conjunct): readonly Conjunct[] {
  if (expression.kind === 'binary' && expression.operator === '&')
    return [...parts({ expression: expression.left, frame }), ...parts({ expression: expression.right, frame })];
  return [{ expression, frame }];
}

function checkMembers(
  structs: readonly { readonly expression: CueStruct; readonly frame: Frame }[],
  object: JsonObject,
  place: Place,
): void {
  const members = new Map<string, { readonly conjuncts: Conjunct[]; isStated: boolean }>();
  const add = (struct: CueStruct, frame: Frame): void => {
    for (const { label, isOptional, value } of struct.fields) {
      const member = members.get(label) ?? { conjuncts: [], isStated: false };
      member.conjuncts.push({ expression: value, frame });
      member.isStated ||= !isOptional;
      members.set(label, member);
    }
    for (const { condition, body } of struct.conditions) {
      const holds = valueOf({ expression: condition, frame }, place.run);
      if (typeof holds !== 'boolean') throw new CueFault('a condition is neither true nor false');
      if (holds) add(body, { struct: body, data: frame.data, parent: frame });
    }
  };
  for (const { expression, frame } of structs) {
    const own = frame.struct === expression ? frame : { struct: expression, data: object, parent: frame };
    add(expression, own);
  }
  for (const [label, { conjuncts, isStated }] of members) {
    const value = Object.hasOwn(object, label) ? object[label] : undefined;
    const at = { ...place, path: [...place.path, label] };
    if (value !== undefined) check(conjuncts, value, at);
    else if (isHelper(label, place)) checkHelper(conjuncts, at);
    // `_x: …`, which no document has: the policy speaks of itself there, and may say no by it (`_ok: true & predicate.signed`).
    else if (isStated && label.startsWith('_')) checkHelper(conjuncts, at);
    else if (isStated) throw violation(at, missingReason(conjuncts));
  }
}

/** Contradictions of the policy with itself are how authors say "fail" (`x: 2, x: "error"`). */
function missingReason(conjuncts: readonly Conjunct[]): string {
  const literals = conjuncts.filter(({ expression }) => expression.kind === 'literal');
  return literals.length > 1 ? 'the policy contradicts itself here, which is how it says no' : 'is missing';
}

/** A member at the top that the policy itself refers to and the document has not. */
function isHelper(label: string, { run, path }: Place): boolean {
  return path.length === 0 && run.referred.has(label);
}

/** What the policy says of a member of its own: all of it must be one value, which keeps to what constrains it. */
function checkHelper(conjuncts: readonly Conjunct[], place: Place): void {
  const flat = conjuncts.flatMap((conjunct) => parts(conjunct));
  const constraints = flat.filter((conjunct) => isConstraint(conjunct, place.run));
  const values = flat.filter((conjunct) => !constraints.includes(conjunct)).map((each) => valueOf(each, place.run));
  const [first] = values;
  if (values.length === 0) {
    // One alone allows something; whether several do is a question for CUE.
    if (constraints.length > 1) throw new CueFault('a member that is only constrained is not judged');
    return;
  }
  if (!values.every((value) => isSame(value, first)))
    throw violation(place, 'the policy contradicts itself here, which is how it says no');
  if (constraints.length > 0) check(constraints, first, place);
}

function isConstraint(conjunct: Conjunct, run: Run): boolean {
  const { expression } = conjunct;
  if (['bound', 'list', 'struct'].includes(expression.kind)) return true;
  if (expression.kind === 'binary' && expression.operator === '|') return true;
  return validatorOf(conjunct, run) !== undefined;
}

function checkOne({ expression, frame }: Conjunct, data: unknown, place: Place): void {
  step(place.run);
  if (expression.kind === 'binary' && expression.operator === '|') {
    const sides = [expression.left, expression.right];
    if (!sides.some((side) => isMet([{ expression: side, frame }], data, place)))
      throw violation(place, 'is none of what is allowed');
    return;
  }
  if (data === undefined) throw violation(place, 'is missing');
  if (expression.kind === 'bound') {
    const limit = valueOf({ expression: expression.operand, frame }, place.run);
    if (isWithin(expression.operator, data, limit)) return;
    throw violation(place, `is not ${expression.operator} ${JSON.stringify(limit)}`);
  }
  if (expression.kind === 'list') return checkList({ expression, frame }, data, place);
  const validator = validatorOf({ expression, frame }, place.run);
  if (validator !== undefined) {
    if (validator.holds(data)) return;
    throw violation(place, `is not ${validator.name}`);
  }
  const wanted = valueOf({ expression, frame }, place.run);
  if (!isSame(wanted, data)) throw violation(place, `is not ${JSON.stringify(wanted)?.slice(0, 200) ?? 'that'}`);
}

function isMet(conjuncts: readonly Conjunct[], data: unknown, place: Place): boolean {
  try {
    check(conjuncts, data, place);
    return true;
  } catch (error) {
    if (error instanceof Violation) return false;
    throw error;
  }
}

function checkList(
  { expression, frame }: Conjunct & { readonly expression: Extract<CueExpression, { kind: 'list' }> },
  data: unknown,
  place: Place,
): void {
  const { items, isOpen } = expression;
  if (!Array.isArray(data)) throw violation(place, 'is no list');
  if (data.length < items.length || (!isOpen && data.length > items.length))
    throw violation(place, `has ${data.length} entries`);
  for (const [index, item] of items.entries())
    check([{ expression: item, frame }], data[index], { ...place, path: [...place.path, String(index)] });
}

interface Validator {
  readonly name: string;
  readonly holds: (data: unknown) => boolean;
}

const types: Readonly<Record<string, (data: unknown) => boolean>> = {
  _: () => true,
  string: (data) => typeof data === 'string',
  bool: (data) => typeof data === 'boolean',
  number: (data) => typeof data === 'number',
  float: (data) => typeof data === 'number',
  int: (data) => Number.isInteger(data),
};

const counted: Readonly<Record<string, (data: unknown, limit: number) => boolean>> = {
  'struct.MinFields': (data, limit) => asObject(data) !== undefined && Object.keys(data as object).length >= limit,
  'struct.MaxFields': (data, limit) => asObject(data) !== undefined && Object.keys(data as object).length <= limit,
  'list.MinItems': (data, limit) => Array.isArray(data) && data.length >= limit,
  'list.MaxItems': (data, limit) => Array.isArray(data) && data.length <= limit,
};

/** Types and functions that stand for a set of values. */
function validatorOf({ expression, frame }: Conjunct, run: Run): Validator | undefined {
  if (expression.kind === 'name') {
    const { name } = expression;
    const type = !isMember(name, frame) && Object.hasOwn(types, name) ? types[name] : undefined;
    return type === undefined ? undefined : { name: expression.name, holds: type };
  }
  const name = expression.kind === 'call' ? functionName(expression.of, run) : undefined;
  const count = name !== undefined && Object.hasOwn(counted, name) ? counted[name] : undefined;
  if (expression.kind !== 'call' || name === undefined || count === undefined) return undefined;
  const [first] = expression.arguments;
  const limit = first === undefined ? undefined : valueOf({ expression: first, frame }, run);
  if (typeof limit !== 'number') throw new CueFault(`${name} takes a number`);
  return { name: `${name}(${limit})`, holds: (data) => count(data, limit) };
}

function isMember(name: string, frame: Frame | undefined): boolean {
  return frame !== undefined && (hasField(frame.struct, name) || isMember(name, frame.parent));
}

/** Every name that stands as a value, first names of paths included. */
function referredNames(root: CueStruct): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (expression: CueExpression): void => {
    switch (expression.kind) {
      case 'name':
        names.add(expression.name);
        return;
      case 'select':
        return visit(expression.of);
      case 'call':
        return [expression.of, ...expression.arguments].forEach(visit);
      case 'bound':
      case 'not':
        return visit(expression.operand);
      case 'binary':
        return [expression.left, expression.right].forEach(visit);
      case 'list':
        return expression.items.forEach(visit);
      case 'struct':
        expression.fields.forEach(({ value }) => visit(value));
        expression.conditions.forEach(({ condition, body }) => {
          visit(condition);
          visit(body);
        });
        return;
      default:
    }
  };
  visit(root);
  return names;
}
