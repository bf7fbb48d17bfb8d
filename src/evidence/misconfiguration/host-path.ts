// SPDX-License-Identifier: Apache-2.0
// Folders of the node in volumes.

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';

/** The path of a hostPath volume without slashes at its end; undefined for other volumes. */
export function hostPathOf(volume: JsonObject): string | undefined {
  const path = asString(asObject(volume['hostPath'])?.['path']);
  if (path === undefined || path === '') return undefined;
  let end = path.length;
  while (end > 1 && path.charCodeAt(end - 1) === 0x2f) end -= 1;
  return path.slice(0, end);
}
