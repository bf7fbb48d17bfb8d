// SPDX-License-Identifier: Apache-2.0
// Whether a step uses a feature of an action, which an input turns on or off: switched on, switched on by default, depending on an
// expression, or not. Tables of checks describe actions with these words.
import { wholeExpression } from '../../../formats/github-expression/find-expressions.ts';
import type { UsesStep } from '../../../formats/github-workflow/step.ts';
import type { NamedText } from '../../../formats/github-workflow/text.ts';
import type { RepositoryUses } from '../../../formats/github-workflow/uses.ts';
import { actionSlug, isCommitId } from '../../../formats/github-workflow/uses.ts';
import { hasComputedInputs, inputOf } from './steps.ts';

export interface ActionFeature {
  /** `owner/repository` or with a path, lower case. */
  readonly action: string;
  /** Without it the action always does it. */
  readonly when?: FeatureCondition;
}

export type FeatureCondition =
  | InputCondition
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly FeatureCondition[] }
  | { readonly kind: 'not'; readonly condition: FeatureCondition }
  /** The version the step names (ref, or the comment beside a commit) is lower, or unknown. */
  | { readonly kind: 'below-version'; readonly version: string };

export interface InputCondition {
  readonly kind: 'input';
  readonly name: string;
  /** `on`: the feature is used when the value holds; `off`: when it does not. */
  readonly turns: 'on' | 'off';
  /** Which values hold: anything but false, anything not empty, or those that the test accepts. */
  readonly holds: 'boolean' | 'present' | ((value: string) => boolean);
  /** Used when the input is absent. */
  readonly byDefault: boolean;
}

export type FeatureUsage =
  | { readonly kind: 'always' }
  | { readonly kind: 'default'; readonly input: string | undefined }
  | { readonly kind: 'enabled' | 'conditional'; readonly inputs: readonly NamedText[] };

/** What a condition comes to; `default`: it holds because the input is absent. */
interface Outcome {
  readonly state: 'used' | 'default' | 'conditional' | 'unused';
  readonly inputs: readonly NamedText[];
  readonly absent?: string;
}

export interface UsedAction {
  readonly step: UsesStep;
  readonly uses: RepositoryUses;
  /** Version in the comment beside the reference, if there is one. */
  readonly comment?: string;
}

/** Undefined when the step does not use the feature. */
export function usageOf(feature: ActionFeature, used: UsedAction): FeatureUsage | undefined {
  if (actionSlug(used.uses) !== feature.action) return undefined;
  if (feature.when === undefined) return { kind: 'always' };
  const outcome = evaluate(feature.when, used);
  if (outcome.state === 'unused') return undefined;
  if (outcome.state === 'default') return { kind: 'default', input: outcome.absent };
  return { kind: outcome.state === 'used' ? 'enabled' : 'conditional', inputs: outcome.inputs };
}

function evaluate(condition: FeatureCondition, used: UsedAction): Outcome {
  if (condition.kind === 'input') return evaluateInput(condition, used.step);
  if (condition.kind === 'not') return negated(evaluate(condition.condition, used));
  if (condition.kind === 'below-version')
    return { state: isBelow(used, condition.version) ? 'default' : 'unused', inputs: [] };
  const outcomes = condition.conditions.map((inner) => evaluate(inner, used));
  return outcomes.reduce(condition.kind === 'all' ? both : either);
}

function evaluateInput(condition: InputCondition, step: UsesStep): Outcome {
  if (hasComputedInputs(step)) return { state: 'conditional', inputs: [] };
  const input = inputOf(step, condition.name);
  if (input === undefined)
    return { state: condition.byDefault ? 'default' : 'unused', inputs: [], absent: condition.name };
  const held = holds(condition, input.text);
  if (held === 'unknown') return { state: 'conditional', inputs: [input] };
  return { state: held === (condition.turns === 'on') ? 'used' : 'unused', inputs: [input] };
}

function holds({ holds: rule }: InputCondition, value: string): boolean | 'unknown' {
  if (rule === 'present') return value !== '';
  if (wholeExpression(value) !== undefined) return 'unknown';
  // Actions read every word but `false` as true.
  return rule === 'boolean' ? value.trim().toLowerCase() !== 'false' : rule(value);
}

function negated(outcome: Outcome): Outcome {
  if (outcome.state === 'conditional') return outcome;
  return { ...outcome, state: outcome.state === 'unused' ? 'used' : 'unused' };
}

function both(first: Outcome, second: Outcome): Outcome {
  if (first.state === 'unused' || second.state === 'unused') return { state: 'unused', inputs: [] };
  const inputs = [...first.inputs, ...second.inputs];
  if (first.state === 'conditional' || second.state === 'conditional') return { state: 'conditional', inputs };
  if (first.state === 'default' && second.state === 'default') return { ...second, ...first };
  return { state: 'used', inputs };
}

const strength = { used: 3, default: 2, conditional: 1, unused: 0 } as const;

function either(first: Outcome, second: Outcome): Outcome {
  return strength[first.state] >= strength[second.state] ? first : second;
}

function isBelow({ uses, comment }: UsedAction, version: string): boolean {
  const named = uses.ref !== undefined && !isCommitId(uses.ref) ? uses.ref : comment;
  const major = /^v?(\d{1,6})(?:\.|$)/.exec(named ?? '');
  return major === null || Number(major[1]) < Number(version);
}
