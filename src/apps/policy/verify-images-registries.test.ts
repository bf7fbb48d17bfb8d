// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import { repository } from '../../../test/support/signing/image-proofs.ts';
import {
  byKey,
  image,
  judgePhase,
  named,
  outcomes,
  pinned,
  signedRegistry,
} from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, lookupsOf, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import { noData } from '../../policy/data-provider.ts';

closeAfterEach();

const other = imageOf({ layers: ['another program'] });

describe('registries', () => {
  it.each([
    ['down', { kind: 'cut', bytes: -1 } as const],
    ['throttling', { kind: 'answer', status: 429 } as const],
    ['broken', { kind: 'answer', status: 500 } as const],
    ['closed', { kind: 'answer', status: 401 } as const],
  ])('that are %s make an error and never a pass', async (_, effect) => {
    const registry = await signedRegistry();
    registry.fail({ path: /./, effect });

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^error /)]);
    expect(judged.images).toEqual([named]);
  });

  it('that nobody asks make an error', () => {
    const cluster = { objects: () => [], namespace: () => undefined };
    const { decisions } = setOf([imagePolicy(byKey)]).judge(requestFor(podWith(named), 'CREATE'), {
      cluster,
      provider: noData,
    });

    expect(decisions).toMatchObject([{ outcome: 'error', effect: 'deny' }]);
  });

  it('are let off by failurePolicy Ignore, with the error told', async () => {
    const registry = await signedRegistry();
    registry.fail({ path: /./, effect: { kind: 'answer', status: 500 } });
    const set = setOf([imagePolicy(byKey, { spec: { failurePolicy: 'Ignore' } })]);

    expect(outcomes(await judgePhase(registry, set, podWith(named), 'both'))).toEqual(['error audit']);
  });

  it('tell of failures and errors of one object apart', async () => {
    const registry = await signedRegistry();
    registry.put('team/unsigned', other, 'v1');
    const set = setOf([imagePolicy(byKey)]);
    const object = podWith('registry.example/team/unsigned:v1', 'registry.example/team/none:v1');

    expect(outcomes(await judgePhase(registry, set, object, 'both'))).toEqual(['fail deny', 'error deny']);
  });

  it('that move a tag meanwhile change nothing: what was verified is what is pinned (CVE-2022-47633)', async () => {
    const registry = await signedRegistry();
    registry.put(repository, other);
    const move = () => void registry.repository(repository).tags.set('v1', other.digest);
    registry.fail({ path: /manifests\/v1/, after: 1, effect: { kind: 'meanwhile', run: move } });

    const judged = await judge(
      registry,
      setOf([imagePolicy(byKey), { ...imagePolicy(byKey), metadata: { name: 'again' } }]),
      podWith(named),
    );

    expect(judged.images).toEqual([pinned]);
    expect(registry.asked(/manifests\/v1/)).toHaveLength(1);
  });

  it('that name another digest than that of their bytes are not believed (CVE-2023-47630)', async () => {
    const registry = await signedRegistry();
    registry.repository(repository).manifests.set(other.digest, { bytes: image.bytes, mediaType: image.mediaType });
    const headers = { 'docker-content-digest': other.digest };
    registry.fail({ path: /manifests\/v1/, effect: { kind: 'headers', headers } });

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.images.join(' ')).not.toContain(other.digest);
  });

  it('that give another image for a digest are not believed', async () => {
    const registry = await signedRegistry();
    registry.fail({
      path: new RegExp(`manifests/${image.digest}`),
      effect: { kind: 'body', change: () => other.bytes },
    });

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(pinned));

    expect(judged.lines).toEqual([expect.stringMatching(/^error /)]);
  });

  it('get the credentials that the policy and the Pod name', async () => {
    const registry = await signedRegistry();
    const config = (user: string) =>
      JSON.stringify({ auths: { 'registry.example': { username: user, password: 'p' } } });
    const secret = (namespace: string, name: string) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace },
      stringData: { '.dockerconfigjson': config(`${namespace}/${name}`) },
    });
    const asked: string[] = [];
    const lookups = lookupsOf(registry);
    const provider = {
      ...noData,
      objects: () => ({
        kind: 'found' as const,
        value: [secret('kyverno', 'pull'), secret('team', 'pull'), secret('shop', 'own')],
      }),
      imageSignature: (demand: Parameters<typeof lookups.imageSignature>[0]) => {
        asked.push(...(demand.credentials ?? []));
        return { kind: 'pending' as const };
      },
    };
    const pod = podWith(named);
    const object = { ...pod, spec: { ...(pod['spec'] as JsonObject), imagePullSecrets: [{ name: 'own' }] } };
    const set = setOf([imagePolicy({ ...byKey, imageRegistryCredentials: { secrets: ['pull', 'team/pull'] } })]);

    const cluster = { objects: () => [], namespace: () => undefined };
    set.judge(requestFor(object, 'CREATE'), { phase: 'validate', cluster, provider });

    expect(asked).toEqual(['kyverno/pull', 'team/pull', 'shop/own'].map(config));
  });
});
