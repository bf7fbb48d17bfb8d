// SPDX-License-Identifier: Apache-2.0
// A resource against a pattern of maps, lists, leaves and anchors (Kyverno pkg/engine/validate, MatchPattern). The pattern becomes closures once.
// Not here: variables in patterns, which are replaced before.
import type { JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import { printGoValue } from '../../formats/go-print.ts';
import type { AnchorKind } from './anchor.ts';
import { parseAnchor } from './anchor.ts';
import type { Hardening } from './hardening.ts';
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
export function compileOverlay(pattern: unknown, hardening: Hardening = 'parity'): Overlay {
  const match = compile(pattern, hardening);
  return (resource) => {
    const seen: AnchorsSeen = new Map();
    const mismatch = match(resource, { path: '/', seen });
    if (mismatch === undefined) return passed;
    const { kind, message, path } = mismatch;
    if (isSkip(mismatch)) return { kind: 'skip', message };
    if (kind === 'negation') return { kind: 'fail', message, path };
    const isUnclear = [...seen.values()].includes(false) || path === '';
    if (isUnclear && hardening === 'parity') return { kind: 'error', message };
    return { kind: 'fail', message, path };
  };
}

const passed: OverlayResult = { kind: 'pass' };

function isSkip({ kind }: Mismatch): boolean {
  return kind === 'condition' || kind === 'global';
}

function compile(pattern: unknown, hardening: Hardening): Match {
  if (Array.isArray(pattern)) return compileList(pattern, hardening);
  const map = asObject(pattern);
  return map === undefined ? compileLeaf(pattern, hardening) : compileMap(map, hardening);
}

/** Every element of a list must fit a leaf. Strict: an empty list is nothing, and of what is nothing only null fits null. */
function compileLeaf(pattern: unknown, hardening: Hardening): Match {
  const isStrict = hardening === 'strict';
  const fits = (value: unknown): boolean =>
    isStrict && (pattern === null || pattern === undefined)
      ? value === null || value === undefined
      : matchesPattern(value, pattern);
  const fault = (value: unknown, path: string): Mismatch => ({
    kind: 'other',
    message: `resource value '${printGoValue(value)}' does not match '${printGoValue(pattern)}' at path ${path}`,
    path,
  });
  return (value, { path }) => {
    if (!Array.isArray(value)) return fits(value) ? undefined : fault(value, path);
    if (isStrict && value.length === 0) return fits(undefined) ? undefined : fault(value, path);
    return value.every(fits) ? undefined : fault(value, path);
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

function compileMap(pattern: JsonObject, hardening: Hardening): Match {
  const match = hasMetadataWildcards(pattern)
    ? compileExpanding(pattern, hardening)
    : compileMembers(pattern, hardening);
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
function compileExpanding(pattern: JsonObject, hardening: Hardening): Match {
  return (value, place) =>
    compileMembers(expandMetadataWildcards(pattern, asObject(value) ?? {}, hardening), hardening)(value, place);
}

/** Anchors first in the order of their keys; then members with anchors inside, the last of them first; then the rest. */
function compileMembers(pattern: JsonObject, hardening: Hardening): Match {
  const members = Object.keys(pattern)
    .toSorted()
    .map((key): Member => {
      const anchor = parseAnchor(key);
      const kind = anchor === undefined || anchor.kind === 'addIfNotPresent' ? 'plain' : anchor.kind;
      const name = kind === 'plain' ? key : (anchor?.key ?? key);
      return {
        key: name,
        kind,
        match: compileMember(kind, name, { pattern: pattern[key], hardening }),
        pattern: pattern[key],
      };
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
    for (const { match, kind } of ordered) {
      const mismatch = match(map, place);
      if (mismatch === undefined) applied += 1;
      else if (mismatch.isOfList === true || isOfMember(mismatch, kind, hardening)) skipped ??= mismatch;
      else return mismatch;
    }
    return applied === 0 ? skipped : undefined;
  };
}

/** Strict: a condition within a member decides over that member, and not over what stands beside it. */
function isOfMember({ kind }: Mismatch, member: Member['kind'], hardening: Hardening): boolean {
  return hardening === 'strict' && kind === 'condition' && member !== 'condition';
}

function hasAnchors(pattern: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some(hasAnchors);
  return Object.entries(asObject(pattern) ?? {}).some(([key, value]) => {
    const kind = parseAnchor(key)?.kind;
    return (kind !== undefined && kind !== 'addIfNotPresent') || hasAnchors(value);
  });
}

function compileMember(
  kind: Member['kind'],
  key: string,
  { pattern, hardening }: { readonly pattern: unknown; readonly hardening: Hardening },
): Match {
  // A condition that is harder to meet would let more through.
  const inner = compile(pattern, kind === 'condition' || kind === 'global' ? 'parity' : hardening);
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
    case 'equality': {
      const lenient = compile(pattern, 'parity');
      return (map, place) => {
        const value = valueIn(map);
        if (value === undefined) return undefined;
        // What need not be there may be an empty list.
        return (Array.isArray(value) && value.length === 0 ? lenient : inner)(value, below(place));
      };
    }
    case 'existence':
      return compileExistence(pattern, hardening, (map, place) => ({ value: valueIn(map), place: below(place) }));
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
  hardening: Hardening,
  find: (map: unknown, place: Place) => { readonly value: unknown; readonly place: Place },
): Match {
  const items = Array.isArray(pattern) ? pattern.map(asObject) : [undefined];
  const wanted = items.map((item) => (item === undefined ? undefined : compileMap(item, hardening)));
  return (map, outer) => {
    const { value, place } = find(map, outer);
    const { path, seen } = place;
    const other = (message: string): Mismatch => ({ kind: 'other', message, path });
    if (value === undefined)
      return hardening === 'strict' ? other(`existence anchor validation failed at path ${path}`) : undefined;
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

/**
 * Of a list of maps or leaves only the first counts, and every element of the resource must fit it. Lists of lists go by index. Strict: all of them count, and
 * an empty list is nothing.
 */
function compileList(pattern: readonly unknown[], hardening: Hardening): Match {
  const [first] = pattern;
  const isNested = Array.isArray(first);
  const isStrict = hardening === 'strict';
  const elements = (isNested || isStrict ? pattern : pattern.slice(0, 1)).map((item) => compile(item, hardening));
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
    if (isStrict && value.length === 0) return { kind: 'other', message: `the list at path ${path} is empty`, path };
    if (asObject(first) === undefined && !isNested) return firstMismatch(elements, value, place);
    if (isNested && value.length < elements.length) {
      const message = `validate Array failed, array length mismatch, resource Array len is ${value.length} and pattern Array len is ${elements.length}`;
      return { kind: 'other', message, path: '' };
    }
    const matches = isNested ? elements : value.map(() => (isStrict ? fitsAll(elements) : element));
    return matchAll(matches, value, { path, seen });
  };
}

function firstMismatch(matches: readonly Match[], value: unknown, place: Place): Mismatch | undefined {
  for (const match of matches) {
    const mismatch = match(value, place);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

/** One element of a resource against all elements of a pattern. Those whose condition it does not meet do not count, unless it meets none. */
function fitsAll(matches: readonly Match[]): Match {
  return (value, place) => {
    let applied = 0;
    let skipped: Mismatch | undefined;
    for (const match of matches) {
      const mismatch = match(value, place);
      if (mismatch === undefined) applied += 1;
      else if (isSkip(mismatch)) skipped ??= mismatch;
      else return mismatch;
    }
    return applied === 0 ? skipped : undefined;
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
