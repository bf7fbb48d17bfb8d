// SPDX-License-Identifier: Apache-2.0
// The JSON Patch that turns one document into another, as short as its text can be made without trying everything: objects member by member, lists by a
// cheapest alignment in which elements may be kept, changed, moved, removed and added (json-diff-list.ts).

import type { ListDiffer } from './json-diff-list.ts';
import { diffLists } from './json-diff-list.ts';
import { equalJson, isJsonObject, memberOf } from './json-members.ts';
import type { JsonPatchOperation } from './json-patch.ts';
import { escapeToken } from './json-pointer.ts';

/** Operations whose application (RFC 6902) to `before` gives `after`; none when they are equal. */
export function diffJson(before: unknown, after: unknown): readonly JsonPatchOperation[] {
  try {
    return new JsonDiffer().diff(before, after, '');
  } catch (error) {
    // Documents that are too deep to be walked are replaced.
    if (!(error instanceof RangeError)) throw error;
    return [{ op: 'replace', path: '', value: after }];
  }
}

/** Comparisons of list elements that one diff may spend; then elements are only kept when they are equal. */
const mostComparisons = 20_000;

class JsonDiffer implements ListDiffer {
  #comparisons = mostComparisons;

  diff(before: unknown, after: unknown, path: string): readonly JsonPatchOperation[] {
    if (equalJson(before, after)) return [];
    const replacement: readonly JsonPatchOperation[] = [{ op: 'replace', path, value: after }];
    const inner = this.#diffInside(before, after, path);
    return inner !== undefined && costOf(inner) <= costOf(replacement) ? inner : replacement;
  }

  cost(operations: readonly JsonPatchOperation[]): number {
    return costOf(operations);
  }

  spend(comparisons: number): boolean {
    if (comparisons > this.#comparisons) return false;
    this.#comparisons -= comparisons;
    return true;
  }

  /** Changes within two containers of the same kind. */
  #diffInside(before: unknown, after: unknown, path: string): readonly JsonPatchOperation[] | undefined {
    if (Array.isArray(before) && Array.isArray(after)) return diffLists({ before, after, path }, this);
    if (!isJsonObject(before) || !isJsonObject(after)) return undefined;
    const operations: JsonPatchOperation[] = [];
    for (const key of Object.keys(before)) {
      const member = `${path}/${escapeToken(key)}`;
      if (!Object.hasOwn(after, key)) operations.push({ op: 'remove', path: member });
      else operations.push(...this.diff(memberOf(before, key), memberOf(after, key), member));
    }
    for (const key of Object.keys(after))
      if (!Object.hasOwn(before, key))
        operations.push({ op: 'add', path: `${path}/${escapeToken(key)}`, value: memberOf(after, key) });
    return operations;
  }
}

/** Length of the operations' text. */
function costOf(operations: readonly JsonPatchOperation[]): number {
  return operations.reduce((sum, operation) => sum + JSON.stringify(operation).length + 1, 0);
}
