// SPDX-License-Identifier: Apache-2.0
// Which overloads of a function fit the types of a call, and what type the call has (langdef.md, Gradual Type Checking; cel-go checker resolveOverload).

import type { Overload } from './declarations.ts';
import type { Substitution } from './substitution.ts';
import type { CelType } from './types.ts';
import { dynType, equalTypes, freshCopy, isDyn, printType } from './types.ts';

export interface CheckedCall {
  readonly name: string;
  readonly overloads: readonly Overload[];
  readonly style: 'global' | 'member';
  /** Of the arguments; for members the receiver comes first. */
  readonly types: readonly CelType[];
}

/** Type of a call, undefined when no overload fits. Several that fit with different results make it dyn. Parameters are bound in the substitution. */
export function chooseOverloads(
  { overloads, style, types }: CheckedCall,
  { substitution, fresh }: { readonly substitution: Substitution; readonly fresh: number },
): { readonly type: CelType | undefined; readonly fresh: number } {
  let type: CelType | undefined;
  let mark = fresh;
  for (const overload of overloads) {
    if (overload.style !== style || overload.parameters.length !== types.length) continue;
    const before = substitution.mark();
    mark += 1;
    const own = mark;
    const fits = overload.parameters.every((wanted, index) =>
      substitution.assign(types[index] ?? dynType, freshCopy(wanted, own)),
    );
    if (!fits) {
      substitution.rollback(before);
      continue;
    }
    const result = substitution.apply(freshCopy(overload.result, own));
    if (type === undefined) type = result;
    else if (!isDyn(type) && !equalTypes(type, result)) type = dynType;
  }
  return { type, fresh: mark };
}

/** The message for a call that no overload fits. */
export function noOverload({ name, style, types }: CheckedCall, substitution: Substitution): string {
  const printed = types.map((type) => printType(substitution.apply(type, 'dyn')));
  const applied =
    style === 'member' ? `${printed[0] ?? ''}.(${printed.slice(1).join(', ')})` : `(${printed.join(', ')})`;
  return `found no matching overload for '${name}' applied to '${applied}'`;
}
