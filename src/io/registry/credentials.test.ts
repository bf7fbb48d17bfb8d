// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDockerConfig } from '../../formats/oci/docker-config.ts';
import type { CredentialSource, RunProgram } from './credentials.ts';
import { configuredCredentials, credentialFiles, programRunner } from './credentials.ts';

function source(
  config: object,
  run: RunProgram = async () => {
    throw new Error('not expected');
  },
): CredentialSource {
  return configuredCredentials([parseDockerConfig(JSON.stringify(config), 'config.json')], run);
}

const auth = Buffer.from('ada:se:cret').toString('base64');
const ada = { kind: 'basic', username: 'ada', password: 'se:cret' };

describe('credentials', () => {
  it('are found for the registry, and for the nearest part of a repository first', async () => {
    const credentials = source({
      auths: { 'registry.example': { auth }, 'registry.example/team': { username: 'bob', password: 'x' } },
    });

    expect((await credentials.find('registry.example', 'other/app')).credential).toEqual(ada);
    expect((await credentials.find('registry.example', 'team/app')).credential).toMatchObject({ username: 'bob' });
    expect((await credentials.find('registry.example:5000', 'team/app')).credential).toBeUndefined();
  });

  it('of a helper come before those in the file, and its program is asked once', async () => {
    const asked: string[] = [];
    const run: RunProgram = async (program, input) => {
      asked.push(`${program} ${input}`);
      return JSON.stringify({ ServerURL: input, Username: 'helped', Secret: 'x' });
    };
    const credentials = source(
      { auths: { 'registry.example': { auth } }, credHelpers: { 'registry.example': 'vault' } },
      run,
    );

    await credentials.find('registry.example', 'a');

    expect((await credentials.find('registry.example', 'b')).credential).toMatchObject({ username: 'helped' });
    expect(asked).toEqual(['docker-credential-vault registry.example']);
  });

  it('of the default registry are asked for under its old address', async () => {
    const asked: string[] = [];
    const run: RunProgram = async (_, input) => {
      asked.push(input);
      return JSON.stringify({ Username: '<token>', Secret: 'refresh' });
    };

    const { credential } = await source({ credsStore: 'desktop' }, run).find('docker.io', 'library/app');

    expect(credential).toEqual({ kind: 'identity-token', token: 'refresh' });
    expect(asked).toEqual(['https://index.docker.io/v1/']);
  });

  it('that a helper does not have are none, without a remark', async () => {
    const run: RunProgram = async () => {
      throw new Error('credentials not found in native keychain');
    };

    expect(await source({ credsStore: 'x' }, run).find('registry.example', 'a')).toEqual({
      credential: undefined,
      remarks: [],
    });
  });

  it('of a helper that fails are looked for in the file, with a remark', async () => {
    const run: RunProgram = async () => {
      throw new Error('is not installed');
    };

    const found = await source({ credsStore: 'x', auths: { 'registry.example': { auth } } }, run).find(
      'registry.example',
      'a',
    );

    expect(found).toEqual({ credential: ada, remarks: ['docker-credential-x: is not installed'] });
  });
});

describe('credential files', () => {
  const read = (files: Readonly<Record<string, string>>) => (path: string) => files[path];

  it('are looked for where docker and podman keep them', () => {
    const files = {
      '/run/1/containers/auth.json': '{"credsStore":"podman"}',
      '/home/ada/.docker/config.json': '{"credsStore":"docker"}',
    };

    const configs = credentialFiles({
      environment: { XDG_RUNTIME_DIR: '/run/1' },
      home: '/home/ada',
      read: read(files),
    });

    expect(configs.map(({ store }) => store)).toEqual(['podman', 'docker']);
  });

  it('named by the environment must exist, and must be JSON', () => {
    const named = (files: Readonly<Record<string, string>>) =>
      credentialFiles({ environment: { REGISTRY_AUTH_FILE: '/a.json' }, home: undefined, read: read(files) });

    expect(() => named({})).toThrow(/REGISTRY_AUTH_FILE/);
    expect(() => named({ '/a.json': '{' })).toThrow(/a.json/);
  });
});

describe('a helper program', () => {
  let folder = '';
  const helper = (name: string, script: string): void => {
    writeFileSync(join(folder, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, `docker-credential-${name}`), 0o755);
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'helpers-'));
    helper('good', 'read host; printf \'{"Username":"%s","Secret":"%s"}\' "$1" "$host"');
    helper('bad', 'echo "secret details"; exit 3');
    helper('slow', 'exec sleep 5');
    helper('long', 'exec head -c 1000000 /dev/zero');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (name: string, time = 5_000): Promise<string> =>
    programRunner({ PATH: `${folder}:/usr/bin:/bin` }, time)(
      `docker-credential-${name}`,
      'registry.example; echo no shell',
    );

  it('gets the registry on its standard input, and no shell reads it', async () => {
    expect(JSON.parse(await run('good'))).toEqual({ Username: 'get', Secret: 'registry.example; echo no shell' });
  });

  it.each([
    ['bad', 'ended with status 3'],
    ['missing', 'is not installed'],
    ['long', 'too long'],
  ])('that is %s is an error: %s', async (name, message) => {
    await expect(run(name)).rejects.toThrow(message);
  });

  it('that does not answer is stopped', async () => {
    await expect(run('slow', 50)).rejects.toThrow('no answer');
  });
});
