// SPDX-License-Identifier: Apache-2.0
// Objects as they are kept in memory: without what only the API server and kubectl need, which is often more than the rest.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Without managed fields and the copy of the object that kubectl keeps in an annotation. */
export function bareObject(object: JsonObject): JsonObject {
  const { managedFields: _managed, annotations, ...metadata } = asObject(object['metadata']) ?? {};
  const { [lastApplied]: _copy, ...kept } = asObject(annotations) ?? {};
  return {
    ...object,
    metadata: { ...metadata, ...(Object.keys(kept).length === 0 ? {} : { annotations: kept }) },
  };
}
