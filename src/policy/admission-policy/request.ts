// SPDX-License-Identifier: Apache-2.0
// An admission request as policies see it (admission.k8s.io/v1 AdmissionRequest), and the one that creating a given object would cause.

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { restMapping } from './rest-mapping.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

export interface AdmissionRequest {
  readonly uid?: string;
  readonly operation: Operation;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string;
  readonly name?: string;
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string;
  readonly userInfo?: JsonObject;
  readonly dryRun?: boolean;
  readonly options?: JsonObject;
  readonly object?: JsonObject;
  readonly oldObject?: JsonObject;
}

/**
 * Whether an object is changed that is being deleted already: whoever takes a finalizer away starts nothing, and who is refused leaves the object there for ever. What the
 * new object says of its deletion is the client's word, and does not count.
 */
export function isOfEndingObject({
  operation,
  oldObject,
}: {
  readonly operation: string;
  readonly oldObject?: JsonObject | undefined;
}): boolean {
  return operation === 'UPDATE' && asString(asObject(oldObject?.['metadata'])?.['deletionTimestamp']) !== undefined;
}

/** The request that a client would cause with an object. A namespaced object without a namespace goes to `default`. */
export function requestFor(object: JsonObject, operation: Operation = 'CREATE'): AdmissionRequest {
  const apiVersion = asString(object['apiVersion']) ?? '';
  const slash = apiVersion.indexOf('/');
  const group = slash === -1 ? '' : apiVersion.slice(0, slash);
  const version = apiVersion.slice(slash + 1);
  const kind = asString(object['kind']) ?? '';
  const { resource, scope } = restMapping(group, kind);
  const metadata = asObject(object['metadata']);
  const name = asString(metadata?.['name']);
  const written = asString(metadata?.['namespace']);
  const namespace = scope === 'Cluster' ? undefined : (written ?? (scope === 'Namespaced' ? 'default' : undefined));
  // The API server fills in the namespace before admission.
  const complete =
    namespace === undefined || written !== undefined ? object : { ...object, metadata: { ...metadata, namespace } };
  return {
    operation,
    kind: { group, version, kind },
    resource: { group, version, resource },
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(operation === 'DELETE' ? { oldObject: complete } : { object: complete }),
    ...(operation === 'UPDATE' ? { oldObject: complete } : {}),
  };
}
