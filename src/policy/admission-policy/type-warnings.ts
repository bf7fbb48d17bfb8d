// SPDX-License-Identifier: Apache-2.0
// Expressions of admission policies checked against the schemas of the kinds that their rules match (apiserver
// pkg/admission/plugin/policy/validating/typechecking.go): warnings only, in the API server's words. It checks validations alone; here all expressions are.

import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import type { Location } from '../../model/location.ts';
import { checkCel } from '../cel/checker.ts';
import type { CelEnvironment } from '../cel/environment.ts';
import { printFault } from '../cel/fault-text.ts';
import { kubernetesEnvironment } from '../cel/kubernetes.ts';
import { parseCel } from '../cel/parser.ts';
import type { CelType } from '../cel/types.ts';
import { dynType, messageType } from '../cel/types.ts';
import { builtInCelTypes } from '../kubernetes-types/cel-types.ts';
import { builtInKind, schemaOf } from '../kubernetes-types/schema.ts';
import type { PolicyDocument } from './compiled-policy.ts';
import { patchTypes } from './patch-types.ts';
import { kindOfResource } from './rest-mapping.ts';
import { baseVariables, visibleTypes } from './visible-types.ts';

/** As in `status.typeChecking.expressionWarnings` of a ValidatingAdmissionPolicy. */
export interface ExpressionWarning {
  /** `spec.validations[0].expression` */
  readonly fieldRef: string;
  /** For each kind with faults: group, version and kind, and what is wrong. */
  readonly warning: string;
  /** The expression as it is written. */
  readonly expression: string;
  readonly location: Location;
}

/** The API server checks at most so many kinds of one rule. */
const mostKinds = 10;

interface CheckedKind {
  /** `apps/v1, Kind=Deployment` */
  readonly label: string;
  readonly type: CelType;
}

/** Warnings for one ValidatingAdmissionPolicy or MutatingAdmissionPolicy; none for rules with wildcards and kinds that are not built in. */
export function typeWarnings(
  document: PolicyDocument,
  options: { readonly minor?: number } = {},
): readonly ExpressionWarning[] {
  const spec = asObject(document.object['spec']) ?? {};
  const kinds = kindsOf(spec);
  if (kinds.length === 0) return [];
  const plain = kubernetesEnvironment({ ...options, types: visibleTypes(builtInCelTypes(patchTypes)) });
  const found = new Map<string, { readonly path: DocumentPath; readonly text: string; readonly messages: string[] }>();
  for (const kind of kinds) {
    let environment = plain.extend(baseVariables({ ...paramsOf(spec), authorizer: 'declared', object: kind.type }));
    for (const { path, text, variable } of expressionsOf(spec)) {
      const { type, message } = check(text, environment);
      if (variable !== undefined)
        environment = environment.extend([{ name: `variables.${variable}`, type, evaluation: 'lazy' }]);
      if (message === undefined) continue;
      const fieldRef = printPath(path);
      const entry = found.get(fieldRef) ?? { path, text, messages: [] };
      entry.messages.push(`${kind.label}: ${message}\n`);
      found.set(fieldRef, entry);
    }
  }
  return [...found].map(([fieldRef, { path, text, messages }]) => ({
    fieldRef,
    warning: messages.join('\n'),
    expression: text,
    location: document.locateValue(path),
  }));
}

function paramsOf(spec: JsonObject): { readonly params: 'declared' | 'hidden'; readonly paramsType?: CelType } {
  const kind = asObject(spec['paramKind']);
  if (kind === undefined) return { params: 'hidden' };
  const schema = schemaOf(kind);
  return { params: 'declared', ...(schema === undefined ? {} : { paramsType: messageType(schema.name) }) };
}

/** Built-in kinds that the rules name without wildcards, in the order of group, version and kind. */
function kindsOf(spec: JsonObject): readonly CheckedKind[] {
  const kinds = new Map<string, CheckedKind>();
  for (const item of asArray(asObject(spec['matchConstraints'])?.['resourceRules'])) {
    const rule = asObject(item);
    const groups = asStrings(rule?.['apiGroups']);
    const versions = asStrings(rule?.['apiVersions']);
    if ([...groups, ...versions].some((text) => text.includes('*'))) continue;
    const resources = asStrings(rule?.['resources']).filter((text) => !/[*/]/.test(text));
    const named = [...groups]
      .sort()
      .flatMap((group) =>
        [...versions]
          .sort()
          .flatMap((version) => [...resources].sort().map((resource) => ({ group, version, resource }))),
      );
    const known = named.flatMap(({ group, version, resource }) => {
      const kind = kindOfResource(group, resource);
      const schema = kind === undefined ? undefined : builtInKind({ group, version, kind });
      if (schema === undefined) return [];
      const label = `${group === '' ? version : `${group}/${version}`}, Kind=${kind ?? ''}`;
      return [[`${group} ${version} ${kind ?? ''}`, { label, type: messageType(schema.name) }] as const];
    });
    for (const [key, kind] of known.slice(0, mostKinds)) kinds.set(key, kind);
  }
  return [...kinds].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, kind]) => kind);
}

interface WrittenExpression {
  readonly path: DocumentPath;
  readonly text: string;
  /** Name of the variable that it defines. */
  readonly variable?: string;
}

/** In the order in which they may use each other. */
function expressionsOf(spec: JsonObject): readonly WrittenExpression[] {
  return [
    ...listed(spec, 'matchConditions', ['expression']),
    ...listed(spec, 'variables', ['expression']),
    ...listed(spec, 'validations', ['expression']),
    ...listed(spec, 'validations', ['messageExpression']),
    ...listed(spec, 'auditAnnotations', ['valueExpression']),
    ...listed(spec, 'mutations', ['applyConfiguration', 'expression']),
    ...listed(spec, 'mutations', ['jsonPatch', 'expression']),
  ];
}

function listed(spec: JsonObject, list: string, member: readonly string[]): readonly WrittenExpression[] {
  return asArray(spec[list]).flatMap((item, index) => {
    const text = asString(member.reduce<unknown>((value, key) => asObject(value)?.[key], item));
    const variable = list === 'variables' ? asString(asObject(item)?.['name']) : undefined;
    const path = ['spec', list, index, ...member];
    return text === undefined ? [] : [{ path, text, ...(variable === undefined ? {} : { variable }) }];
  });
}

function check(text: string, environment: CelEnvironment): { readonly type: CelType; readonly message?: string } {
  const parsed = parseCel(text);
  if (parsed.kind === 'fault') return { type: dynType, message: printFault(text, parsed.fault) };
  const { type, faults } = checkCel(parsed.expression, environment);
  if (faults.length === 0) return { type };
  return { type: dynType, message: faults.map((fault) => printFault(text, fault)).join('\n') };
}

function printPath(path: DocumentPath): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('');
}
