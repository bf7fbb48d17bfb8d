// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../formats/document.ts';
import type { KubeClient } from '../../../../io/kube/client.ts';
import type { KubeOutcome } from '../../../../io/kube/outcome.ts';
import { defaultLimits } from '../../../../model/limits.ts';
import { clusterPullSecrets } from './cluster-pull-secrets.ts';

const configuration = '{"auths":{"registry.example":{"auth":"dTpodW50ZXIy"}}}';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

function secret(type: string, data: Readonly<Record<string, string>>): JsonObject {
  return { kind: 'Secret', type, data };
}

/** What the account may read, by `Kind namespace/name`; everything else is not there. */
function clusterWith(
  objects: Readonly<Record<string, JsonObject | 'forbidden'>>,
  asked: string[] = [],
): Pick<KubeClient, 'get'> {
  return {
    get: async ({ kind }, name, options = {}): Promise<KubeOutcome<JsonObject>> => {
      const key = `${kind} ${options.namespace ?? ''}/${name}`;
      asked.push(key);
      const object = objects[key];
      if (object === undefined) return { kind: 'none' };
      if (object === 'forbidden') return { kind: 'unknown', fault: 'forbidden', reason: `get ${key}: forbidden` };
      return { kind: 'found', value: object };
    },
  };
}

const docker = secret('kubernetes.io/dockerconfigjson', { '.dockerconfigjson': base64(configuration) });
const names = (...secrets: string[]) => ({ namespace: 'shop', serviceAccount: 'web', secrets });

describe('pull Secrets of a workload', () => {
  it('are those that it names, and nothing else is read', async () => {
    const asked: string[] = [];
    const secrets = clusterPullSecrets(clusterWith({ 'Secret shop/pull': docker }, asked));

    expect(await secrets.read(names('pull', 'gone', 'pull'))).toEqual({ kind: 'found', value: [configuration] });
    expect(asked).toEqual(['Secret shop/pull', 'Secret shop/gone']);
  });

  it('are those of its service account when it names none', async () => {
    const account = { kind: 'ServiceAccount', imagePullSecrets: [{ name: 'pull' }] };
    const secrets = clusterPullSecrets(clusterWith({ 'Secret shop/pull': docker, 'ServiceAccount shop/web': account }));

    expect(await secrets.read(names())).toEqual({ kind: 'found', value: [configuration] });
  });

  it('may be of the older kind', async () => {
    const older = secret('kubernetes.io/dockercfg', { '.dockercfg': base64('{"registry.example":{"auth":"x"}}') });
    const secrets = clusterPullSecrets(clusterWith({ 'Secret shop/pull': older }));

    expect(await secrets.read(names('pull'))).toEqual({
      kind: 'found',
      value: ['{"auths":{"registry.example":{"auth":"x"}}}'],
    });
  });

  it('of any other kind are not looked into', async () => {
    const opaque = secret('Opaque', { '.dockerconfigjson': base64(configuration), password: base64('hunter2') });
    const secrets = clusterPullSecrets(clusterWith({ 'Secret shop/pull': opaque }));

    expect(await secrets.read(names('pull'))).toEqual({ kind: 'found', value: [] });
  });

  it.each([
    ['Secret shop/pull', names('pull')],
    ['ServiceAccount shop/web', names()],
  ])('that cannot be read for want of rights (%s) are unknown, which is not none', async (key, wish) => {
    const answer = await clusterPullSecrets(clusterWith({ [key]: 'forbidden' })).read(wish);

    expect(answer).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('forbidden') });
  });

  it('are not read without end', async () => {
    const asked: string[] = [];
    const many = Array.from({ length: defaultLimits.pullSecrets + 1 }, (_, index) => `s${index}`);

    expect(await clusterPullSecrets(clusterWith({}, asked)).read(names(...many))).toMatchObject({ kind: 'unknown' });
    expect(asked).toEqual([]);
  });
});
