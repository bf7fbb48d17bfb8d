// SPDX-License-Identifier: Apache-2.0
// What is told of a change that the server refused.
import type { KubeRefusal } from '../../../../io/kube/outcome.ts';

/** What RBAC says, which is nothing of the object. */
const missingRight =
  /^secrets (?:"[a-z0-9.-]{1,253}" )?is forbidden: User "[^"]{1,512}" cannot [a-z]+ resource "secrets" in API group ""(?: in the namespace "[a-z0-9-]{1,63}")?$/;

/** The server, and webhooks that it asks, may quote what they refuse; of a Secret only what is missing in rights is repeated, and else the status. */
export function toldRefusal(kind: string, { status, reason, message }: KubeRefusal): string {
  if (kind !== 'Secret' || missingRight.test(message)) return message;
  const named = /^[A-Za-z]{1,40}$/.test(reason) ? reason : 'no reason given';
  return `the server refuses it (${status}, ${named}); what it says of a Secret is not repeated`;
}
