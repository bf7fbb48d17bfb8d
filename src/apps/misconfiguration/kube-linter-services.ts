// SPDX-License-Identifier: Apache-2.0
// What templates of KubeLinter take from other areas of the program: CEL for expressions of users, and the shapes of the built-in kinds.

import type {
  ExpressionCompiler,
  ManifestSchemas,
  SchemaFault,
  TemplateServices,
} from '../../evidence/misconfiguration/kube-linter/template.ts';
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import { CelEnvironment } from '../../policy/cel/environment.ts';
import { coreLibraries } from '../../policy/cel/libraries.ts';
import { compileCel } from '../../policy/cel/program.ts';
import { dynType, listOf, mapOf, stringType } from '../../policy/cel/types.ts';
import { CelError, typeNameOf } from '../../policy/cel/values.ts';
import type { ScalarType, SchemaType, StructureType } from '../../policy/kubernetes-types/schema.ts';
import { schemaOf } from '../../policy/kubernetes-types/schema.ts';

/** Expressions of users may walk all objects for each object, so they cost more than in admission; still bounded, for one object and for all. */
const costLimit = 50_000_000;
const costLimitOfAll = 500_000_000;
const longestExpression = 100_000;

const anyObject = mapOf(stringType, dynType);

/** `object` is the one that is judged; `subject` is its older name. */
const environment = new CelEnvironment({
  libraries: coreLibraries,
  variables: [
    { name: 'object', type: anyObject },
    { name: 'subject', type: anyObject },
    { name: 'objects', type: listOf(anyObject) },
  ],
});

const expressions: ExpressionCompiler = {
  compile: (text) => {
    if (text.length > longestExpression) return { fault: 'the expression is too long' };
    const compiled = compileCel(text, environment);
    if (compiled.kind === 'fault') return { fault: compiled.faults.map(({ message }) => message).join('; ') };
    const typed = new WeakMap<JsonObject, JsonObject>();
    const typedForm = (object: JsonObject): JsonObject => {
      const known = typed.get(object) ?? withEmptyMembers(object);
      typed.set(object, known);
      return known;
    };
    let left = costLimitOfAll;
    return {
      evaluate: (object, objects) => {
        if (left <= 0) return { error: 'the expression costs too much for all objects together' };
        const subject = typedForm(object);
        const { value, cost } = compiled.program.evaluate(
          { object: subject, subject, objects: objects.map(typedForm) },
          Math.min(costLimit, left),
        );
        left -= cost;
        if (value instanceof CelError) return { error: value.message };
        return typeof value === 'string' ? { text: value } : { error: `expected string, got ${typeNameOf(value)}` };
      },
    };
  },
};

/** Structures that are printed even when they are empty, by kind, because KubeLinter reads objects into types before it hands them to CEL. */
const emptyMembers: Readonly<Record<string, readonly DocumentPath[]>> = {
  CronJob: [['spec', 'jobTemplate', 'spec', 'template', 'spec'], ['status']],
  DaemonSet: [['spec', 'template', 'spec'], ['spec', 'updateStrategy'], ['status']],
  Deployment: [['spec', 'template', 'spec'], ['spec', 'strategy'], ['status']],
  Ingress: [['spec'], ['status', 'loadBalancer']],
  Job: [['spec', 'template', 'spec'], ['status']],
  NetworkPolicy: [['spec', 'podSelector']],
  Pod: [['spec'], ['status']],
  Service: [['spec'], ['status', 'loadBalancer']],
  ServiceMonitor: [
    ['spec', 'selector'],
    ['spec', 'namespaceSelector'],
  ],
  StatefulSet: [['spec', 'template', 'spec'], ['spec', 'updateStrategy'], ['status']],
};

function withEmptyMembers(object: JsonObject): JsonObject {
  const kind = typeof object['kind'] === 'string' ? object['kind'] : '';
  const paths: readonly DocumentPath[] = [
    ['metadata'],
    ...(Object.hasOwn(emptyMembers, kind) ? (emptyMembers[kind] ?? []) : []),
  ];
  return paths.reduce<JsonObject>((known, path) => withObjectAt(known, path), object);
}

function withObjectAt(object: JsonObject, [key, ...rest]: DocumentPath): JsonObject {
  if (typeof key !== 'string') return object;
  const inside = object[key];
  if (inside !== undefined && inside !== null && asObject(inside) === undefined) return object;
  return { ...object, [key]: withObjectAt(asObject(inside) ?? {}, rest) };
}

const mostFaults = 20;

const schemas: ManifestSchemas = {
  validate: (resource, strictness) => {
    const type = schemaOf(resource);
    if (type === undefined) return undefined;
    const faults: SchemaFault[] = [];
    validateStructure(type, resource.object, { at: [], strictness, faults });
    return faults;
  },
};

interface Validation {
  readonly at: DocumentPath;
  readonly strictness: 'strict' | 'lenient';
  readonly faults: SchemaFault[];
}

function validateStructure(type: StructureType, value: JsonObject, validation: Validation): void {
  for (const [key, member] of Object.entries(value)) {
    const field = type.fields.get(key);
    const inside = { ...validation, at: [...validation.at, key] };
    if (field !== undefined) validateValue(field.type, member, inside);
    else if (validation.strictness === 'strict') note(inside, 'is not a member of its kind');
  }
}

function validateValue(type: SchemaType, value: unknown, validation: Validation): void {
  if (value === null || type.kind === 'any') return;
  switch (type.kind) {
    case 'scalar':
      if (!isScalar(type.scalar, value)) note(validation, `is not ${nameOfScalar[type.scalar]}`);
      return;
    case 'list':
      if (!Array.isArray(value)) return note(validation, 'is not a list');
      return value.forEach((item, index) => {
        validateValue(type.element, item, { ...validation, at: [...validation.at, index] });
      });
    case 'map':
    case 'structure': {
      const object = asObject(value);
      if (object === undefined) return note(validation, 'is not an object');
      if (type.kind === 'structure') return validateStructure(type, object, validation);
      for (const [key, member] of Object.entries(object))
        validateValue(type.element, member, { ...validation, at: [...validation.at, key] });
    }
  }
}

function note({ at, faults }: Validation, words: string): void {
  if (faults.length < mostFaults) faults.push({ at, message: `/${at.join('/')} ${words}` });
}

const nameOfScalar: Readonly<Record<ScalarType, string>> = {
  string: 'a text',
  bytes: 'a text',
  time: 'a time',
  int: 'a whole number',
  double: 'a number',
  bool: 'true or false',
  quantity: 'a quantity',
  'int-or-string': 'a whole number or a text',
};

function isScalar(type: ScalarType, value: unknown): boolean {
  if (type === 'int') return Number.isInteger(value);
  if (type === 'double') return typeof value === 'number';
  if (type === 'bool') return typeof value === 'boolean';
  if (type === 'quantity') return typeof value === 'string' || typeof value === 'number';
  return typeof value === 'string' || (type === 'int-or-string' && Number.isInteger(value));
}

export const kubeLinterServices: TemplateServices = { expressions, schemas };
