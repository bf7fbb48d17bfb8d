// SPDX-License-Identifier: Apache-2.0
// An object that is there, as the request that would have made it.
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject, asString } from '../../../../formats/document.ts';
import type { KubeResource } from '../../../../io/kube/client.ts';
import type { AdmissionRequest } from '../../../../policy/admission-policy/request.ts';
import type { ScannedObject } from './scan-results.ts';
import { groupOf } from './scanned-kinds.ts';

export function scannedObject(object: JsonObject): ScannedObject {
  const metadata = asObject(object['metadata']) ?? {};
  return {
    apiVersion: asString(object['apiVersion']) ?? '',
    kind: asString(object['kind']) ?? '',
    namespace: asString(metadata['namespace']),
    name: asString(metadata['name']) ?? '',
    uid: asString(metadata['uid']) ?? '',
  };
}

/** As if the object were created now, by nobody in particular. */
export function requestOf(kind: KubeResource, object: JsonObject): AdmissionRequest {
  const group = groupOf(kind);
  const version = kind.apiVersion.slice(kind.apiVersion.indexOf('/') + 1);
  const { name, namespace } = scannedObject(object);
  const isNamespace = group === '' && kind.resource === 'namespaces';
  return {
    operation: 'CREATE',
    kind: { group, version, kind: kind.kind },
    resource: { group, version, resource: kind.resource },
    name,
    ...(namespace === undefined ? (isNamespace ? { namespace: name } : {}) : { namespace }),
    object,
  };
}
