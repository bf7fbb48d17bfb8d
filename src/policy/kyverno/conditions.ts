// SPDX-License-Identifier: Apache-2.0
// Blocks of conditions: preconditions, deny rules, exceptions (Kyverno pkg/engine/variables/evaluate.go). Key and value have their variables
// replaced when their condition's turn comes, so what stands behind a decided `any` is never looked up.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import type { ConditionOperator } from './operators/index.ts';
import { conditionOperator } from './operators/index.ts';
import { hasVariables, substitute } from './substitute.ts';

export type ConditionsResult =
  | { readonly kind: 'judged'; readonly holds: boolean; readonly message: string }
  | JmespathFault;

export type Conditions = (context: EvaluationContext) => ConditionsResult;

export type CompiledConditions =
  | { readonly kind: 'conditions'; readonly evaluate: Conditions }
  | { readonly kind: 'invalid'; readonly message: string };

interface Condition {
  readonly operator: ConditionOperator;
  readonly key: unknown;
  readonly value: unknown;
  readonly isStatic: boolean;
  readonly message: string;
}

interface Block {
  /** Undefined when there is none; an empty one never holds. */
  readonly any: readonly Condition[] | undefined;
  readonly all: readonly Condition[];
}

/** A block `{any, all}`, a list of blocks, or the older bare list of conditions, which must all hold. Nothing at all holds. */
export function compileConditions(value: unknown): CompiledConditions {
  const faults: string[] = [];
  const blocks = blocksOf(value, faults);
  const [fault] = faults;
  if (fault !== undefined) return { kind: 'invalid', message: fault };
  return { kind: 'conditions', evaluate: (context) => evaluateBlocks(blocks, context) };
}

function blocksOf(value: unknown, faults: string[]): readonly Block[] {
  if (value === undefined || value === null) return [];
  const object = asObject(value);
  if (object !== undefined) return [blockOf(object, faults)];
  if (!Array.isArray(value)) {
    faults.push('conditions must be an object or a list');
    return [];
  }
  const items = value.map((item) => asObject(item) ?? {});
  if (items.some((item) => Object.hasOwn(item, 'any') || Object.hasOwn(item, 'all')))
    return items.map((item) => blockOf(item, faults));
  return [{ any: undefined, all: items.flatMap((item) => conditionOf(item, faults)) }];
}

function blockOf(block: JsonObject, faults: string[]): Block {
  const read = (list: unknown): readonly Condition[] =>
    asArray(list).flatMap((item) => conditionOf(asObject(item) ?? {}, faults));
  for (const key of Object.keys(block))
    if (key !== 'any' && key !== 'all') faults.push(`unknown field "${key}" in conditions`);
  return { any: Array.isArray(block['any']) ? read(block['any']) : undefined, all: read(block['all']) };
}

function conditionOf(condition: JsonObject, faults: string[]): Condition[] {
  const name = asString(condition['operator']) ?? '';
  const operator = conditionOperator(name);
  if (operator === undefined) {
    faults.push(`unknown operator ${JSON.stringify(name)}`);
    return [];
  }
  const key = condition['key'] ?? null;
  const value = condition['value'] ?? null;
  return [
    {
      operator,
      key,
      value,
      isStatic: !hasVariables(key) && !hasVariables(value),
      message: asString(condition['message']) ?? '',
    },
  ];
}

function evaluateBlocks(blocks: readonly Block[], context: EvaluationContext): ConditionsResult {
  const messages: string[] = [];
  for (const block of blocks) {
    const result = evaluateBlock(block, context);
    if (result instanceof JmespathFault || !result.holds) return result;
    if (result.message !== '') messages.push(result.message);
  }
  return { kind: 'judged', holds: true, message: messages.join('; ') };
}

function evaluateBlock({ any, all }: Block, context: EvaluationContext): ConditionsResult {
  const held: string[] = [];
  const failed: string[] = [];
  let isAny = any === undefined;
  for (const condition of any ?? []) {
    const holds = evaluateCondition(condition, context);
    if (holds instanceof JmespathFault) return holds;
    (holds ? held : failed).push(condition.message);
    isAny = holds;
    if (holds) break;
  }
  let isAll = true;
  for (const condition of all) {
    const holds = evaluateCondition(condition, context);
    if (holds instanceof JmespathFault) return holds;
    (holds ? held : failed).push(condition.message);
    isAll = holds;
    if (!holds) break;
  }
  const holds = isAny && isAll;
  return { kind: 'judged', holds, message: (holds ? held : failed).filter((message) => message !== '').join('; ') };
}

function evaluateCondition(condition: Condition, context: EvaluationContext): boolean | JmespathFault {
  const { operator, isStatic } = condition;
  if (isStatic) return operator.test(condition.key, condition.value);
  const key = substitute(condition.key, context);
  if (key instanceof JmespathFault) return prefixed('failed to substitute variables in condition key', key);
  const value = substitute(condition.value, context);
  if (value instanceof JmespathFault) return prefixed('failed to substitute variables in condition value', value);
  return operator.test(key, value);
}

function prefixed(what: string, { code, message }: JmespathFault): JmespathFault {
  return new JmespathFault(code, `${what}: ${message}`);
}
