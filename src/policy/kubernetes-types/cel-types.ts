// SPDX-License-Identifier: Apache-2.0
// The built-in kinds as types of CEL (apiserver pkg/cel/common SchemaDeclType): what the type checker knows of `object` when the kind is known.

import type { TypeProvider } from '../cel/declarations.ts';
import type { FieldDeclaration, MessageDeclaration } from '../cel/message.ts';
import type { CelType } from '../cel/types.ts';
import {
  boolType,
  bytesType,
  doubleType,
  dynType,
  intType,
  listOf,
  mapOf,
  messageType,
  stringType,
  timestampType,
} from '../cel/types.ts';
import type { ScalarType, SchemaType, StructureType } from './schema.ts';
import { builtInStructure } from './schema.ts';

const scalars: Readonly<Record<ScalarType, CelType>> = {
  string: stringType,
  int: intType,
  bool: boolType,
  double: doubleType,
  bytes: bytesType,
  time: timestampType,
  // JSON may have a number or a text here.
  quantity: dynType,
  'int-or-string': dynType,
};

export function celTypeOf(type: SchemaType): CelType {
  switch (type.kind) {
    case 'scalar':
      return scalars[type.scalar];
    case 'list':
      return listOf(celTypeOf(type.element));
    case 'map':
      return mapOf(stringType, celTypeOf(type.element));
    case 'structure':
      return messageType(type.name);
    default:
      return dynType;
  }
}

/** Names that CEL reserves are also known with the underscores that rules of CustomResourceDefinitions must write. */
function unescaped(name: string): string {
  return /^__(.+)__$/.exec(name)?.[1] ?? name;
}

function declarationOf(structure: StructureType): MessageDeclaration {
  const fields = new Map<string, FieldDeclaration>();
  return {
    name: structure.name,
    field: (name) => {
      const known = fields.get(name);
      const field = structure.fields.get(name) ?? structure.fields.get(unescaped(name));
      if (known !== undefined || field === undefined) return known;
      const declaration: FieldDeclaration = { type: celTypeOf(field.type), presence: 'always' };
      fields.set(name, declaration);
      return declaration;
    },
  };
}

/** The types of all built-in kinds, each read when it is first asked for. */
export function builtInCelTypes(others?: TypeProvider): TypeProvider {
  const declarations = new Map<string, MessageDeclaration>();
  return {
    message: (name) => {
      const known = declarations.get(name);
      if (known !== undefined) return known;
      const structure = name.includes('/') ? builtInStructure(name) : undefined;
      if (structure === undefined) return others?.message(name);
      const declaration = declarationOf(structure);
      declarations.set(name, declaration);
      return declaration;
    },
    constant: (name) => others?.constant(name),
  };
}
