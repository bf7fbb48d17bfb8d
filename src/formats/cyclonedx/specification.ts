// SPDX-License-Identifier: Apache-2.0
// The CycloneDX specification 1.0-1.7 as one set of definitions, joined from the tables. Looked up by name, parsed on first use.
import {
  type Choice,
  type Definition,
  type Enumeration,
  isAvailable,
  type Minor,
  parseTable,
  type Shape,
  type Syntax,
} from './notation.ts';
import { coreTable } from './tables/core.ts';
import { cryptoNamesTable } from './tables/crypto-names.ts';
import { cryptographyTable } from './tables/cryptography.ts';
import { declarationsTable } from './tables/declarations.ts';
import { enumerationsTable } from './tables/enumerations.ts';
import { formulationTable } from './tables/formulation.ts';
import { machineLearningTable } from './tables/machine-learning.ts';
import { servicesTable } from './tables/services.ts';
import { vulnerabilitiesTable } from './tables/vulnerabilities.ts';

const tables = [
  coreTable,
  servicesTable,
  vulnerabilitiesTable,
  machineLearningTable,
  formulationTable,
  cryptographyTable,
  declarationsTable,
  enumerationsTable,
  cryptoNamesTable,
];

let parsed: ReadonlyMap<string, Definition> | undefined;

/** All shapes, choices and enumerations by name. */
export function definitions(): ReadonlyMap<string, Definition> {
  parsed ??= joined(tables.flatMap(parseTable));
  return parsed;
}

function joined(all: readonly Definition[]): ReadonlyMap<string, Definition> {
  const found = new Map<string, Definition>();
  for (const definition of all) {
    if (found.has(definition.name)) throw new Error(`${definition.name} is defined twice`);
    found.set(definition.name, definition);
  }
  return found;
}

/** The definition of a type, or undefined for a scalar. */
export function definitionOf(type: string): Definition | undefined {
  return definitions().get(type);
}

/** A shape that is known to exist. */
export function shapeOf(name: string): Shape {
  const found = definitions().get(name);
  if (found?.kind !== 'shape') throw new Error(`no shape ${name}`);
  return found;
}

/** true when a version of a syntax knows the word. */
export function knowsWord(enumeration: Enumeration, word: string, at: { syntax: Syntax; minor: Minor }): boolean {
  const availability = enumeration.values.get(word);
  return availability !== undefined && isAvailable(availability, at.syntax, at.minor);
}

/** The variants of a choice that a version knows. */
export function variantsOf(choice: Choice, syntax: Syntax, minor: Minor): Choice['variants'] {
  return choice.variants.filter((variant) => isAvailable(variant.availability, syntax, minor));
}

/** `1.6` to 6; undefined for what is no version of CycloneDX that is known. */
export function minorOf(version: string): Minor | undefined {
  const minor = /^1\.([0-7])$/.exec(version)?.[1];
  return minor === undefined ? undefined : (Number(minor) as Minor);
}
