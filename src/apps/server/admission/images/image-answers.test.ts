// SPDX-License-Identifier: Apache-2.0
// What answers about images depend on: credentials, time, what is attested, and what an image says of itself.
import { describe, expect, it } from 'vitest';
import type { ImageReviews } from '../../../../../test/support/image-reviews.ts';
import { imageReviews, patched } from '../../../../../test/support/image-reviews.ts';
import { closeAfterEach } from '../../../../../test/support/registry/client.ts';
import { imageOf } from '../../../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../../../test/support/registry/test-registry.ts';
import { repository, writable } from '../../../../../test/support/signing/image-proofs.ts';
import { publicPem, signNewer } from '../../../../../test/support/signing/key-signatures.ts';
import {
  byKey,
  image,
  keys,
  named,
  noLog,
  pinned,
  registryWith,
  signedRegistry,
} from '../../../../../test/support/verified-image.ts';
import { imagePolicy, podWith } from '../../../../../test/support/verify-images.ts';
import type { JsonObject } from '../../../../formats/document.ts';
import { imageLifetimes } from './lifetimes.ts';

closeAfterEach();

const clusterPolicy: JsonObject = {
  apiVersion: 'policy.sigstore.dev/v1beta1',
  kind: 'ClusterImagePolicy',
  metadata: { name: 'signed' },
  spec: { images: [{ glob: '**' }], authorities: [{ key: { data: publicPem(keys) } }] },
};

async function allowed(reviews: ImageReviews, object: JsonObject): Promise<boolean> {
  return (await reviews.review(object)).answer.allowed;
}

async function refusal(reviews: ImageReviews, object: JsonObject, budget = 5_000): Promise<string> {
  return (await reviews.review(object, { budget })).answer.message ?? 'allowed';
}

const asksFor = (registry: TestRegistry): number => registry.asked().length;

describe('answers about images', () => {
  it('that may not be kept are looked up for each review', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [imagePolicy({ ...byKey, useCache: false })] });

    for (const round of [1, 2]) {
      const before = asksFor(registry);
      expect(await allowed(reviews, podWith(pinned))).toBe(true);
      expect([round, asksFor(registry) > before]).toEqual([round, true]);
    }
  });

  it('about attestations are believed for a shorter time, since newer ones may say something else', async () => {
    const scan = 'https://example.com/scan/v1';
    const registry = await registryWith((own) =>
      signNewer(writable(own), image, { keys, predicateType: scan, predicate: { critical: 0 } }),
    );
    const conditions = [{ all: [{ key: '{{ critical }}', operator: 'Equals', value: 0 }] }];
    const attestors = [{ entries: [{ keys: { publicKeys: publicPem(keys), ...noLog } }] }];
    const reviews = imageReviews({
      registry,
      policies: [imagePolicy({ attestations: [{ type: scan, attestors, conditions }] })],
    });

    expect(await allowed(reviews, podWith(pinned))).toBe(true);
    await signNewer(writable(registry), image, { keys, predicateType: scan, predicate: { critical: 3 } });
    expect(await allowed(reviews, podWith(pinned))).toBe(true);
    reviews.pass(imageLifetimes.attested + 1);
    expect(await refusal(reviews, podWith(pinned))).toContain('does not meet the conditions');
  });

  it('hold for the credentials they were got with, and for no others', async () => {
    const registry = await signedRegistry();
    const configuration = (user: string): string =>
      JSON.stringify({ auths: { 'registry.example': { username: user, password: 'hunter2' } } });
    const reviews = imageReviews({
      registry,
      policies: [imagePolicy(byKey)],
      pullSecrets: {
        read: async ({ secrets }) => ({ kind: 'found', value: secrets.map((name) => configuration(name)) }),
      },
    });
    const podOf = (secret: string): JsonObject => {
      const pod = podWith(pinned);
      return { ...pod, spec: { ...(pod['spec'] as JsonObject), imagePullSecrets: [{ name: secret }] } };
    };

    expect(await allowed(reviews, podOf('one'))).toBe(true);
    const before = asksFor(registry);
    expect(await allowed(reviews, podOf('two'))).toBe(true);

    expect(asksFor(registry)).toBeGreaterThan(before);
    expect(reviews.opened.flat()).toContain(configuration('one'));
    expect(reviews.review(podOf('one'))).not.toBeInstanceOf(Promise);
  });

  it('are not got without the pull Secrets that a workload names, when nobody can read them', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({
      registry,
      policies: [imagePolicy(byKey), clusterPolicy],
      pullSecrets: { read: async () => ({ kind: 'unknown', reason: 'the pull Secret shop/x: forbidden' }) },
    });

    const before = asksFor(registry);
    const said = await refusal(reviews, podWith(pinned));

    expect(said.match(/could not look: the pull Secret shop\/x/g)).toHaveLength(2);
    expect(asksFor(registry)).toBe(before);
  });

  it('that came too late for one review are there for the next', async () => {
    const registry = await signedRegistry();
    registry.fail({ path: /./, effect: { kind: 'slow', bytes: 100_000, pause: 30 } });
    const reviews = imageReviews({ registry, policies: [imagePolicy(byKey)] });

    expect(await refusal(reviews, podWith(pinned), 20)).toContain('no answer within');
    while (reviews.service.state.underWay > 0) await new Promise((wake) => setTimeout(wake, 5));
    const again = reviews.review(podWith(pinned));

    expect(again).not.toBeInstanceOf(Promise);
    expect(await again).toMatchObject({ answer: { allowed: true } });
  });

  it.each<readonly [string, JsonObject]>([
    [
      'the context of a rule',
      {
        apiVersion: 'kyverno.io/v1',
        kind: 'ClusterPolicy',
        metadata: { name: 'user' },
        spec: {
          rules: [
            {
              name: 'user',
              match: { any: [{ resources: { kinds: ['Pod'] } }] },
              validate: {
                failureAction: 'Enforce',
                message: 'the image says no user',
                foreach: [
                  {
                    list: 'request.object.spec.containers',
                    context: [{ name: 'data', imageRegistry: { reference: '{{ element.image }}' } }],
                    deny: {
                      conditions: {
                        all: [{ key: "{{ data.configData.config.User || '' }}", operator: 'Equals', value: '' }],
                      },
                    },
                  },
                ],
              },
            },
          ],
        },
      },
    ],
    [
      'an expression',
      {
        apiVersion: 'policies.kyverno.io/v1alpha1',
        kind: 'ValidatingPolicy',
        metadata: { name: 'user' },
        spec: {
          validationActions: ['Deny'],
          matchConstraints: {
            resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
          },
          validations: [
            {
              expression:
                "object.spec.containers.all(c, image.GetMetadata(c.image).config.?config.?User.orValue('') != '')",
              message: 'the image says no user',
            },
          ],
        },
      },
    ],
  ])('to %s come from the configuration of the image, or not at all', async (_, policy) => {
    const registry = await registryWith();
    const modest = imageOf({ config: { config: { User: '65532' } } });
    registry.put(repository, modest, 'modest');
    const reviews = imageReviews({ registry, policies: [policy] });

    expect(await allowed(reviews, podWith(`registry.example/${repository}:modest`))).toBe(true);
    expect(await refusal(reviews, podWith(named))).toContain('the image says no user');
    expect(reviews.review(podWith(named))).not.toBeInstanceOf(Promise);
    registry.fail({ path: /./, effect: { kind: 'answer', status: 500 } });
    reviews.pass(imageLifetimes.tag + 1);
    expect(await allowed(reviews, podWith(`registry.example/${repository}:modest`))).toBe(false);
  });

  it('serve policies of Kyverno and of Sigstore side by side: one digest, pinned once, verified for both', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [imagePolicy(byKey), clusterPolicy] });
    const foreign = imageOf({ layers: ['of somebody else'] });
    registry.put(repository, foreign, 'foreign');
    const init = { ...podWith(named), spec: { initContainers: [{ name: 'i', image: named }], containers: [] } };

    const mutated = await reviews.review(init, { phase: 'mutate' });
    const object = patched(init, mutated.answer) as JsonObject;
    const refused = await reviews.review(podWith(`registry.example/${repository}@${foreign.digest}`));

    expect(object).toMatchObject({ spec: { initContainers: [{ image: pinned }] } });
    expect((await reviews.review(object)).decisions.filter(({ outcome }) => outcome === 'pass')).toHaveLength(2);
    expect(registry.asked(/manifests\/v1$/)).toHaveLength(1);
    expect(refused.answer.message).toMatch(/^images\/signed: .*no signature/m);
    expect(refused.answer.message).toMatch(/^signed: .*no signature/m);
  });

  it('are counted, and those that nobody could give too', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [imagePolicy(byKey)] });
    await reviews.review(podWith(pinned));
    await reviews.review(podWith(pinned));
    for (let index = 0; index < 3; index += 1)
      expect(await refusal(reviews, podWith(`registry.example/none${index}@${image.digest}`))).toContain(
        'there is no such image',
      );

    expect(reviews.service.state).toMatchObject({ lookUps: 4, failed: 3, underWay: 0, kept: 1 });
  });
});
