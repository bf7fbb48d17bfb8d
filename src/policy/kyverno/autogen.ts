// SPDX-License-Identifier: Apache-2.0
// Rules on Pods also become rules on the controllers that make Pods (Kyverno pkg/autogen/v1). Variables are rewritten by plain replacement of text,
// as Kyverno does: `request.object.metadata.namespace` then asks the template, which has none.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { parseKindSelector } from './kind-selector.ts';

const controllers: Readonly<Record<string, string>> = {
  DaemonSet: 'apps/v1/DaemonSet',
  Deployment: 'apps/v1/Deployment',
  Job: 'batch/v1/Job',
  ReplicaSet: 'apps/v1/ReplicaSet',
  ReplicationController: 'v1/ReplicationController',
  StatefulSet: 'apps/v1/StatefulSet',
};
const cronJob = 'CronJob';
const longestName = 63;
const podKinds: readonly string[] = ['Pod', cronJob, ...Object.keys(controllers)];

export const controllersAnnotation = 'pod-policies.kyverno.io/autogen-controllers';

/** The rules of a policy followed by those made from them. */
export function computeRules(policy: JsonObject): readonly JsonObject[] {
  const rules = objectsOf(asObject(policy['spec'])?.['rules']);
  const requested = requestedControllers(policy, rules);
  if (requested.length === 0) return rules;
  const made = rules.flatMap((rule) => [
    ...controllerRule(
      rule,
      requested.filter((kind) => kind !== cronJob),
    ),
    ...(requested.includes(cronJob) ? cronJobRule(rule) : []),
  ]);
  if (made.length === 0) return rules;
  return [...rules.filter((rule) => !isMade(rule)), ...made];
}

function objectsOf(list: unknown): readonly JsonObject[] {
  return asArray(list)
    .map(asObject)
    .filter((item) => item !== undefined);
}

function isMade(rule: JsonObject): boolean {
  return asString(rule['name'])?.startsWith('autogen-') === true;
}

function requestedControllers(policy: JsonObject, rules: readonly JsonObject[]): readonly string[] {
  if (!canBeMade(rules)) return [];
  const annotation = asString(asObject(asObject(policy['metadata'])?.['annotations'])?.[controllersAnnotation]);
  if (annotation === undefined) return [...Object.keys(controllers), cronJob];
  return annotation
    .split(',')
    .map((kind) => kind.trim())
    .filter((kind) => kind === cronJob || Object.hasOwn(controllers, kind));
}

/** One rule for which it cannot be turns it off for the whole policy. */
function canBeMade(rules: readonly JsonObject[]): boolean {
  let isNeeded = false;
  for (const rule of rules) {
    const mutate = asObject(rule['mutate']);
    const hasPatches = (value: JsonObject | undefined): boolean => (asString(value?.['patchesJson6902']) ?? '') !== '';
    if (rule['generate'] !== undefined || hasPatches(mutate)) return false;
    if (asArray(mutate?.['foreach']).some((item) => hasPatches(asObject(item)))) return false;
    for (const resources of [...resourcesOf(rule['match']), ...resourcesOf(rule['exclude'])]) {
      const kinds = asStrings(resources['kinds']);
      const isNarrow = ['name', 'names', 'selector', 'annotations'].some(
        (key) => resources[key] !== undefined && resources[key] !== '',
      );
      if (isNarrow || (kinds.length > 1 && containsKind(kinds, 'Pod'))) return false;
      isNeeded ||= kinds.some((kind) => podKinds.includes(kind));
    }
  }
  return isNeeded;
}

function resourcesOf(block: unknown): readonly JsonObject[] {
  const object = asObject(block) ?? {};
  return [object, ...asArray(object['any']), ...asArray(object['all'])].map(
    (filter) => asObject(asObject(filter)?.['resources']) ?? {},
  );
}

function containsKind(kinds: readonly string[], kind: string): boolean {
  return kinds.some((text) => parseKindSelector(text).kind === kind);
}

function isAboutPods(rule: JsonObject): boolean {
  const matched = resourcesOf(rule['match']).flatMap((resources) => asStrings(resources['kinds']));
  const excluded = resourcesOf(rule['exclude']).flatMap((resources) => asStrings(resources['kinds']));
  return containsKind(matched, 'Pod') && (excluded.length === 0 || containsKind(excluded, 'Pod'));
}

interface Target {
  readonly name: string;
  readonly kinds: readonly string[];
  /** Where the template stands in the controller. */
  readonly path: readonly string[];
}

function controllerRule(rule: JsonObject, kinds: readonly string[]): JsonObject[] {
  if (kinds.length === 0 || isMade(rule) || !isAboutPods(rule)) return [];
  const named = kinds.toSorted().map((kind) => controllers[kind] ?? kind);
  return makeRule(rule, { name: 'autogen-', kinds: named, path: ['spec', 'template'] });
}

function cronJobRule(rule: JsonObject): JsonObject[] {
  if (isMade(rule) || !isAboutPods(rule)) return [];
  return makeRule(rule, {
    name: 'autogen-cronjob-',
    kinds: ['batch/v1/CronJob'],
    path: ['spec', 'jobTemplate', 'spec', 'template'],
  });
}

function makeRule(rule: JsonObject, { name, kinds, path }: Target): JsonObject[] {
  const body = shiftBody(rule, path);
  if (body === undefined) return [];
  const made = {
    ...rule,
    ...body,
    name: `${name}${asString(rule['name']) ?? ''}`.slice(0, longestName),
    match: withKinds(rule['match'], kinds, 'always'),
    ...(rule['exclude'] === undefined ? {} : { exclude: withKinds(rule['exclude'], kinds, 'if any') }),
  };
  const isCel = asObject(asObject(rule['validate'])?.['cel']) !== undefined;
  return [shiftVariables(made, path.join('.'), isCel ? '' : 'request.')];
}

function withKinds(block: unknown, kinds: readonly string[], flat: 'always' | 'if any'): JsonObject {
  const object = asObject(block) ?? {};
  const replaced = (filters: readonly unknown[]): readonly unknown[] =>
    filters.map((item) => {
      const filter = asObject(item) ?? {};
      const resources = asObject(filter['resources']) ?? {};
      if (!containsKind(asStrings(resources['kinds']), 'Pod')) return filter;
      return { ...filter, resources: { ...resources, kinds } };
    });
  for (const key of ['any', 'all']) {
    const filters = asArray(object[key]);
    if (filters.length > 0) return { ...object, [key]: replaced(filters) };
  }
  const resources = asObject(object['resources']) ?? {};
  if (flat === 'if any' && asStrings(resources['kinds']).length === 0) return object;
  return { ...object, resources: { ...resources, kinds } };
}

/** What a rule does, moved to the template; undefined for rules that cannot be moved. */
function shiftBody(rule: JsonObject, path: readonly string[]): JsonObject | undefined {
  const under = (value: unknown): unknown =>
    path.toReversed().reduce<unknown>((inner, key) => ({ [key]: inner }), value);
  const mutate = asObject(rule['mutate']);
  if (mutate !== undefined) {
    if (mutate['patchStrategicMerge'] !== undefined)
      return { mutate: { patchStrategicMerge: under(mutate['patchStrategicMerge']) } };
    const loops = asArray(mutate['foreach']);
    if (loops.length === 0) return undefined;
    return {
      mutate: {
        foreach: loops.map((item) => {
          const { list, context, preconditions, patchStrategicMerge } = asObject(item) ?? {};
          return { list, context, preconditions, patchStrategicMerge: under(patchStrategicMerge) };
        }),
      },
    };
  }
  const validate = asObject(rule['validate']);
  if (validate === undefined) return rule['verifyImages'] === undefined ? undefined : {};
  if (validate['pattern'] !== undefined) return { validate: { ...validate, pattern: under(validate['pattern']) } };
  if (validate['anyPattern'] !== undefined)
    return { validate: { ...validate, anyPattern: asArray(validate['anyPattern']).map(under) } };
  const isKept = ['deny', 'podSecurity', 'foreach', 'cel', 'assert'].some((key) => validate[key] !== undefined);
  return isKept ? {} : undefined;
}

/** `request.object.spec` becomes `request.object.spec.template.spec` and so on, wherever it stands. */
function shiftVariables(rule: JsonObject, path: string, prefix: string): JsonObject {
  let text = JSON.stringify(rule);
  for (const part of ['spec', 'metadata'])
    for (const root of ['object', 'oldObject'])
      text = text.replaceAll(`${prefix}${root}.${part}`, `${prefix}${root}.${path}.${part}`);
  return JSON.parse(text) as JsonObject;
}
