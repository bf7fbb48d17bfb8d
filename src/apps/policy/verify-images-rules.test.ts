// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { repository, writable } from '../../../test/support/signing/image-proofs.ts';
import { publicPem, signNewer } from '../../../test/support/signing/key-signatures.ts';
import {
  byKey,
  entries,
  image,
  judgePhase,
  keys,
  named,
  outcomes,
  pinned,
  registryWith,
  signedRegistry,
} from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, lookupsOf, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import { noData } from '../../policy/data-provider.ts';

closeAfterEach();

describe('rules', () => {
  it.each([
    ['an entry enforces', { failureAction: 'Enforce' }, 'Audit', 'fail deny'],
    ['an entry only reports', { failureAction: 'Audit', mutateDigest: false }, 'Enforce', 'fail audit'],
    ['the policy only reports', { mutateDigest: false }, 'Audit', 'fail audit'],
  ])('refuse when %s', async (_, entry, action, expected) => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    const set = setOf([imagePolicy({ ...byKey, ...entry }, { spec: { validationFailureAction: action } })]);

    expect(outcomes(await judgePhase(registry, set, podWith(named), 'both'))).toEqual([expected]);
  });

  it.each([
    ['another namespace', { namespaces: ['test-*'] }, {}, 'fail deny'],
    ['this namespace', { namespaces: ['sh*'] }, {}, 'fail audit'],
    ['this namespace, where the entry enforces', { namespaces: ['sh*'] }, { failureAction: 'Enforce' }, 'fail deny'],
  ])('only report where the policy says so for %s', async (_, override, entry, expected) => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    const spec = { validationFailureActionOverrides: [{ action: 'Audit', ...override }] };
    const set = setOf([imagePolicy({ ...byKey, ...entry, mutateDigest: false }, { spec })]);

    expect(outcomes(await judgePhase(registry, set, podWith(named), 'both'))).toEqual([expected]);
  });

  it('find their key in a ConfigMap', async () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'keys', namespace: 'default' },
      data: { app: publicPem(keys) },
    };
    const entry = {
      attestors: [{ entries: [{ keys: { publicKeys: '{{ keys.data.app }}', rekor: { ignoreTlog: true } } }] }],
    };
    const context = [{ name: 'keys', configMap: { name: 'keys', namespace: 'default' } }];
    const set = setOf([imagePolicy(entry, {}, { context })]);
    const registry = await signedRegistry();

    expect((await judge(registry, set, podWith(named), [map])).lines).toEqual([expect.stringMatching(/^pass /)]);
    const wrong = { ...map, data: { app: 'nothing' } };
    expect((await judge(registry, set, podWith(named), [wrong])).lines).toEqual([
      expect.stringMatching(/^error .*not a public key/),
    ]);
  });

  it('are skipped by exceptions', async () => {
    const exception = {
      apiVersion: 'kyverno.io/v2',
      kind: 'PolicyException',
      metadata: { name: 'x', namespace: 'shop' },
      spec: {
        exceptions: [{ policyName: 'images', ruleNames: ['signed'] }],
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
      },
    };
    const judged = await judge(await testRegistry(), setOf([imagePolicy(byKey), exception]), podWith(named));

    expect(judged.lines.map((line) => line.split(' ')[0])).toContain('skip');
    expect(judged.lines.filter((line) => /^(?:fail|error)/.test(line))).toEqual([]);
  });

  it('of one namespace read Secrets of that namespace only', () => {
    const policy = (entry: JsonObject): JsonObject => ({
      ...imagePolicy(entry, { metadata: { name: 'images', namespace: 'shop' } }),
      kind: 'Policy',
    });
    const secret = (namespace: string) => ({
      attestors: [{ entries: [{ keys: { publicKeys: `k8s://${namespace}/key` } }] }],
    });

    expect(setOf([policy(secret('shop'))]).problems).toEqual([]);
    expect(setOf([policy(secret('kube-system'))]).problems[0]?.message).toContain('that namespace only');
    const credentials = { ...byKey, imageRegistryCredentials: { secrets: ['kube-system/pull'] } };
    expect(setOf([policy(credentials)]).problems[0]?.message).toContain('that namespace only');
  });

  it.each([
    ['without images', { imageReferences: [], ...byKey }, 'must name images'],
    ['with an empty set', { attestors: [{ entries: [] }] }, 'must name somebody'],
    ['with a count that nobody can meet', { attestors: [{ count: 2, entries }] }, 'there are 1 entries'],
    ['with an entry of two kinds', { attestors: [{ entries: [{ ...entries[0], keyless: {} }] }] }, 'exactly one of'],
    ['with attestors beside a key', { key: publicPem(keys), ...byKey }, 'cannot stand beside'],
    [
      'with a certificate for a key',
      { key: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      'not a public key',
    ],
    ['with an unknown member', { ...byKey, mutateDigst: true }, 'unknown field "mutateDigst"'],
    ['with an attestation of no type', { attestations: [{ attestors: [{ entries }] }] }, 'type is required'],
    [
      'with an unknown extension',
      { attestors: [{ entries: [{ keyless: { additionalExtensions: { x: 'y' } } }] }] },
      'no extension',
    ],
    [
      'with a log key that is none',
      { attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys), rekor: { pubkey: 'x' } } }] }] },
      'not a public key',
    ],
  ])('%s are refused', (_, entry, message) => {
    expect(
      setOf([imagePolicy(entry)])
        .problems.map((problem) => problem.message)
        .join(' '),
    ).toContain(message);
  });

  it('have no older fields in v2beta1', () => {
    const policy = { ...imagePolicy({ key: publicPem(keys) }), apiVersion: 'kyverno.io/v2beta1' };

    expect(setOf([policy]).problems[0]?.message).toContain('unknown field "key"');
  });

  it('that must not be remembered say so to whoever looks up', () => {
    const asked: unknown[] = [];
    const provider = {
      ...noData,
      imageSignature: (demand: { readonly remembered?: 'never' }) => {
        asked.push(demand.remembered);
        return { kind: 'pending' as const };
      },
    };
    const cluster = { objects: () => [], namespace: () => undefined };
    for (const useCache of [true, false])
      setOf([imagePolicy({ ...byKey, useCache })]).judge(requestFor(podWith(named), 'CREATE'), {
        phase: 'validate',
        cluster,
        provider,
      });

    expect(asked).toEqual([undefined, 'never']);
  });

  it.each([
    ['allowInsecureRegistry', { imageRegistryCredentials: { allowInsecureRegistry: true } }],
    ['providers', { imageRegistryCredentials: { providers: ['amazon'] } }],
  ])('say of %s that it makes no difference', (name, entry) => {
    expect(setOf([imagePolicy({ ...byKey, ...entry })]).problems).toMatchObject([
      { hidesFindings: false, message: expect.stringMatching(new RegExp(`${name}: makes? no difference`)) as string },
    ]);
  });

  it.each([true, false])('look for referrers with cosignOCI11 %s', async (cosignOCI11) => {
    const registry = await registryWith((it) => signNewer(writable(it), image, { keys }));

    expect((await judge(registry, setOf([imagePolicy({ ...byKey, cosignOCI11 })]), podWith(named))).lines).toEqual([
      expect.stringMatching(/^pass /),
    ]);
  });

  it('believe no annotation that says an image was verified', async () => {
    const registry = await registryWith();
    const scoped = { version: 1, policies: { 'default/images': { signed: { [named]: 'pass', [pinned]: 'pass' } } } };
    const annotations = {
      'kyverno.io/verify-images': JSON.stringify({ [named]: 'pass', [pinned]: 'pass' }),
      'kyverno.io/verify-images-scoped': JSON.stringify(scoped),
    };
    for (const text of [named, pinned]) {
      const object = { ...podWith(text), metadata: { name: 'p', namespace: 'shop', annotations } };

      expect((await judge(registry, setOf([imagePolicy(byKey)]), object)).lines).toEqual([
        expect.stringMatching(/^fail /),
      ]);
    }
  });

  it('verify an image that was there before again when its object is updated', async () => {
    const registry = await registryWith();
    const lookups = lookupsOf(registry);
    const cluster = { objects: () => [], namespace: () => undefined };
    const object = podWith(pinned);
    const request = { ...requestFor(object, 'UPDATE'), oldObject: object };
    const set = setOf([imagePolicy(byKey)]);
    const judged = () => set.judge(request, { cluster, provider: { ...noData, ...lookups } }).decisions;
    while ((judged(), await lookups.settle()));

    expect(judged()).toMatchObject([{ outcome: 'fail', effect: 'deny' }]);
  });
});
