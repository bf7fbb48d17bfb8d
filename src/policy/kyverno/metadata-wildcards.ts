// SPDX-License-Identifier: Apache-2.0
// Wildcards in the keys of metadata.labels and metadata.annotations of a pattern are replaced by the first key of the resource that fits
// (Kyverno pkg/engine/wildcards, ExpandInMetadata). Go's maps have no order; here the first key in the order of the resource counts.
import type { JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import { hasWildcard, matchesWildcard } from '../../formats/wildcard.ts';
import { bareKey, formatAnchor, parseAnchor } from './anchor.ts';

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
export function expandMetadataWildcards(pattern: JsonObject, resource: JsonObject): JsonObject {
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
      expanded[name] = expandKeys(wanted, present);
  }
  return { ...pattern, [key]: expanded };
}

/** The key under which a pattern has a member, anchored or not. */
function keyFor(pattern: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(pattern, name)) return name;
  return Object.keys(pattern).find((key) => bareKey(key) === name);
}

function expandKeys(wanted: JsonObject, present: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(wanted).map(([key, value]) => {
      if (!hasWildcard(key)) return [key, value];
      const anchor = parseAnchor(key);
      const glob = anchor?.key ?? key;
      const found = Object.keys(present).find((candidate) => matchesWildcard(glob, candidate)) ?? glob;
      return [anchor === undefined ? found : formatAnchor({ ...anchor, key: found }), value];
    }),
  );
}
