// SPDX-License-Identifier: Apache-2.0
// The configuration file of KubeLinter (`.kube-linter.yaml`): which checks run, and checks that users make from templates. Only read here; what the
// names mean is decided by evidence/misconfiguration/kube-linter.

import type { Problem } from '../model/problem.ts';
import type { Document, DocumentPath, JsonObject } from './document.ts';
import { asArray, asObject, asString } from './document.ts';
import { parseYamlDocument } from './yaml.ts';

export interface KubeLinterConfig {
  readonly addAllBuiltIn: boolean;
  readonly doNotAutoAddDefaults: boolean;
  readonly include: readonly string[];
  /** Counts more than all that adds checks. */
  readonly exclude: readonly string[];
  /** Globs of files that are not looked at. */
  readonly ignorePaths: readonly string[];
  readonly customChecks: readonly KubeLinterCustomCheck[];
  readonly problems: readonly Problem[];
}

export interface KubeLinterCustomCheck {
  readonly name: string;
  readonly description: string;
  readonly remediation: string;
  readonly template: string;
  /** Undefined: those of the template. */
  readonly objectKinds: readonly string[] | undefined;
  readonly parameters: JsonObject;
  readonly at: DocumentPath;
}

export const emptyKubeLinterConfig: KubeLinterConfig = {
  addAllBuiltIn: false,
  doNotAutoAddDefaults: false,
  include: [],
  exclude: [],
  ignorePaths: [],
  customChecks: [],
  problems: [],
};

const mostChecks = 1000;

/** Reads a configuration. Never throws; entries that cannot be used are left out with a problem. Names of members are compared without case. */
export function parseKubeLinterConfig(text: string, path: string): KubeLinterConfig {
  const document = parseYamlDocument(text, path);
  const problems: Problem[] = [...document.problems];
  const root = asObject(document.value);
  if (root === undefined) {
    if (document.value !== null && document.value !== undefined)
      problems.push(schemaProblem(document, [], 'the configuration is not a mapping'));
    return { ...emptyKubeLinterConfig, problems };
  }
  const checks = asObject(member(root, 'checks')) ?? {};
  const written = asArray(member(root, 'customChecks'));
  if (written.length > mostChecks)
    problems.push(schemaProblem(document, ['customChecks'], `only the first ${mostChecks} checks are read`));
  const customChecks = written.slice(0, mostChecks).flatMap((item, index): KubeLinterCustomCheck[] => {
    const at: DocumentPath = ['customChecks', index];
    const check = readCustomCheck(item, at);
    if (check === undefined) problems.push(schemaProblem(document, at, 'a check needs a name and a template'));
    return check === undefined ? [] : [check];
  });
  for (const name of ['include', 'exclude', 'ignorePaths']) {
    const list = member(checks, name);
    if (list !== undefined && list !== null && (!Array.isArray(list) || texts(list).length < list.length))
      problems.push(schemaProblem(document, ['checks', name], `${name} must be a list of texts`));
  }
  return {
    addAllBuiltIn: member(checks, 'addAllBuiltIn') === true,
    doNotAutoAddDefaults: member(checks, 'doNotAutoAddDefaults') === true,
    include: texts(member(checks, 'include')),
    exclude: texts(member(checks, 'exclude')),
    ignorePaths: texts(member(checks, 'ignorePaths')),
    customChecks,
    problems,
  };
}

function readCustomCheck(item: unknown, at: DocumentPath): KubeLinterCustomCheck | undefined {
  const check = asObject(item);
  const name = asString(check?.['name']) ?? '';
  const template = asString(check?.['template']) ?? '';
  if (check === undefined || name === '' || template === '') return undefined;
  const scope = asObject(check['scope']);
  return {
    name,
    template,
    description: asString(check['description']) ?? '',
    remediation: asString(check['remediation']) ?? '',
    objectKinds: scope === undefined ? undefined : texts(member(scope, 'objectKinds')),
    parameters: asObject(check['params']) ?? {},
    at,
  };
}

function member(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const found = Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : object[found];
}

function texts(value: unknown): readonly string[] {
  return asArray(value).filter((item) => typeof item === 'string');
}

function schemaProblem(document: Document, at: DocumentPath, message: string): Problem {
  return { kind: 'schema', message, location: document.locate(at), hidesFindings: true };
}
