// SPDX-License-Identifier: Apache-2.0
// A resource against a pattern of maps, lists, leaves and anchors (Kyverno pkg/engine/validate, MatchPattern). The pattern becomes closures once.
// Not here: variables in patterns, which are replaced before.
import type { JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import { printGoValue } from '../../formats/go-print.ts';
import type { AnchorKind } from './anchor.ts';
import { parseAnchor } from './anchor.ts';
import { expandMetadataWildcards, hasMetadataWildcards } from './metadata-wildcards.ts';
import { matchesPattern } from './pattern.ts';

export type OverlayResult =
  | { readonly kind: 'pass' }
  /** A conditional or global anchor says that the rule does not apply. */
  | { readonly kind: 'skip'; readonly message: string }
  | { readonly kind: 'fail'; readonly message: string; readonly path: string }
  /** Failed while a key under an anchor was missing everywhere: Kyverno cannot tell and reports an error. */
  | { readonly kind: 'error'; readonly message: string };

export type Overlay = (resource: unknown) => OverlayResult;

interface Mismatch {
  readonly kind: 'condition' | 'global' | 'negation' | 'other';
  readonly message: string;
  readonly path: string;
  /** Every element of a list was skipped: what stands beside the list may still apply. */
  readonly isOfList?: true;
}

/** Whether each anchored key was met in any map it was looked for in. */
type AnchorsSeen = Map<string, boolean>;

interface Place {
  readonly path: string;
  readonly seen: AnchorsSeen;
}

/** Undefined: it fits. */
type Match = (value: unknown, place: Place) => Mismatch | undefined;

/** The pattern as a function of resources. Compile once, match many. */
export function compileOverlay(pattern: unknown): Overlay {
  const match = compile(pattern);
  return (resource) => {
    const seen: AnchorsSeen = new Map();
    const mismatch = match(resource, { path: '/', seen });
    if (mismatch === undefined) return passed;
    const { kind, message, path } = mismatch;
    if (isSkip(mismatch)) return { kind: 'skip', message };
    if (kind === 'negation') return { kind: 'fail', message, path };
    if ([...seen.values()].includes(false) || path === '') return { kind: 'error', message };
    return { kind: 'fail', message, path };
  };
}

const passed: OverlayResult = { kind: 'pass' };

function isSkip({ kind }: Mismatch): boolean {
  return kind === 'condition' || kind === 'global';
}

function compile(pattern: unknown): Match {
  if (Array.isArray(pattern)) return compileList(pattern);
  const map = asObject(pattern);
  return map === undefined ? compileLeaf(pattern) : compileMap(map);
}

/** Every element of a list must fit a leaf. */
function compileLeaf(pattern: unknown): Match {
  const fault = (value: unknown, path: string): Mismatch => ({
    kind: 'other',
    message: `resource value '${printGoValue(value)}' does not match '${printGoValue(pattern)}' at path ${path}`,
    path,
  });
  return (value, { path }) => {
    if (!Array.isArray(value)) return matchesPattern(value, pattern) ? undefined : fault(value, path);
    return value.every((item) => matchesPattern(item, pattern)) ? undefined : fault(value, path);
  };
}

interface Member {
  readonly key: string;
  readonly kind: AnchorKind | 'plain';
  readonly match: Match;
  readonly pattern: unknown;
}

const anchorsFirst: readonly (AnchorKind | 'plain')[] = ['condition', 'existence', 'equality', 'negation'];
const recorded: readonly (AnchorKind | 'plain')[] = ['condition', 'existence', 'negation'];

function compileMap(pattern: JsonObject): Match {
  const match = hasMetadataWildcards(pattern) ? compileExpanding(pattern) : compileMembers(pattern);
  return (value, place) => {
    const map = asObject(value);
    if (map !== undefined) return match(map, place);
    const { path } = place;
    const message = `pattern and resource have different structures. Path: ${path}. Expected map[string]interface {}, found ${typeName(value)}`;
    return { kind: 'other', message, path };
  };
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Keys depend on the resource, so these maps are compiled for each. */
function compileExpanding(pattern: JsonObject): Match {
  return (value, place) => compileMembers(expandMetadataWildcards(pattern, asObject(value) ?? {}))(value, place);
}

/** Anchors first in the order of their keys; then members with anchors inside, the last of them first; then the rest. */
function compileMembers(pattern: JsonObject): Match {
  const members = Object.keys(pattern)
    .toSorted()
    .map((key): Member => {
      const anchor = parseAnchor(key);
      const kind = anchor === undefined || anchor.kind === 'addIfNotPresent' ? 'plain' : anchor.kind;
      const name = kind === 'plain' ? key : (anchor?.key ?? key);
      return { key: name, kind, match: compileMember(kind, name, pattern[key]), pattern: pattern[key] };
    });
  const anchors = members.filter(({ kind }) => anchorsFirst.includes(kind));
  const rest = members.filter(({ kind }) => !anchorsFirst.includes(kind));
  const isEarly = (member: Member): boolean => member.kind === 'global' || hasAnchors(member.pattern);
  const ordered = [...anchors, ...rest.filter(isEarly).toReversed(), ...rest.filter((member) => !isEarly(member))];
  const watched = members.filter(({ kind }) => recorded.includes(kind));
  const keys = new Map(watched.map((member) => [member, `${member.kind}(${member.key})`]));
  return (value, place) => {
    const map = asObject(value) ?? {};
    for (const [member, name] of keys)
      if (place.seen.get(name) !== true) place.seen.set(name, Object.hasOwn(map, member.key));
    let applied = 0;
    let skipped: Mismatch | undefined;
    for (const { match } of ordered) {
      const mismatch = match(map, place);
      if (mismatch === undefined) applied += 1;
      else if (mismatch.isOfList === true) skipped ??= mismatch;
      else return mismatch;
    }
    return applied === 0 ? skipped : undefined;
  };
}

function hasAnchors(pattern: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some(hasAnchors);
  return Object.entries(asObject(pattern) ?? {}).some(([key, value]) => {
    const kind = parseAnchor(key)?.kind;
    return (kind !== undefined && kind !== 'addIfNotPresent') || hasAnchors(value);
  });
}

function compileMember(kind: Member['kind'], key: string, pattern: unknown): Match {
  const inner = compile(pattern);
  const below = ({ path, seen }: Place): Place => ({ path: `${path}${key}/`, seen });
  const valueIn = (map: unknown): unknown => {
    const object = map as JsonObject;
    return Object.hasOwn(object, key) ? object[key] : undefined;
  };
  const anchor = kind === 'global' ? 'global' : 'condition';
  switch (kind) {
    case 'plain':
      if (pattern === '*') return anythingUnder(key);
      return (map, place) => inner(valueIn(map), below(place));
    case 'negation':
      return (map, { path }) =>
        valueIn(map) === undefined
          ? undefined
          : {
              kind: 'negation',
              message: `negation anchor matched in resource: ${path}${key}/ is not allowed`,
              path: `${path}${key}/`,
            };
    case 'equality':
      return (map, place) => {
        const value = valueIn(map);
        return value === undefined ? undefined : inner(value, below(place));
      };
    case 'existence':
      return compileExistence(pattern, (map, place) => ({ value: valueIn(map), place: below(place) }));
    default:
      return (map, place) => {
        const value = valueIn(map);
        if (value === undefined) return kind === 'global' ? undefined : missingCondition(`${place.path}${key}/`);
        const mismatch = inner(value, below(place));
        return mismatch === undefined
          ? undefined
          : {
              kind: anchor,
              message: `${prefixes[anchor]}: ${mismatch.message}`,
              path: mismatch.path,
            };
      };
  }
}

const prefixes = { condition: 'conditional anchor mismatch', global: 'global anchor mismatch' } as const;

function missingCondition(path: string): Mismatch {
  return {
    kind: 'condition',
    message: `${prefixes.condition}: conditional anchor key doesn't exist in the resource`,
    path,
  };
}

/** `*` asks for any value but null. */
function anythingUnder(key: string): Match {
  return (map, { path }) => {
    const object = map as JsonObject;
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    return value === null || value === undefined
      ? { kind: 'other', message: `${path}/${key} not found`, path }
      : undefined;
  };
}

/** Each element of the pattern must fit at least one element of the resource's list. */
function compileExistence(
  pattern: unknown,
  find: (map: unknown, place: Place) => { readonly value: unknown; readonly place: Place },
): Match {
  const items = Array.isArray(pattern) ? pattern.map(asObject) : [undefined];
  const wanted = items.map((item) => (item === undefined ? undefined : compileMap(item)));
  return (map, outer) => {
    const { value, place } = find(map, outer);
    const { path, seen } = place;
    if (value === undefined) return undefined;
    const other = (message: string): Mismatch => ({ kind: 'other', message, path });
    if (!Array.isArray(value))
      return other(
        `invalid resource type ${typeName(value)}: Existence ^ () anchor can be used only on list/array type resource`,
      );
    for (const match of wanted) {
      if (match === undefined)
        return other('invalid pattern type: Pattern has to be of type map to compare against items in resource');
      const isThere = value.some((item, index) => match(item, { path: `${path}${index}/`, seen }) === undefined);
      if (!isThere) return other(`existence anchor validation failed at path ${path}`);
    }
    return undefined;
  };
}

/** Of a list of maps or leaves only the first counts, and every element of the resource must fit it. Lists of lists go by index. */
function compileList(pattern: readonly unknown[]): Match {
  const [first] = pattern;
  const isNested = Array.isArray(first);
  const elements = (isNested ? pattern : pattern.slice(0, 1)).map(compile);
  const [element] = elements;
  return (value, place) => {
    const { path, seen } = place;
    if (!Array.isArray(value))
      return {
        kind: 'other',
        message: `validation rule failed at path ${path}, resource does not satisfy the expected overlay pattern`,
        path,
      };
    if (element === undefined) return { kind: 'other', message: 'pattern Array empty', path };
    if (asObject(first) === undefined && !isNested) return element(value, place);
    if (isNested && value.length < elements.length) {
      const message = `validate Array failed, array length mismatch, resource Array len is ${value.length} and pattern Array len is ${elements.length}`;
      return { kind: 'other', message, path: '' };
    }
    const matches = isNested ? elements : value.map(() => element);
    return matchAll(matches, value, { path, seen });
  };
}

/** Elements that are skipped do not count, unless all are. */
function matchAll(matches: readonly Match[], values: readonly unknown[], { path, seen }: Place): Mismatch | undefined {
  let applied = 0;
  let skipped: Mismatch | undefined;
  for (const [index, match] of matches.entries()) {
    const mismatch = match(values[index], { path: `${path}${index}/`, seen });
    if (mismatch === undefined) applied += 1;
    else if (isSkip(mismatch)) skipped ??= mismatch;
    else return mismatch;
  }
  return applied === 0 && skipped !== undefined ? { ...skipped, path, isOfList: true } : undefined;
}
