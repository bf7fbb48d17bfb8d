// SPDX-License-Identifier: Apache-2.0
// ClusterPolicy and Policy carried over to the CEL kinds, rule by rule. A rule that cannot be carried over is refused with the reason; what is carried
// over with a difference has a remark. Nothing is left out in silence.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { computeRules } from '../autogen.ts';
import { compileImageValidatingPolicy, isImageValidatingPolicy } from '../cel/image-validating-policy.ts';
import { compileMutatingPolicy, isMutatingPolicy } from '../cel/mutating-policy.ts';
import { compileValidatingPolicy } from '../cel/validating-policy.ts';
import { CannotCarryOver } from './cel-text.ts';
import { imagePoliciesOf } from './image-policies.ts';
import { mutatingPolicyOf } from './mutating-policies.ts';
import { RuleFrame } from './rule-frame.ts';
import { validatingPolicyOf } from './validating-policies.ts';

export interface Refusal {
  readonly rule: string;
  /** What cannot be carried over: `the function x509_decode, which has no counterpart in CEL`. */
  readonly reason: string;
}

export interface Translation {
  readonly policies: readonly TranslatedPolicy[];
  readonly refusals: readonly Refusal[];
  /** Where the translation decides otherwise, on purpose or of necessity. */
  readonly remarks: readonly Refusal[];
}

export interface TranslatedPolicy {
  readonly rule: string;
  readonly object: JsonObject;
}

/** One policy for each rule that can be carried over, or one for each entry of a rule that verifies images. Never throws. */
export function translatePolicy(policy: JsonObject): Translation {
  const rules = asArray(asObject(policy['spec'])?.['rules']).map((rule) => asObject(rule) ?? {});
  const made = new Set(computeRules(policy).map(({ name }) => asString(name) ?? ''));
  const policies: TranslatedPolicy[] = [];
  const refusals: Refusal[] = [];
  const remarks: Refusal[] = [];
  for (const rule of rules) {
    const name = asString(rule['name']) ?? '';
    const hasControllers = [`autogen-${name}`, `autogen-cronjob-${name}`].some((each) => made.has(each.slice(0, 63)));
    try {
      const frame = new RuleFrame(policy, rule, hasControllers);
      const objects = objectsOf(frame, rules.length === 1);
      const fault = objects.map(faultOf).find((each) => each !== undefined);
      if (fault !== undefined) throw new CannotCarryOver(`this rule: what it becomes does not compile: ${fault}`);
      policies.push(...objects.map((object) => ({ rule: name, object })));
      remarks.push(...frame.remarks.map((reason) => ({ rule: name, reason })));
    } catch (thrown) {
      if (!(thrown instanceof CannotCarryOver)) throw thrown;
      refusals.push({ rule: name, reason: thrown.message });
    }
  }
  return { policies, refusals, remarks };
}

/** Nothing is handed out that a cluster would not take. */
function faultOf(object: JsonObject): string | undefined {
  const source = { object, locateValue: () => ({ path: 'translation' }) };
  const { problems } = isImageValidatingPolicy(object)
    ? compileImageValidatingPolicy(source)
    : isMutatingPolicy(object)
      ? compileMutatingPolicy(source)
      : compileValidatingPolicy(source);
  return problems.find(({ hidesFindings }) => hidesFindings)?.message;
}

/** Throws CannotCarryOver. */
function objectsOf(frame: RuleFrame, isOnly: boolean): readonly JsonObject[] {
  const { rule } = frame;
  if (rule['verifyImages'] !== undefined) return imagePoliciesOf(frame, isOnly);
  const mutate = asObject(rule['mutate']);
  if (mutate !== undefined) return [mutatingPolicyOf(frame, mutate, isOnly)];
  const validate = asObject(rule['validate']);
  if (validate !== undefined) return [validatingPolicyOf(frame, validate, isOnly)];
  throw new CannotCarryOver(`a rule of type ${rule['generate'] === undefined ? 'unknown' : 'generate'}`);
}
