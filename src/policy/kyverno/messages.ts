// SPDX-License-Identifier: Apache-2.0
// The words of validate rules, as Kyverno makes them from a rule's message (validate_resource.go). Variables in messages are replaced.
import { JmespathFault } from '../jmespath/fault.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { substitute } from './substitute.ts';

export interface MessageSource {
  readonly rule: string;
  /** As written; empty when the rule has none. */
  readonly message: string;
}

export function passedMessage({ rule }: MessageSource): string {
  return `validation rule '${rule}' passed.`;
}

/** What a failed pattern is told with: the rule's message, and the place or the error. */
export function patternMessage(
  { rule, message }: MessageSource,
  context: EvaluationContext,
  failure: { readonly path?: string; readonly error: string },
): string {
  const end =
    failure.path === undefined
      ? `rule ${rule} execution error: ${failure.error}`
      : `rule ${rule} failed at path ${failure.path}`;
  if (message === '') return `validation error: ${end}`;
  const text = substitute(message, context);
  if (text instanceof JmespathFault)
    return `validation error: variables substitution error in rule ${rule} execution error: ${failure.error}`;
  return `validation error: ${withStop(String(text))} ${end}`;
}

export function anyPatternMessage(
  { rule, message }: MessageSource,
  context: EvaluationContext,
  failures: readonly string[],
): string {
  const errors = failures.join(' ');
  if (message === '') return `validation error: ${errors}`;
  const text = substitute(message, context);
  if (text instanceof JmespathFault)
    return `validation error: variables substitution error in rule ${rule} execution error: ${errors}`;
  return `validation error: ${withStop(String(text))} ${errors}`;
}

export function denyMessage({ rule, message }: MessageSource, context: EvaluationContext, conditions: string): string {
  const parts = [message, conditions].filter((part) => part !== '');
  if (parts.length === 0) return `validation error: rule ${rule} failed`;
  const text = substitute(parts.join('; '), context);
  return text instanceof JmespathFault ? conditions : String(text);
}

function withStop(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
