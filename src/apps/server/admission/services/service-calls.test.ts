// SPDX-License-Identifier: Apache-2.0
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceReply, ServiceRequest } from '../../../../../test/support/http-service.ts';
import { HttpService } from '../../../../../test/support/http-service.ts';
import type { JsonObject } from '../../../../formats/document.ts';
import { requestFor } from '../../../../policy/admission-policy/request.ts';
import type { ApiCall } from '../../../../policy/data-provider.ts';
import { noData } from '../../../../policy/data-provider.ts';
import type { EngineData, EngineDocument } from '../../../../policy/engine.ts';
import { policyEngines } from '../../../../policy/engines.ts';
import { compilePolicySet } from '../../../../policy/policy-set.ts';
import { Asking } from '../asking/asking.ts';
import { makeAuthority, makeServingCertificate } from '../certificates.ts';
import { allowedUrl, readAllowedServices } from './allowed-services.ts';
import { ServiceCalls } from './service-calls.ts';

const allowedOf = (...entries: readonly string[]) => {
  const allowed = readAllowedServices(entries);
  if ('fault' in allowed) throw new Error(allowed.fault);
  return allowed;
};

describe('services that policies may ask', () => {
  it.each([
    ['a.example', 'https://a.example/x?y=1', 'remote'],
    ['a.example', 'https://a.example:443/', 'remote'],
    ['a.example:8443', 'https://A.example:8443/', 'remote'],
    ['http://a.example', 'http://a.example/', 'remote'],
    ['localhost:1', 'https://localhost:1/', 'named'],
    ['10.0.0.1', 'https://10.0.0.1/', 'literal'],
    ['169.254.169.254', 'https://169.254.169.254/', 'literal'],
    ['[fe80::1]:81', 'https://[fe80::1]:81/', 'literal'],
  ])('%s lets %s be asked', (entry, url, addresses) => {
    expect(allowedUrl(url, allowedOf(entry))).toMatchObject({ addresses });
  });

  it.each([
    ['a.example', 'http://a.example/'],
    ['a.example', 'https://a.example:8443/'],
    ['a.example', 'https://a.example.org/'],
    ['a.example', 'https://b.a.example/'],
    ['a.example', 'https://a.example@b.example/'],
    ['a.example', 'https://user:secret@a.example/'],
    ['a.example', 'https://a.example./'],
    ['10.0.0.1', 'https://0xA000002/'],
    ['a.example', 'file:///etc/passwd'],
    ['a.example', 'nonsense'],
  ])('%s does not let %s be asked', (entry, url) => {
    expect(allowedUrl(url, allowedOf(entry))).toHaveProperty('fault');
  });

  it.each(['', 'a.example/path', 'ftp://a.example', 'u@a.example', '*.example', 'a b', 'https://', 'a.example?x'])(
    '"%s" names no service',
    (entry) => {
      expect(readAllowedServices([entry])).toEqual({ fault: entry });
    },
  );
});

describe('a call of a service', () => {
  let service: HttpService;
  let calls: ServiceCalls;
  let reply: (request: ServiceRequest) => ServiceReply;
  let asking: Asking;

  beforeEach(async () => {
    reply = () => ({ status: 200, body: { ok: true } });
    service = await new HttpService((request) => reply(request)).listen();
    asking = new Asking({ waiting: 4, atOnce: 4, report: () => undefined });
    start(service.url);
  });
  afterEach(async () => {
    calls.close();
    await service.close();
  });
  function start(entry: string, options: { readonly time?: number; readonly lookup?: LookupFunction } = {}): void {
    calls = new ServiceCalls({ allowed: allowedOf(entry), asking, ...options });
  }
  const get = (path = '/', more: Partial<ApiCall> = {}) =>
    calls.ask({ method: 'GET', url: `${service.url}${path}`, ...more });

  it('sends what the policy says, and nothing of this program', async () => {
    const headers = { 'X-Team': 'a', Accept: 'application/vnd.x+json' };
    const found = await get('/check?a=b', { method: 'POST', headers, body: { images: ['a:1'] } });

    expect(found).toEqual({ kind: 'found', value: { ok: true } });
    const [{ method, path, headers: sent, body } = { method: '', path: '', headers: {}, body: '' }] = service.requests;
    expect([method, path, String(body)]).toEqual(['POST', '/check?a=b', '{"images":["a:1"]}']);
    expect(sent).toMatchObject({
      'content-type': 'application/json',
      'x-team': 'a',
      accept: 'application/vnd.x+json',
      host: service.url.slice('http://'.length),
    });
    expect(sent).not.toHaveProperty('authorization');
    expect(calls.counts).toEqual({ asked: 1, failed: 0 });
  });

  it.each([
    ['a status that is no success', () => ({ status: 404, body: {} }), /it answered 404/],
    ['no JSON', () => ({ status: 200, body: 'hello' }), /not JSON/],
    ['nothing', () => ({ status: 204, body: '' }), /not JSON/],
    ['too much', () => ({ status: 200, body: `"${'a'.repeat(2_200_000)}"` }), /more than 2097152 bytes/],
  ] as const)('fails with %s', async (_what, answer, message) => {
    reply = answer;
    expect(await get()).toEqual({ kind: 'failed', message: expect.stringMatching(message) });
    expect(calls.counts).toEqual({ asked: 1, failed: 1 });
  });

  it('fails when nobody is there', async () => {
    const { url } = service;
    await service.close();
    expect(await calls.ask({ method: 'GET', url })).toMatchObject({ kind: 'failed' });
    service = await new HttpService(() => ({ status: 200 })).listen();
  });

  it('gives up after its time', async () => {
    start(service.url, { time: 60 });
    let bytes = 0;
    reply = () => {
      bytes += 1;
      // The server is busy for longer than anybody waits.
      const end = Date.now() + 200;
      while (Date.now() < end);
      return { status: 200 };
    };
    expect(await get()).toEqual({ kind: 'failed', message: expect.stringMatching(/no answer within 0.1 s|too long/) });
    expect(bytes).toBe(1);
  });

  it('follows a redirect of the same place, and none to another or with a body', async () => {
    reply = ({ path }) =>
      path === '/a' ? { status: 302, headers: { location: '/b' } } : { status: 200, body: { path } };
    expect(await get('/a')).toEqual({ kind: 'found', value: { path: '/b' } });
    expect(await get('/a', { method: 'POST' })).toMatchObject({ message: expect.stringContaining('is not asked') });

    reply = () => ({ status: 302, headers: { location: 'http://169.254.169.254/latest' } });
    expect(await get('/a')).toMatchObject({ message: expect.stringMatching(/leads to http:\/\/169.* is not asked/) });
    reply = () => ({ status: 302, headers: { location: '/a' } });
    expect(await get('/a')).toMatchObject({ message: expect.stringContaining('redirects') });
  });

  it.each(['169.254.169.254', '127.0.0.1', '::1'])('to a name that leads to %s is not made', async (address) => {
    const lookup: LookupFunction = (_name, options, callback) => {
      const family = address.includes(':') ? 6 : 4;
      if (options.all === true) callback(null, [{ address, family }]);
      else callback(null, address, family);
    };
    start('http://service.example', { lookup });
    const answer = await calls.ask({ method: 'GET', url: 'http://service.example/' });

    expect(answer).toMatchObject({ kind: 'failed', message: expect.stringContaining('may not be asked') });
    expect(service.requests).toEqual([]);
  });

  it.each([
    ['Host', 'other.example'],
    ['Transfer-Encoding', 'chunked'],
    ['x-a', 'a\r\nx-b: c'],
    ['x-long', 'a'.repeat(20_000)],
  ])('with the header %s is not made', async (name, value) => {
    expect(await get('/', { headers: { [name]: value } })).toMatchObject({ kind: 'failed' });
    expect(service.requests).toEqual([]);
  });

  it('tells the place when it fails, and not what a policy put into the path', async () => {
    reply = () => ({ status: 500 });
    expect(JSON.stringify(await get('/token/secret?key=secret'))).not.toContain('secret');
  });

  const podPolicy = (rule: JsonObject, kind = 'ClusterPolicy', spec: JsonObject = {}): EngineDocument => {
    const location = { path: 'p' };
    const isCel = kind.endsWith('ValidatingPolicy');
    const object = {
      apiVersion: isCel ? 'policies.kyverno.io/v1' : 'kyverno.io/v1',
      kind,
      metadata: { name: 'asks', ...(kind.startsWith('Namespaced') ? { namespace: 'shop' } : {}) },
      spec: isCel
        ? spec
        : {
            validationFailureAction: 'Enforce',
            rules: [{ name: 'r', match: { any: [{ resources: { kinds: ['Pod'] } }] }, ...rule }],
          },
    };
    return { object, locate: () => location, locateValue: () => location };
  };
  const judge = async (policy: EngineDocument): Promise<readonly [string, string]> => {
    const set = compilePolicySet([policy], policyEngines, { unbound: 'apply' });
    expect(set.problems).toEqual([]);
    const namespace = (name: string): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const cluster = { namespace, objects: () => [] };
    const data: EngineData = calls.withServices({ cluster, provider: noData });
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec: {} };
    const judged = await asking.judge(() => set.judge(requestFor(pod), data), { time: 0, milliseconds: 5_000 });
    const [decision] = judged.decisions;
    return [decision?.outcome ?? '', decision?.message ?? ''];
  };

  it("is made for Kyverno's apiCall.service while the request waits, once", async () => {
    const policy = podPolicy({
      context: [
        {
          name: 'answer',
          apiCall: {
            method: 'POST',
            data: [{ key: 'name', value: '{{ request.object.metadata.name }}' }],
            service: { url: `${service.url}/check`, headers: [{ key: 'x-a', value: 'b' }] },
            jmesPath: 'allowed',
          },
        },
      ],
      validate: {
        message: 'not allowed',
        deny: { conditions: { all: [{ key: '{{ answer }}', operator: 'Equals', value: false }] } },
      },
    });
    reply = () => ({ status: 200, body: { allowed: false } });
    expect(await judge(policy)).toEqual(['fail', 'not allowed']);
    expect(service.requests).toHaveLength(1);
    expect(String(service.requests[0]?.body)).toBe('{"name":"web"}');

    reply = () => ({ status: 200, body: { allowed: true } });
    expect((await judge(policy))[0]).toBe('pass');
    reply = () => ({ status: 503 });
    expect(await judge(policy)).toEqual(['error', expect.stringContaining('it answered 503')]);
  });

  const cel = (expression: string): JsonObject => ({
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    },
    validations: [{ expression, message: 'not allowed' }],
  });

  it('is made for http.Get and http.Post of CEL policies, with headers and a body', async () => {
    const post = `http.Post('${service.url}/c', {'name': object.metadata.name, 'count': 3}, {'x-a': 'b'}).body.allowed`;
    reply = ({ headers, body }) => ({
      status: 200,
      body: { allowed: headers['x-a'] === 'b' && String(body) === '{"name":"web","count":3}' },
    });
    expect((await judge(podPolicy({}, 'ValidatingPolicy', cel(post))))[0]).toBe('pass');

    reply = () => ({ status: 200, body: { allowed: false } });
    const asked = `http.Get('${service.url}/c').body.allowed`;
    expect(await judge(podPolicy({}, 'ValidatingPolicy', cel(asked)))).toEqual(['fail', 'not allowed']);
  });

  it('is not made for policies of a namespace, nor for services that were not named', async () => {
    const asked = cel(`http.Get('${service.url}/c').body.allowed`);
    expect(await judge(podPolicy({}, 'NamespacedValidatingPolicy', asked))).toEqual([
      'error',
      expect.stringContaining('calls no services'),
    ]);
    start('https://other.example');
    expect(await judge(podPolicy({}, 'ValidatingPolicy', asked))).toEqual([
      'error',
      expect.stringContaining('--call-services'),
    ]);
    expect(service.requests).toEqual([]);
  });

  describe('with TLS', () => {
    const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };
    const [authority, other] = [makeAuthority('ours', validity), makeAuthority('another', validity)];
    let secure: Server;
    let url: string;
    beforeAll(async () => {
      const { certificate, key } = makeServingCertificate(authority, ['localhost'], validity);
      secure = createServer({ cert: certificate, key }, (_request, response) => response.end('{"ok":true}'));
      await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
      url = `https://localhost:${(secure.address() as AddressInfo).port}`;
    });
    afterAll(() => void secure.close());

    it('trusts the caBundle of the policy, which leads to no connection of others', async () => {
      start(url);
      const ask = (caBundle?: string) =>
        calls.ask({ method: 'GET', url, ...(caBundle === undefined ? {} : { caBundle }) });

      expect(await ask(authority.certificate)).toEqual({ kind: 'found', value: { ok: true } });
      expect(await ask(other.certificate)).toMatchObject({ kind: 'failed' });
      expect(await ask()).toMatchObject({ kind: 'failed' });
      expect(await ask('nonsense')).toMatchObject({ message: expect.stringContaining('caBundle is no certificate') });
    });
  });
});
