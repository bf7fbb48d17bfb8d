// SPDX-License-Identifier: Apache-2.0
// Checks the texts of a workflow in which expressions stand, with the contexts that are known at that point. It knows texts and keys, and
// nothing of where in a workflow they are.
import type { ExpressionNode } from '../../../../formats/github-expression/ast.ts';
import { findExpressions } from '../../../../formats/github-expression/find-expressions.ts';
import { parseExpression } from '../../../../formats/github-expression/parse-expression.ts';
import { untrustedUses } from '../../github-untrusted.ts';
import type { Report } from '../fault.ts';
import { quotedList } from '../fault.ts';
import { isAssignedExpression } from '../reading/section-reader.ts';
import type { Assigned, Environment, Text } from '../workflow.ts';
import type { WorkflowKey } from './availability.ts';
import { availabilityAt } from './availability.ts';
import { checkExpression } from './check-expression.ts';
import { fixedContexts } from './contexts.ts';
import type { ExpressionType } from './types.ts';
import { anyType, boolType, nullType, numberType, stringType, typeName } from './types.ts';

/** Whether the text is run by a shell or an interpreter, so that what is put into it becomes code. */
export type TextUse = 'value' | 'script';

const advice =
  'avoid using it directly in inline scripts. instead, pass it through an environment variable. see https://docs.github.com/en/actions/reference/security/secure-use#good-practices-for-mitigating-script-injection-attacks for more details';

export class ExpressionScope {
  readonly #report: Report;
  readonly #variables: ReadonlySet<string> | undefined;
  #contexts = new Map(fixedContexts);

  constructor(report: Report, variables: ReadonlySet<string> | undefined) {
    this.#report = report;
    this.#variables = variables;
  }

  setContext(
    name: 'inputs' | 'jobs' | 'matrix' | 'needs' | 'secrets' | 'steps' | 'github',
    type: ExpressionType,
  ): void {
    this.#contexts.set(name, type);
  }

  removeContext(name: 'jobs'): void {
    this.#contexts.delete(name);
  }

  contextType(name: string): ExpressionType {
    return this.#contexts.get(name) ?? anyType;
  }

  /** Says what is wrong with a value as a whole. */
  say(offset: number, message: string): void {
    this.#report({ kind: 'expression', message, offset });
  }

  /** Checks a text with any number of expressions. */
  text(text: Text | undefined, key: WorkflowKey, use: TextUse = 'value'): void {
    this.#sites(text, key, use, 'rendered');
  }

  texts(texts: Iterable<Text | undefined>, key: WorkflowKey): void {
    for (const text of texts) this.text(text, key);
  }

  /** `if`: `${{ }}` may be left out. */
  condition(text: Text | undefined, key: WorkflowKey): void {
    if (text === undefined || text.value === '') return;
    if (text.value.includes('${{')) {
      this.#sites(text, key, 'value', 'evaluated');
      return;
    }
    const parsed = parseExpression(text.value);
    if (parsed.kind === 'fault') this.#fault(text, parsed.fault.offset, parsed.fault.message);
    else this.#node(text, { node: parsed.node, index: 0 }, key);
  }

  /** The type of a value: of the expression when the text is one as a whole, else of the scalar. */
  valueType(text: Text, key: WorkflowKey): ExpressionType {
    if (isAssignedExpression(text.value)) return this.#sites(text, key, 'value', 'evaluated')[0] ?? anyType;
    this.text(text, key);
    if (text.isQuoted || text.isBlock || text.value.includes('${{') || text.value === '') return stringType;
    if (text.type === 'number') return numberType;
    if (text.type === 'boolean') return boolType;
    return text.type === 'null' ? nullType : stringType;
  }

  /** The type of a text that is one expression; what is wanted of it is said where the type is known to be another. */
  assigned(
    text: Text,
    key: WorkflowKey,
    wanted: { readonly what: string; readonly kinds: readonly ExpressionType['kind'][] },
  ): ExpressionType {
    const type = this.#sites(text, key, 'value', 'evaluated')[0] ?? anyType;
    if (type.kind !== 'any' && !wanted.kinds.includes(type.kind)) {
      const message = `type of expression at ${JSON.stringify(wanted.what)} must be ${wanted.kinds.join(' or ')} but found type ${typeName(type)}`;
      this.say(text.offset, message);
    }
    return type;
  }

  boolean(value: Assigned<boolean> | undefined, key: WorkflowKey, what: string): void {
    if (value?.expression !== undefined) this.assigned(value.expression, key, { what, kinds: ['bool'] });
  }

  number(value: Assigned<number> | undefined, key: WorkflowKey, what: string): void {
    if (value?.expression !== undefined) this.assigned(value.expression, key, { what, kinds: ['number'] });
  }

  environment(environment: Environment | undefined, key: WorkflowKey): void {
    if (environment?.expression !== undefined)
      this.assigned(environment.expression, key, { what: 'env', kinds: ['object'] });
    for (const { name, value } of environment?.variables.values() ?? []) {
      this.text(name, key);
      this.text(value, key);
    }
  }

  #sites(
    text: Text | undefined,
    key: WorkflowKey,
    use: TextUse,
    result: 'rendered' | 'evaluated',
  ): readonly ExpressionType[] {
    if (text === undefined) return [];
    const types: ExpressionType[] = [];
    for (const site of findExpressions(text.value)) {
      if (site.parsed.kind === 'fault') {
        this.#fault(text, site.sourceStart + site.parsed.fault.offset, site.parsed.fault.message);
        // What follows a broken expression is mostly a consequence of it.
        return types;
      }
      const { node } = site.parsed;
      const type = this.#node(text, { node, index: site.sourceStart }, key);
      types.push(type);
      if (use === 'script') this.#untrusted(text, site.sourceStart, node);
      if (result === 'rendered' && isUseless(type))
        this.#fault(
          text,
          site.start,
          `object, array, and null values should not be evaluated in template with \${{ }} but evaluating the value of type ${typeName(type)}`,
        );
    }
    return types;
  }

  #node(
    text: Text,
    { node, index }: { readonly node: ExpressionNode; readonly index: number },
    key: WorkflowKey,
  ): ExpressionType {
    const { type, faults } = checkExpression(node, {
      contexts: this.#contexts,
      availability: availabilityAt(key),
      variables: this.#variables,
    });
    for (const fault of faults) this.#fault(text, index + fault.offset, fault.message);
    return type;
  }

  #untrusted(text: Text, index: number, root: ExpressionNode): void {
    for (const { paths, node } of untrustedUses(root)) {
      const [first = ''] = paths;
      const message =
        paths.length === 1
          ? `${JSON.stringify(first)} is potentially untrusted. ${advice}`
          : `object filter extracts potentially untrusted properties ${quotedList(paths)}. ${advice}`;
      this.#report({
        kind: 'expression',
        message,
        offset: text.at(index + node.start),
        textOffset: text.offset,
        isInjection: true,
      });
    }
  }

  #fault(text: Text, index: number, message: string): void {
    this.#report({ kind: 'expression', message, offset: text.at(index), textOffset: text.offset });
  }
}

function isUseless(type: ExpressionType): boolean {
  return type.kind === 'null' || type.kind === 'object' || type.kind === 'array';
}
