// SPDX-License-Identifier: Apache-2.0
// JSON Merge Patch (RFC 7386): objects are merged, null removes, everything else replaces.

import { isJsonObject, type OpenObject, openCopy, setMember } from './json-members.ts';

/** The target with the patch merged in. Neither is changed. */
export function applyJsonMergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const merged: OpenObject = isJsonObject(target) ? openCopy(target) : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else setMember(merged, key, applyJsonMergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value));
  }
  return merged;
}
