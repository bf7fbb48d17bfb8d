// SPDX-License-Identifier: Apache-2.0
// CEL policies on Pods also judge the controllers that make Pods (Kyverno pkg/cel/autogen): the same expressions with their paths moved to the
// template by replacement of text.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../../formats/document.ts';

interface Family {
  /** Controllers by plural with their group. */
  readonly controllers: Readonly<Record<string, string>>;
  /** Where the template stands. */
  readonly path: string;
}

const families: readonly Family[] = [
  {
    controllers: { daemonsets: 'apps', deployments: 'apps', replicasets: 'apps', statefulsets: 'apps', jobs: 'batch' },
    path: 'spec.template',
  },
  { controllers: { cronjobs: 'batch' }, path: 'spec.jobTemplate.spec.template' },
];

/** Controllers that a policy on Pods is also about, and where they have their template. */
export interface ControllerMatch {
  readonly matchConstraints: JsonObject;
  /** Dotted. */
  readonly path: string;
}

/** The specifications made from that of a policy, without itself. */
export function controllerSpecs(spec: JsonObject): readonly JsonObject[] {
  return controllerMatches(spec).map(({ matchConstraints, path }) => ({ ...shift(spec, path), matchConstraints }));
}

export function controllerMatches(spec: JsonObject): readonly ControllerMatch[] {
  const match = asObject(spec['matchConstraints']);
  if (match === undefined || !canBeMade(match)) return [];
  const written = asObject(asObject(spec['autogen'])?.['podControllers'])?.['controllers'];
  const wanted = Array.isArray(written)
    ? asStrings(written)
    : families.flatMap(({ controllers }) => Object.keys(controllers));
  const operations = asObject(asArray(match['resourceRules'])[0])?.['operations'];
  return families.flatMap(({ controllers, path }) => {
    const chosen = Object.entries(controllers).filter(([resource]) => wanted.includes(resource));
    if (chosen.length === 0) return [];
    const resourceRules = [...new Set(chosen.map(([, group]) => group))].sort().map((group) => ({
      apiGroups: [group],
      apiVersions: ['v1'],
      operations,
      resources: chosen.filter(([, own]) => own === group).map(([resource]) => resource),
    }));
    return [{ matchConstraints: { resourceRules }, path }];
  });
}

/** Only policies on Pods and nothing else, without selectors. */
function canBeMade(match: JsonObject): boolean {
  const isEmpty = (selector: unknown): boolean => {
    const { matchLabels, matchExpressions } = asObject(selector) ?? {};
    return entriesOf(matchLabels).length === 0 && asArray(matchExpressions).length === 0;
  };
  const rules = asArray(match['resourceRules']);
  const rule = asObject(rules[0]) ?? {};
  const isOnly = (list: unknown, value: string): boolean =>
    asStrings(list).length === 1 && asStrings(list)[0] === value;
  return (
    isEmpty(match['namespaceSelector']) &&
    isEmpty(match['objectSelector']) &&
    asArray(match['excludeResourceRules']).length === 0 &&
    rules.length === 1 &&
    asArray(rule['resourceNames']).length === 0 &&
    isOnly(rule['apiGroups'], '') &&
    isOnly(rule['apiVersions'], 'v1') &&
    isOnly(rule['resources'], 'pods')
  );
}

/** A name and a namespace stay those of the controller: templates have none. */
const isProtected = /^\.(?:namespace|name)(?![A-Za-z0-9_])/;

function shift(spec: JsonObject, path: string): JsonObject {
  let text = JSON.stringify(spec);
  for (const part of ['spec', 'metadata'])
    for (const root of ['object', 'oldObject']) {
      const from = `${root}.${part}`;
      text = text
        .split(from)
        .reduce((left, right) =>
          isProtected.test(right) ? left + from + right : `${left}${root}.${path}.${part}${right}`,
        );
    }
  return asObject(JSON.parse(text)) ?? {};
}

/** Whether a name stands for a CEL kind of Kyverno. */
export function isCelGroup(apiVersion: unknown): boolean {
  return asString(apiVersion)?.startsWith('policies.kyverno.io/') === true;
}
