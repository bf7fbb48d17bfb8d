// SPDX-License-Identifier: Apache-2.0
// The webhook over TLS on loopback, as an API server would call it, and as somebody would who wants to bring it down.
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../formats/document.ts';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../../formats/kubernetes-yaml/resources.ts';
import { systemClock } from '../../../io/clock.ts';
import { createLogger } from '../../../io/log.ts';
import { storedFolder } from '../../../io/stored-files.ts';
import { noData } from '../../../policy/data-provider.ts';
import { policyEngines } from '../../../policy/engines.ts';
import type { PolicySet } from '../../../policy/policy-set.ts';
import { compilePolicySet } from '../../../policy/policy-set.ts';
import type { AdmissionServerOptions, RunningAdmission, ServerLimits } from './admission-server.ts';
import { startAdmission } from './admission-server.ts';
import { makeAuthority, makeServingCertificate } from './certificates.ts';
import { DecisionLog, readDecisions } from './decision-log.ts';
import { PolicyHolder } from './policy-holder.ts';
import type { ReviewSettings } from './review.ts';

const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };
const authority = makeAuthority('test', validity);
const serving = makeServingCertificate(authority, ['localhost'], validity);

const policyText = (name: string, image: string): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: ${name} }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }]
  validations: [{ expression: "object.spec.containers[0].image == '${image}'", message: only ${image} }]
`;

function setOf(text: string): PolicySet {
  return compilePolicySet(resourcesOf(parseKubernetesYaml(text, 'p.yaml')).resources, policyEngines, {
    unbound: 'apply',
  });
}

const settings: ReviewSettings = {
  exemptions: { namespaces: new Set(['kube-system', 'landwaiter-system']), usernames: new Set() },
  modeOf: () => 'enforce',
  onError: 'deny',
};

let running: RunningAdmission | undefined;
let holder: PolicyHolder;
let root: string;
beforeEach(() => {
  holder = new PolicyHolder();
  root = mkdtempSync(join(tmpdir(), 'landwaiter-admission-'));
});
afterEach(async () => {
  await running?.close(100);
  running = undefined;
  rmSync(root, { recursive: true, force: true });
});

const namespace = (name: string): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

interface Starting {
  readonly limits?: Partial<ServerLimits>;
  readonly changed?: Partial<ReviewSettings>;
  readonly decisions?: DecisionLog;
  readonly answered?: AdmissionServerOptions['answered'];
}

async function start({ limits, changed, decisions, answered }: Starting = {}): Promise<RunningAdmission> {
  let count = 0;
  running = await startAdmission({
    host: '127.0.0.1',
    port: 0,
    serving,
    holder,
    settings: { ...settings, ...changed },
    data: () => ({ cluster: { objects: () => [], namespace }, provider: noData }),
    clock: systemClock,
    log: createLogger({ write: () => undefined, format: 'text', level: 'error', now: () => 0 }),
    newId: () => `decision-${(count += 1)}`,
    ...(limits === undefined ? {} : { limits }),
    decisions,
    answered,
  });
  return running;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

function post(path: string, body: string, type = 'application/json', agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = httpsRequest(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port: running?.port,
        path,
        method: 'POST',
        ca: authority.certificate,
        headers: { 'content-type': type, 'content-length': Buffer.byteLength(body) },
        ...(agent === undefined ? {} : { agent }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString(),
            headers: response.headers,
          }),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

function review(image: string, more: Readonly<Record<string, unknown>> = {}): string {
  const namespace = typeof more['namespace'] === 'string' ? more['namespace'] : 'shop';
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace },
    spec: { containers: [{ name: 'a', image }] },
  };
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'u1',
      operation: 'CREATE',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      name: 'web',
      namespace,
      object,
      userInfo: { username: 'dev', groups: [] },
      ...more,
    },
  });
}

async function verdict(body: string): Promise<Readonly<Record<string, unknown>>> {
  const { response } = JSON.parse((await post('/validate', body)).body) as {
    response: Readonly<Record<string, unknown>>;
  };
  return response;
}

describe('the webhook', () => {
  test('admits what the policies admit and refuses what they refuse, with the reason and the id of the decision', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    await start();

    expect(await verdict(review('good:1'))).toMatchObject({ uid: 'u1', allowed: true });
    expect(await verdict(review('bad:1'))).toMatchObject({
      allowed: false,
      status: { code: 403, message: 'images: only good:1' },
      auditAnnotations: { 'decision-id': 'decision-2', policies: 'images' },
    });
  });

  test('never judges its own namespace and those of the system', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    await start();

    expect(await verdict(review('bad:1', { namespace: 'kube-system' }))).toMatchObject({ allowed: true });
  });

  test.each([
    ['warn', { allowed: true, warnings: ['images: only good:1'] }],
    ['audit', { allowed: true, auditAnnotations: { audit: 'images: only good:1' } }],
  ] as const)('in the mode %s tells and does not refuse', async (mode, expected) => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    await start({ changed: { modeOf: () => mode } });

    expect(await verdict(review('bad:1'))).toMatchObject(expected);
  });

  test('takes new policies at once, and keeps the old ones when the new cannot be loaded', async () => {
    holder.offer(setOf(policyText('images', 'one:1')), []);
    await start();

    holder.offer(setOf(policyText('images', 'two:2')), []);
    const swapped = await verdict(review('two:2'));
    const isTaken = holder.offer(setOf(policyText('images', "'")), []);

    expect(swapped).toMatchObject({ allowed: true });
    expect(isTaken).toBe(false);
    expect(holder.status).toMatchObject({ generation: 2, refused: expect.stringContaining('p.yaml') as string });
    expect(await verdict(review('one:1'))).toMatchObject({ allowed: false });
  });

  test('is not ready, and answers no review, before policies are loaded', async () => {
    await start();

    expect((await post('/readyz', '')).status).toBe(503);
    expect((await post('/validate', review('a'))).status).toBe(503);
    expect((await post('/livez', '')).status).toBe(200);
  });

  test('an object that a policy cannot judge is refused, or let pass where that is said', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    await start();
    const odd = review('x', { object: { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop' }, spec: {} } });

    expect(await verdict(odd)).toMatchObject({ allowed: false });
    await running?.close(100);
    await start({ changed: { onError: 'allow' } });
    expect(await verdict(odd)).toMatchObject({
      allowed: true,
      warnings: [expect.stringContaining('not judged') as string],
    });
  });

  test('presents another certificate to new connections after a rotation', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    await start();
    const young = makeAuthority('young', validity);
    running?.setCertificate(makeServingCertificate(young, ['localhost'], validity));

    await expect(verdict(review('good:1'))).rejects.toThrow(/certificate/);
    const issuer = await new Promise<string>((resolve) => {
      const socket = tlsConnect(
        { host: '127.0.0.1', port: running?.port ?? 0, servername: 'localhost', ca: young.certificate },
        () => {
          resolve(String(socket.getPeerCertificate().issuer.CN));
          socket.destroy();
        },
      );
    });
    expect(issuer).toBe('young');
  });

  test('writes decisions down without secrets, and dry runs not at all', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    const folder = storedFolder(root);
    await start({ decisions: new DecisionLog({ folder, fileBytes: 1_000_000, files: 3 }) });
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'shop' },
      spec: { containers: [{ name: 'a', image: 'bad', env: [{ name: 'DB_PASSWORD', value: 'hunter2' }] }] },
    };

    await verdict(review('x', { object }));
    await verdict(review('bad:1', { dryRun: true }));

    const { decisions: logged } = readDecisions(folder, 10_000_000);
    expect(logged).toMatchObject([{ outcome: 'denied', phase: 'validate', message: 'images: only good:1' }]);
    expect(JSON.stringify(logged)).not.toContain('hunter2');
  });

  test('tells whoever listens what was answered, after it was', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    const told: unknown[] = [];
    await start({
      answered: ({ outcome, decisions }, { uid }, phase) => void told.push([outcome, decisions.length, uid, phase]),
    });

    await verdict(review('bad:1', { uid: 'u' }));

    expect(told).toEqual([['denied', 1, 'u', 'validate']]);
  });

  test('the decision log stays within its bounds', () => {
    const folder = storedFolder(root);
    const log = new DecisionLog({ folder, fileBytes: 2_000, files: 3 });
    const { request } = JSON.parse(review('a')) as { request: never };

    for (let index = 0; index < 100; index += 1)
      log.write({ id: String(index), time: '2026-07-01T00:00:00Z', phase: 'validate', outcome: 'allowed', request });

    expect(folder.list('').length).toBeLessThanOrEqual(3);
    expect(readDecisions(folder, 10_000).decisions.at(-1)?.id).toBe('99');
  });
});

describe('bad input', () => {
  test.each([
    ['not JSON', '{', 'application/json', 400],
    ['another content type', review('a'), 'text/plain', 415],
    ['a body that is too large', 'x'.repeat(200_000), 'application/json', 413],
  ])('%s is answered', async (_name, body, type, status) => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    await start({ limits: { bodyBytes: 100_000 } });

    expect((await post('/validate', body, type)).status).toBe(status);
    expect((await post('/livez', '')).status).toBe(200);
  });

  test('a review of another version is refused with its uid', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    await start();

    expect(await verdict(review('good:1').replace('admission.k8s.io/v1', 'admission.k8s.io/v2'))).toMatchObject({
      uid: 'u1',
      allowed: false,
    });
  });

  test('garbage instead of TLS, and a head that never ends, hurt nobody', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    const { port } = await start({ limits: { headTime: 200 } });
    const garbage = connect(port, '127.0.0.1', () => garbage.write('GET / HTTP/1.0\r\n\r\n'));
    garbage.on('error', () => undefined);
    const slow = tlsConnect({ host: '127.0.0.1', port, servername: 'localhost', ca: authority.certificate }, () =>
      slow.write('POST /validate HTTP/1.1\r\nhost: x\r\n'),
    );
    slow.on('error', () => undefined);

    expect(await verdict(review('good:1'))).toMatchObject({ allowed: true });
    garbage.destroy();
    slow.destroy();
  });

  test('more reviews than can be held are told so at once', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    await start({ limits: { inFlight: 0 } });

    const { status, headers } = await post('/validate', review('good:1'));

    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('1');
  });

  test('an old connection is asked to end, so that replicas share the load', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    await start({ limits: { connectionAge: -1 } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });

    const first = await post('/validate', review('good:1'), 'application/json', agent);
    const second = await post('/validate', review('good:1'), 'application/json', agent);
    agent.destroy();

    expect([first.headers.connection, second.headers.connection]).toEqual(['keep-alive', 'close']);
  });

  test('a request that came on an open connection while the webhook ended used to be lost', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await post('/validate', review('good:1'), 'application/json', agent);

    const closed = running?.close(1_000, 500);
    const late = await post('/validate', review('bad:1'), 'application/json', agent);
    const ready = await post('/readyz', '');
    await closed;
    running = undefined;

    expect(late.body).toContain('"allowed":false');
    expect(late.headers.connection).toBe('close');
    expect(ready.status).toBe(503);
    agent.destroy();
  });

  test('metrics count what happened', async () => {
    holder.offer(setOf(policyText('images', 'good:1')), []);
    await start();
    await verdict(review('good:1'));
    await verdict(review('bad:1'));

    const { body } = await post('/metrics', '');

    expect(body).toContain('landwaiter_admission_reviews_total{phase="validate",outcome="denied"} 1');
    expect(body).toContain('landwaiter_policies 2');
  });
});
