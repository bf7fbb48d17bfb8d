// SPDX-License-Identifier: Apache-2.0
// Patterns that look at less than is written in them.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asObject, entriesOf } from '../../formats/document.ts';
import { hasWildcard } from '../../formats/wildcard.ts';
import type { AnchorKind } from './anchor.ts';
import { bareKey, parseAnchor } from './anchor.ts';
import type { Tell } from './fail-open-remark.ts';
import { takesFromObject } from './fail-open-remark.ts';

/** What stands under a condition only decides whether a rule applies. */
const conditions: ReadonlySet<AnchorKind | undefined> = new Set<AnchorKind>(['condition', 'global']);

/** Lists that the API server lets be empty in no object. */
const neverEmpty: ReadonlySet<string> = new Set(['containers']);

/** Remarks on a pattern and everything in it. */
export function checkPattern(pattern: unknown, path: DocumentPath, tell: Tell): void {
  if (pattern === undefined) return;
  if (Array.isArray(pattern)) {
    checkList(pattern, path, tell);
    return;
  }
  const map = asObject(pattern);
  if (map === undefined) checkLeaf(pattern, path, tell);
  else checkMap(map, path, tell);
}

function checkLeaf(pattern: unknown, path: DocumentPath, tell: Tell): void {
  if (pattern === null) tell('null-pattern', path, 'null is also met by 0, false and the empty text');
  if (typeof pattern === 'string' && takesFromObject(pattern))
    tell('pattern-of-the-object', path, `a value of the object is read as a pattern: a "*" in it meets everything`);
}

function checkList(list: readonly unknown[], path: DocumentPath, tell: Tell): void {
  if (list.length > 1 && !Array.isArray(list[0]))
    tell('only-first-element', path, `only the first of ${list.length} elements of a pattern's list counts`);
  const key = String(path.at(-1) ?? '');
  const anchor = parseAnchor(key)?.kind;
  const isOptional = anchor === 'equality' || anchor === 'existence';
  if (list.length > 0 && !isOptional && !neverEmpty.has(key))
    tell('empty-list-passes', path, `an empty list ${key} meets whatever is asked of its elements`);
  for (const [index, item] of list.entries()) checkPattern(item, [...path, index], tell);
}

function checkMap(map: JsonObject, path: DocumentPath, tell: Tell): void {
  const entries = entriesOf(map);
  for (const [key, value] of entries) {
    const at = [...path, key];
    const anchor = parseAnchor(key)?.kind;
    if (anchor === 'existence') tell('existence-of-nothing', at, `${key} passes where the list is not there at all`);
    const isOfMetadata = path.some((part) => ['labels', 'annotations'].includes(bareKey(String(part))));
    if (hasWildcard(bareKey(key)) && isOfMetadata)
      tell('first-key-counts', at, `of several keys that fit ${bareKey(key)} only one is looked at`);
    if (entries.length > 1 && !conditions.has(anchor) && hasCondition(value))
      tell(
        'anchor-skips-siblings',
        at,
        `where the condition in ${key} is not met, what stands beside ${key} is not looked at`,
      );
    if (!conditions.has(anchor)) checkPattern(value, at, tell);
  }
}

/** Whether a condition stands in a map or the maps in it. Those in lists are about elements. */
function hasCondition(pattern: unknown): boolean {
  return Object.entries(asObject(pattern) ?? {}).some(
    ([key, value]) => parseAnchor(key)?.kind === 'condition' || hasCondition(value),
  );
}
