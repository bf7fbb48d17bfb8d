// SPDX-License-Identifier: Apache-2.0
// What stands in an action of a Go template: commands that hand their values on.

export interface Pipeline {
  /** Variables that get the value: two of them in a range. */
  readonly variables: readonly string[];
  readonly isAssignment: boolean;
  /** Each gets the value of the one before as its last argument. */
  readonly commands: readonly Command[];
}

/** A function or value with its arguments. */
export type Command = readonly Operand[];

export type Operand =
  /** `isWhole`: an integer of Go, which is not the same as a number with a fraction that is 0. */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null; readonly isWhole?: boolean }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'dot'; readonly fields: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly fields: readonly string[] }
  | { readonly kind: 'group'; readonly pipeline: Pipeline; readonly fields: readonly string[] };

/** A template that cannot be read. */
export class TemplateFault extends Error {}
