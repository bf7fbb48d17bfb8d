// SPDX-License-Identifier: Apache-2.0
// Calls of functions: which overloads may be meant is known from name, style and number of arguments; which one is, from the values.

import type { Call, Expression } from './ast.ts';
import { qualifiedName, rootOf } from './ast.ts';
import type { Overload } from './declarations.ts';
import type { Evaluate, Frame } from './frame.ts';
import type { Planning } from './planning.ts';
import { fitsType } from './runtime-types.ts';
import type { CelValue } from './values.ts';
import { CelError, CelOptional, placeError, typeNameOf } from './values.ts';

interface ResolvedCall {
  readonly name: string;
  readonly overloads: readonly Overload[];
  readonly arguments: readonly Expression[];
}

/** The closure of a call of a declared function, or one that gives the error that there is none. */
export function planCall(call: Call, planner: Planning): Evaluate {
  const resolved = resolveCall(call, planner);
  if (resolved === undefined) {
    const error = new CelError(`undeclared reference to '${call.name}'`, call.start);
    return () => error;
  }
  const parts = resolved.arguments.map((argument) => planner.plan(argument));
  const { name, overloads } = resolved;
  const { start } = call;
  const [first, second] = parts;
  if (
    call.target !== undefined &&
    parts.length === 2 &&
    first !== undefined &&
    second !== undefined &&
    isOptionalChoice(name)
  )
    return planOptionalChoice({ name, overloads, start }, first, second);
  const callee = { name, overloads, start };
  if (parts.length === 1 && first !== undefined) return planOne(callee, first);
  if (parts.length === 2 && first !== undefined && second !== undefined) return planTwo(callee, first, second);
  return (frame) => {
    const values: CelValue[] = [];
    for (const part of parts) {
      const value = part(frame);
      if (value instanceof CelError) return value;
      values.push(value);
    }
    return apply(callee, values, frame);
  };
}

/** Calls of one value, most of which have one overload: no list of values is made unless the cost is worked out from it. */
function planOne(callee: Callee, operand: Evaluate): Evaluate {
  const [only] = callee.overloads;
  const [wanted] = only?.parameters ?? [];
  if (only === undefined || wanted === undefined || callee.overloads.length > 1)
    return (frame) => {
      const value = operand(frame);
      return value instanceof CelError ? value : apply(callee, [value], frame);
    };
  const { run, cost } = only;
  return (frame) => {
    const value = operand(frame);
    if (value instanceof CelError) return value;
    if (!fitsType(value, wanted)) return unfit(callee, [value]);
    const result = run(value);
    frame.cost += cost === undefined ? 1 : cost([value], result);
    if (frame.cost > frame.costLimit) frame.check();
    return placeError(result, callee.start);
  };
}

function planTwo(callee: Callee, first: Evaluate, second: Evaluate): Evaluate {
  const [only] = callee.overloads;
  const [wantedLeft, wantedRight] = only?.parameters ?? [];
  if (only === undefined || wantedLeft === undefined || wantedRight === undefined || callee.overloads.length > 1)
    return (frame) => {
      const left = first(frame);
      if (left instanceof CelError) return left;
      const right = second(frame);
      return right instanceof CelError ? right : apply(callee, [left, right], frame);
    };
  const { run, cost } = only;
  return (frame) => {
    const left = first(frame);
    if (left instanceof CelError) return left;
    const right = second(frame);
    if (right instanceof CelError) return right;
    if (!fitsType(left, wantedLeft) || !fitsType(right, wantedRight)) return unfit(callee, [left, right]);
    const result = run(left, right);
    frame.cost += cost === undefined ? 1 : cost([left, right], result);
    if (frame.cost > frame.costLimit) frame.check();
    return placeError(result, callee.start);
  };
}

function isOptionalChoice(name: string): boolean {
  return name === 'or' || name === 'orValue';
}

/** `a.or(b)` and `a.orValue(b)`: b is looked at only when a holds nothing, and neither costs anything itself (cel-go evalOptionalOr). */
function planOptionalChoice(callee: Callee, first: Evaluate, second: Evaluate): Evaluate {
  return (frame) => {
    const value = first(frame);
    if (value instanceof CelError) return value;
    if (!(value instanceof CelOptional)) {
      const other = second(frame);
      return other instanceof CelError ? other : apply(callee, [value, other], frame);
    }
    if (value.value !== undefined) return callee.name === 'or' ? value : value.value;
    return second(frame);
  };
}

function resolveCall(call: Call, planner: Planning): ResolvedCall | undefined {
  const { target, name } = call;
  if (target !== undefined) {
    const prefix = qualifiedName(target);
    const root = rootOf(target);
    if (prefix !== undefined && root !== undefined && !(root.rooted === 'container' && planner.isLocal(root.name))) {
      const dot = root.rooted === 'root' ? '.' : '';
      const found = planner.environment.resolveFunction(`${dot}${prefix}.${name}`);
      if (found !== undefined) return resolvedCall(found, { style: 'global', arguments: call.arguments });
    }
  }
  const found = planner.environment.resolveFunction(name);
  if (found === undefined) return undefined;
  return target === undefined
    ? resolvedCall(found, { style: 'global', arguments: call.arguments })
    : resolvedCall(found, { style: 'member', arguments: [target, ...call.arguments] });
}

function resolvedCall(
  { name, overloads }: { readonly name: string; readonly overloads: readonly Overload[] },
  use: { readonly style: 'global' | 'member'; readonly arguments: readonly Expression[] },
): ResolvedCall {
  const fitting = overloads.filter(
    ({ style, parameters }) => style === use.style && parameters.length === use.arguments.length,
  );
  return { name, overloads: fitting, arguments: use.arguments };
}

interface Callee {
  readonly name: string;
  readonly overloads: readonly Overload[];
  readonly start: number;
}

function unfit({ name, start }: Callee, values: readonly CelValue[]): CelError {
  return new CelError(`no such overload: ${name}(${values.map(typeNameOf).join(', ')})`, start);
}

function apply(callee: Callee, values: readonly CelValue[], frame: Frame): CelValue {
  for (const overload of callee.overloads) {
    const { parameters } = overload;
    let fits = true;
    for (let index = 0; index < parameters.length && fits; index += 1) {
      const wanted = parameters[index];
      fits = wanted !== undefined && fitsType(values[index] ?? null, wanted);
    }
    if (!fits) continue;
    const result = overload.run(...values);
    frame.cost += overload.cost === undefined ? 1 : overload.cost(values, result);
    if (frame.cost > frame.costLimit) frame.check();
    return placeError(result, callee.start);
  }
  return unfit(callee, values);
}
