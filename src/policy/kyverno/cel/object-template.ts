// SPDX-License-Identifier: Apache-2.0
// Templates of objects in a GeneratingPolicy: YAML whose texts may hold CEL between `((` and `))`. A text that is one expression becomes its value, whatever
// type that has; expressions inside of a text are put in as text. The YAML is read first, so no value can change its structure.
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import { jsonFromCel } from '../../cel/json-value.ts';
import { callCostLimit } from '../../cel/kubernetes.ts';
import type { CelProgram } from '../../cel/program.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError } from '../../cel/values.ts';

export type ObjectTemplate = (values: readonly CelValue[]) => readonly JsonObject[] | CelError;

/** Compiles one expression, or tells what is wrong and gives undefined. */
export type CompileExpression = (text: string) => CelProgram | undefined;

type Part = (values: readonly CelValue[]) => unknown;

/** The template, or what is wrong with it. `compile` undefined: nothing is put in. */
export function compileTemplate(text: string, compile: CompileExpression | undefined): ObjectTemplate | string {
  const documents = parseKubernetesYaml(text, 'template');
  const problem = documents.flatMap(({ problems }) => problems)[0];
  if (problem !== undefined) return problem.message;
  const parts: Part[] = [];
  for (const { value } of documents) {
    const object = asObject(value);
    if (typeof object?.['kind'] !== 'string' || typeof object['apiVersion'] !== 'string')
      return 'an object needs apiVersion and kind';
    parts.push(compile === undefined ? () => object : partOf(object, compile));
  }
  if (parts.length === 0) return 'there is no object';
  return (values) => {
    const objects: JsonObject[] = [];
    for (const part of parts) {
      const value = part(values);
      if (value instanceof CelError) return value;
      objects.push(asObject(value) ?? {});
    }
    return objects;
  };
}

function partOf(value: unknown, compile: CompileExpression): Part {
  if (typeof value === 'string') return textPart(value, compile);
  if (Array.isArray(value)) {
    const items = value.map((item) => partOf(item, compile));
    return (values) => allOf(items.map((item) => item(values)));
  }
  const object = asObject(value);
  if (object === undefined) return () => value;
  const members = Object.entries(object).map(([key, item]) => [textPart(key, compile), partOf(item, compile)] as const);
  return (values) => {
    const made: [string, unknown][] = [];
    for (const [key, item] of members) {
      const [name, member] = [key(values), item(values)];
      if (name instanceof CelError) return name;
      if (member instanceof CelError) return member;
      made.push([typeof name === 'string' ? name : JSON.stringify(name), member]);
    }
    return Object.fromEntries(made);
  };
}

function allOf(items: readonly unknown[]): unknown {
  return items.find((item) => item instanceof CelError) ?? items;
}

function textPart(text: string, compile: CompileExpression): Part {
  const pieces: (string | CelProgram)[] = [];
  let rest = text;
  for (;;) {
    const start = rest.indexOf('((');
    const end = start === -1 ? -1 : rest.indexOf('))', start + 2);
    if (end === -1) break;
    const program = compile(rest.slice(start + 2, end).trim());
    if (start > 0) pieces.push(rest.slice(0, start));
    if (program !== undefined) pieces.push(program);
    rest = rest.slice(end + 2);
  }
  if (rest !== '' || pieces.length === 0) pieces.push(rest);
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined && typeof only !== 'string') return (values) => valueOf(only, values);
  return (values) => {
    let made = '';
    for (const piece of pieces) {
      const value = typeof piece === 'string' ? piece : valueOf(piece, values);
      if (value instanceof CelError) return value;
      made += typeof value === 'string' ? value : JSON.stringify(value);
    }
    return made;
  };
}

function valueOf(program: CelProgram, values: readonly CelValue[]): unknown {
  const { value } = program.evaluateSlots(values, callCostLimit);
  return value instanceof CelError ? value : jsonFromCel(value);
}

/** Where the text of a template stands in its policy. */
export function templatePath(path: DocumentPath): DocumentPath {
  return [...path, 'template', 'value'];
}
