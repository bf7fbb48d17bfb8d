// SPDX-License-Identifier: Apache-2.0
// Reviews about images over TLS, as an API server sends them: what waits, and for how long.
import { Agent, request as httpsRequest } from 'node:https';
import { afterEach, expect, test } from 'vitest';
import { imageReviews } from '../../../../test/support/image-reviews.ts';
import { closeAfterEach } from '../../../../test/support/registry/client.ts';
import { byKey, named, pinned, signedRegistry } from '../../../../test/support/verified-image.ts';
import { imagePolicy, podWith } from '../../../../test/support/verify-images.ts';
import type { JsonObject } from '../../../formats/document.ts';
import { systemClock } from '../../../io/clock.ts';
import { createLogger } from '../../../io/log.ts';
import type { RunningAdmission } from './admission-server.ts';
import { startAdmission } from './admission-server.ts';
import { makeAuthority, makeServingCertificate } from './certificates.ts';
import { PolicyHolder } from './policy-holder.ts';

closeAfterEach();

const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };
const authority = makeAuthority('test', validity);
const serving = makeServingCertificate(authority, ['localhost'], validity);
const agent = new Agent({ keepAlive: true, ca: authority.certificate, servername: 'localhost' });

let running: RunningAdmission | undefined;
afterEach(async () => {
  await running?.close(100);
  running = undefined;
});

interface Answer {
  readonly allowed: boolean;
  readonly status?: { readonly message: string };
  readonly patch?: string;
}

async function start(options: { readonly lookingTime?: number; readonly onError?: 'deny' | 'allow' } = {}) {
  const registry = await signedRegistry();
  const reviews = imageReviews({ registry, policies: [imagePolicy(byKey)] });
  const holder = new PolicyHolder();
  holder.offer(reviews.set, []);
  running = await startAdmission({
    host: '127.0.0.1',
    port: 0,
    serving,
    holder,
    settings: {
      exemptions: { namespaces: new Set(), usernames: new Set() },
      modeOf: () => 'enforce',
      onError: options.onError ?? 'deny',
    },
    data: () => reviews.data,
    asking: reviews.asking,
    lookingTime: options.lookingTime,
    moreMetrics: () => [`looked_up ${reviews.service.state.lookUps}`],
    clock: { ...systemClock, now: () => reviews.now() },
    log: createLogger({ write: () => undefined, format: 'text', level: 'error', now: () => 0 }),
    newId: () => 'd',
  });
  return registry;
}

function send(path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: running?.port, path, method: body === '' ? 'GET' : 'POST', agent };
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = httpsRequest({ ...options, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    call.once('error', reject);
    call.end(body);
  });
}

async function review(path: string, object: JsonObject): Promise<Answer> {
  const request = {
    uid: 'u',
    operation: 'CREATE',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: 'shop',
    userInfo: { username: 'u' },
    object,
  };
  const text = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
  const answer = JSON.parse(await send(path, text)) as { readonly response: Answer };
  return answer.response;
}

test('an image is pinned by one request and admitted by the next', async () => {
  await start();

  const mutated = await review('/mutate?timeout=10s', podWith(named));
  const admitted = await review('/validate?timeout=10s', podWith(pinned));

  expect(Buffer.from(mutated.patch ?? '', 'base64').toString()).toContain(pinned);
  expect(admitted.allowed).toBe(true);
});

test('a review ends with a reason before the API server gives it up, and others do not wait for it', async () => {
  const registry = await start();
  await review('/validate?timeout=10s', podWith(pinned));
  registry.fail({ path: /./, effect: { kind: 'stall', bytes: -1 } });
  const began = performance.now();

  const slow = review('/validate?timeout=1s', podWith('registry.example/team/other:v1'));
  const quick = review('/validate?timeout=1s', podWith(pinned));

  expect(await Promise.race([slow, quick])).toMatchObject({ allowed: true });
  expect(await slow).toMatchObject({
    allowed: false,
    status: { message: expect.stringContaining('no answer within 0.7 s') },
  });
  expect(performance.now() - began).toBeLessThan(1_900);
});

test('the operator may allow less than the API server waits', async () => {
  const registry = await start({ lookingTime: 100 });
  registry.fail({ path: /./, effect: { kind: 'stall', bytes: -1 } });
  const began = performance.now();

  expect((await review('/mutate?timeout=30s', podWith(named))).allowed).toBe(false);
  expect(performance.now() - began).toBeLessThan(1_900);
});

test('what nobody could look at is let pass only where the operator says so, and told', async () => {
  const registry = await start({ lookingTime: 50, onError: 'allow' });
  registry.fail({ path: /./, effect: { kind: 'stall', bytes: -1 } });

  expect(await review('/validate', podWith(pinned))).toMatchObject({
    allowed: true,
    warnings: [expect.stringContaining('not judged')],
  });
});

test('metrics tell what was looked up', async () => {
  await start();
  await review('/validate', podWith(pinned));

  expect(await send('/metrics', '')).toMatch(/looked_up [1-9]/);
});
