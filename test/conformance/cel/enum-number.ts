// SPDX-License-Identifier: Apache-2.0
// A value of an enum type, for the sections of the suite in which enums are types of their own.
import type { CelLibrary } from '../../../src/policy/cel/declarations.ts';
import { globalOverload } from '../../../src/policy/cel/declarations.ts';
import type { CelType } from '../../../src/policy/cel/types.ts';
import { intType, opaqueType, stringType } from '../../../src/policy/cel/types.ts';
import type { CelValue } from '../../../src/policy/cel/values.ts';
import { CelError, CelOpaque, isInt, textOf } from '../../../src/policy/cel/values.ts';
import { enums } from './schema.ts';

export class EnumNumber extends CelOpaque {
  readonly typeName: string;
  readonly number: number;

  constructor(typeName: string, number: number) {
    super();
    this.typeName = typeName;
    this.number = number;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof EnumNumber && other.number === this.number;
  }
}

export function enumType(name: string): CelType {
  return opaqueType(name);
}

/** Conversions `int(value)`, `Enum(number)` and `Enum('NAME')` for every enum of the suite. */
export const typedEnumLibrary: CelLibrary = {
  name: 'typed enums',
  functions: Object.entries(enums).flatMap(([name, values]) => [
    {
      name: 'int',
      overloads: [
        globalOverload(`${name}_to_int`, [[enumType(name)], intType], (value = null) =>
          value instanceof EnumNumber ? value.number : value,
        ),
      ],
    },
    {
      name,
      overloads: [
        globalOverload(`int_to_${name}`, [[intType], enumType(name)], (value = null) => fromNumber(name, value)),
        globalOverload(`string_to_${name}`, [[stringType], enumType(name)], (value = '') => {
          const number = values[textOf(value)];
          return number === undefined ? new CelError('invalid enum name') : new EnumNumber(name, number);
        }),
      ],
    },
  ]),
};

function fromNumber(name: string, value: CelValue): CelValue {
  const isSmall = isInt(value) && Number(value) >= -(2 ** 31) && Number(value) < 2 ** 31;
  return isSmall ? new EnumNumber(name, Number(value)) : new CelError('range error');
}
