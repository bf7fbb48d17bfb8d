// SPDX-License-Identifier: Apache-2.0
// A reusable workflow as its callers see it: inputs, secrets and outputs.
import type { ExpressionType } from './expressions/types.ts';
import { anyType, boolType, numberType, stringType } from './expressions/types.ts';
import { readWorkflow } from './reading/read-workflow.ts';
import type { CallInput } from './workflow.ts';

export interface CalledInput {
  readonly name: string;
  readonly isRequired: boolean;
  readonly type: ExpressionType;
}

export type CalledWorkflow =
  | {
      readonly kind: 'callable';
      /** Keys in lower case. */
      readonly inputs: ReadonlyMap<string, CalledInput>;
      readonly secrets: ReadonlyMap<string, { readonly name: string; readonly isRequired: boolean }>;
      readonly outputs: readonly string[];
    }
  /** The file is there, but is no workflow, or none that may be called. */
  | { readonly kind: 'unusable'; readonly reason: string };

export function readCalledWorkflow(file: { readonly path: string; readonly text: string }): CalledWorkflow {
  // What is wrong in it is reported where it is linted itself.
  const { workflow } = readWorkflow(file, () => undefined);
  if (workflow === undefined) return { kind: 'unusable', reason: 'it is not valid YAML' };
  const call = workflow.events.find((event) => event.kind === 'workflow_call');
  if (call === undefined) return { kind: 'unusable', reason: '"workflow_call" event trigger is not found in "on:"' };
  return {
    kind: 'callable',
    inputs: new Map(
      [...call.inputs].map(([id, { name, value }]) => [
        id,
        {
          name: name.value,
          isRequired: value.required?.value === true && value.default === undefined,
          type: typeOfInput(value),
        },
      ]),
    ),
    secrets: new Map(
      [...(call.secrets ?? [])].map(([id, { name, value }]) => [
        id,
        { name: name.value, isRequired: value.required?.value === true },
      ]),
    ),
    outputs: [...call.outputs.keys()],
  };
}

/** What an input of a workflow is worth in expressions. */
export function typeOfInput(input: Pick<CallInput, 'type'>): ExpressionType {
  if (input.type === 'boolean') return boolType;
  if (input.type === 'number') return numberType;
  return input.type === 'string' ? stringType : anyType;
}
