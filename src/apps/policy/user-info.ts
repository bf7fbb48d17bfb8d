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

/** What a document says of who asks; what it leaves out is empty. */
export function readUser(value: unknown): UserFile {
  const object = asObject(value) ?? {};
  return {
    userInfo: asObject(object['userInfo']) ?? {},
    roles: asStrings(object['roles']),
    clusterRoles: asStrings(object['clusterRoles']),
  };
}

/** The first document that names who asks; undefined when none does. */
export function readUserFile(documents: readonly KubernetesDocument[]): UserFile | undefined {
  return documents
    .map(({ value }) => readUser(value))
    .find(({ userInfo }) => asString(userInfo['username']) !== undefined);
}
