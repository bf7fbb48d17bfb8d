// SPDX-License-Identifier: Apache-2.0
// Macros (langdef.md, Macros; cel-go ext: bindings, two-variable comprehensions, optionals): calls that are another piece of syntax.
// A call of that name with another number of arguments is an ordinary call.

import type { Expression, QuantifierForm } from './ast.ts';
import type { SyntaxFault } from './lexer.ts';

interface Place {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export interface MacroCall {
  readonly name: string;
  readonly target: Expression | undefined;
  readonly arguments: readonly Expression[];
  readonly at: Place;
  /** A further node at the place of another. */
  newNode(from: { readonly start: number; readonly end: number }): Place;
}

export type Expansion = { readonly expression: Expression } | SyntaxFault;

/** The expansion of a call; undefined when it is no macro; a fault when it is one used wrongly. */
export function expandMacro(call: MacroCall): Expansion | undefined {
  const { name, target, arguments: args } = call;
  if (target === undefined) return name === 'has' && args.length === 1 ? expandHas(call) : undefined;
  if (target.kind === 'identifier' && target.name === 'cel' && name === 'bind' && args.length === 3)
    return expandBind(call);
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2)
    return expandOptional(call, { form: name, value: target });
  if (name === 'sortBy' && args.length === 2) return expandSortBy(call, target);
  const known = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  const shape = known?.find(({ count }) => count === args.length);
  return shape === undefined ? undefined : expandQuantifier(call, shape, target);
}

function expandHas(call: MacroCall): Expansion {
  const [argument] = call.arguments;
  if (argument?.kind !== 'select' || argument.form === 'test')
    return { message: 'has() takes a field selection', offset: argument?.start ?? call.at.start };
  return { expression: { ...argument, ...call.at, form: 'test' } };
}

function expandBind(call: MacroCall): Expansion {
  const [variable, value, body] = call.arguments;
  const name = variableName(variable);
  if (name === undefined || value === undefined || body === undefined)
    return {
      message: 'cel.bind() variable names must be simple identifiers',
      offset: variable?.start ?? call.at.start,
    };
  return { expression: { kind: 'binding', ...call.at, form: 'bind', variable: name, value, body } };
}

function expandOptional(
  call: MacroCall,
  { form, value }: { readonly form: 'optMap' | 'optFlatMap'; readonly value: Expression },
): Expansion {
  const [variable, body] = call.arguments;
  const name = variableName(variable);
  if (name === undefined || body === undefined)
    return { message: `${form}() variable name must be a simple identifier`, offset: variable?.start ?? call.at.start };
  return { expression: { kind: 'binding', ...call.at, form, variable: name, value, body } };
}

/** The input of a sortBy, which is evaluated once. No expression can name it. */
const sorted = '@sortBy';

/** `list.sortBy(e, key)`: `cel.bind(@sortBy, list, @sortBy.@sortByAssociatedKeys(@sortBy.map(e, key)))` (cel-go ext/lists.go). */
function expandSortBy(call: MacroCall, list: Expression): Expansion {
  const [variable, key] = call.arguments;
  const name = variableName(variable);
  if (name === undefined || key === undefined)
    return { message: 'sortBy() variable must be a simple identifier', offset: variable?.start ?? call.at.start };
  const input = (): Expression => ({ kind: 'identifier', ...call.newNode(list), name: sorted, rooted: 'container' });
  const keys: Expression = {
    kind: 'quantifier',
    ...call.newNode(call.at),
    form: 'map',
    range: input(),
    variable: name,
    second: undefined,
    condition: undefined,
    result: key,
  };
  const body: Expression = {
    kind: 'call',
    ...call.newNode(call.at),
    name: '@sortByAssociatedKeys',
    target: input(),
    arguments: [keys],
  };
  return { expression: { kind: 'binding', ...call.at, form: 'bind', variable: sorted, value: list, body } };
}

interface Shape {
  readonly form: QuantifierForm;
  readonly count: number;
  readonly variables: 1 | 2;
  /** What the arguments after the variables are, in order. */
  readonly rest: readonly ('condition' | 'result')[];
}

const test = ['condition'] as const;
const change = ['result'] as const;
const filteredChange = ['condition', 'result'] as const;

function shape(form: QuantifierForm, variables: 1 | 2, rest: Shape['rest']): Shape {
  return { form, count: variables + rest.length, variables, rest };
}

const existsOneShapes = [shape('existsOne', 1, test), shape('existsOne', 2, test)];

const shapes: Readonly<Record<string, readonly Shape[]>> = {
  all: [shape('all', 1, test), shape('all', 2, test)],
  exists: [shape('exists', 1, test), shape('exists', 2, test)],
  exists_one: existsOneShapes,
  existsOne: existsOneShapes,
  map: [shape('map', 1, change), shape('map', 1, filteredChange)],
  filter: [shape('filter', 1, test)],
  transformList: [shape('transformList', 2, change), shape('transformList', 2, filteredChange)],
  transformMap: [shape('transformMap', 2, change), shape('transformMap', 2, filteredChange)],
  transformMapEntry: [shape('transformMapEntry', 2, change), shape('transformMapEntry', 2, filteredChange)],
};

function expandQuantifier(call: MacroCall, found: Shape, range: Expression): Expansion {
  const { arguments: args, at } = call;
  const variable = variableName(args[0]);
  const second = found.variables === 2 ? variableName(args[1]) : undefined;
  if (variable === undefined || (found.variables === 2 && second === undefined)) {
    const wrong = variable === undefined ? args[0] : args[1];
    return { message: `${call.name}() variable must be a simple identifier`, offset: wrong?.start ?? at.start };
  }
  if (variable === second) return { message: 'duplicate variable name', offset: args[1]?.start ?? at.start };
  const rest = args.slice(found.variables);
  const condition = rest[found.rest.indexOf('condition')];
  const result = rest[found.rest.indexOf('result')];
  const isFiltered = found.rest.includes('condition');
  return {
    expression: {
      kind: 'quantifier',
      ...at,
      form: found.form,
      range,
      variable,
      second,
      condition: isFiltered ? condition : undefined,
      result: found.rest.includes('result') ? result : undefined,
    },
  };
}

/** Names that a fold of the reference implementation uses itself may not be shadowed. */
const accumulators = new Set(['__result__', '@result']);

function variableName(expression: Expression | undefined): string | undefined {
  if (expression?.kind !== 'identifier' || expression.rooted === 'root') return undefined;
  return accumulators.has(expression.name) ? undefined : expression.name;
}
