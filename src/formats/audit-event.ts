// SPDX-License-Identifier: Apache-2.0
// Audit events of API servers (audit.k8s.io/v1), as far as they tell of admission webhooks. Files have one event a line; an audit webhook sends lists.
// https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ and .../labels-annotations-taints/audit-annotations/
import { asArray, asObject, asString, entriesOf } from './document.ts';

/** A request that an admission webhook did not answer, and that got in because its failurePolicy is Ignore. */
export interface FailedOpen {
  readonly auditId: string;
  /** RFC 3339; empty when the event states none. */
  readonly time: string;
  readonly user: string;
  readonly verb: string;
  /** `namespace/name` or what of it there is. */
  readonly object: string;
  /** `pods`, with `/sub`. */
  readonly resource: string;
  readonly webhook: string;
  readonly phase: 'mutating' | 'validating';
}

export type AuditLine =
  | { readonly kind: 'events'; readonly failedOpen: readonly FailedOpen[]; readonly events: number }
  | { readonly kind: 'none'; readonly reason: string };

/** `failed-open.validating.webhook.admission.k8s.io/round_0_index_1`, whose value is the name of the webhook; `mutation` for the other phase. */
const failedOpenKey = /^failed-open\.(validating|validation|mutation|mutating)\.webhook\.admission\.k8s\.io\//;

/** One line of a log. Never throws. */
export function parseAuditLine(line: string): AuditLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'none', reason: 'not JSON' };
  }
  const root = asObject(value);
  const version = asString(root?.['apiVersion']) ?? '';
  if (!version.startsWith('audit.k8s.io/')) return { kind: 'none', reason: 'no audit event' };
  const events = root?.['kind'] === 'EventList' ? asArray(root['items']) : [root];
  return { kind: 'events', failedOpen: events.flatMap(failedOpenOf), events: events.length };
}

function failedOpenOf(value: unknown): readonly FailedOpen[] {
  const event = asObject(value) ?? {};
  const found = entriesOf(event['annotations']).flatMap(([key, webhook]) => {
    const [, word] = failedOpenKey.exec(key) ?? [];
    return word === undefined ? [] : [{ webhook: asString(webhook) ?? '', isMutating: word.startsWith('mutat') }];
  });
  if (found.length === 0) return [];
  const about = asObject(event['objectRef']) ?? {};
  const text = (member: unknown): string => asString(member) ?? '';
  const named = [text(about['namespace']), text(about['name'])].filter((part) => part !== '').join('/');
  const sub = text(about['subresource']);
  const common = {
    auditId: text(event['auditID']),
    time: text(event['requestReceivedTimestamp']) || text(event['stageTimestamp']),
    user: text(asObject(event['user'])?.['username']),
    verb: text(event['verb']),
    object: named,
    resource: sub === '' ? text(about['resource']) : `${text(about['resource'])}/${sub}`,
  };
  return found.map(({ webhook, isMutating }) => ({
    ...common,
    webhook,
    phase: isMutating ? ('mutating' as const) : ('validating' as const),
  }));
}
