// SPDX-License-Identifier: Apache-2.0
// The type of `matrix` in a job, from the values it is made of; the expressions among them are checked on the way.
import type { Combinations, Matrix, MatrixRow, RawValue } from '../workflow.ts';
import type { ExpressionScope } from './scope.ts';
import type { ExpressionType, ObjectType } from './types.ts';
import { anyType, arrayOf, looseObject, mapOf, mergeTypes, strictMembers } from './types.ts';

const key = 'jobs.<job_id>.strategy';

export class MatrixTypes {
  readonly #scope: ExpressionScope;

  constructor(scope: ExpressionScope) {
    this.#scope = scope;
  }

  typeOf(matrix: Matrix): ExpressionType {
    if (matrix.expression !== undefined) {
      const type = this.#scope.assigned(matrix.expression, key, { what: 'matrix', kinds: ['object'] });
      return type.kind === 'object' ? this.#ofMatrixObject(type) : looseObject();
    }
    let type: ObjectType = strictMembers([...matrix.rows].map(([id, { value: row }]) => [id, this.#row(row)] as const));
    if (matrix.include !== undefined) type = this.#included(type, matrix.include);
    if (matrix.exclude !== undefined) this.#combinations(matrix.exclude);
    return type;
  }

  /** A matrix that is computed has rows in the values of its members, and what `include` adds. */
  #ofMatrixObject(type: ObjectType): ExpressionType {
    if (type.others !== undefined || type.properties.has('include')) return looseObject();
    const rows = [...type.properties].filter(([name]) => name !== 'exclude');
    return strictMembers(rows.map(([name, row]) => [name, row.kind === 'array' ? row.element : anyType] as const));
  }

  #row(row: MatrixRow): ExpressionType {
    if (row.expression !== undefined) {
      const type = this.#scope.assigned(row.expression, key, { what: 'matrix row', kinds: ['array'] });
      return type.kind === 'array' ? type.element : anyType;
    }
    const types = row.values.map((value) => this.#raw(value));
    return types.length === 0 ? anyType : types.reduce(mergeTypes);
  }

  #included(type: ObjectType, include: Combinations): ObjectType {
    const added = this.#combinations(include);
    if (added === undefined) return { ...type, others: anyType };
    return added.reduce((whole, members) => {
      const merged = mergeTypes(whole, members);
      return merged.kind === 'object' ? merged : whole;
    }, type);
  }

  /** Undefined when what they hold cannot be told. */
  #combinations({ expression, combinations }: Combinations): readonly ObjectType[] | undefined {
    if (expression !== undefined) {
      const type = this.#scope.assigned(expression, key, { what: 'matrix combinations', kinds: ['array', 'object'] });
      const element = type.kind === 'array' ? type.element : anyType;
      return element.kind === 'object' ? [element] : undefined;
    }
    let isKnown = true;
    const types: ObjectType[] = [];
    for (const combination of combinations) {
      if (combination.expression === undefined) {
        types.push(strictMembers([...combination.assigns].map(([id, { value }]) => [id, this.#raw(value)] as const)));
        continue;
      }
      const type = this.#scope.assigned(combination.expression, key, { what: 'matrix combination', kinds: ['object'] });
      if (type.kind === 'object') types.push(type);
      else isKnown = false;
    }
    return isKnown ? types : [...types, mapOf(anyType)];
  }

  #raw(value: RawValue): ExpressionType {
    if (value.kind === 'scalar') return this.#scope.valueType(value.text, key);
    if (value.kind === 'object')
      return strictMembers([...value.members].map(([id, member]) => [id, this.#raw(member.value)] as const));
    const types = value.items.map((item) => this.#raw(item));
    return arrayOf(types.length === 0 ? anyType : types.reduce(mergeTypes));
  }
}
