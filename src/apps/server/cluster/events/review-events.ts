// SPDX-License-Identifier: Apache-2.0
// What a review tells in Events: rules that were broken, and rules that could not judge, with the policy and with the object. What kept everything is told to nobody.
import type { ReviewedRequest } from '../../../../formats/admission-review.ts';
import { asObject, asString } from '../../../../formats/document.ts';
import type { AdmissionPhase } from '../../../../policy/engine.ts';
import type { EngineDecision } from '../../../../policy/policy-set.ts';
import type { Reviewed } from '../../admission/review.ts';
import type { ClusterEvent, ObjectReference } from './cluster-event.ts';
import { describeReference, isName } from './cluster-event.ts';
import type { PolicyReferences } from './policy-references.ts';

export interface ReviewInEvents {
  readonly reviewed: Reviewed;
  readonly request: ReviewedRequest;
  readonly phase: AdmissionPhase;
  readonly policies: PolicyReferences;
}

/**
 * Nothing of dry runs, and of the mutating phase only what ended there: the validating one comes after it. As in Kyverno a request that was refused is told with the
 * policy (the object may not exist), one that was admitted with both; with a policy of a file there is only the object.
 */
export function reviewEvents({ reviewed, request, phase, policies }: ReviewInEvents): readonly ClusterEvent[] {
  const { decisions, outcome } = reviewed;
  if (decisions.length === 0 || request.dryRun === true) return [];
  const isRefused = outcome === 'denied';
  if (phase === 'mutate' && !isRefused) return [];
  const broken = decisions.filter((decision) => decision.outcome === 'fail' || decision.outcome === 'error');
  if (broken.length === 0) return [];
  const object = objectOf(request, isRefused);
  return broken.flatMap((decision) => eventsOf(decision, { object, isRefused, policies }));
}

function eventsOf(
  { policy, rule, outcome, message, location }: EngineDecision,
  {
    object,
    isRefused,
    policies,
  }: { readonly object: ObjectReference; readonly isRefused: boolean; readonly policies: PolicyReferences },
): readonly ClusterEvent[] {
  const reference = location === undefined ? undefined : policies.at(location.path);
  const shared = {
    type: 'Warning',
    reason: outcome === 'error' ? 'PolicyError' : 'PolicyViolation',
    action: isRefused ? 'Resource Blocked' : 'Resource Passed',
  } as const;
  const name = rule === '' ? policy : `${policy}/${rule}`;
  const { name: _name, uid: _uid, ...many } = object;
  const place = `${object.apiVersion} ${object.kind} ${object.namespace ?? ''}`;
  const family = `${isRefused ? 'refused' : 'admitted'} ${outcome} ${name} ${place}`;
  const verb = outcome === 'error' ? 'could not judge' : isRefused ? 'refuses' : 'is broken by';
  const ofPolicy = (about: ObjectReference): string =>
    `${rule === '' ? '' : `rule ${rule} `}${verb} ${describeReference(about)}${isRefused || outcome !== 'error' ? '' : ', which was admitted'}: ${message}`;
  const ofObject = `policy ${name} ${outcome === 'error' ? 'could not judge this' : isRefused ? 'refused this' : 'is broken'}: ${message}`;
  const withObject = {
    ...shared,
    regarding: object,
    ...(reference === undefined ? {} : { related: reference }),
    note: ofObject,
    family: `object ${family}`,
  };
  if (reference === undefined) return [{ ...withObject, others: { ...shared, regarding: many, note: ofObject } }];
  const withPolicy = {
    ...shared,
    regarding: reference,
    related: object,
    note: ofPolicy(object),
    family: `policy ${reference.kind} ${family}`,
    others: { ...shared, regarding: reference, related: many, note: ofPolicy(many) },
  };
  // What was refused when it was to be changed or deleted is there, but so is who was refused.
  return isRefused || object.name === undefined ? [withPolicy] : [withPolicy, withObject];
}

/** Of what the request is about. What was to be created and is refused under a name that the server made up has none. */
function objectOf(request: ReviewedRequest, isRefused: boolean): ObjectReference {
  const { kind, resource, operation, object, oldObject } = request;
  const metadata = asObject((object ?? oldObject)?.['metadata']) ?? {};
  const isMadeUp = isRefused && operation === 'CREATE' && asString(metadata['generateName']) !== undefined;
  const name = isMadeUp ? undefined : request.name || asString(metadata['name']);
  const isUnborn = isRefused && operation === 'CREATE';
  const uid = isUnborn ? undefined : asString(metadata['uid']);
  const isNamespace = resource.group === '' && resource.resource === 'namespaces';
  const namespace = isNamespace ? undefined : request.namespace;
  return {
    apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
    // Subresources have kinds of their own (PodExecOptions), and the name of the Pod.
    kind: resource.group === '' && resource.resource === 'pods' ? 'Pod' : kind.kind,
    ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    ...(name === undefined || !isName(name) ? {} : { name }),
    ...(uid === undefined || !isName(uid) ? {} : { uid }),
  };
}
