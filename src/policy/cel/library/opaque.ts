// SPDX-License-Identifier: Apache-2.0
// What the libraries with types of their own share: the type's name as a constant, and overloads that unwrap such values.

import type { CelConstant, Overload } from '../declarations.ts';
import { globalOverload, memberOverload } from '../declarations.ts';
import type { CelType } from '../types.ts';
import { opaqueType, typeOf } from '../types.ts';
import type { CelOpaque, CelValue } from '../values.ts';
import { CelError, CelTypeValue } from '../values.ts';

export interface OpaqueKind<Value extends CelOpaque> {
  readonly type: CelType;
  /** The type's name as a value, `net.IP`. */
  readonly constant: Readonly<Record<string, CelConstant>>;
  /** A method without arguments. */
  method(id: string, result: CelType, run: (value: Value) => CelValue): Overload;
  /** A method with one argument, which is passed as it came. */
  method1(
    id: string,
    types: readonly [CelType, CelType],
    run: (value: Value, argument: CelValue) => CelValue,
  ): Overload;
  /** A function of one value of the type. */
  function(id: string, result: CelType, run: (value: Value) => CelValue): Overload;
}

export function opaqueKind<Value extends CelOpaque>(
  name: string,
  is: (value: CelValue) => value is Value,
): OpaqueKind<Value> {
  const type = opaqueType(name);
  const guarded =
    (run: (value: Value, argument: CelValue) => CelValue) =>
    (value: CelValue = null, argument: CelValue = null): CelValue =>
      is(value) ? run(value, argument) : new CelError(`no such overload: not a ${name}`);
  return {
    type,
    constant: { [name]: { type: typeOf(type), value: new CelTypeValue(name) } },
    method: (id, result, run) => memberOverload(id, [[type], result], guarded(run)),
    method1: (id, [argument, result], run) => memberOverload(id, [[type, argument], result], guarded(run)),
    function: (id, result, run) => globalOverload(id, [[type], result], guarded(run)),
  };
}
