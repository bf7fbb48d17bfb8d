// SPDX-License-Identifier: Apache-2.0
// Who asks, as a file says it: Kyverno's UserInfo (`userInfo`, `roles`, `clusterRoles`).

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings } from '../../formats/document.ts';
import type { KubernetesDocument } from '../../formats/kubernetes-yaml/documents.ts';

export interface UserFile {
  /** username, groups and so on, as a request has them. */
  readonly userInfo: JsonObject;
  /** As `namespace:name`. */
  readonly roles: readonly string[];
  readonly clusterRoles: readonly string[];
}

/** The first document that says who asks; undefined when none does. */
export function readUserFile(documents: readonly KubernetesDocument[]): UserFile | undefined {
  for (const { value } of documents) {
    const object = asObject(value);
    const userInfo = asObject(object?.['userInfo']);
    if (object === undefined || userInfo === undefined || asString(userInfo['username']) === undefined) continue;
    return { userInfo, roles: asStrings(object['roles']), clusterRoles: asStrings(object['clusterRoles']) };
  }
  return undefined;
}
