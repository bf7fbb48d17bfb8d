// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { AccessRules } from '../../../test/support/registry/access.ts';
import {
  closeAfterEach,
  reference,
  testClient,
  testPace,
  testRegistry,
} from '../../../test/support/registry/client.ts';
import { blobOf, imageOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import type { Credential } from '../../formats/oci/docker-config.ts';
import type { Reference } from '../../formats/oci/reference.ts';
import type { CredentialSource } from './credentials.ts';

closeAfterEach();

const image = imageOf();
const login = { username: 'ada', password: 'se:cret' };
const basic: AccessRules = { kind: 'basic', ...login };
const bearer: AccessRules = { kind: 'bearer', ...login };

async function guarded(access: AccessRules): Promise<{ registry: TestRegistry; app: Reference }> {
  const registry = await testRegistry({ access });
  registry.put('team/app', image, 'latest');
  return { registry, app: reference(`${registry.host}/team/app`) };
}

function knows(credential: Credential | undefined, remarks: readonly string[] = []): CredentialSource {
  return { find: async () => ({ credential, remarks }) };
}

const ada = knows({ kind: 'basic', ...login });

describe('basic authentication', () => {
  it('sends credentials when the registry asks for them', async () => {
    const { registry, app } = await guarded(basic);

    expect((await testClient({ credentials: ada }).manifest(app)).kind).toBe('found');
    expect(registry.requests.map(({ headers }) => headers.authorization !== undefined)).toEqual([false, true]);
  });

  it('without credentials is unauthorized, and says that there are none', async () => {
    const { app } = await guarded(basic);

    expect(await testClient().manifest(app)).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_UNAUTHORIZED',
      reason: expect.stringContaining('no credentials are configured'),
    });
  });

  it('with wrong credentials is asked once, and the password stands in no message', async () => {
    const { registry, app } = await guarded(basic);

    const outcome = await testClient({
      credentials: knows({ kind: 'basic', username: 'eve', password: 'hunter22' }),
    }).manifest(app);

    expect(outcome).toMatchObject({ kind: 'unknown', code: 'REGISTRY_UNAUTHORIZED' });
    expect(JSON.stringify(outcome)).not.toContain('hunter22');
    expect(registry.requests).toHaveLength(2);
  });

  it('tells why a credential helper gave nothing', async () => {
    const { app } = await guarded(basic);

    expect(
      await testClient({ credentials: knows(undefined, ['docker-credential-x: is not installed']) }).manifest(app),
    ).toMatchObject({
      reason: expect.stringContaining('docker-credential-x: is not installed'),
    });
  });
});

describe('bearer authentication', () => {
  it('reads public images with an anonymous token', async () => {
    const { app } = await guarded({ ...bearer, isPublic: true });

    expect((await testClient().manifest(app)).kind).toBe('found');
  });

  it('asks for a token of its own repository and for no more than it needs', async () => {
    const { registry, app } = await guarded({
      ...bearer,
      parameters: ',scope="repository:other/secret:push registry:catalog:*"',
    });

    await testClient({ credentials: ada }).manifest(app);

    expect(registry.access?.scopes).toEqual(['repository:team/app:pull', 'registry:catalog:*']);
  });

  it('uses one token for requests that come at the same time', async () => {
    const { registry, app } = await guarded(bearer);
    const client = testClient({ credentials: ada });
    await client.manifest(app);

    await Promise.all(Array.from({ length: 10 }, () => client.manifest(app)));

    expect(registry.access?.issued).toBe(1);
  });

  it('gets a new token when the old one is too old', async () => {
    const { registry, app } = await guarded({ ...bearer, expiresIn: 300 });
    const pace = testPace();
    const client = testClient({ credentials: ada, pace });
    await client.manifest(app);
    pace.advance(280_000);

    expect((await client.manifest(app)).kind).toBe('found');
    expect(registry.access?.issued).toBe(2);
  });

  it('gets a new token when the registry withdrew the old one', async () => {
    const { registry, app } = await guarded(bearer);
    const client = testClient({ credentials: ada });
    await client.manifest(app);
    registry.access?.withdraw();

    expect((await client.manifest(app)).kind).toBe('found');
  });

  it('exchanges a refresh token', async () => {
    const { app } = await guarded({ ...bearer, refreshToken: 'refresh-1' });

    expect(
      (await testClient({ credentials: knows({ kind: 'identity-token', token: 'refresh-1' }) }).manifest(app)).kind,
    ).toBe('found');
  });

  it('says so when the token service refuses', async () => {
    const { app } = await guarded(bearer);

    expect(
      await testClient({ credentials: knows({ kind: 'basic', username: 'eve', password: 'x' }) }).manifest(app),
    ).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_UNAUTHORIZED',
      reason: expect.stringContaining('the token service'),
    });
  });

  it('is throttled when the token service is', async () => {
    const { registry, app } = await guarded(bearer);
    registry.fail({ path: /token/, effect: { kind: 'answer', status: 429 } });

    expect(await testClient({ credentials: ada }).manifest(app)).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_THROTTLED',
    });
  });

  it.each([
    ['no JSON', 'token'],
    ['no token', '{"token": 5}'],
    ['a token that would break the header', '{"token": "a\\r\\nhost: b"}'],
    ['far too much', `{"token": "${'a'.repeat(300_000)}"}`],
  ])('refuses an answer of the token service with %s', async (_, body) => {
    const { registry, app } = await guarded(bearer);
    registry.fail({ path: /token/, effect: { kind: 'answer', status: 200, body } });

    expect((await testClient({ credentials: ada }).manifest(app)).kind).toBe('unknown');
  });

  it('never follows a redirect of the token service', async () => {
    const thief = await testRegistry();
    const { registry, app } = await guarded(bearer);
    registry.fail({
      path: /token/,
      effect: { kind: 'answer', status: 302, headers: { location: `${thief.origin}/token` } },
    });

    expect(await testClient({ credentials: ada }).manifest(app)).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_INVALID',
    });
    expect(thief.requests).toEqual([]);
  });

  it.each([
    ['a metadata service', 'http://169.254.169.254/token'],
    ['a metadata service over https', 'https://169.254.169.254/token'],
    ['a metadata service in IPv6 clothes', 'https://[::ffff:169.254.169.254]/token'],
    ['a metadata service by name', 'https://metadata.google.internal/token'],
    ['plain HTTP elsewhere', 'http://tokens.example/token'],
    ['a file', 'file:///etc/passwd'],
    ['an address with credentials', 'http://a:b@127.0.0.1/token'],
    ['no address', 'token'],
  ])('does not ask %s for a token', async (_, realm) => {
    const { app } = await guarded({ ...bearer, realm });

    expect(await testClient({ credentials: ada }).manifest(app)).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_INVALID',
      reason: expect.stringContaining('token service that is not asked'),
    });
  });

  it('does not ask a host whose name leads to a metadata service', async () => {
    const { app } = await guarded({ ...bearer, realm: 'https://tokens.example/token' });
    const lookup = (
      _: string,
      __: object,
      done: (error: null, address: { address: string; family: number }[]) => void,
    ): void => done(null, [{ address: '169.254.169.254', family: 4 }]);

    expect(await testClient({ credentials: ada }, { lookup }).manifest(app)).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_INVALID',
      reason: expect.stringContaining('169.254.169.254'),
    });
  });
});

it('a registry that asks for another method than it can get is unauthorized', async () => {
  const { registry, app } = await guarded(basic);
  registry.fail({ effect: { kind: 'answer', status: 401, headers: { 'www-authenticate': 'Negotiate' } } });

  expect(await testClient({ credentials: ada }).blob(app, { digest: blobOf('x').digest })).toMatchObject({
    code: 'REGISTRY_UNAUTHORIZED',
  });
});
