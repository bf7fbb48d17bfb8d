// SPDX-License-Identifier: Apache-2.0
// Messages: values with a named type and declared fields. Protocol buffer messages and the object types of Kubernetes (`Object.spec{...}`) are both such.
// What fields a type has comes from the environment's type provider.

import type { CelType } from './types.ts';
import type { CelValue } from './values.ts';
import { CelObject } from './values.ts';

export interface FieldDeclaration {
  readonly type: CelType;
  /** What an absent field reads as. Without it, reading an absent field is an error. */
  readonly fallback?: CelValue;
  /**
   * `always`: set whenever it was given (proto2, message fields, JSON). `unless-default`: a field equal to its default counts as absent (proto3 scalars,
   * repeated fields and maps).
   */
  readonly presence: 'always' | 'unless-default';
  /** Checks and converts a value that is put in; a CelError refuses it, undefined leaves the field unset. */
  readonly accept?: (value: CelValue) => CelValue | undefined;
}

export interface MessageDeclaration {
  readonly name: string;
  /** Static type of a literal of this type, where it is not the message itself (wrappers, Struct). */
  readonly type?: CelType;
  /** undefined: the type has no such field. */
  field(name: string): FieldDeclaration | undefined;
  /** Turns a finished message into what it stands for (wrappers become scalars, Struct a map). */
  readonly finish?: (message: CelMessage) => CelValue;
}

export class CelMessage extends CelObject {
  readonly typeName: string;
  readonly declaration: MessageDeclaration;
  /** Fields that are set. */
  readonly fields: ReadonlyMap<string, CelValue>;

  constructor(declaration: MessageDeclaration, fields: ReadonlyMap<string, CelValue>) {
    super();
    this.typeName = declaration.name;
    this.declaration = declaration;
    this.fields = fields;
  }
}

export function isMessage(value: unknown): value is CelMessage {
  return value instanceof CelMessage;
}
