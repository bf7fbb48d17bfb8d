// SPDX-License-Identifier: Apache-2.0
// Holds a value against a JSON Schema: draft-07 and the keywords of 2019-09 that policies use, with references inside the document only. Schemas are
// foreign input: patterns run in linear time, nesting and steps are bounded. `format` and other annotations are not judged.

import { RE2JS } from 're2js';
import type { DocumentPath, JsonObject } from '../document.ts';
import { asArray, asObject } from '../document.ts';

export interface SchemaViolation {
  /** Where in the value. */
  readonly at: DocumentPath;
  readonly message: string;
}

/** A keyword that is not of JSON Schema; gives the message when the value does not fit. */
export type SchemaKeyword = (argument: unknown, value: unknown) => string | undefined;

export interface SchemaOptions {
  readonly keywords?: Readonly<Record<string, SchemaKeyword>>;
}

/** A schema that cannot be judged with; the value was neither right nor wrong. */
export class SchemaFault extends Error {}

const deepest = 200;
const mostSteps = 200_000;
const mostViolations = 100;

/** What of the value breaks the schema; empty when nothing does. Throws SchemaFault for schemas that are broken or too big. */
export function validateSchema(
  schema: unknown,
  value: unknown,
  options: SchemaOptions = {},
): readonly SchemaViolation[] {
  const violations: SchemaViolation[] = [];
  new Validator(schema, options).check(schema, value, { at: [], depth: 0, violations });
  return violations;
}

interface Scope {
  readonly at: DocumentPath;
  readonly depth: number;
  readonly violations: SchemaViolation[];
}

class Validator {
  readonly #root: unknown;
  readonly #keywords: Readonly<Record<string, SchemaKeyword>>;
  readonly #patterns = new Map<string, RE2JS>();
  #steps = 0;

  constructor(root: unknown, { keywords = {} }: SchemaOptions) {
    this.#root = root;
    this.#keywords = keywords;
  }

  check(schema: unknown, value: unknown, scope: Scope): void {
    this.#steps += 1;
    if (scope.depth > deepest || this.#steps > mostSteps) throw new SchemaFault('the schema takes too many steps');
    if (schema === false) note(scope, 'nothing is allowed here');
    const keywords = asObject(schema);
    if (keywords === undefined) return;
    const inside = { ...scope, depth: scope.depth + 1 };
    if (typeof keywords['$ref'] === 'string') this.check(this.#resolve(keywords['$ref']), value, inside);
    this.#checkAnything(keywords, value, scope);
    if (typeof value === 'number') checkNumber(keywords, value, scope);
    else if (typeof value === 'string') this.#checkText(keywords, value, scope);
    else if (Array.isArray(value)) this.#checkArray(keywords, value, inside);
    else if (value !== null && typeof value === 'object') this.#checkObject(keywords, value as JsonObject, inside);
    this.#checkCombined(keywords, value, inside);
    for (const [name, judge] of Object.entries(this.#keywords)) {
      const message = keywords[name] === undefined ? undefined : judge(keywords[name], value);
      if (message !== undefined) note(scope, message);
    }
  }

  #isValid(schema: unknown, value: unknown, scope: Scope): boolean {
    const violations: SchemaViolation[] = [];
    this.check(schema, value, { ...scope, violations });
    return violations.length === 0;
  }

  #resolve(reference: string): unknown {
    if (reference !== '#' && !reference.startsWith('#/'))
      throw new SchemaFault(`the reference ${reference} leads out of the schema`);
    const parts = reference
      .split('/')
      .slice(1)
      .map((part) => decode(part).replaceAll('~1', '/').replaceAll('~0', '~'));
    let found = this.#root;
    for (const part of parts) {
      const holder: unknown = found;
      found = Array.isArray(holder) ? holder[Number(part)] : asObject(holder)?.[part];
    }
    if (found === undefined) throw new SchemaFault(`the reference ${reference} leads nowhere`);
    return found;
  }

  #checkAnything(keywords: JsonObject, value: unknown, scope: Scope): void {
    const { type, enum: allowed } = keywords;
    if (type !== undefined && type !== null) {
      const names = (Array.isArray(type) ? type : [type]) as readonly unknown[];
      if (!names.some((name) => isOfType(name, value))) note(scope, `must be of type ${names.join(' or ')}`);
    }
    if (Array.isArray(allowed) && !allowed.some((item) => isSame(item, value)))
      note(scope, 'is none of the allowed values');
    if (Object.hasOwn(keywords, 'const') && !isSame(keywords['const'], value))
      note(scope, `must be ${JSON.stringify(keywords['const'])}`);
  }

  #checkText(keywords: JsonObject, value: string, scope: Scope): void {
    const { minLength, maxLength, pattern } = keywords;
    if (typeof minLength === 'number' && lengthOf(value) < minLength) note(scope, `is shorter than ${minLength}`);
    if (typeof maxLength === 'number' && lengthOf(value) > maxLength) note(scope, `is longer than ${maxLength}`);
    if (typeof pattern === 'string' && !this.#matches(pattern, value)) note(scope, `does not match ${pattern}`);
  }

  #matches(pattern: string, text: string): boolean {
    let compiled = this.#patterns.get(pattern);
    if (compiled === undefined) {
      try {
        compiled = RE2JS.compile(pattern.slice(0, 10_000));
      } catch {
        throw new SchemaFault(`the pattern ${pattern.slice(0, 100)} is no regular expression`);
      }
      this.#patterns.set(pattern, compiled);
    }
    return compiled.matcher(text).find();
  }

  #checkArray(keywords: JsonObject, value: readonly unknown[], scope: Scope): void {
    const { minItems, maxItems, items, additionalItems, contains } = keywords;
    if (typeof minItems === 'number' && value.length < minItems) note(scope, `has fewer than ${minItems} items`);
    if (typeof maxItems === 'number' && value.length > maxItems) note(scope, `has more than ${maxItems} items`);
    if (keywords['uniqueItems'] === true && hasTwins(value)) note(scope, 'has the same item twice');
    for (const [index, item] of value.entries()) {
      const schema = !Array.isArray(items) ? items : index < items.length ? (items[index] as unknown) : additionalItems;
      if (schema !== undefined) this.check(schema, item, { ...scope, at: [...scope.at, index] });
    }
    if (contains === undefined || contains === null) return;
    const least = typeof keywords['minContains'] === 'number' ? keywords['minContains'] : 1;
    const most = typeof keywords['maxContains'] === 'number' ? keywords['maxContains'] : value.length;
    const found = value.filter((item) => this.#isValid(contains, item, scope)).length;
    if (found < least || found > most) note(scope, 'does not contain what it must');
  }

  #checkObject(keywords: JsonObject, value: JsonObject, scope: Scope): void {
    const { minProperties, maxProperties, propertyNames, additionalProperties } = keywords;
    const names = Object.keys(value);
    if (typeof minProperties === 'number' && names.length < minProperties)
      note(scope, `has fewer than ${minProperties} members`);
    if (typeof maxProperties === 'number' && names.length > maxProperties)
      note(scope, `has more than ${maxProperties} members`);
    for (const name of asArray(keywords['required']))
      if (typeof name === 'string' && !Object.hasOwn(value, name)) note(scope, `has no ${name}`);
    const properties = asObject(keywords['properties']) ?? {};
    const patterns = Object.entries(asObject(keywords['patternProperties']) ?? {});
    for (const [name, member] of Object.entries(value)) {
      const inside = { ...scope, at: [...scope.at, name] };
      if (propertyNames !== undefined) this.check(propertyNames, name, inside);
      const fitting = patterns.filter(([pattern]) => this.#matches(pattern, name));
      for (const [, schema] of fitting) this.check(schema, member, inside);
      if (Object.hasOwn(properties, name)) this.check(properties[name], member, inside);
      else if (fitting.length === 0 && additionalProperties !== undefined)
        this.check(additionalProperties, member, inside);
    }
    this.#checkDependencies(keywords, value, scope);
  }

  #checkDependencies(keywords: JsonObject, value: JsonObject, scope: Scope): void {
    for (const keyword of ['dependencies', 'dependentRequired', 'dependentSchemas']) {
      for (const [name, dependency] of Object.entries(asObject(keywords[keyword]) ?? {})) {
        if (!Object.hasOwn(value, name)) continue;
        if (!Array.isArray(dependency)) this.check(dependency, value, scope);
        else
          for (const other of dependency)
            if (!Object.hasOwn(value, String(other))) note(scope, `has ${name} without ${String(other)}`);
      }
    }
  }

  #checkCombined(keywords: JsonObject, value: unknown, scope: Scope): void {
    for (const schema of asArray(keywords['allOf'])) this.check(schema, value, scope);
    // What a template left empty is null in YAML; no alternatives are none that is right.
    const anyOf = keywords['anyOf'] === null ? [] : keywords['anyOf'];
    const oneOf = keywords['oneOf'] === null ? [] : keywords['oneOf'];
    if (Array.isArray(anyOf) && !anyOf.some((schema) => this.#isValid(schema, value, scope)))
      note(scope, 'is right by none of the alternatives');
    if (Array.isArray(oneOf)) {
      const right = oneOf.filter((schema) => this.#isValid(schema, value, scope)).length;
      if (right !== 1) note(scope, `is right by ${right} of the alternatives, not by one`);
    }
    if (Object.hasOwn(keywords, 'not') && this.#isValid(keywords['not'], value, scope))
      note(scope, 'is what it must not be');
    if (keywords['if'] === undefined) return;
    const branch = this.#isValid(keywords['if'], value, scope) ? keywords['then'] : keywords['else'];
    if (branch !== undefined) this.check(branch, value, scope);
  }
}

function note({ at, violations }: Scope, message: string): void {
  if (violations.length < mostViolations) violations.push({ at, message });
}

/** In characters, as JSON Schema counts. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function checkNumber(keywords: JsonObject, value: number, scope: Scope): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = keywords;
  if (typeof minimum === 'number' && value < minimum) note(scope, `is less than ${minimum}`);
  if (typeof maximum === 'number' && value > maximum) note(scope, `is more than ${maximum}`);
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
    note(scope, `is not more than ${exclusiveMinimum}`);
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
    note(scope, `is not less than ${exclusiveMaximum}`);
  if (typeof multipleOf === 'number' && multipleOf > 0 && !Number.isInteger(value / multipleOf))
    note(scope, `is no multiple of ${multipleOf}`);
}

function isOfType(type: unknown, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return asObject(value) !== undefined;
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

/** Equal as JSON values: order of members does not count. */
function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every(
    (key) => Object.hasOwn(right, key) && isSame((left as JsonObject)[key], (right as JsonObject)[key]),
  );
}

function hasTwins(items: readonly unknown[]): boolean {
  const scalars = new Set(items);
  if (items.every((item) => item === null || typeof item !== 'object')) return scalars.size < items.length;
  return items.some((item, index) => items.slice(0, index).some((other) => isSame(item, other)));
}
