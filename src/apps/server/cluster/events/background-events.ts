// SPDX-License-Identifier: Apache-2.0
// What the controller tells in Events of what policies made, changed and deleted in the background.
import type { ToldWrite } from '../background/background-writes.ts';
import type { ToldDeletion } from '../background/told-deletion.ts';
import type { ClusterEvent, ObjectReference } from './cluster-event.ts';
import { describeReference, referenceTo } from './cluster-event.ts';
import type { PolicyReferences } from './policy-references.ts';

/** Of something that a policy made or changed, with the policy and with the object; of what could not be written with the policy only. */
export function writeEvents(
  { write, policyKind, outcome }: ToldWrite,
  policies: PolicyReferences,
): readonly ClusterEvent[] {
  const { policy, rule, kind, object } = write;
  const reference = policies.named(policyKind ?? '', policy);
  const target = referenceTo(outcome.kind === 'written' ? outcome.object : object);
  const name = rule === '' ? policy : `${policy}/${rule}`;
  const verb = kind === 'make' ? 'generated' : 'changed';
  if (outcome.kind === 'failed') {
    if (reference === undefined) return [];
    const note = (about: ObjectReference): string => `${describeReference(about)} is not ${verb}: ${outcome.why}`;
    return [aboutPolicy({ reference, target, note, family: `${name} failed` }, 'None')];
  }
  const action = kind === 'make' ? 'Resource Generated' : 'Resource Mutated';
  const note = (about: ObjectReference): string =>
    `${describeReference(about)} was ${verb}${rule === '' ? '' : ` (${rule})`}`;
  const withObject: ClusterEvent = {
    type: 'Normal',
    reason: 'PolicyApplied',
    action,
    regarding: target,
    ...(reference === undefined ? {} : { related: reference }),
    note: `${verb} by policy ${name}`,
    family: `${name} ${verb} ${target.kind} ${target.namespace ?? ''}`,
  };
  if (reference === undefined) return [withObject];
  return [aboutPolicy({ reference, target, note, family: `${name} ${verb}` }, action), withObject];
}

/** Of an object that was deleted: with the policy because of which it went, where that is installed still. */
export function deletionEvents(
  { policy: { kind, name }, object, why }: ToldDeletion,
  policies: PolicyReferences,
): readonly ClusterEvent[] {
  const reference = policies.named(kind, name);
  if (reference === undefined) return [];
  const target = referenceTo(object);
  const note = (about: ObjectReference): string => `${describeReference(about)} was deleted: ${why}`;
  return [aboutPolicy({ reference, target, note, family: `${kind} ${name} deleted` }, 'Resource Cleaned Up')];
}

interface AboutPolicy {
  readonly reference: ObjectReference;
  readonly target: ObjectReference;
  readonly note: (about: ObjectReference) => string;
  readonly family: string;
}

function aboutPolicy({ reference, target, note, family }: AboutPolicy, action: ClusterEvent['action']): ClusterEvent {
  const { name: _name, uid: _uid, ...many } = target;
  const isFault = action === 'None';
  const shared = {
    type: isFault ? 'Warning' : 'Normal',
    reason: isFault ? 'PolicyError' : 'PolicyApplied',
    action,
    regarding: reference,
  } as const;
  return {
    ...shared,
    related: target,
    note: note(target),
    family: `policy ${reference.kind} ${family} ${target.kind} ${target.namespace ?? ''}`,
    others: { ...shared, related: many, note: note(many) },
  };
}
