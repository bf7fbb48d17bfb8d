// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace, until } from '../../../../test/support/kube-client.ts';
import type { KubeObject } from '../../../../test/support/kube-server.ts';
import { KubeServer } from '../../../../test/support/kube-server.ts';
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject } from '../../../formats/document.ts';
import type { KubeClient, KubeResource } from '../../../io/kube/client.ts';
import { createLogger } from '../../../io/log.ts';
import type { WantedRegistration } from './registration-keeper.ts';
import { RegistrationKeeper } from './registration-keeper.ts';

const group = 'admissionregistration.k8s.io/v1';
const configuration = (direction: 'Validating' | 'Mutating'): KubeResource => ({
  apiVersion: group,
  kind: `${direction}WebhookConfiguration`,
  resource: `${direction.toLowerCase()}webhookconfigurations`,
  namespaced: false,
});
const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;

describe('the registration of the webhooks', () => {
  let server: KubeServer;
  let client: KubeClient;
  let keeper: RegistrationKeeper;
  let isLeader: boolean;
  let wanted: WantedRegistration | undefined;
  const lines: string[] = [];
  const log = createLogger({ write: (text) => void lines.push(text), format: 'text', level: 'info', now: () => 0 });
  const about = (resource: string, mutates = false): WantedRegistration => ({
    policies: [
      {
        name: 'p',
        kind: 'ClusterPolicy',
        location: { path: 'p' },
        mutates,
        ...(mutates ? { judges: false } : {}),
        interests: [{ groups: [''], resources: [resource], operations: ['CREATE'] }],
      },
    ],
    service: { name: 'landwaiter-admission', namespace: 'landwaiter-system', port: 443 },
    caBundle: pem('b3du'),
    failurePolicy: 'Fail',
    timeoutSeconds: 10,
    exemptNamespaces: [],
  });

  beforeEach(async () => {
    server = await new KubeServer([configuration('Validating'), configuration('Mutating')]).listen();
    server.initialEvents = 'answered';
    client = clientOf(server.url, hurriedPace());
    isLeader = true;
    wanted = about('pods');
    lines.length = 0;
  });
  afterEach(async () => {
    await keeper.close();
    client.close();
    await server.close();
  });
  const start = (): void => {
    keeper = new RegistrationKeeper({
      client,
      log,
      isLeader: () => isLeader,
      wanted: () => wanted,
      lookEvery: 50,
    });
  };
  const stored = async (direction: 'Validating' | 'Mutating' = 'Validating'): Promise<KubeObject | undefined> => {
    const name = direction === 'Validating' ? 'landwaiter-validate' : 'landwaiter-mutate';
    const found = await client.get(configuration(direction), name);
    return found.kind === 'found' ? (found.value as unknown as KubeObject) : undefined;
  };
  const webhook = (object: KubeObject | undefined): JsonObject => asObject(asArray(object?.['webhooks'])[0]) ?? {};
  const resources = (object: KubeObject | undefined): unknown =>
    asArray(webhook(object)['rules']).flatMap((rule) => asArray(asObject(rule)?.['resources']));
  const eventually = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await new Promise((wake) => setTimeout(wake, 10));
  };
  const writes = (): number => server.requests.filter(({ method }) => method !== 'GET').length;

  it('is made with what the policies need, and follows them', async () => {
    start();
    await eventually(async () => (await stored()) !== undefined);
    expect(resources(await stored())).toEqual(['pods']);
    expect(await stored('Mutating')).toBeUndefined();

    wanted = about('services');
    keeper.look(0);
    await eventually(async () => String(resources(await stored())) === 'services');
    wanted = about('services', true);
    keeper.look(0);
    await eventually(async () => (await stored('Mutating')) !== undefined && (await stored()) === undefined);
    expect(keeper.repairs).toBe(0);
  });

  it('is written once, and left alone while it is as it ought to be', async () => {
    start();
    await eventually(async () => (await stored()) !== undefined);
    const before = writes();
    await new Promise((wake) => setTimeout(wake, 400));

    expect(writes()).toBe(before);
  });

  it('is put back when somebody takes it away, narrows it, or sends it elsewhere', async () => {
    start();
    await eventually(async () => (await stored()) !== undefined);
    const good = await stored();
    if (good === undefined) throw new Error('nothing is stored');
    const { resourceVersion: _version, ...metadata } = good.metadata;
    const changed = (more: JsonObject): KubeObject => ({
      ...good,
      metadata,
      webhooks: [{ ...webhook(good), ...more }],
    });

    server.put(changed({ objectSelector: { matchLabels: { never: 'true' } } }));
    await eventually(async () => JSON.stringify(webhook(await stored())['objectSelector']) === '{}');
    server.put(changed({ clientConfig: { url: 'https://elsewhere/validate' } }));
    await eventually(async () => JSON.stringify(webhook(await stored())).includes('landwaiter-admission'));
    server.put(changed({ failurePolicy: 'Ignore' }));
    await eventually(async () => webhook(await stored())['failurePolicy'] === 'Fail');
    expect(keeper.repairs).toBe(3);
    server.remove(good);
    await eventually(async () => (await stored()) !== undefined);
    expect(lines.join('')).toContain('had been changed by somebody else');
  });

  it('keeps both authorities while one is renewed', async () => {
    start();
    await eventually(async () => (await stored()) !== undefined);
    const good = await stored();
    const both = Buffer.from(pem('bmV3') + pem('b3du')).toString('base64');
    const client_ = asObject(webhook(good)['clientConfig']);
    server.put({
      ...(good as KubeObject),
      metadata: { ...(good as KubeObject).metadata },
      webhooks: [{ ...webhook(good), clientConfig: { ...client_, caBundle: both } }],
    });
    await new Promise((wake) => setTimeout(wake, 400));

    expect(asObject(webhook(await stored())['clientConfig'])?.['caBundle']).toBe(both);
  });

  it('is nobody else than the leader’s, and not touched while it is not known which policies there are', async () => {
    isLeader = false;
    start();
    await new Promise((wake) => setTimeout(wake, 400));
    expect(writes()).toBe(0);

    isLeader = true;
    wanted = undefined;
    await new Promise((wake) => setTimeout(wake, 300));
    expect(writes()).toBe(0);

    wanted = about('pods');
    await until(() => writes() > 0);
  });

  it('leads to an address where the webhook is outside of the cluster', async () => {
    wanted = { ...about('pods'), url: 'https://localhost:8443' };
    start();
    await eventually(async () => (await stored()) !== undefined);

    expect(asObject(webhook(await stored())['clientConfig'])).toMatchObject({ url: 'https://localhost:8443/validate' });
    expect(asObject(webhook(await stored())['clientConfig'])).not.toHaveProperty('service');
  });
});
