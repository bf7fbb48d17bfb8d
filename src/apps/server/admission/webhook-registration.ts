// SPDX-License-Identifier: Apache-2.0
// The registration of the webhooks, made from the policies that are installed: only the kinds and operations that a policy is about, nothing of the system.
// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#webhook-configuration
import type { CompiledPolicyFacts, PolicyInterest } from '../../../policy/engine.ts';
import { systemNamespaces } from './exemptions.ts';

export interface RegistrationOptions {
  readonly policies: readonly CompiledPolicyFacts[];
  readonly service: { readonly name: string; readonly namespace: string; readonly port: number };
  /** PEM. */
  readonly caBundle: string;
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly timeoutSeconds: number;
  /** Beside those of the system and the one of the service. */
  readonly exemptNamespaces: readonly string[];
}

const base = 'landwaiter.dev';

/** Objects for `kubectl apply`; a direction without policies is left out. */
export function webhookRegistration(options: RegistrationOptions): readonly object[] {
  const mutating = options.policies.filter(({ mutates }) => mutates);
  // A policy that changes objects and judges them is asked twice; left out here, what it refuses would get in.
  const validating = options.policies.filter(({ judges }) => judges !== false);
  return [
    ...(mutating.length === 0 ? [] : [configuration('MutatingWebhookConfiguration', mutating, options)]),
    ...(validating.length === 0 ? [] : [configuration('ValidatingWebhookConfiguration', validating, options)]),
  ];
}

function configuration(kind: string, policies: readonly CompiledPolicyFacts[], options: RegistrationOptions): object {
  const isMutating = kind.startsWith('Mutating');
  const { service, caBundle, failurePolicy, timeoutSeconds, exemptNamespaces } = options;
  const exempt = [...new Set([...systemNamespaces, service.namespace, ...exemptNamespaces])].sort();
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: {
      name: `landwaiter-${isMutating ? 'mutate' : 'validate'}`,
      labels: { 'app.kubernetes.io/managed-by': 'landwaiter' },
    },
    webhooks: [
      {
        name: `${isMutating ? 'mutate' : 'validate'}.${base}`,
        clientConfig: {
          service: {
            name: service.name,
            namespace: service.namespace,
            port: service.port,
            path: isMutating ? '/mutate' : '/validate',
          },
          caBundle: Buffer.from(caBundle).toString('base64'),
        },
        rules: rulesOf(policies.flatMap(({ interests }) => (interests.length === 0 ? [everything] : interests))),
        failurePolicy,
        matchPolicy: 'Equivalent',
        // Decisions are written down and told in Events; those about dry runs are not.
        sideEffects: 'NoneOnDryRun',
        timeoutSeconds,
        admissionReviewVersions: ['v1'],
        // The name of a namespace cannot be changed, and nobody can give another one this label.
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: exempt }],
        },
        matchConditions: [
          // Kubelets and the garbage collector write all the time, and no policy is about what they write.
          { name: 'not-a-node', expression: "!('system:nodes' in request.userInfo.groups)" },
          { name: 'not-a-lease', expression: "request.resource.group != 'coordination.k8s.io'" },
          { name: 'not-an-event', expression: "request.resource.resource != 'events'" },
        ],
        ...(isMutating ? { reinvocationPolicy: 'IfNeeded' } : {}),
      },
    ],
  };
}

const everything: PolicyInterest = { groups: ['*'], resources: ['*/*'], operations: ['*'] };

/** Interests that differ only in their operations or groups become one rule; the same input gives the same order. */
function rulesOf(interests: readonly PolicyInterest[]): readonly object[] {
  const byResources = Map.groupBy(interests, ({ groups, resources }) =>
    JSON.stringify([[...groups].sort(), [...resources].sort()]),
  );
  return [...byResources]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, members]) => {
      const [apiGroups, resources] = JSON.parse(key) as [string[], string[]];
      const operations = [...new Set(members.flatMap((member) => member.operations))].sort();
      return {
        apiGroups,
        apiVersions: ['*'],
        resources,
        operations: operations.includes('*') || operations.length === 0 ? ['*'] : operations,
        scope: '*',
      };
    });
}
