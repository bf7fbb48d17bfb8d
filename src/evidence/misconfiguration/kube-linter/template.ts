// SPDX-License-Identifier: Apache-2.0
// What a template of KubeLinter is: a check with parameters that built-in checks and checks of users fill in. Parameters are read here, with what is
// wrong with them; what a template looks for stands in the file of its topic.

import { RE2JS } from 're2js';
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import { messageOf } from '../../../model/error.ts';
import type { ManifestFault, ManifestSet } from '../manifest-check.ts';
import type { ObjectKind } from './object-kinds.ts';

export type TemplateRun = (resource: KubernetesResource, set: ManifestSet) => readonly ManifestFault[];

export interface TemplateParameter {
  readonly name: string;
  readonly type: 'text' | 'texts' | 'number' | 'flag';
  readonly required?: true;
  readonly values?: readonly string[];
}

export interface KubeLinterTemplate {
  readonly name: string;
  /** What a check of it looks at when it has no scope of its own. */
  readonly kinds: readonly ObjectKind[];
  readonly parameters: readonly TemplateParameter[];
  /** Never throws: what is wrong with the parameters is noted in them. */
  instantiate(parameters: TemplateParameters, services: TemplateServices): TemplateRun;
}

/** What templates need and cannot have by themselves, because it belongs to other areas of the program. */
export interface TemplateServices {
  readonly expressions?: ExpressionCompiler;
  readonly schemas?: ManifestSchemas;
}

/** Compiles an expression over `object` and `objects` to something that answers with a text; empty when nothing is wrong. */
export interface ExpressionCompiler {
  compile(expression: string): ExpressionProgram | { readonly fault: string };
}

export interface ExpressionProgram {
  readonly fault?: undefined;
  evaluate(object: JsonObject, objects: readonly JsonObject[]): { readonly text: string } | { readonly error: string };
}

export interface ManifestSchemas {
  /** What is wrong with the shape of an object, each with its place; undefined when the kind is not known. */
  validate(resource: KubernetesResource, strictness: 'strict' | 'lenient'): readonly SchemaFault[] | undefined;
}

export interface SchemaFault {
  readonly at: DocumentPath;
  readonly message: string;
}

export function defineTemplate(template: KubeLinterTemplate): KubeLinterTemplate {
  return template;
}

const longestPattern = 4000;

/** Parameters of one check. Names are compared without case, as KubeLinter's own definitions need it. */
export class TemplateParameters {
  readonly problems: string[] = [];
  readonly #values = new Map<string, unknown>();

  constructor(values: Readonly<Record<string, unknown>>) {
    for (const [name, value] of Object.entries(values)) this.#values.set(name.toLowerCase(), value);
  }

  /** Notes parameters that are missing, unknown or of another type. */
  checkAgainst(template: KubeLinterTemplate): void {
    const known = new Map(template.parameters.map((parameter) => [parameter.name.toLowerCase(), parameter]));
    for (const name of this.#values.keys())
      if (!known.has(name)) this.problems.push(`unknown parameter "${name}" of the template ${template.name}`);
    for (const [name, parameter] of known) this.#checkOne(parameter, this.#values.get(name));
  }

  #checkOne({ name, type, required, values }: TemplateParameter, value: unknown): void {
    if (value === undefined || value === null) {
      if (required === true) this.problems.push(`the parameter "${name}" is required`);
      return;
    }
    if (!isOfType(type, value)) this.problems.push(`the parameter "${name}" must be ${nameOfType[type]}`);
    else if (values !== undefined && !values.some((one) => one === value))
      this.problems.push(`the parameter "${name}" must be one of ${values.join(', ')}`);
  }

  /** Empty when absent; numbers and booleans as written. */
  text(name: string): string {
    const value = this.#values.get(name.toLowerCase());
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  }

  texts(name: string): readonly string[] {
    const value = this.#values.get(name.toLowerCase());
    return typeof value === 'string' ? [value] : asArray(value).filter((item) => typeof item === 'string');
  }

  number(name: string): number | undefined {
    const value = this.#values.get(name.toLowerCase());
    return typeof value === 'number' ? value : undefined;
  }

  isSet(name: string): boolean {
    return this.#values.get(name.toLowerCase()) === true;
  }

  patterns(name: string): readonly RE2JS[] {
    return this.texts(name).flatMap((text) => {
      const pattern = this.#compile(text, name);
      return pattern === undefined ? [] : [pattern];
    });
  }

  /** A text matcher of KubeLinter: everything when empty, the opposite after `!`, else a regular expression found anywhere. */
  matcher(name: string): (text: string) => boolean {
    return this.matcherOf(this.text(name), name);
  }

  matcherOf(text: string, name: string): (text: string) => boolean {
    if (text === '') return () => true;
    const isNegated = text.startsWith('!');
    const pattern = this.#compile(isNegated ? text.slice(1) : text, name);
    if (pattern === undefined) return () => false;
    return (candidate) => pattern.matcher(candidate).find() !== isNegated;
  }

  #compile(text: string, name: string): RE2JS | undefined {
    try {
      if (text.length > longestPattern) throw new Error('too long');
      return RE2JS.compile(text);
    } catch (error) {
      this.problems.push(`the parameter "${name}" is not a regular expression: ${messageOf(error)}`);
      return undefined;
    }
  }
}

const nameOfType: Readonly<Record<TemplateParameter['type'], string>> = {
  text: 'a text',
  texts: 'a list of texts',
  number: 'a whole number',
  flag: 'true or false',
};

function isOfType(type: TemplateParameter['type'], value: unknown): boolean {
  if (type === 'texts') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (type === 'number') return Number.isInteger(value);
  if (type === 'flag') return typeof value === 'boolean';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Whether one of the patterns is found in a text. */
export function matchesAny(patterns: readonly RE2JS[], text: string): boolean {
  return patterns.some((pattern) => pattern.matcher(text).find());
}

/**
 * A fault with KubeLinter's own words, and with ours where theirs would be hard to read; without ours theirs count, less the full stop.
 */
export function fault(at: DocumentPath, theirs: string, ours?: string): ManifestFault {
  return { message: ours ?? theirs.trimEnd().replace(/\.$/, ''), at, wording: { 'kube-linter': theirs } };
}

/** The check that a template is with these parameters; those a user sets for `check` in our own configuration replace them. */
export function builtIn(
  template: KubeLinterTemplate,
  check: string,
  values: Readonly<Record<string, unknown>> = {},
): TemplateRun {
  const run = template.instantiate(new TemplateParameters(values), {});
  const others = new WeakMap<object, TemplateRun>();
  return (resource, set) => {
    const own = set.parametersOf(check);
    if (Object.keys(own).length === 0) return run(resource, set);
    const known = others.get(own) ?? withParameters(template, { ...values, ...own });
    others.set(own, known);
    return known(resource, set);
  };
}

/** Throws when the parameters are wrong; the runner of checks makes an `error` of it, so that nobody takes the check for passed. */
function withParameters(template: KubeLinterTemplate, values: Readonly<Record<string, unknown>>): TemplateRun {
  const parameters = new TemplateParameters(values);
  parameters.checkAgainst(template);
  const run = template.instantiate(parameters, {});
  if (parameters.problems.length > 0) throw new Error(parameters.problems.join('; '));
  return run;
}
