// SPDX-License-Identifier: Apache-2.0
// Variables `{{ expression }}` in texts of a policy, replaced by values (Kyverno pkg/engine/variables). A text that is one variable takes the value
// with its type; in longer texts values that are no texts are written as JSON. Results are searched for variables again, as Kyverno does; with strict
// hardening they are not.
import type { DocumentPath } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import { defaultLimits } from '../../model/limits.ts';
import { Budget } from '../jmespath/budget.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import { jsonText } from '../jmespath/json-text.ts';
import type { EvaluationContext } from './evaluation-context.ts';

// Braces may stand inside in pairs, so that the innermost variable is found first.
const variableForm = /\{\{(?:\{[^{}]*\}|[^{}])*\}\}/g;
const escapedForm = /\\(\{\{(?:\{[^{}]*\}|[^{}])*\}\})/g;

interface Variable {
  readonly start: number;
  readonly end: number;
  readonly expression: string;
  /** `{{- x }}`: what comes out is not searched again. */
  readonly isOnce: boolean;
}

/** The variables of a text, those after a backslash left out. */
export function variablesIn(text: string): readonly Variable[] {
  if (!text.includes('{{')) return [];
  return [...text.matchAll(variableForm)].flatMap((match) => {
    const { index } = match;
    if (text.charAt(index - 1) === '\\') return [];
    const inner = match[0].replaceAll('{{', '').replaceAll('}}', '').trim();
    const isOnce = inner.startsWith('- ');
    return [{ start: index, end: index + match[0].length, expression: isOnce ? inner.slice(2).trim() : inner, isOnce }];
  });
}

/** Whether any text of a value, keys included, has variables or escaped ones. */
export function hasVariables(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{') || value.includes('$(');
  if (Array.isArray(value)) return value.some(hasVariables);
  return Object.entries(asObject(value) ?? {}).some(([key, item]) => hasVariables(key) || hasVariables(item));
}

/** A document with all variables replaced, or the first fault. */
export function substitute(value: unknown, context: EvaluationContext, path: DocumentPath = []): unknown {
  if (typeof value === 'string') return substituteText(value, context, path);
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const [index, item] of value.entries()) {
      const replaced = substitute(item, context, [...path, index]);
      if (replaced instanceof JmespathFault) return replaced;
      items.push(replaced);
    }
    return items;
  }
  const object = asObject(value);
  if (object === undefined) return value;
  const members: [string, unknown][] = [];
  for (const [key, item] of Object.entries(object)) {
    const name = substituteText(key, context, path);
    if (name instanceof JmespathFault) return name;
    const replaced = substitute(item, context, [...path, key]);
    if (replaced instanceof JmespathFault) return replaced;
    members.push([typeof name === 'string' ? name : printed(name), replaced]);
  }
  return Object.fromEntries(members);
}

function substituteText(text: string, context: EvaluationContext, path: DocumentPath): unknown {
  if (!text.includes('{{')) return text;
  if (context.hardening === 'strict') return substituteOnce(text, context, path);
  let current = text;
  for (let pass = 0; pass < defaultLimits.substitutionPasses; pass += 1) {
    const variables = variablesIn(current);
    const [first] = variables;
    if (first === undefined) return unescape(current);
    if (first.start === 0 && first.end === current.length) return resolve(first.expression, context, path);
    const replaced = replaceAll(current, variables, (expression) => resolve(expression, context, path));
    if (replaced instanceof JmespathFault) return replaced;
    if (replaced.length > defaultLimits.policyContextLength) return tooLong();
    if (variables.every(({ isOnce }) => isOnce)) return unescape(replaced);
    current = replaced;
  }
  return new JmespathFault('limit', 'values that hold variables again do not come to an end');
}

/** Where the end of a text is put together later: a character that no policy has a use for, and a number. */
const kept = '\u{f0000}';
const keptForm = /\u{f0000}(\d+);/gu;

/** What would be part of an expression that a value is put into, and not of a name or text in it. */
const expressionMarks = /[`'"\\{}|&()[\],!<>=*?\u{f0000}]/u;

/**
 * Every variable that stands in the text is replaced once: a value that holds variables stays as it is. A value that goes into another expression may hold
 * nothing that would change it.
 */
function substituteOnce(text: string, context: EvaluationContext, path: DocumentPath): unknown {
  if (text.includes(kept))
    return new JmespathFault('limit', 'the text holds a character that has no place in a policy');
  const values: string[] = [];
  let current = text;
  for (let pass = 0; pass < defaultLimits.substitutionPasses; pass += 1) {
    const variables = variablesIn(current);
    const [first] = variables;
    if (first === undefined)
      return unescape(current).replaceAll(keptForm, (_, index: string) => values[Number(index)] ?? '');
    if (first.start === 0 && first.end === current.length) return resolve(first.expression, context, path);
    let result = '';
    let at = 0;
    for (const { start, end, expression } of variables) {
      const value = resolve(expression, context, path);
      if (value instanceof JmespathFault) return value;
      const written = printed(value);
      const isInside = depthAt(current, start, variables) > 0;
      if (isInside && changesExpression(written, quoteAround(current, start)))
        return new JmespathFault('refused', `the value of ${expression} would be read as a part of an expression`);
      result += current.slice(at, start) + (isInside ? written : `${kept}${values.push(written) - 1};`);
      at = end;
    }
    current = result + current.slice(at);
    if (current.length > defaultLimits.policyContextLength) return tooLong();
  }
  return new JmespathFault('limit', 'variables in variables do not come to an end');
}

/** Whether a value would be more than a name in an expression, or more than a part of the text that it stands in. */
function changesExpression(value: string, quote: string): boolean {
  if (quote === '') return expressionMarks.test(value);
  // In a literal a backslash belongs to the JSON, unless it is before the end of the literal.
  const isEscaping = quote === '`' ? value.endsWith('\\') : value.includes('\\');
  return isEscaping || value.includes(quote) || /\{\{|\}\}|\u{f0000}/u.test(value);
}

/** The quote that a place of an expression stands in: `'`, `"` or a backtick; empty outside of texts and literals. */
function quoteAround(text: string, place: number): string {
  let quote = '';
  for (let at = text.lastIndexOf('{{', place - 1) + 2; at < place; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (quote === '' && /['"`]/.test(character)) quote = character;
    else if (character === quote) quote = '';
  }
  return quote;
}

/** In how many variables a place stands. */
function depthAt(text: string, place: number, variables: readonly Variable[]): number {
  let depth = 0;
  let at = 0;
  for (const { start, end } of [
    ...variables.filter((variable) => variable.start < place),
    { start: place, end: place },
  ]) {
    const between = text.slice(at, start);
    depth += between.split('{{').length - between.split('}}').length;
    at = end;
  }
  return depth;
}

/** Which of these marks a text has more of than was written, where it takes values of the object: those the object brought in. */
export function addedMarks(written: string, resolved: string, marks: readonly string[]): readonly string[] {
  if (!/\{\{[^]*(?:request\.(?:object|oldObject)|element)/.test(written)) return [];
  let bare = written;
  for (let pass = 0; pass < defaultLimits.substitutionPasses && variablesIn(bare).length > 0; pass += 1)
    for (const { start, end } of variablesIn(bare).toReversed()) bare = bare.slice(0, start) + bare.slice(end);
  return marks.filter((mark) => resolved.split(mark).length > bare.split(mark).length);
}

function tooLong(): JmespathFault {
  return new JmespathFault(
    'limit',
    `a text with its variables replaced is longer than ${defaultLimits.policyContextLength}`,
  );
}

function unescape(text: string): string {
  return text.includes('\\{{') ? text.replaceAll(escapedForm, '$1') : text;
}

function replaceAll(
  text: string,
  variables: readonly Variable[],
  resolveOne: (expression: string) => unknown,
): string | JmespathFault {
  let result = '';
  let at = 0;
  for (const { start, end, expression } of variables) {
    const value = resolveOne(expression);
    if (value instanceof JmespathFault) return value;
    result += text.slice(at, start) + printed(value);
    at = end;
  }
  return result + text.slice(at);
}

function printed(value: unknown): string {
  if (typeof value === 'string') return value;
  return jsonText(value, 'kyverno', new Budget(defaultLimits.expressionProduct)) ?? '';
}

function resolve(written: string, context: EvaluationContext, path: DocumentPath): unknown {
  let expression = written === '@' ? ownPath(context, path) : written;
  if (context.operation === 'DELETE') expression = expression.replaceAll('request.object', 'request.oldObject');
  const value = context.query(expression);
  if (!(value instanceof JmespathFault)) return value;
  const message = `failed to resolve ${expression} at path ${path.length === 0 ? '' : `/${path.join('/')}`}: ${value.message}`;
  return new JmespathFault(value.code, message);
}

/** `@` is the value at this place of the resource. */
function ownPath(context: EvaluationContext, path: DocumentPath): string {
  const base = Object.hasOwn(context.data, 'target') ? 'target' : 'request.object';
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${JSON.stringify(part)}`),
    base,
  );
}
