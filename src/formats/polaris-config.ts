// SPDX-License-Identifier: Apache-2.0
// The configuration of Polaris: severities of checks, checks of users in JSON Schema, exemptions, and which checks may change objects. Only read here.

import type { Problem } from '../model/problem.ts';
import type { Document, DocumentPath, JsonObject } from './document.ts';
import { asArray, asObject, asString, entriesOf } from './document.ts';
import { parseYamlDocument } from './yaml.ts';

export type PolarisSeverity = 'ignore' | 'warning' | 'danger';

export interface PolarisConfig {
  /** By check; undefined when the file has no such member, and then the defaults count. */
  readonly checks: Readonly<Record<string, PolarisSeverity>> | undefined;
  readonly customChecks: readonly PolarisCustomCheck[];
  readonly exemptions: readonly PolarisExemption[];
  /** Checks whose changes may be made. */
  readonly mutations: readonly string[];
  readonly disallowConfigExemptions: boolean;
  readonly disallowAnnotationExemptions: boolean;
  readonly problems: readonly Problem[];
}

export interface PolarisExemption {
  /** Empty: every namespace. */
  readonly namespace: string;
  /** Beginnings of names; none: every name. */
  readonly controllerNames: readonly string[];
  readonly containerNames: readonly string[];
  /** None: every check. */
  readonly rules: readonly string[];
}

export interface PolarisCustomCheck {
  readonly id: string;
  readonly successMessage: string;
  readonly failureMessage: string;
  readonly category: string;
  /** `Container`, `PodSpec`, `PodTemplate`, `Controller`, a kind, or `group/Kind`. */
  readonly target: string;
  /** `PodSpec`: the schema is for the Pod with only the container in it. */
  readonly schemaTarget: string;
  readonly controllers: NameFilter;
  readonly containers: NameFilter;
  /** YAML or JSON of the schema, a Go template; undefined without one. */
  readonly schema: string | undefined;
  /** Schemas that an object of a kind must fit, by `group/Kind`; templates. */
  readonly additionalSchemas: Readonly<Record<string, string>>;
  readonly mutations: readonly PolarisMutation[];
}

export interface NameFilter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface PolarisMutation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value: unknown;
  readonly comment: string | undefined;
}

export const emptyPolarisConfig: PolarisConfig = {
  checks: undefined,
  customChecks: [],
  exemptions: [],
  mutations: [],
  disallowConfigExemptions: false,
  disallowAnnotationExemptions: false,
  problems: [],
};

const severities: readonly PolarisSeverity[] = ['ignore', 'warning', 'danger'];
const mostChecks = 1000;

/** Reads a configuration. Never throws; what cannot be used is left out with a problem. */
export function parsePolarisConfig(text: string, path: string): PolarisConfig {
  const document = parseYamlDocument(text, path, { merge: 'on' });
  const problems: Problem[] = [...document.problems];
  const root = asObject(document.value);
  if (root === undefined) {
    if (document.value !== null && document.value !== undefined)
      problems.push(schemaProblem(document, [], 'the configuration is not a mapping'));
    return { ...emptyPolarisConfig, problems };
  }
  const isNone = root['disallowExemptions'] === true;
  const all = entriesOf(root['customChecks']);
  if (all.length > mostChecks)
    problems.push(schemaProblem(document, ['customChecks'], `only the first ${mostChecks} checks are read`));
  const written = all.slice(0, mostChecks);
  for (const [index, item] of asArray(root['exemptions']).entries()) {
    const fault = exemptionFault(item);
    if (fault !== undefined)
      problems.push(schemaProblem(document, ['exemptions', index], `${fault}; the exemption does not count`));
  }
  return {
    checks: asObject(root['checks']) === undefined ? undefined : readSeverities(document, root['checks'], problems),
    customChecks: written.flatMap(([id, item]) => {
      const check = readPolarisCheck(id, item);
      if (check === undefined) problems.push(schemaProblem(document, ['customChecks', id], 'a check needs a target'));
      return check === undefined ? [] : [check];
    }),
    exemptions: asArray(root['exemptions']).flatMap((item) => readExemption(item)),
    mutations: texts(root['mutations']),
    disallowConfigExemptions: isNone || root['disallowConfigExemptions'] === true,
    disallowAnnotationExemptions: isNone || root['disallowAnnotationExemptions'] === true,
    problems,
  };
}

function readSeverities(document: Document, value: unknown, problems: Problem[]): Record<string, PolarisSeverity> {
  const read: Record<string, PolarisSeverity> = {};
  for (const [check, word] of entriesOf(value)) {
    const severity = severities.find((known) => known === word);
    if (severity !== undefined) read[check] = severity;
    else problems.push(schemaProblem(document, ['checks', check], 'a severity is ignore, warning or danger'));
  }
  return read;
}

/** One check of users, as a member of `customChecks` or as a file of its own; undefined without a target. */
export function readPolarisCheck(id: string, value: unknown): PolarisCustomCheck | undefined {
  const check = asObject(value);
  const target = asString(check?.['target']);
  if (check === undefined || target === undefined) return undefined;
  const text = (member: string): string => asString(check[member]) ?? '';
  const additional = [...entriesOf(check['additionalSchemas']), ...entriesOf(check['additionalSchemaStrings'])];
  return {
    id,
    target,
    schemaTarget: text('schemaTarget'),
    successMessage: text('successMessage'),
    failureMessage: text('failureMessage'),
    category: text('category'),
    controllers: readFilter(check['controllers']),
    containers: readFilter(check['containers']),
    schema: readSchema(check),
    additionalSchemas: Object.fromEntries(additional.map(([kind, schema]) => [kind, asTemplate(schema)])),
    mutations: asArray(check['mutations']).flatMap((item) => readMutation(item)),
  };
}

function readSchema(check: JsonObject): string | undefined {
  for (const member of ['schemaString', 'jsonSchema', 'schema']) {
    const schema = check[member];
    if (schema !== undefined && schema !== null && schema !== '') return asTemplate(schema);
  }
  return undefined;
}

function asTemplate(schema: unknown): string {
  return typeof schema === 'string' ? schema : JSON.stringify(schema);
}

function readFilter(value: unknown): NameFilter {
  const filter = asObject(value);
  return { include: texts(filter?.['include']), exclude: texts(filter?.['exclude']) };
}

function readMutation(item: unknown): PolarisMutation[] {
  const mutation = asObject(item);
  const op = (['add', 'replace', 'remove'] as const).find((known) => known === mutation?.['op']);
  const path = asString(mutation?.['path']);
  if (mutation === undefined || op === undefined || path === undefined) return [];
  return [{ op, path, value: mutation['value'], comment: asString(mutation['comment']) }];
}

const exemptionLists: readonly string[] = ['controllerNames', 'containerNames', 'rules'];

/** A list that is misspelt or no list would be an empty one, which means everything. */
function exemptionFault(item: unknown): string | undefined {
  const exemption = asObject(item);
  if (exemption === undefined) return 'an exemption must be an object';
  const unknown = Object.keys(exemption).find((name) => name !== 'namespace' && !exemptionLists.includes(name));
  if (unknown !== undefined) return `${JSON.stringify(unknown.slice(0, 60))} is no member of an exemption`;
  const { namespace } = exemption;
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') return 'namespace must be a text';
  const odd = exemptionLists.find((name) => {
    const list = exemption[name];
    if (list === undefined || list === null) return false;
    return !Array.isArray(list) || list.some((entry) => typeof entry !== 'string');
  });
  return odd === undefined ? undefined : `${odd} must be a list of texts`;
}

function readExemption(item: unknown): PolarisExemption[] {
  const exemption = asObject(item);
  if (exemption === undefined || exemptionFault(item) !== undefined) return [];
  return [
    {
      namespace: asString(exemption['namespace']) ?? '',
      controllerNames: texts(exemption['controllerNames']),
      containerNames: texts(exemption['containerNames']),
      rules: texts(exemption['rules']),
    },
  ];
}

function texts(value: unknown): readonly string[] {
  return asArray(value).filter((item) => typeof item === 'string');
}

function schemaProblem(document: Document, at: DocumentPath, message: string): Problem {
  return { kind: 'schema', message, location: document.locate(at), hidesFindings: true };
}
