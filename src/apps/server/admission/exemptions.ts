// SPDX-License-Identifier: Apache-2.0
// Requests that are never judged, so that this program cannot keep a cluster from running: its own namespace, those of the system, and what its own
// controllers do. By the immutable name of the namespace, never by a label that somebody could set.
import type { ReviewedRequest } from '../../../formats/admission-review.ts';
import { asString } from '../../../formats/document.ts';

export interface Exemptions {
  readonly namespaces: ReadonlySet<string>;
  readonly usernames: ReadonlySet<string>;
}

export const systemNamespaces: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease'];

/** Why a request is exempt; undefined when it is judged. */
export function exemptionOf(request: ReviewedRequest, { namespaces, usernames }: Exemptions): string | undefined {
  const { namespace, kind, name } = request;
  if (namespace !== undefined && namespaces.has(namespace)) return `namespace ${namespace}`;
  if (kind.group === '' && kind.kind === 'Namespace' && name !== undefined && namespaces.has(name))
    return `namespace ${name}`;
  const user = asString(request.userInfo?.['username']);
  return user !== undefined && usernames.has(user) ? `user ${user}` : undefined;
}
