// SPDX-License-Identifier: Apache-2.0
// Which object a generated copy is of. Remembered beside the copies: they themselves must look as Kyverno makes them, and whoever keeps them has to know what they
// are to follow.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';

const sources = new WeakMap<JsonObject, JsonObject>();

/** `source`: as it is in the cluster; what never was there has no uid and is nobody's source. */
export function noteCopy(copy: JsonObject, source: JsonObject): void {
  const { uid } = asObject(source['metadata']) ?? {};
  if ((asString(uid) ?? '') !== '') sources.set(copy, source);
}

/** Undefined: it is no copy of an object of the cluster. Of the very object that was generated, not of one that looks the same. */
export function copiedFrom(object: JsonObject): JsonObject | undefined {
  return sources.get(object);
}
