// SPDX-License-Identifier: Apache-2.0
// match and exclude of a rule against a request (Kyverno pkg/engine/utils/match.go): AND over the fields of a filter, OR inside of lists.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { hasWildcard, matchesWildcard } from '../../formats/wildcard.ts';
import { matchesSelector } from '../admission-policy/label-selector.ts';
import type { Hardening } from './hardening.ts';
import type { KindSelector, ResourceKind } from './kind-selector.ts';
import { inAnyCase, matchesKind, parseKindSelector } from './kind-selector.ts';

export interface Requester {
  readonly username: string;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly clusterRoles: readonly string[];
}

/** What is matched: one object, how it is reached, and who asks. */
export interface MatchTarget {
  readonly object: JsonObject;
  readonly kind: ResourceKind;
  readonly operation: string;
  readonly namespaceLabels: JsonObject;
  /** Undefined where nobody asks: background scans, and the command line without user information. */
  readonly requester: Requester | undefined;
}

interface ResourceFilter {
  readonly kinds: readonly KindSelector[];
  readonly kindNames: readonly string[];
  readonly names: readonly string[];
  readonly namespaces: readonly string[];
  readonly operations: readonly string[];
  readonly annotations: readonly [string, string][];
  readonly selector: JsonObject | undefined;
  readonly namespaceSelector: JsonObject | undefined;
  readonly name: string;
  readonly roles: readonly string[];
  readonly clusterRoles: readonly string[];
  readonly subjects: readonly JsonObject[];
  readonly isEmpty: boolean;
  readonly hasResources: boolean;
}

interface FilterBlock {
  readonly kind: 'any' | 'all';
  readonly filters: readonly ResourceFilter[];
}

/** Strict: kinds are meant whatever the case they are written in; Kyverno compares them letter by letter, so that `pod` is nothing. */
function includedBlock(match: JsonObject | undefined, hardening: Hardening): FilterBlock {
  const block = blockOf(match);
  if (hardening === 'parity') return block;
  const filters = block.filters.map((filter) => ({ ...filter, kinds: filter.kinds.map(inAnyCase) }));
  return { ...block, filters };
}

function blockOf(block: JsonObject | undefined): FilterBlock {
  const any = asArray(block?.['any']);
  const all = asArray(block?.['all']);
  if (any.length > 0) return { kind: 'any', filters: any.map(filterOf) };
  if (all.length > 0) return { kind: 'all', filters: all.map(filterOf) };
  return { kind: 'all', filters: [filterOf(block ?? {})] };
}

function filterOf(value: unknown): ResourceFilter {
  const filter = asObject(value) ?? {};
  const resources = asObject(filter['resources']) ?? {};
  const kindNames = asStrings(resources['kinds']);
  const users = ['roles', 'clusterRoles', 'subjects'];
  const hasResources = Object.keys(resources).length > 0;
  return {
    kinds: kindNames.map(parseKindSelector),
    kindNames,
    name: asString(resources['name']) ?? '',
    names: asStrings(resources['names']),
    namespaces: asStrings(resources['namespaces']),
    operations: asStrings(resources['operations']),
    annotations: entriesOf(resources['annotations']).map(([key, text]) => [key, asString(text) ?? '']),
    selector: asObject(resources['selector']),
    namespaceSelector: asObject(resources['namespaceSelector']),
    roles: asStrings(filter['roles']),
    clusterRoles: asStrings(filter['clusterRoles']),
    subjects: asArray(filter['subjects']).map((item) => asObject(item) ?? {}),
    isEmpty: !hasResources && users.every((key) => asArray(filter[key]).length === 0),
    hasResources,
  };
}

/** Whether a rule may be about objects of a kind: what can be told without the object. An answer of no is final. Compile once. */
export function compileKindMatch(
  match: JsonObject | undefined,
  hardening: Hardening = 'parity',
): (kind: ResourceKind) => boolean {
  const { kind: folding, filters } = includedBlock(match, hardening);
  return (kind) => {
    const test = ({ kinds }: ResourceFilter): boolean =>
      kinds.length === 0 || kinds.some((selector) => matchesKind(selector, kind));
    return folding === 'any' ? filters.some(test) : filters.every(test);
  };
}

/** Whether a rule is about a target. Compile once. */
export function compileMatch(
  match: JsonObject | undefined,
  exclude: JsonObject | undefined,
  hardening: Hardening = 'parity',
): (target: MatchTarget) => boolean {
  const included = includedBlock(match, hardening);
  const excluded = blockOf(exclude);
  return (target) => isIncluded(included, target) && !isExcluded(excluded, target);
}

function isIncluded({ kind, filters }: FilterBlock, target: MatchTarget): boolean {
  const test = (filter: ResourceFilter): boolean => {
    // Without anybody who asks, a filter by user alone matches nothing: matches Kyverno, where it is empty then.
    const isEmpty = target.requester === undefined ? !filter.hasResources : filter.isEmpty;
    return !isEmpty && matchesFilter(filter, target, target.requester === undefined ? 'ignored' : 'asked');
  };
  return kind === 'any' ? filters.some(test) : filters.every(test);
}

function isExcluded({ kind, filters }: FilterBlock, target: MatchTarget): boolean {
  const test = (filter: ResourceFilter): boolean => !filter.isEmpty && matchesFilter(filter, target, 'asked');
  return kind === 'any' ? filters.some(test) : filters.length > 0 && filters.every(test);
}

function matchesFilter(filter: ResourceFilter, target: MatchTarget, users: 'asked' | 'ignored'): boolean {
  const metadata = asObject(target.object['metadata']) ?? {};
  return (
    (filter.operations.length === 0 || filter.operations.includes(target.operation)) &&
    (filter.kinds.length === 0 || filter.kinds.some((selector) => matchesKind(selector, target.kind))) &&
    matchesNames(filter, metadata) &&
    matchesNamespace(filter, target, metadata) &&
    filter.annotations.every(([key, value]) =>
      matchesAnnotation(key, value, asObject(metadata['annotations']) ?? {}),
    ) &&
    (filter.selector === undefined || matchesWildcardSelector(filter.selector, asObject(metadata['labels']) ?? {})) &&
    matchesNamespaceSelector(filter, target) &&
    (users === 'ignored' || matchesUser(filter, target.requester))
  );
}

function matchesNames(filter: ResourceFilter, metadata: JsonObject): boolean {
  if (filter.name === '' && filter.names.length === 0) return true;
  const own = asString(metadata['name']) ?? '';
  const name = own === '' ? (asString(metadata['generateName']) ?? '') : own;
  if (filter.name !== '' && !matchesWildcard(filter.name, name)) return false;
  return filter.names.length === 0 || filter.names.some((glob) => matchesWildcard(glob, name));
}

/** A Namespace is compared by its own name. */
function matchesNamespace(filter: ResourceFilter, target: MatchTarget, metadata: JsonObject): boolean {
  if (filter.namespaces.length === 0) return true;
  const namespace = asString(metadata[target.kind.kind === 'Namespace' ? 'name' : 'namespace']) ?? '';
  return filter.namespaces.some((glob) => matchesWildcard(glob, namespace));
}

function matchesAnnotation(key: string, value: string, annotations: JsonObject): boolean {
  return Object.entries(annotations).some(
    ([name, text]) => matchesWildcard(key, name) && matchesWildcard(value, asString(text) ?? ''),
  );
}

/** namespaceSelector says nothing of Namespaces themselves. */
function matchesNamespaceSelector({ namespaceSelector }: ResourceFilter, target: MatchTarget): boolean {
  if (namespaceSelector === undefined || target.kind.kind === 'Namespace' || target.kind.kind === '') return true;
  return matchesWildcardSelector(namespaceSelector, target.namespaceLabels);
}

/** Keys and values of matchLabels may have wildcards; they become the first label that fits (pkg/engine/wildcards, ReplaceInSelector). */
export function matchesWildcardSelector(selector: JsonObject, labels: JsonObject): boolean {
  const wanted = entriesOf(selector['matchLabels']);
  const hasGlobs = wanted.some(([key, value]) => hasWildcard(key) || hasWildcard(asString(value) ?? ''));
  if (!hasGlobs) return matchesSelector(selector, labels);
  const isFitted = wanted.every(([key, value]) =>
    Object.entries(labels).some(
      ([name, text]) => matchesWildcard(key, name) && matchesWildcard(asString(value) ?? '', asString(text) ?? ''),
    ),
  );
  return isFitted && matchesSelector({ matchExpressions: selector['matchExpressions'] ?? [] }, labels);
}

function matchesUser(filter: ResourceFilter, requester: Requester | undefined): boolean {
  const { username = '', groups = [] } = requester ?? {};
  // Which roles somebody has is asked only where it matters.
  const holdsOne = (globs: readonly string[], own: 'roles' | 'clusterRoles'): boolean =>
    globs.length === 0 || (requester?.[own] ?? []).some((name) => globs.some((glob) => matchesWildcard(glob, name)));
  return (
    holdsOne(filter.roles, 'roles') &&
    holdsOne(filter.clusterRoles, 'clusterRoles') &&
    (filter.subjects.length === 0 || filter.subjects.some((subject) => isSubject(subject, username, groups)))
  );
}

function isSubject(subject: JsonObject, username: string, groups: readonly string[]): boolean {
  const name = asString(subject['name']) ?? '';
  switch (subject['kind']) {
    case 'ServiceAccount':
      return matchesWildcard(`system:serviceaccount:${asString(subject['namespace']) ?? ''}:${name}`, username);
    case 'User':
      return matchesWildcard(name, username);
    case 'Group':
      return groups.some((group) => matchesWildcard(name, group));
    default:
      return false;
  }
}
