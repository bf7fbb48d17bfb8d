// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach, closing, reference, testRegistry } from '../../../../../test/support/registry/client.ts';
import { imageOf } from '../../../../../test/support/registry/content.ts';
import type { RegistryClient } from '../../../../io/registry/client.ts';
import { systemRegistryClient } from '../../../../io/registry/system.ts';
import { nameOfCredentials } from './question-names.ts';
import { RegistryPool } from './registry-pool.ts';

closeAfterEach();

const image = reference('registry.example/team/app:v1');

function poolWith(opened: (readonly string[])[], clock = { now: 0 }): RegistryPool {
  return new RegistryPool({
    open: (credentials) => {
      opened.push(credentials);
      return {} as RegistryClient;
    },
    elapsed: () => clock.now,
    most: 3,
    age: 1_000,
  });
}

describe('clients of registries', () => {
  it('are shared by equal credentials only', () => {
    const opened: (readonly string[])[] = [];
    const pool = poolWith(opened);

    for (const credentials of [[], ['one'], ['two'], ['one'], []]) pool.store(image, credentials);

    expect(opened).toEqual([[], ['one'], ['two']]);
  });

  it('do not grow with the credentials that somebody thinks of', () => {
    const opened: (readonly string[])[] = [];
    const pool = poolWith(opened);

    for (let index = 0; index < 100; index += 1) pool.store(image, [`secret ${index}`]);

    expect(pool.size).toBe(3);
  });

  it('are made anew after a while, for credentials of this machine that changed', () => {
    const opened: (readonly string[])[] = [];
    const clock = { now: 0 };
    const pool = poolWith(opened, clock);
    pool.store(image, []);
    clock.now = 1_000;
    pool.store(image, []);

    expect(opened).toHaveLength(2);
  });

  it('try each of several credentials for a registry, and nobody gets in without any', async () => {
    const registry = await testRegistry({ access: { kind: 'basic', username: 'shop', password: 'hunter2' } });
    registry.put('team/app', imageOf(), 'v1');
    const configuration = (password: string): string =>
      JSON.stringify({ auths: { [registry.host]: { username: 'shop', password } } });
    const environment = { DOCKER_CONFIG: '/nowhere' };
    const pool = new RegistryPool({
      open: (credentials) =>
        closing(systemRegistryClient({ environment, home: undefined, root: '/nowhere/', credentials })),
      elapsed: () => 0,
    });
    const app = reference(`${registry.host}/team/app:v1`);
    const ask = async (...passwords: string[]): Promise<string> =>
      (await pool.store(app, passwords.map(configuration)).manifest(undefined)).kind;

    expect(await ask('hunter2')).toBe('found');
    expect(await ask('old', 'older', 'hunter2')).toBe('found');
    expect(await ask('old', 'older')).toBe('unknown');
    expect(await ask()).toBe('unknown');
  });

  it('are known by names that hold no credentials', () => {
    expect(nameOfCredentials(['hunter2'])).not.toContain('hunter2');
    expect(nameOfCredentials(['a', 'b'])).not.toBe(nameOfCredentials(['ab']));
    expect(nameOfCredentials([])).toBe('');
  });
});
