// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReviewedRequest } from '../../../../formats/admission-review.ts';
import type { JsonObject } from '../../../../formats/document.ts';
import type { EngineDecision } from '../../../../policy/policy-set.ts';
import type { Reviewed } from '../../admission/review.ts';
import type { InstalledPolicy } from '../policy-watches.ts';
import type { ClusterEvent } from './cluster-event.ts';
import { PolicyReferences } from './policy-references.ts';
import { reviewEvents } from './review-events.ts';

const team = { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'team', uid: 'p' } };
const reference = { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', name: 'team', uid: 'p' };
const pod = (metadata: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Pod', metadata });
const request = (more: Partial<ReviewedRequest> = {}): ReviewedRequest => ({
  uid: 'u',
  operation: 'CREATE',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  namespace: 'shop',
  name: 'web',
  object: pod({ name: 'web', namespace: 'shop', uid: 'o' }),
  ...more,
});
const decision = (more: Partial<EngineDecision> = {}): EngineDecision => ({
  engine: 'kyverno',
  policy: 'team',
  rule: 'label',
  outcome: 'fail',
  effect: 'deny',
  message: 'needs team',
  location: { path: 'kyverno.io/ClusterPolicy/team' },
  ...more,
});

describe('events of a review', () => {
  let policies: PolicyReferences;

  beforeEach(() => {
    policies = new PolicyReferences();
    policies.set([{ key: 'kyverno.io/ClusterPolicy/team', object: team } as unknown as InstalledPolicy]);
  });

  function told(
    outcome: Reviewed['outcome'],
    decisions: readonly EngineDecision[],
    { phase = 'validate', ...more }: Partial<ReviewedRequest> & { readonly phase?: 'validate' | 'mutate' } = {},
  ): readonly ClusterEvent[] {
    const answer = { uid: 'u', allowed: outcome === 'allowed', warnings: [], auditAnnotations: {}, patch: [] };
    return reviewEvents({ reviewed: { answer, outcome, decisions }, request: request(more), phase, policies });
  }

  it.each(['x'.repeat(1_000_000), 'a\nb', 'a\u202Eb'])(
    'a name that no object can have is left out, since the API server has not looked at it yet',
    (name) => {
      const object = pod({ name, namespace: 'shop', uid: 'o' });
      const [event] = told('denied', [decision()], { name, object, phase: 'mutate' });

      expect(event?.related).toEqual({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop' });
      expect(event?.note).toBe('rule label refuses Pod objects of shop: needs team');
    },
  );

  it('a request that was refused is told with the policy', () => {
    expect(told('denied', [decision()])).toMatchObject([
      {
        type: 'Warning',
        reason: 'PolicyViolation',
        action: 'Resource Blocked',
        regarding: reference,
        related: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' },
        note: 'rule label refuses Pod shop/web: needs team',
        others: {
          related: { kind: 'Pod', namespace: 'shop' },
          note: 'rule label refuses Pod objects of shop: needs team',
        },
      },
    ]);
  });

  it('one that was admitted all the same is told with the policy and with the object', () => {
    const events = told('allowed', [decision({ effect: 'audit' })]);

    expect(events.map(({ regarding, action }) => [regarding, action])).toEqual([
      [reference, 'Resource Passed'],
      [{ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web', uid: 'o' }, 'Resource Passed'],
    ]);
    expect(events[1]).toMatchObject({ related: reference, note: 'policy team/label is broken: needs team' });
  });

  it('with a policy of a file there is only the object', () => {
    const events = told('denied', [decision({ location: { path: 'policies/p.yaml', line: 3 } })]);

    expect(events).toMatchObject([
      {
        regarding: { kind: 'Pod', name: 'web' },
        others: { regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop' } },
      },
    ]);
  });

  it('what could not be judged is an error', () => {
    expect(told('denied', [decision({ outcome: 'error', message: 'nobody answers' })])).toMatchObject([
      { reason: 'PolicyError', note: 'rule label could not judge Pod shop/web: nobody answers' },
    ]);
  });

  it('a name that the server made up for what it refused is not told: each attempt would be another object', () => {
    const metadata = { generateName: 'web-', name: 'web-x7k2p', namespace: 'shop', uid: 'o' };
    const [event] = told('denied', [decision()], { name: 'web-x7k2p', object: pod(metadata) });

    expect(event?.related).toEqual({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop' });
  });

  it('subresources of Pods are told with the Pod, and namespaces with no namespace', () => {
    const [exec] = told('denied', [decision()], {
      operation: 'CONNECT',
      kind: { group: '', version: 'v1', kind: 'PodExecOptions' },
      subResource: 'exec',
      object: { kind: 'PodExecOptions' },
    });
    const [namespace] = told('denied', [decision()], {
      kind: { group: '', version: 'v1', kind: 'Namespace' },
      resource: { group: '', version: 'v1', resource: 'namespaces' },
      name: 'shop',
      object: { metadata: { name: 'shop' } },
    });

    expect(exec?.related).toEqual({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' });
    expect(namespace?.related).toEqual({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' });
  });

  it.each([
    ['of what kept everything', told, ['allowed', [decision({ outcome: 'pass' })]]],
    ['of dry runs', told, ['denied', [decision()], { dryRun: true }]],
    ['of the mutating phase, unless the request ends there', told, ['allowed', [decision()], { phase: 'mutate' }]],
    ['of exempt requests', told, ['exempt', []]],
  ] as const)('nothing is told %s', (_name, tell, given) => {
    expect((tell as (...parameters: readonly unknown[]) => unknown)(...given)).toEqual([]);
  });

  it('a refusal in the mutating phase is told, since no other phase follows', () => {
    expect(told('denied', [decision()], { phase: 'mutate' })).toHaveLength(1);
  });
});
