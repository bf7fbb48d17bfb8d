// SPDX-License-Identifier: Apache-2.0
// Anchors in the strategic merge patterns of Kyverno's mutate rules (pkg/engine/mutate/patch/strategicPreprocessing.go): conditions `(key)` and global
// conditions `<(key)` are held against the resource, `+(key)` sets what is absent; what is left is a patch without anchors for kyaml-merge.ts.
// One difference: Kyverno works on one copy of a list element for all elements of the resource, so that with `+(key)` the first decides for the others.

import type { JsonObject } from '../../formats/document.ts';
import { isJsonObject, memberOf, type OpenObject, openCopy, setMember } from './json-members.ts';
import type { PatchFault } from './json-patch.ts';
import { applyKyamlMerge } from './kyaml-merge.ts';

/** Whether a value fits a pattern of a condition: Kyverno's pattern engine. Scalars come as text. */
export type PatternMatch = (value: unknown, pattern: unknown) => boolean;

export type ResolvedAnchors =
  | { readonly kind: 'pattern'; readonly pattern: JsonObject }
  /** A condition does not hold: the rule does not apply. */
  | { readonly kind: 'unmet'; readonly reason: string }
  | PatchFault;

/** Resolves the anchors of a pattern for one resource. Neither is changed. */
export function resolveAnchors(pattern: JsonObject, resource: JsonObject, matches: PatternMatch): ResolvedAnchors {
  try {
    const walked = new Resolution(matches).object(pattern, resource);
    return { kind: 'pattern', pattern: withoutConditions(walked) ?? {} };
  } catch (error) {
    if (error instanceof Unmet) return { kind: 'unmet', reason: error.message };
    if (error instanceof Misfit) return { kind: 'fault', code: 'invalid', message: error.message };
    if (error instanceof RangeError) return { kind: 'fault', code: 'limit', message: 'the pattern is too deep' };
    throw error;
  }
}

/** The resource after a mutate rule's patchStrategicMerge; the resource itself when a condition does not hold. */
export function applyMutatePattern(
  resource: JsonObject,
  pattern: JsonObject,
  matches: PatternMatch,
):
  | { readonly kind: 'patched'; readonly value: JsonObject | undefined }
  | { readonly kind: 'unmet'; readonly reason: string }
  | PatchFault {
  const resolved = resolveAnchors(pattern, resource, matches);
  return resolved.kind === 'pattern' ? applyKyamlMerge(resource, resolved.pattern) : resolved;
}

/** Leave the recursion; never leave this file. */
class Unmet extends Error {
  readonly scope: 'element' | 'rule';

  constructor(message: string, scope: 'element' | 'rule') {
    super(message);
    this.scope = scope;
  }
}
class Misfit extends Error {}

interface Anchor {
  readonly modifier: '' | '<' | '+' | '=' | 'X' | '^';
  readonly key: string;
}

function parseAnchor(text: string): Anchor | undefined {
  const parts = /^([+<=X^]?)\((.+)\)$/s.exec(text);
  return parts === null ? undefined : { modifier: (parts[1] ?? '') as Anchor['modifier'], key: parts[2] ?? '' };
}

function isCondition(anchor: Anchor | undefined): boolean {
  return anchor?.modifier === '' || anchor?.modifier === '<';
}

function isAnchor(anchor: Anchor | undefined): boolean {
  return isCondition(anchor) || anchor?.modifier === '+';
}

class Resolution {
  readonly #matches: PatternMatch;

  constructor(matches: PatternMatch) {
    this.#matches = matches;
  }

  value(pattern: unknown, resource: unknown): unknown {
    if (isJsonObject(pattern)) return this.object(pattern, resource);
    if (Array.isArray(pattern) && isJsonObject(pattern[0])) return this.#list(pattern, resource);
    return pattern;
  }

  object(pattern: JsonObject, resource: unknown): JsonObject {
    const added = withAdditions(pattern, resource);
    const checked = this.#condition(this.#condition(added, resource, '<'), resource, '');
    const walked: OpenObject = {};
    for (const [key, value] of Object.entries(checked)) {
      const member = isJsonObject(resource) ? memberOf(resource, key) : undefined;
      setMember(walked, key, isAnchor(parseAnchor(key)) ? value : this.value(value, member));
    }
    return walked;
  }

  /** Holds all conditions of one kind against the resource. */
  #condition(pattern: JsonObject, resource: unknown, modifier: '' | '<'): JsonObject {
    const checked = openCopy(pattern);
    const scope = modifier === '<' ? 'rule' : 'element';
    for (const [text, value] of Object.entries(pattern)) {
      const anchor = parseAnchor(text);
      if (anchor?.modifier !== modifier) continue;
      if (!isJsonObject(resource) || !Object.hasOwn(resource, anchor.key))
        throw new Unmet(`'${anchor.key}' is not there`, scope);
      const member = resource[anchor.key];
      const hasAdditions = isJsonObject(value) && Object.keys(value).some((key) => parseAnchor(key)?.modifier === '+');
      if (hasAdditions) setMember(checked, text, withAdditions(value, member));
      else if (!this.#matches(scalarText(member), scalarText(value)))
        throw new Unmet(`'${anchor.key}' is not as ${text} asks`, scope);
    }
    return checked;
  }

  /** An element with anchors becomes one element for each element of the resource that meets its conditions, tied to it by name. */
  #list(pattern: readonly unknown[], resource: unknown): readonly unknown[] {
    if (resource !== undefined && resource !== null && !Array.isArray(resource))
      throw new Misfit('the pattern has a list where the resource has none');
    const elements: readonly unknown[] = Array.isArray(resource) ? resource : [];
    const made: unknown[] = [];
    for (const element of pattern) {
      if (!holdsAnchor(element, isAnchor)) continue;
      const isGlobal = holdsAnchor(element, (anchor) => anchor.modifier === '<');
      const results = (resource === undefined ? [undefined] : elements).map((item) => this.#element(element, item));
      const failed = results.findLast((result) => result instanceof Unmet && result.scope === 'rule');
      if (failed instanceof Unmet && !(isGlobal && results.some((result) => !(result instanceof Unmet)))) throw failed;
      if (isGlobal) continue;
      for (const [index, result] of results.entries()) {
        const named = result instanceof Unmet ? undefined : withName(result, elements[index]);
        if (named !== undefined) made.push(named);
      }
    }
    return [...pattern, ...made];
  }

  #element(pattern: unknown, item: unknown): unknown {
    try {
      return this.value(pattern, item);
    } catch (error) {
      if (error instanceof Unmet) return error;
      throw error;
    }
  }
}

/** `+(key)`: gone when the resource has the key, the plain key otherwise. */
function withAdditions(pattern: JsonObject, resource: unknown): JsonObject {
  const result: OpenObject = {};
  for (const [text, value] of Object.entries(pattern)) {
    const anchor = parseAnchor(text);
    if (anchor?.modifier !== '+') setMember(result, text, value);
    else if (!isJsonObject(resource) || !Object.hasOwn(resource, anchor.key)) setMember(result, anchor.key, value);
  }
  return result;
}

/** Conditions compare what is written: scalars are handed over as text. */
function scalarText(value: unknown): unknown {
  return value !== null && typeof value === 'object' ? value : String(value);
}

function holdsAnchor(value: unknown, accepts: (anchor: Anchor) => boolean): boolean {
  const isOne = (text: string): boolean => {
    const anchor = parseAnchor(text);
    return anchor !== undefined && accepts(anchor);
  };
  if (Array.isArray(value)) return value.some((item) => holdsAnchor(item, accepts));
  if (isJsonObject(value))
    return Object.entries(value).some(([key, member]) => isOne(key) || holdsAnchor(member, accepts));
  return typeof value === 'string' && isCondition(parseAnchor(value));
}

/** The pattern element for one element of the resource; undefined when nothing is left of it, or there is no name to tie it to. */
function withName(pattern: unknown, element: unknown): JsonObject | undefined {
  const name = isJsonObject(element) ? memberOf(element, 'name') : undefined;
  if (name === undefined || name === null || name === '' || !isJsonObject(pattern)) return undefined;
  const kept = withoutConditions(pattern);
  return kept === undefined ? undefined : { ...kept, name };
}

/**
 * A map without its conditions and without members that hold nothing else; undefined when nothing is left. As in Kyverno, an empty map counts as nothing,
 * and a condition whose value sets something becomes a plain key.
 */
function withoutConditions(pattern: JsonObject): JsonObject | undefined {
  const kept: OpenObject = {};
  for (const [key, value] of Object.entries(pattern)) {
    const anchor = parseAnchor(key);
    const member = cleaned(value, isCondition(anchor) ? 'drop' : 'keep');
    if (member !== undefined)
      setMember(kept, anchor !== undefined && isCondition(anchor) ? anchor.key : key, member.value);
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function cleaned(value: unknown, scalars: 'keep' | 'drop'): { readonly value: unknown } | undefined {
  if (Array.isArray(value)) {
    const items = value.flatMap((item) => {
      const kept = holdsAnchor(item, isAnchor) ? undefined : cleaned(item, 'keep');
      return kept === undefined ? [] : [kept.value];
    });
    return items.length === 0 && value.length > 0 ? undefined : { value: items };
  }
  if (!isJsonObject(value)) return scalars === 'drop' ? undefined : { value };
  const kept = withoutConditions(value);
  return kept === undefined ? undefined : { value: kept };
}
