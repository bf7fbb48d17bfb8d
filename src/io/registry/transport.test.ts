// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { testAuthority } from '../../../test/support/registry/certificates.ts';
import { closeAfterEach, closing, reference, testClient, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import { startProxy } from '../../../test/support/registry/proxy.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import type { RegistryRule } from '../../formats/oci/registries-conf.ts';
import { memoryFolder } from '../memory-folder.ts';
import { hostFault, isForbiddenAddress } from './address.ts';
import { certificateLookup } from './certificates.ts';
import { proxyFor } from './proxy.ts';

closeAfterEach();

const authority = testAuthority();
const server = authority.issue(['127.0.0.1', 'registry.example']);
const image = imageOf();

async function secured(parts: object = {}): Promise<TestRegistry> {
  const registry = await testRegistry({ tls: { key: server.key, cert: server.certificate, ...parts } });
  registry.put('team/app', image, 'latest');
  return registry;
}

const trusting = { certificatesFor: () => ({ authorities: [authority.certificate] }) };

function insecure(prefix: string): RegistryRule {
  return { prefix, insecure: true, blocked: false, mirrors: [] };
}

describe('TLS', () => {
  it('with a certificate of an authority that was named is trusted', async () => {
    const registry = await secured();

    expect((await testClient({}, trusting).manifest(reference(`${registry.host}/team/app`))).kind).toBe('found');
  });

  it('with a certificate of nobody is refused, and not replaced by plain HTTP', async () => {
    const registry = await secured();

    const outcome = await testClient().manifest(reference(`${registry.host}/team/app`));

    expect(outcome).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_UNREACHABLE',
      reason: expect.stringContaining('certificate'),
    });
    expect(registry.requests).toEqual([]);
  });

  it('with a certificate of nobody is taken where the configuration says so', async () => {
    const registry = await secured();

    const outcome = await testClient({ rules: [insecure(registry.host)] }).manifest(
      reference(`${registry.host}/team/app`),
    );

    expect(outcome.kind).toBe('found');
  });

  it('shows the client certificate of the host', async () => {
    const registry = await secured({ requestCert: true, rejectUnauthorized: true, ca: authority.certificate });
    const client = authority.issue(['somebody']);
    const folder = memoryFolder('certs.d');
    folder.write(`${registry.host}/ca.crt`, Buffer.from(authority.certificate));
    folder.write(`${registry.host}/client.cert`, Buffer.from(client.certificate));
    folder.write(`${registry.host}/client.key`, Buffer.from(client.key));
    const app = reference(`${registry.host}/team/app`);

    expect(
      (await testClient({}, { certificatesFor: certificateLookup({ folders: [folder] }) }).manifest(app)).kind,
    ).toBe('found');
    expect((await testClient({}, trusting).manifest(app)).kind).toBe('unknown');
  });

  it('with a client certificate without key is a mistake in the configuration', () => {
    const folder = memoryFolder('certs.d');
    folder.write('registry.example/client.cert', Buffer.from('x'));

    expect(() => certificateLookup({ folders: [folder] })('registry.example')).toThrow(/client.key/);
  });

  it('is never left for a redirect to plain HTTP', async () => {
    const plain = await testRegistry();
    const registry = await secured();
    registry.fail({
      path: /manifests/,
      effect: { kind: 'answer', status: 307, headers: { location: `${plain.origin}/v2/` } },
    });

    const outcome = await testClient({}, trusting).manifest(reference(`${registry.host}/team/app`));

    expect(outcome).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_INVALID',
      reason: expect.stringContaining('plain HTTP'),
    });
    expect(plain.requests).toEqual([]);
  });
});

it('plain HTTP is not spoken to a registry that is not this machine', async () => {
  const registry = await testRegistry();
  registry.put('team/app', image, 'latest');
  const port = registry.host.split(':')[1];
  const lookup = (
    _: string,
    __: object,
    done: (error: null, address: { address: string; family: number }[]) => void,
  ): void => done(null, [{ address: '127.0.0.1', family: 4 }]);
  const app = reference(`registry.example:${port}/team/app`);

  expect(await testClient({}, { lookup }).manifest(app)).toMatchObject({
    kind: 'unknown',
    reason: expect.stringContaining('does not speak TLS'),
  });
  expect((await testClient({ rules: [insecure(`registry.example:${port}`)] }, { lookup }).manifest(app)).kind).toBe(
    'found',
  );
});

it('a connection that the server closed while it lay idle is replaced', async () => {
  const registry = await testRegistry();
  registry.put('team/app', image, 'latest');
  const client = testClient({ retry: { attempts: 1, first: 1, longest: 1 } });
  const app = reference(`${registry.host}/team/app`);
  await client.manifest(app);
  registry.fail({ times: 1, effect: { kind: 'cut', bytes: -1 } });

  expect((await client.manifest(app)).kind).toBe('found');
});

describe('a proxy', () => {
  it('is used for registries elsewhere, with its credentials', async () => {
    const registry = await secured();
    const proxy = closing(await startProxy(registry.host));
    const environment = { HTTPS_PROXY: proxy.origin.replace('http://', 'http://ada:se%20cret@') };

    const outcome = await testClient({}, { ...trusting, environment }).manifest(reference('registry.example/team/app'));

    expect(outcome.kind).toBe('found');
    expect(proxy.requests.map(({ url, headers }) => [url, headers['proxy-authorization']])).toEqual([
      ['registry.example:443', `Basic ${Buffer.from('ada:se cret').toString('base64')}`],
    ]);
    expect(registry.requests.every(({ headers }) => headers['proxy-authorization'] === undefined)).toBe(true);
  });

  it('that refuses makes the registry unreachable', async () => {
    const proxy = closing(await startProxy('127.0.0.1:1', 407));

    const outcome = await testClient({}, { environment: { https_proxy: proxy.origin } }).manifest(
      reference('registry.example/team/app'),
    );

    expect(outcome).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_UNREACHABLE',
      reason: expect.stringContaining('407'),
    });
  });

  it.each([
    ['https://registry.example/', '', true],
    ['https://registry.example/', 'registry.example', false],
    ['https://a.registry.example/', '.registry.example', false],
    ['https://a.registry.example/', 'registry.example', false],
    ['https://otherregistry.example/', 'registry.example', true],
    ['https://registry.example:5000/', 'registry.example:5001', true],
    ['https://registry.example:5000/', 'x, registry.example:5000', false],
    ['https://10.1.2.3/', '10.0.0.0/8', false],
    ['https://11.1.2.3/', '10.0.0.0/8', true],
    ['https://[fd00::1]/', 'fd00::/8', false],
    ['https://registry.example/', '*', false],
    ['https://127.0.0.1:5000/', '', false],
    ['https://localhost/', '', false],
  ])('for %s with NO_PROXY=%s is used: %s', (url, exceptions, isUsed) => {
    const proxy = proxyFor(new URL(url), { HTTPS_PROXY: 'proxy.example:3128', NO_PROXY: exceptions });

    expect(proxy?.href).toBe(isUsed ? 'http://proxy.example:3128/' : undefined);
  });
});

describe('an address', () => {
  it.each([
    '169.254.169.254',
    'fe80::1',
    '::ffff:169.254.1.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    'fd00:ec2::254',
    '100.100.100.200',
    '0.0.0.0',
    '::',
  ])('%s is never asked', (address) => {
    expect(isForbiddenAddress(address, 'named')).toBe(true);
  });

  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])(
    '%s is asked only when the user named it',
    (address) => {
      expect([isForbiddenAddress(address, 'named'), isForbiddenAddress(address, 'remote')]).toEqual([false, true]);
    },
  );

  it.each([
    'https://2852039166/',
    'https://0xa9.0xfe.0xa9.0xfe/',
    'https://169.254.43518/',
    'https://metadata.google.internal./',
  ])('written as %s is seen through', (url) => {
    expect(hostFault(new URL(url), 'named')).toBeDefined();
  });

  it('that a name leads to is checked too', async () => {
    const lookup = (
      _: string,
      __: object,
      done: (error: null, address: { address: string; family: number }[]) => void,
    ): void =>
      done(null, [
        { address: '10.0.0.1', family: 4 },
        { address: '169.254.169.254', family: 4 },
      ]);

    expect(await testClient({}, { lookup }).manifest(reference('registry.example/team/app'))).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_INVALID',
    });
  });
});
