// SPDX-License-Identifier: Apache-2.0
// Blocks of conditions: preconditions, deny rules, exceptions (Kyverno pkg/engine/variables/evaluate.go). Key and value have their variables
// replaced when their condition's turn comes, so what stands behind a decided `any` is never looked up.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import type { SafeAnswer } from './hardening.ts';
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
  /** Whether the value stands in the policy, or may be the object's. */
  readonly values: 'written' | 'computed';
  readonly message: string;
}

interface Block {
  /** Undefined when there is none; an empty one never holds. */
  readonly any: readonly Condition[] | undefined;
  readonly all: readonly Condition[];
}

/** A block `{any, all}`, a list of blocks, or the older bare list of conditions, which must all hold. Nothing at all holds.
 * `safe`: the answer that lets nothing through, which strict hardening gives where Kyverno's operators are lax. */
export function compileConditions(value: unknown, safe?: SafeAnswer): CompiledConditions {
  const faults: string[] = [];
  const blocks = blocksOf(value, faults);
  const [fault] = faults;
  if (fault !== undefined) return { kind: 'invalid', message: fault };
  return {
    kind: 'conditions',
    evaluate: (context) => evaluateBlocks(blocks, { context, safe: context.hardening === 'strict' ? safe : undefined }),
  };
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
      values: isOfObject(value) ? 'computed' : 'written',
      message: asString(condition['message']) ?? '',
    },
  ];
}

/** Whether a value is one of the object, which whoever writes the object chooses. */
function isOfObject(value: unknown): boolean {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.includes('{{') && /request\.(?:object|oldObject)|element/.test(text);
}

interface Evaluation {
  readonly context: EvaluationContext;
  /** Undefined where conditions are judged as Kyverno does. */
  readonly safe: SafeAnswer | undefined;
}

function evaluateBlocks(blocks: readonly Block[], evaluation: Evaluation): ConditionsResult {
  const messages: string[] = [];
  for (const block of blocks) {
    const result = evaluateBlock(block, evaluation);
    if (result instanceof JmespathFault || !result.holds) return result;
    if (result.message !== '') messages.push(result.message);
  }
  return { kind: 'judged', holds: true, message: messages.join('; ') };
}

function evaluateBlock({ any, all }: Block, evaluation: Evaluation): ConditionsResult {
  const held: string[] = [];
  const failed: string[] = [];
  // One of nothing never holds, so that a rule with such preconditions says nothing at all.
  let isAny = any === undefined || (evaluation.safe === 'holds' && any.length === 0);
  for (const condition of any ?? []) {
    const holds = evaluateCondition(condition, evaluation);
    if (holds instanceof JmespathFault) return holds;
    (holds ? held : failed).push(condition.message);
    isAny = holds;
    if (holds) break;
  }
  let isAll = true;
  for (const condition of all) {
    const holds = evaluateCondition(condition, evaluation);
    if (holds instanceof JmespathFault) return holds;
    (holds ? held : failed).push(condition.message);
    isAll = holds;
    if (!holds) break;
  }
  const holds = isAny && isAll;
  return { kind: 'judged', holds, message: (holds ? held : failed).filter((message) => message !== '').join('; ') };
}

function evaluateCondition(condition: Condition, { context, safe }: Evaluation): boolean | JmespathFault {
  const { isStatic } = condition;
  if (isStatic) return judge(condition, condition, safe);
  const key = substitute(condition.key, context);
  if (key instanceof JmespathFault) return prefixed('failed to substitute variables in condition key', key);
  const value = substitute(condition.value, context);
  if (value instanceof JmespathFault) return prefixed('failed to substitute variables in condition value', value);
  return judge(condition, { key, value }, safe);
}

/** Where Kyverno's reading and the strict one differ, the safe answer counts. */
function judge(
  { operator, values }: Condition,
  { key, value }: Pick<Condition, 'key' | 'value'>,
  safe: SafeAnswer | undefined,
): boolean {
  const holds = operator.test(key, value);
  if (safe === undefined || operator.strict === undefined || holds === (safe === 'holds')) return holds;
  return operator.strict(values)(key, value);
}

function prefixed(what: string, { code, message }: JmespathFault): JmespathFault {
  return new JmespathFault(code, `${what}: ${message}`);
}
