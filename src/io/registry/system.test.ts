// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testAuthority } from '../../../test/support/registry/certificates.ts';
import { closeAfterEach, closing, reference, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import type { RegistryClient } from './client.ts';
import { systemRegistryClient } from './system.ts';

closeAfterEach();

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'machine-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function client(insecure: readonly string[] = []): RegistryClient {
  return closing(systemRegistryClient({ environment: {}, home: join(root, 'home'), root, insecure }));
}

const image = imageOf();
const login = { username: 'ada', password: 'secret' };

it('a machine that is set up for docker and podman needs no more', async () => {
  const authority = testAuthority();
  const { certificate, key } = authority.issue(['127.0.0.1']);
  const registry = await testRegistry({ tls: { cert: certificate, key }, access: { kind: 'bearer', ...login } });
  registry.put('cache/app', image, 'latest');
  put(`etc/docker/certs.d/${registry.host}/ca.crt`, authority.certificate);
  put(
    'home/.docker/config.json',
    JSON.stringify({ auths: { [registry.host]: { auth: Buffer.from('ada:secret').toString('base64') } } }),
  );
  put(
    'etc/containers/registries.conf',
    `[[registry]]\nprefix = "registry.example"\nlocation = "${registry.host}/cache"\n`,
  );

  expect((await client().manifest(reference('registry.example/app'))).kind).toBe('found');
});

it('a registry named as insecure is so under every rule that leads to it', async () => {
  const { certificate, key } = testAuthority().issue(['127.0.0.1']);
  const registry = await testRegistry({ tls: { cert: certificate, key } });
  registry.put('cache/app', image, 'latest');
  put(
    'etc/containers/registries.conf',
    `[[registry]]\nprefix = "registry.example"\nlocation = "${registry.host}/cache"\n`,
  );

  expect((await client().manifest(reference('registry.example/app'))).kind).toBe('unknown');
  expect((await client([registry.host]).manifest(reference('registry.example/app'))).kind).toBe('found');
  expect((await client([registry.host]).manifest(reference(`${registry.host}/cache/app`))).kind).toBe('found');
});

it('drop-ins win over the file, and the user’s over the machine’s', async () => {
  put('etc/containers/registries.conf', '[[registry]]\nlocation = "registry.example"\nblocked = false\n');
  put('etc/containers/registries.conf.d/10.conf', '[[registry]]\nlocation = "registry.example"\nblocked = false\n');
  put(
    'home/.config/containers/registries.conf.d/10.conf',
    '[[registry]]\nlocation = "registry.example"\nblocked = true\n',
  );

  expect(await client().manifest(reference('registry.example/app'))).toMatchObject({
    reason: expect.stringContaining('blocks'),
  });
});

it('a file that cannot be read stops everything, since it could block a registry', () => {
  put('etc/containers/registries.conf', '[[registry]\n');

  expect(() => client()).toThrow(/registries.conf/);
});
