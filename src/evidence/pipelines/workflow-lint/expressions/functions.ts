// SPDX-License-Identifier: Apache-2.0
// The functions of expressions with their signatures (docs.github.com, "Evaluate expressions in workflows and actions", functions).
import type { ExpressionType } from './types.ts';
import { anyType, arrayOf, boolType, stringType, typeName } from './types.ts';

export interface Signature {
  readonly name: string;
  readonly parameters: readonly ExpressionType[];
  /** The last parameter may be given any number of times more. */
  readonly isVariadic: boolean;
  readonly result: ExpressionType;
}

function signature(name: string, parameters: readonly ExpressionType[], result: ExpressionType): Signature {
  return { name, parameters, isVariadic: false, result };
}

function variadic(name: string, parameters: readonly ExpressionType[], result: ExpressionType): Signature {
  return { name, parameters, isVariadic: true, result };
}

const all: readonly Signature[] = [
  signature('contains', [stringType, stringType], boolType),
  signature('contains', [arrayOf(anyType), anyType], boolType),
  signature('startsWith', [stringType, stringType], boolType),
  signature('endsWith', [stringType, stringType], boolType),
  variadic('format', [stringType, anyType], stringType),
  signature('join', [arrayOf(stringType), stringType], stringType),
  signature('join', [stringType, stringType], stringType),
  signature('join', [arrayOf(stringType)], stringType),
  signature('join', [stringType], stringType),
  signature('toJSON', [anyType], stringType),
  signature('fromJSON', [stringType], anyType),
  variadic('hashFiles', [stringType], stringType),
  variadic('case', [boolType, anyType, anyType], anyType),
  signature('success', [], boolType),
  signature('always', [], boolType),
  signature('cancelled', [], boolType),
  signature('failure', [], boolType),
];

/** By name in lower case; several where a function takes different types. */
export const functions: ReadonlyMap<string, readonly Signature[]> = Map.groupBy(all, ({ name }) => name.toLowerCase());

export function signatureText({ name, parameters, isVariadic, result }: Signature): string {
  return `${name}(${parameters.map(typeName).join(', ')}${isVariadic ? '...' : ''}) -> ${typeName(result)}`;
}
