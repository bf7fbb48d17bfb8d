// SPDX-License-Identifier: Apache-2.0
// Questions of the variable `authorizer` (may somebody do something?) as SubjectAccessReviews of the API server, and its answers.
// https://kubernetes.io/docs/reference/access-authn-authz/authorization/
import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString, asStrings } from '../../../formats/document.ts';
import type { AuthorizationAnswer, AuthorizationQuestion } from '../../../policy/cel/library/authorizer.ts';
import type { ApiCall } from '../../../policy/data-provider.ts';

/** `user`: userInfo of the request; a question about a service account is asked for that one. */
export function accessReviewOf(question: AuthorizationQuestion, user: JsonObject | undefined): ApiCall {
  return {
    method: 'POST',
    urlPath: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { ...subjectOf(question, user), ...attributesOf(question) },
    },
  };
}

/** Undefined: it is no answer to such a question. */
export function accessAnswerOf(value: unknown): AuthorizationAnswer | undefined {
  const status = asObject(asObject(value)?.['status']);
  if (typeof status?.['allowed'] !== 'boolean') return undefined;
  const [reason, error] = [asString(status['reason']), asString(status['evaluationError'])];
  return {
    decision: status['allowed'] ? 'allow' : status['denied'] === true ? 'deny' : 'no-opinion',
    ...(reason === undefined ? {} : { reason }),
    ...(error === undefined || error === '' ? {} : { error }),
  };
}

function subjectOf({ serviceAccount }: AuthorizationQuestion, user: JsonObject | undefined): JsonObject {
  if (serviceAccount !== undefined) {
    const { namespace, name } = serviceAccount;
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
    return { user: `system:serviceaccount:${namespace}:${name}`, groups };
  }
  const { uid, extra } = user ?? {};
  return {
    user: asString(user?.['username']) ?? '',
    groups: asStrings(user?.['groups']),
    ...(uid === undefined ? {} : { uid }),
    ...(extra === undefined ? {} : { extra }),
  };
}

function attributesOf({
  verb,
  path,
  group,
  resource,
  subresource,
  namespace,
  name,
  fieldSelector,
  labelSelector,
}: AuthorizationQuestion): JsonObject {
  if (path !== undefined) return { nonResourceAttributes: { path, verb } };
  return {
    resourceAttributes: {
      verb,
      ...(group === undefined ? {} : { group }),
      ...(resource === undefined ? {} : { resource }),
      ...(subresource === undefined ? {} : { subresource }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(fieldSelector === undefined ? {} : { fieldSelector: { rawSelector: fieldSelector } }),
      ...(labelSelector === undefined ? {} : { labelSelector: { rawSelector: labelSelector } }),
    },
  };
}
