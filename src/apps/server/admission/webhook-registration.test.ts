// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { byKey } from '../../../../test/support/verified-image.ts';
import { documents, imagePolicy } from '../../../../test/support/verify-images.ts';
import type { JsonObject } from '../../../formats/document.ts';
import { policyEngines } from '../../../policy/engines.ts';
import { compilePolicySet } from '../../../policy/policy-set.ts';
import { webhookRegistration } from './webhook-registration.ts';

function kindsFor(policy: JsonObject): readonly unknown[] {
  const set = compilePolicySet(documents(JSON.stringify(policy)), policyEngines, { unbound: 'apply' });
  const policies = set.engines.flatMap((engine) => engine.policies);
  const objects = webhookRegistration({
    policies: policies.filter(({ kind }) => kind !== 'Namespace'),
    service: { name: 's', namespace: 'n', port: 443 },
    caBundle: 'ca',
    failurePolicy: 'Fail',
    timeoutSeconds: 10,
    exemptNamespaces: [],
  });
  return objects.map((object) => (object as JsonObject)['kind']);
}

const both = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

describe('the registration of webhooks', () => {
  it('asks about images in both directions: what is pinned in one is verified in the other', () => {
    expect(kindsFor(imagePolicy(byKey))).toEqual(both);
  });

  it('asks twice about image policies of Sigstore, but not about those that look at nothing', () => {
    const policy = (authority: JsonObject): JsonObject => ({
      apiVersion: 'policy.sigstore.dev/v1beta1',
      kind: 'ClusterImagePolicy',
      metadata: { name: 'p' },
      spec: { images: [{ glob: '**' }], authorities: [authority] },
    });

    expect(kindsFor(policy({ keyless: { identities: [{ issuer: 'i', subject: 's' }] } }))).toEqual(both);
    expect(kindsFor(policy({ static: { action: 'pass' } }))).toEqual(['ValidatingWebhookConfiguration']);
  });
});
