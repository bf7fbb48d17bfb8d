// SPDX-License-Identifier: Apache-2.0
// Whether a resource fits a pattern, and nothing more: no message, no path. Most requests fit most patterns, and a webhook says nothing of those, so this is
// asked first; overlay.ts finds out what is wrong. Not here: patterns whose anchors make a rule be skipped, which need the whole story.
import { asObject } from '../../formats/document.ts';
import { parseAnchor } from './anchor.ts';
import { hasMetadataWildcards } from './metadata-wildcards.ts';
import { matchesPattern } from './pattern.ts';
import { stringPattern } from './string-pattern.ts';

export type Fit = (value: unknown) => boolean;

/** True exactly where `compileOverlay` passes. Undefined: the pattern is of a kind that only overlay.ts can judge. Compile once. */
export function compileFit(pattern: unknown): Fit | undefined {
  if (Array.isArray(pattern)) return compileList(pattern);
  return asObject(pattern) === undefined ? compileLeaf(pattern) : compileMap(asObject(pattern) ?? {});
}

/** Every element of a list must fit a leaf. */
function compileLeaf(pattern: unknown): Fit {
  const fits: Fit = typeof pattern === 'string' ? stringPattern(pattern) : (value) => matchesPattern(value, pattern);
  return (value) => (Array.isArray(value) ? value.every(fits) : fits(value));
}

interface Member {
  readonly key: string;
  readonly fits: Fit;
}

function compileMap(pattern: Readonly<Record<string, unknown>>): Fit | undefined {
  if (hasMetadataWildcards(pattern)) return undefined;
  const members: Member[] = [];
  for (const [name, value] of Object.entries(pattern)) {
    const member = compileMember(name, value);
    if (member === undefined) return undefined;
    members.push(member);
  }
  return (value) => {
    const map = asObject(value);
    if (map === undefined) return false;
    for (const { key, fits } of members) if (!fits(Object.hasOwn(map, key) ? map[key] : undefined)) return false;
    return true;
  };
}

function compileMember(name: string, pattern: unknown): Member | undefined {
  const anchor = parseAnchor(name);
  if (anchor?.kind === 'negation') return { key: anchor.key, fits: (value) => value === undefined };
  const inner = compileFit(pattern);
  if (inner === undefined) return undefined;
  if (anchor?.kind === 'equality') return { key: anchor.key, fits: (value) => value === undefined || inner(value) };
  if (anchor !== undefined && anchor.kind !== 'addIfNotPresent') return undefined;
  return pattern === '*'
    ? { key: name, fits: (value) => value !== undefined && value !== null }
    : { key: name, fits: inner };
}

/** Of a list only the first element counts. */
function compileList(pattern: readonly unknown[]): Fit | undefined {
  const [first] = pattern;
  const element = pattern.length === 0 || Array.isArray(first) ? undefined : compileFit(first);
  if (element === undefined) return undefined;
  if (asObject(first) === undefined) return (value) => Array.isArray(value) && element(value);
  return (value) => Array.isArray(value) && value.every((item) => element(item));
}
