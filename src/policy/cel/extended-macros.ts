// SPDX-License-Identifier: Apache-2.0
// Macros that only some hosts have: cel.block, cel.index, cel.iterVar and cel.accuVar (what cel-go's optimizer writes for repeated parts), and
// proto.hasExt and proto.getExt (extension fields of proto2 messages).

import type { Expression } from './ast.ts';
import { qualifiedName } from './ast.ts';
import type { Expansion, MacroCall } from './macros.ts';

/** The expansion of a call; undefined when it is none of these macros. */
export function expandExtendedMacro(call: MacroCall): Expansion | undefined {
  const { name, target, arguments: args } = call;
  if (target?.kind !== 'identifier') return undefined;
  if (target.name === 'proto' && args.length === 2) {
    if (name === 'hasExt') return expandExtension(call, 'test');
    return name === 'getExt' ? expandExtension(call, 'plain') : undefined;
  }
  if (target.name !== 'cel') return undefined;
  if (name === 'block' && args.length === 2) return expandBlock(call);
  if (name === 'index' && args.length === 1) return expandNumbered(call, '@index');
  if (name === 'iterVar' && args.length === 2) return expandNumbered(call, '@it');
  return name === 'accuVar' && args.length === 2 ? expandNumbered(call, '@ac') : undefined;
}

function expandExtension(call: MacroCall, form: 'plain' | 'test'): Expansion {
  const [operand, extension] = call.arguments;
  const field = extension === undefined ? undefined : qualifiedName(extension);
  if (operand === undefined || field === undefined)
    return { message: 'invalid extension field', offset: extension?.start ?? call.at.start };
  return { expression: { kind: 'select', ...call.at, operand, field, form } };
}

/** Names with an @ cannot be written by users, so these meet no others. */
function expandNumbered(call: MacroCall, prefix: string): Expansion {
  const numbers: string[] = [];
  for (const argument of call.arguments) {
    if (argument.kind !== 'literal' || typeof argument.value !== 'number' || argument.value < 0)
      return { message: `cel.${call.name}() takes non-negative int literals`, offset: argument.start };
    numbers.push(String(argument.value));
  }
  return {
    expression: { kind: 'identifier', ...call.at, name: `${prefix}:${numbers.join(':')}`, rooted: 'container' },
  };
}

function expandBlock(call: MacroCall): Expansion {
  const [parts, body] = call.arguments;
  if (parts?.kind !== 'list' || body === undefined)
    return { message: 'cel.block() takes a list literal', offset: parts?.start ?? call.at.start };
  let expression: Expression = body;
  for (const [index, { value }] of [...parts.elements.entries()].toReversed())
    expression = {
      kind: 'binding',
      ...call.newNode(value),
      form: 'bind',
      variable: `@index:${index}`,
      value,
      body: expression,
    };
  return { expression };
}
