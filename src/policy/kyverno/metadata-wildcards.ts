// SPDX-License-Identifier: Apache-2.0
// Wildcards in the keys of metadata.labels and metadata.annotations of a pattern are replaced by the first key of the resource that fits
// (Kyverno pkg/engine/wildcards, ExpandInMetadata). Go's maps have no order; here the first key in the order of the resource counts. With strict hardening
// every key that fits does, but for those under a condition.
import type { JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import { hasWildcard, matchesWildcard } from '../../formats/wildcard.ts';
import { bareKey, formatAnchor, parseAnchor } from './anchor.ts';
import type { Hardening } from './hardening.ts';

const tags: readonly string[] = ['labels', 'annotations'];

/** Whether a map of a pattern has such keys at all. */
export function hasMetadataWildcards(pattern: JsonObject): boolean {
  const metadata = asObject(pattern[keyFor(pattern, 'metadata') ?? '']);
  return (
    metadata !== undefined &&
    tags.some((tag) => Object.keys(asObject(metadata[keyFor(metadata, tag) ?? '']) ?? {}).some(hasWildcard))
  );
}

/** The pattern with such keys replaced. What fits nothing stays as it is. */
export function expandMetadataWildcards(
  pattern: JsonObject,
  resource: JsonObject,
  hardening: Hardening = 'parity',
): JsonObject {
  const key = keyFor(pattern, 'metadata');
  const metadata = key === undefined ? undefined : asObject(pattern[key]);
  const actual = asObject(resource['metadata']);
  if (key === undefined || metadata === undefined || actual === undefined) return pattern;
  const expanded: Record<string, unknown> = { ...metadata };
  for (const tag of tags) {
    const name = keyFor(metadata, tag);
    const wanted = name === undefined ? undefined : asObject(metadata[name]);
    const present = asObject(actual[tag]);
    if (name !== undefined && wanted !== undefined && present !== undefined)
      expanded[name] = expandKeys(wanted, present, hardening);
  }
  return { ...pattern, [key]: expanded };
}

/** The key under which a pattern has a member, anchored or not. */
function keyFor(pattern: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(pattern, name)) return name;
  return Object.keys(pattern).find((key) => bareKey(key) === name);
}

function expandKeys(wanted: JsonObject, present: JsonObject, hardening: Hardening): JsonObject {
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([key, value]) => {
      if (!hasWildcard(key)) return [[key, value]];
      const anchor = parseAnchor(key);
      const glob = anchor?.key ?? key;
      const fitting = Object.keys(present).filter((candidate) => matchesWildcard(glob, candidate));
      const isCondition = anchor?.kind === 'condition' || anchor?.kind === 'global';
      const found = hardening === 'strict' && !isCondition ? fitting : fitting.slice(0, 1);
      return (found.length === 0 ? [glob] : found).map((name) => [
        anchor === undefined ? name : formatAnchor({ ...anchor, key: name }),
        value,
      ]);
    }),
  );
}
