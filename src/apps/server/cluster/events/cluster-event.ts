// SPDX-License-Identifier: Apache-2.0
// What is told in Events of the cluster, and the objects of events.k8s.io/v1 that tell it. Reasons and actions are Kyverno's (pkg/event), so that what people filter by
// goes on to work. https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject, asString } from '../../../../formats/document.ts';
import { printable } from '../../../../formats/text-table.ts';

export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent: it has none. */
  readonly namespace?: string;
  /** Absent: many, or one that never got a name. */
  readonly name?: string;
  readonly uid?: string;
}

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: 'PolicyViolation' | 'PolicyError' | 'PolicyApplied';
  readonly action:
    | 'Resource Blocked'
    | 'Resource Passed'
    | 'Resource Generated'
    | 'Resource Mutated'
    | 'Resource Cleaned Up'
    | 'Policy Refused'
    | 'None';
  /** Whom it is shown with. */
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference;
  readonly note: string;
}

export interface ClusterEvent extends EventText {
  /** Of events with the same family only the first few are told by themselves. */
  readonly family: string;
  /** What is told of all the others of the family together; absent: nothing. */
  readonly others?: EventText;
}

/** Bytes; the API server takes no more of a note. */
const mostNote = 1_024;
const mostName = 200;
/** Characters (RFC 1123 subdomain). */
const longestName = 253;

export interface EventRecord {
  readonly event: EventText;
  /** Makes the name of the Event its own. */
  readonly id: string;
  /** `landwaiter.dev/admission`, and which replica. */
  readonly controller: string;
  readonly instance: string;
  /** How often it happened, and when first and last (milliseconds since 1970). */
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** The object to apply: always whole, so that it can be written again. An Event about what has no namespace is in `default`. */
export function eventObject({ event, id, controller, instance, count, first, last }: EventRecord): JsonObject {
  const { type, reason, action, regarding, related, note } = event;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `${nameFor(regarding)}.${id}`, namespace: regarding.namespace ?? 'default' },
    eventTime: microTime(first),
    reportingController: controller,
    reportingInstance: instance.slice(0, 128),
    type,
    reason,
    action,
    regarding,
    ...(related === undefined ? {} : { related }),
    note,
    // A series has two members at least.
    ...(count < 2 ? {} : { series: { count, lastObservedTime: microTime(last) } }),
  };
}

/** By what it is about, for people: lower case, digits, dashes and dots between them (RFC 1123). */
function nameFor({ name, kind }: ObjectReference): string {
  const parts = (name ?? kind)
    .slice(0, mostName)
    .toLowerCase()
    .split(/[^a-z0-9-]/);
  const usable = parts.map((part) => part.replace(/^-+/, '').replace(/-+$/, '')).filter((part) => part !== '');
  return usable.length === 0 ? 'event' : usable.join('.');
}

function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}

/** As much of a note as the API server takes, in whole characters and one line: messages hold names and values that others wrote. */
export function shortNote(text: string): string {
  const isCut = text.length > mostNote;
  const line = printable(text.slice(0, mostNote).replaceAll(/[\r\n\t]/g, ' '));
  const bytes = Buffer.from(line);
  if (bytes.length <= mostNote && !isCut) return line;
  return `${bytes
    .subarray(0, mostNote - 3)
    .toString('utf8')
    .replace(/\uFFFD$/, '')}…`;
}

/** Whether something can have this name. What is refused, or could not be written, need not: its name may be of any length and hold anything. */
export function isName(text: string): boolean {
  return text !== '' && text.length <= longestName && printable(text) === text;
}

/** Names that are no names are left out. */
export function referenceTo(object: JsonObject): ObjectReference {
  const metadata = asObject(object['metadata']);
  const member = (name: 'namespace' | 'name' | 'uid'): { readonly [key in typeof name]?: string } => {
    const text = asString(metadata?.[name]);
    return text === undefined || !isName(text) ? {} : { [name]: text };
  };
  return {
    apiVersion: asString(object['apiVersion']) ?? '',
    kind: asString(object['kind']) ?? '',
    ...member('namespace'),
    ...member('name'),
    ...member('uid'),
  };
}

/** `Pod shop/web`, `Pods of shop` where it has no name. */
export function describeReference({ kind, namespace, name }: ObjectReference): string {
  if (name === undefined) return namespace === undefined ? `${kind} objects` : `${kind} objects of ${namespace}`;
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
