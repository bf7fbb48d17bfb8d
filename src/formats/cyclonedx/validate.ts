// SPDX-License-Identifier: Apache-2.0
// Checks a tree (the JSON form of a document) against the tables. Accepts what the official JSON schemas accept, with these differences:
// formats of addresses are not checked, and 1.2 strings may hold line breaks.
import { canonicalJson } from '../../model/canonical-json.ts';
import { asObject, type DocumentPath } from '../document.ts';
import { brokenRules, type Fault } from './faults.ts';
import { type Choice, type Field, isAvailable, type Minor, type Shape } from './notation.ts';
import { scalarFault, scalarOf } from './scalars.ts';
import { definitionOf, knowsWord, shapeOf, variantsOf } from './specification.ts';

/** Faults of a whole document; at most `limit` are collected. */
export function validateBom(tree: unknown, minor: Minor, limit = 1_000): Fault[] {
  const checker = new Checker(minor, limit);
  checker.checkShape(shapeOf('bom'), tree, undefined);
  return checker.faults;
}

/** Faults of one value of a type of the tables. */
export function validateValue(type: string, value: unknown, minor: Minor): Fault[] {
  const checker = new Checker(minor, 1);
  checker.checkType(type, value, undefined);
  return checker.faults;
}

/** The way to a value, from its end: cheaper than a list while nothing is wrong. */
type Trail = { readonly parent: Trail; readonly step: string | number } | undefined;

function pathOf(trail: Trail): DocumentPath {
  const path: (string | number)[] = [];
  for (let at = trail; at !== undefined; at = at.parent) path.push(at.step);
  return path.reverse();
}

class Checker {
  readonly faults: Fault[] = [];
  readonly #minor: Minor;
  readonly #limit: number;

  constructor(minor: Minor, limit: number) {
    this.#minor = minor;
    this.#limit = limit;
  }

  #note(path: Trail, message: string): void {
    if (this.faults.length < this.#limit) this.faults.push({ path: pathOf(path), message });
  }

  checkShape(shape: Shape, value: unknown, path: Trail): void {
    const object = asObject(value);
    if (object === undefined) {
      this.#note(path, 'is not an object');
      return;
    }
    const isOpen = isAvailable(shape.open, 'json', this.#minor);
    for (const [name, member] of Object.entries(object)) {
      if (member === undefined) continue;
      const fields = shape.fieldsByName
        .get(name)
        ?.filter((field) => isAvailable(field.availability, 'json', this.#minor));
      if (fields !== undefined && fields.length > 0)
        this.#checkAlternatives(fields, member, { parent: path, step: name });
      else if (!isOpen) this.#note({ parent: path, step: name }, `is not known in CycloneDX 1.${this.#minor} JSON`);
    }
    for (const field of shape.fields) {
      if (isAvailable(field.needed, 'json', this.#minor) && object[field.name] === undefined) {
        this.#note(path, `lacks ${field.name}`);
      }
    }
    for (const message of brokenRules(shape, object, { syntax: 'json', minor: this.#minor })) {
      this.#note(path, message);
    }
  }

  #checkAlternatives(fields: readonly Field[], value: unknown, path: Trail): void {
    const [first, ...others] = fields;
    if (first === undefined) return;
    if (others.length === 0) {
      this.#checkField(first, value, path);
      return;
    }
    const attempts = fields.map((field) => this.#attempt((checker) => checker.#checkField(field, value, path)));
    if (attempts.some((faults) => faults.length === 0)) return;
    const best = fields.findIndex((field) => field.list === Array.isArray(value));
    this.faults.push(...(attempts[Math.max(best, 0)] ?? []));
  }

  /** The faults that a check would note. */
  #attempt(check: (checker: Checker) => void): Fault[] {
    const checker = new Checker(this.#minor, this.#limit - this.faults.length);
    check(checker);
    return checker.faults;
  }

  #checkField(field: Field, value: unknown, path: Trail): void {
    if (!field.list) {
      this.checkType(field.type, value, path);
      return;
    }
    if (!Array.isArray(value)) {
      this.#note(path, 'is not a list');
      return;
    }
    if (value.length < field.minimumItems) this.#note(path, `has fewer than ${field.minimumItems} items`);
    for (const [index, item] of value.entries()) this.checkType(field.type, item, { parent: path, step: index });
    if (field.unique) this.#checkUnique(value, path);
    const definition = definitionOf(field.type);
    if (definition?.kind === 'choice') this.#checkAlone(definition, value, path);
  }

  #checkUnique(items: readonly unknown[], path: Trail): void {
    const groups = Map.groupBy(items.entries(), ([, item]) => identityOf(item));
    for (const group of groups.values()) {
      if (group.length < 2) continue;
      const seen = new Set<string>();
      for (const [index, item] of group) {
        const key = canonicalJson(item);
        if (seen.has(key)) this.#note({ parent: path, step: index }, 'is in the list twice');
        seen.add(key);
      }
    }
  }

  #checkAlone(choice: Choice, items: readonly unknown[], path: Trail): void {
    const { alone } = choice;
    if (alone === undefined || items.length < 2 || !isAvailable(alone.availability, 'json', this.#minor)) return;
    const holds = items.some((item) => asObject(item)?.[alone.element] !== undefined);
    if (holds) this.#note(path, `has ${alone.element} beside other items`);
  }

  checkType(type: string, value: unknown, path: Trail): void {
    const definition = definitionOf(type);
    if (definition?.kind === 'shape') this.checkShape(definition, value, path);
    else if (definition?.kind === 'choice') this.#checkChoice(definition, value, path);
    else if (definition?.kind === 'enumeration') {
      const isKnown = typeof value === 'string' && knowsWord(definition, value, { syntax: 'json', minor: this.#minor });
      if (!isKnown) this.#note(path, `${quote(value)} is not a ${type} of CycloneDX 1.${this.#minor}`);
    } else {
      const fault = scalarFault(scalarOf(type), value, { syntax: 'json', minor: this.#minor });
      if (fault !== undefined) this.#note(path, `${quote(value)} ${fault}`);
    }
  }

  #checkChoice(choice: Choice, value: unknown, path: Trail): void {
    const attempts = variantsOf(choice, 'json', this.#minor).map((variant) =>
      this.#attempt((checker) => checker.checkType(variant.type, value, path)),
    );
    const fitting = attempts.filter((faults) => faults.length === 0).length;
    if (fitting === 1 || (fitting > 1 && choice.mode === 'any')) return;
    if (fitting > 1) {
      this.#note(path, `fits several forms of ${choice.name}`);
      return;
    }
    const closest = attempts.toSorted((a, b) => a.length - b.length)[0] ?? [];
    this.faults.push(...closest.slice(0, Math.max(0, this.#limit - this.faults.length)));
  }
}

/** Equal items have an equal identity; whether items of one identity are equal takes a closer look. */
function identityOf(item: unknown): unknown {
  const object = asObject(item);
  return object === undefined ? item : (object['bom-ref'] ?? object['ref'] ?? object['name']);
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
