// SPDX-License-Identifier: Apache-2.0
// Applies the changes that violations suggest, so that what is proposed can be shown as a patch and proved by evaluating the result.

import type { JsonObject } from '../../formats/document.ts';
import type { PodChange } from './check.ts';

type Container = Record<string | number, unknown>;

/** A copy of a Pod with changes made. Members on the way that are missing are made. */
export function changePod(pod: JsonObject, changes: readonly PodChange[]): JsonObject {
  const copy = structuredClone(pod);
  for (const change of changes) apply(copy, change);
  return copy;
}

function apply(pod: JsonObject, change: PodChange): void {
  let owner = pod as Container;
  for (const key of change.at.slice(0, -1)) {
    const next = owner[key];
    if (next === null || typeof next !== 'object') {
      if (change.op === 'remove') return;
      owner[key] = {};
    }
    owner = owner[key] as Container;
  }
  const last = change.at.at(-1);
  if (last === undefined) return;
  if (change.op === 'set') owner[last] = change.value;
  else if (Array.isArray(owner) && typeof last === 'number') owner.splice(last, 1);
  else delete owner[last];
}
