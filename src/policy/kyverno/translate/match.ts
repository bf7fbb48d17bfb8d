// SPDX-License-Identifier: Apache-2.0
// match and exclude as matchConstraints and matchConditions (../match.ts is what they mean).
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../../formats/document.ts';
import { hasWildcard } from '../../../formats/wildcard.ts';
import { mappingsOfKind } from '../../admission-policy/rest-mapping.ts';
import type { KindSelector } from '../kind-selector.ts';
import { parseKindSelector } from '../kind-selector.ts';
import type { Names } from './cel-text.ts';
import { allOf, anyOf, CannotCarryOver, not, quote } from './cel-text.ts';
import { globToCel } from './leaf.ts';

export interface TranslatedMatch {
  readonly resourceRules: readonly JsonObject[];
  /** Beyond the rules; `true`: nothing. */
  readonly condition: string;
  readonly operations: readonly string[];
  /** Whether the rule is about Pods and nothing else, without a subresource. */
  readonly isOfPods: boolean;
}

interface Filter {
  readonly resources: JsonObject;
  readonly kinds: readonly KindSelector[];
  readonly operations: readonly string[];
  readonly users: JsonObject;
}

/** Of creating and updating where a rule says nothing; DELETE is carried over where it is named. */
const usualOperations: readonly string[] = ['CREATE', 'UPDATE'];

export function matchToCel(
  match: JsonObject | undefined,
  exclude: JsonObject | undefined,
  names: Names,
  operations: readonly string[] = usualOperations,
): TranslatedMatch {
  const { kind, filters } = filtersOf(match);
  if (filters.length === 0) throw new CannotCarryOver('a rule that matches nothing');
  const rules = filters.map((filter) => ruleOf(filter, operations));
  const stated = filters.map((filter) => (filter.operations.length === 0 ? operations : filter.operations));
  const root = stated.some((list) => list.includes('DELETE'))
    ? stated.every((list) => list.length === 1)
      ? 'oldObject'
      : '(request.operation == "DELETE" ? oldObject : object)'
    : 'object';
  const isSingle = filters.length === 1;
  const conditions = filters.map((filter) =>
    filterToCel(filter, { root, names, kinds: isSingle ? kindsBeyondRule(filter) : kindsToCel(filter) }),
  );
  const isPlain =
    kind === 'any' &&
    filters.every((filter) => filterToCel(filter, { root, names, kinds: kindsBeyondRule(filter) }) === 'true');
  const included = isPlain ? 'true' : kind === 'any' ? anyOf(conditions) : allOf(conditions);
  const excluded = excludeToCel(exclude, root, names);
  const resourceRules = mergedRules(kind === 'all' ? rules.slice(0, 1) : rules);
  const [only] = resourceRules;
  return {
    resourceRules,
    condition: allOf([included, excluded === 'false' ? undefined : not(excluded)]),
    operations: [...new Set(stated.flat())],
    isOfPods:
      resourceRules.length === 1 && JSON.stringify([only?.['apiGroups'], only?.['resources']]) === '[[""],["pods"]]',
  };
}

function mergedRules(rules: readonly JsonObject[]): readonly JsonObject[] {
  const seen = new Set<string>();
  return rules
    .flatMap((rule) => asArray(rule['each']).map((item) => asObject(item) ?? {}))
    .filter((rule) => {
      const key = JSON.stringify(rule);
      return !seen.has(key) && seen.add(key);
    });
}

function filtersOf(block: JsonObject | undefined): {
  readonly kind: 'any' | 'all';
  readonly filters: readonly Filter[];
} {
  const any = asArray(block?.['any']);
  const all = asArray(block?.['all']);
  if (any.length > 0) return { kind: 'any', filters: any.map(filterOf) };
  if (all.length > 0) return { kind: 'all', filters: all.map(filterOf) };
  return { kind: 'all', filters: block === undefined || Object.keys(block).length === 0 ? [] : [filterOf(block)] };
}

function filterOf(value: unknown): Filter {
  const users = asObject(value) ?? {};
  const resources = asObject(users['resources']) ?? {};
  return {
    resources,
    kinds: asStrings(resources['kinds']).map(parseKindSelector),
    operations: asStrings(resources['operations']),
    users,
  };
}

function ruleOf(filter: Filter, usual: readonly string[]): JsonObject {
  const operations = filter.operations.length === 0 ? usual : filter.operations;
  if (filter.kinds.length === 0)
    return { each: [{ apiGroups: ['*'], apiVersions: ['*'], operations, resources: ['*'] }] };
  const byGroup = new Map<string, { readonly versions: string; readonly resources: string[] }>();
  for (const selector of filter.kinds)
    for (const { group, version, resource } of resourcesOf(selector)) {
      const key = `${group} ${version}`;
      const entry = byGroup.get(key) ?? { versions: version, resources: [] };
      if (!entry.resources.includes(resource)) entry.resources.push(resource);
      byGroup.set(key, entry);
    }
  return {
    each: [...byGroup].map(([key, { versions, resources }]) => ({
      apiGroups: [key.split(' ')[0] ?? ''],
      apiVersions: [versions],
      operations,
      resources,
    })),
  };
}

interface Resource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** Groups that nobody serves any more are left out where a kind has others. */
const oldGroups: readonly string[] = ['extensions'];

function resourcesOf({ group, version, kind, subresource }: KindSelector): readonly Resource[] {
  const suffix = subresource === '' ? '' : `/${subresource}`;
  const celVersion = hasWildcard(version) ? '*' : version;
  if (hasWildcard(kind)) {
    if (kind !== '*') throw new CannotCarryOver(`the kind ${kind}`);
    return [{ group: hasWildcard(group) ? '*' : group, version: celVersion, resource: `*${suffix}` }];
  }
  const known = mappingsOfKind(kind).filter((mapping) =>
    hasWildcard(group) ? !oldGroups.includes(mapping.group) : mapping.group === group,
  );
  if (known.length > 0)
    return known.map((mapping) => ({
      group: mapping.group,
      version: celVersion === '*' && kind === 'Pod' ? 'v1' : celVersion,
      resource: `${mapping.resource}${suffix}`,
    }));
  const [plural] = [guessed(kind)];
  return [{ group: hasWildcard(group) ? '*' : group, version: celVersion, resource: `${plural}${suffix}` }];
}

/** The plural that custom resources have unless somebody gave them another. */
function guessed(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower.endsWith('s')) return `${lower}es`;
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/** What the resource rules do not say: the kind, where its resource was guessed in any group. */
function kindsBeyondRule(_filter: Filter): string {
  return 'true';
}

function kindsToCel({ kinds }: Filter): string {
  if (kinds.length === 0 || kinds.some(({ kind }) => kind === '*')) return 'true';
  const plain = kinds.map(({ kind }) => kind);
  return plain.length === 1
    ? `request.kind.kind == ${quote(plain[0] ?? '')}`
    : `request.kind.kind in [${plain.map(quote).join(', ')}]`;
}

interface FilterPlace {
  readonly root: string;
  readonly names: Names;
  readonly kinds: string;
}

function filterToCel(filter: Filter, { root, names, kinds }: FilterPlace): string {
  const { resources, users, operations } = filter;
  for (const key of ['roles', 'clusterRoles'])
    if (asArray(users[key]).length > 0)
      throw new CannotCarryOver(`${key} of the requester, which CEL policies do not know`);
  const isNamespace = filter.kinds.length > 0 && filter.kinds.every(({ kind }) => kind === 'Namespace');
  const oneName = asString(resources['name']);
  const allNames = oneName === undefined || oneName === '' ? [] : [oneName];
  const list = asStrings(resources['names']);
  const own = `${root}.metadata.?name.orValue("")`;
  return allOf([
    kinds,
    operations.length > 0 && kinds !== 'true'
      ? `request.operation in [${operations.map(quote).join(', ')}]`
      : undefined,
    allNames.length === 0 ? undefined : anyOf(allNames.map((glob) => globToCel(own, glob, 'text'))),
    list.length === 0 ? undefined : anyOf(list.map((glob) => globToCel(own, glob, 'text'))),
    namespacesToCel(asStrings(resources['namespaces']), isNamespace ? own : 'request.namespace'),
    ...entriesOf(resources['annotations']).map(([key, value]) =>
      pairToCel(`${root}.metadata.?annotations.orValue({})`, [key, String(value)], names),
    ),
    selectorToCel(asObject(resources['selector']), `${root}.metadata.?labels.orValue({})`, names),
    isNamespace
      ? undefined
      : selectorToCel(asObject(resources['namespaceSelector']), 'namespaceObject.?metadata.?labels.orValue({})', names),
    subjectsToCel(asArray(users['subjects']), names),
  ]);
}

function namespacesToCel(globs: readonly string[], text: string): string | undefined {
  if (globs.length === 0) return undefined;
  const exact = globs.filter((glob) => !hasWildcard(glob));
  const others = globs.filter((glob) => hasWildcard(glob));
  return anyOf([
    ...(exact.length === 0
      ? []
      : [exact.length === 1 ? `${text} == ${quote(exact[0] ?? '')}` : `${text} in [${exact.map(quote).join(', ')}]`]),
    ...others.map((glob) => globToCel(text, glob, 'text')),
  ]);
}

function pairToCel(map: string, [key, value]: readonly [string, string], names: Names): string {
  const name = names.next('k');
  if (!hasWildcard(key)) {
    const at = `${map}[?${quote(key)}]`;
    return allOf([`${at}.hasValue()`, globToCel(`${at}.orValue("")`, value, 'text')]);
  }
  return `${map}.exists(${name}, ${allOf([globToCel(name, key, 'text'), globToCel(`${map}[${name}]`, value, 'text')])})`;
}

function selectorToCel(selector: JsonObject | undefined, map: string, names: Names): string | undefined {
  if (selector === undefined) return undefined;
  const labels = entriesOf(selector['matchLabels']).map(([key, value]) => pairToCel(map, [key, String(value)], names));
  const expressions = asArray(selector['matchExpressions']).map((item) => {
    const { key: written, operator, values: listed } = asObject(item) ?? {};
    const key = quote(asString(written) ?? '');
    const list = `[${asStrings(listed).map(quote).join(', ')}]`;
    switch (operator) {
      case 'Exists':
        return `${key} in ${map}`;
      case 'DoesNotExist':
        return not(`${key} in ${map}`);
      case 'In':
        return allOf([`${key} in ${map}`, `${map}[${key}] in ${list}`]);
      case 'NotIn':
        return anyOf([not(`${key} in ${map}`), not(`${map}[${key}] in ${list}`)]);
      default:
        throw new CannotCarryOver(`the selector operator ${String(operator)}`);
    }
  });
  return allOf([...labels, ...expressions]);
}

function subjectsToCel(subjects: readonly unknown[], names: Names): string | undefined {
  if (subjects.length === 0) return undefined;
  const user = 'request.userInfo.?username.orValue("")';
  return anyOf(
    subjects.map((item) => {
      const { kind, name, namespace } = asObject(item) ?? {};
      const text = asString(name) ?? '';
      if (kind === 'User') return globToCel(user, text, 'text');
      if (kind === 'ServiceAccount')
        return globToCel(user, `system:serviceaccount:${asString(namespace) ?? ''}:${text}`, 'text');
      const group = names.next('g');
      return `request.userInfo.?groups.orValue([]).exists(${group}, ${globToCel(group, text, 'text')})`;
    }),
  );
}

function excludeToCel(exclude: JsonObject | undefined, root: string, names: Names): string {
  const { kind, filters } = filtersOf(exclude);
  const real = filters.filter(
    ({ resources, users }) =>
      Object.keys(resources).length > 0 ||
      ['roles', 'clusterRoles', 'subjects'].some((key) => asArray(users[key]).length > 0),
  );
  if (real.length === 0) return 'false';
  const conditions = real.map((filter) => filterToCel(filter, { root, names, kinds: kindsToCel(filter) }));
  return kind === 'any' ? anyOf(conditions) : allOf(conditions);
}
