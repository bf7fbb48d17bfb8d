// SPDX-License-Identifier: Apache-2.0
// Keys wherever users keep them: Secrets, key stores, plugins; and that none of their secrets is ever said.
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { p256 } from '@noble/curves/nist.js';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import type { HttpService } from '../../../test/support/http-service.ts';
import {
  cluster,
  clusterToken,
  rsaDigestSigner,
  transitEngine,
  vaultToken,
  writePlugin,
} from '../../../test/support/signing/key-keepers.ts';
import { file, judgedBy, judgement, privateKey, signWith } from '../../../test/support/signing/own-key.ts';
import {
  outcomeOf,
  read,
  removeFoldersAfterEach,
  testFolder,
  verifyBlob,
} from '../../../test/support/signing/sign-and-verify.ts';

removeFoldersAfterEach();

const open: HttpService[] = [];
afterEach(async () => {
  for (const service of open.splice(0)) await service.close();
});

function closing(service: HttpService): HttpService {
  open.push(service);
  return service;
}

describe('a Secret of a cluster', () => {
  it('is made, signs with the password beside it, and is not replaced by accident', async () => {
    const { service, secrets, kubeconfig } = await cluster();
    closing(service);
    const cwd = testFolder({ app: file, config: kubeconfig });
    const environment = { KUBECONFIG: join(cwd, 'config'), COSIGN_PASSWORD: 'of the secret' };

    const made = await runCommand(['key', 'generate', 'k8s://shop/signing'], { cwd, environment });
    const again = await runCommand(['key', 'generate', 'k8s://shop/signing'], { cwd, environment });
    const signed = await signWith('k8s://shop/signing', cwd, { KUBECONFIG: environment.KUBECONFIG });

    expect([made.status, again.status, signed.status]).toEqual([0, 3, 0]);
    expect(again.stderr).toMatch(/there is such a Secret already/);
    expect(Object.keys(secrets.get('shop/signing')?.data ?? {})).toEqual([
      'cosign.key',
      'cosign.pub',
      'cosign.password',
    ]);
    const publicPem = Buffer.from(secrets.get('shop/signing')?.data['cosign.pub'] ?? '', 'base64').toString();
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), file, judgedBy(publicPem)))).toBe('verified');
  });

  it.each([
    ['k8s://shop/none', /there is no such Secret/],
    ['k8s://shop', /a namespace and a name are required/],
    ['k8s://shop/../../nodes', /a namespace and a name are required/],
  ])('%s is told apart', async (reference, reason) => {
    const { service, kubeconfig } = await cluster();
    closing(service);
    const cwd = testFolder({ app: file, config: kubeconfig });

    const { status, stderr } = await signWith(reference, cwd, { KUBECONFIG: join(cwd, 'config') });

    expect(status).not.toBe(0);
    expect(stderr).toMatch(reason);
  });

  it('names no token when the cluster refuses it', async () => {
    const { service, kubeconfig } = await cluster();
    closing(service);
    const wrong = kubeconfig.replace(clusterToken, 'another-secret-token');
    const cwd = testFolder({ app: file, config: wrong });

    const { stderr } = await signWith('k8s://shop/signing', cwd, { KUBECONFIG: join(cwd, 'config') });

    expect(stderr).toMatch(/answered 401: Unauthorized/);
    expect(stderr).not.toContain('another-secret-token');
  });

  it('runs no program that a configuration names', async () => {
    const { service, kubeconfig } = await cluster();
    closing(service);
    const cwd = testFolder({
      app: file,
      config: kubeconfig.replace(`token: ${clusterToken}`, 'exec: {command: touch, args: [ran]}'),
    });

    const { stderr } = await signWith('k8s://shop/signing', cwd, { KUBECONFIG: join(cwd, 'config') });

    expect(stderr).toMatch(/which is not run/);
    expect(() => read(cwd, 'ran')).toThrow();
  });
});

describe('a key in a key store', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const edwards = generateKeyPairSync('ed25519').privateKey;
  const scalar = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  const keys = {
    'ECDSA P-256': {
      key: privateKey,
      signDigest: (digest: Buffer) => Buffer.from(p256.sign(digest, scalar, { prehash: false, format: 'der' })),
    },
    RSA: { key: rsa, signDigest: rsaDigestSigner(rsa) },
    Ed25519: { key: edwards, signDigest: () => Buffer.alloc(0) },
  };

  it.each(Object.entries(keys))('of the kind %s signs without leaving it', async (_name, { key, signDigest }) => {
    const service = closing(await transitEngine(key, signDigest));
    const cwd = testFolder({ app: file });

    const { status } = await signWith('hashivault://release', cwd, {
      VAULT_ADDR: service.url,
      VAULT_TOKEN: vaultToken,
    });

    expect(status).toBe(0);
    const publicPem = createPublicKey(key).export({ format: 'pem', type: 'spki' }) as string;
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), file, judgedBy(publicPem)))).toBe('verified');
    expect(service.requests.every(({ path }) => !path.includes(vaultToken))).toBe(true);
  });

  it('names no token when it is refused, and follows no path out of the engine', async () => {
    const service = closing(await transitEngine(privateKey, () => Buffer.alloc(0)));
    const cwd = testFolder({ app: file });
    const environment = { VAULT_ADDR: service.url, VAULT_TOKEN: 'a-secret-that-is-wrong' };

    const refused = await signWith('hashivault://release', cwd, environment);
    const outside = await signWith('hashivault://../../sys/seal', cwd, environment);

    expect(refused.stderr).toMatch(/answered 403: permission denied/);
    expect(refused.stderr).not.toContain('a-secret-that-is-wrong');
    expect(outside.status).toBe(2);
    expect(service.requests).toHaveLength(1);
  });
});

describe('a key behind a plugin', () => {
  it('signs; the message goes through standard input, not through the arguments', async () => {
    const folder = testFolder();
    writePlugin(folder, privateKey);
    const cwd = testFolder({ app: file });

    const { status, stderr } = await signWith('test://release', cwd, { PATH: folder });

    expect(stderr).toMatch('by key test://release');
    expect(status).toBe(0);
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), file, judgement))).toBe('verified');
    expect(read(folder, 'arguments.txt').toString()).not.toMatch(/the file|dGhlIGZpbGU/);
  });

  it('gets its arguments as they are: nothing in them reaches a shell', async () => {
    const folder = testFolder();
    writePlugin(folder, privateKey);
    const cwd = testFolder({ app: file });

    const { stderr } = await signWith('test://$(touch ran);`touch ran`', cwd, { PATH: folder });

    expect(stderr).toMatch(/sigstore-kms-test: no such key/);
    expect(() => read(cwd, 'ran')).toThrow();
  });

  it.each([
    ['is not installed', undefined, /sigstore-kms-test: is not installed/],
    ['answers something else', 'process.stdout.write("hello")', /its answer is not JSON/],
    ['says too much', 'process.stdout.write("x".repeat(1_000_000))', /more than \d+ bytes/],
    [
      'says that it cannot',
      'process.stdout.write(JSON.stringify({errorMessage: "no card\\u001b[2J"}))',
      /no card[^m]{0,12}\[2J/,
    ],
  ])('that %s ends the signing', async (_name, source, reason) => {
    const folder = testFolder();
    if (source !== undefined) {
      writeFileSync(join(folder, 'sigstore-kms-test'), `#!${process.execPath}\n${source}\n`);
      chmodSync(join(folder, 'sigstore-kms-test'), 0o755);
    }
    const cwd = testFolder({ app: file });

    const { status, stderr } = await signWith('test://release', cwd, { PATH: folder });

    expect(status).toBe(3);
    expect(stderr).toMatch(reason);
  });
});

it('verification asks the keeper of a key for its public half', async () => {
  const { service, kubeconfig } = await cluster();
  closing(service);
  const cwd = testFolder({ app: file, config: kubeconfig });
  writePlugin(cwd, privateKey);
  const environment = { KUBECONFIG: join(cwd, 'config'), COSIGN_PASSWORD: '', PATH: cwd };
  await runCommand(['key', 'generate', 'k8s://shop/signing'], { cwd, environment });
  const statuses: number[] = [];

  for (const key of ['k8s://shop/signing', 'test://release']) {
    await signWith(key, cwd, environment);
    const words = ['verify-blob', '--key', key, '--insecure-ignore-tlog', '--bundle', 'b.json', 'app'];
    statuses.push((await runCommand(words, { cwd, environment })).status);
  }

  expect(statuses).toEqual([0, 0]);
});

it('private keys are not fetched from addresses', async () => {
  const { status, stderr } = await signWith('https://keys.example/key', testFolder({ app: file }), {});

  expect(status).toBe(2);
  expect(stderr).toMatch(/not fetched from addresses/);
});

describe('a cluster whose credentials a program prints', () => {
  /** A configuration with an `exec` user; the program leaves a mark when it runs. */
  async function place(): Promise<{ readonly cwd: string; readonly environment: Record<string, string> }> {
    const { service, kubeconfig } = await cluster();
    closing(service);
    const cwd = testFolder({ app: file });
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: clusterToken },
    };
    writeFileSync(
      join(cwd, 'login'),
      `#!${process.execPath}\nrequire('node:fs').writeFileSync(__dirname + '/ran', '');\nprocess.stdout.write(${JSON.stringify(JSON.stringify(credential))});\n`,
    );
    chmodSync(join(cwd, 'login'), 0o755);
    const user = '{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, interactiveMode: Never}}';
    writeFileSync(join(cwd, 'config'), kubeconfig.replace(`{token: ${clusterToken}}`, user));
    return { cwd, environment: { KUBECONFIG: join(cwd, 'config'), COSIGN_PASSWORD: 'word' } };
  }

  it('keeps a key that signs and verifies, where the program is allowed', async () => {
    const { cwd, environment } = await place();
    const [key, allowed] = [['--key', 'k8s://shop/signing'], ['--credential-programs']];

    const made = await runCommand(['key', 'generate', 'k8s://shop/signing', ...allowed], { cwd, environment });
    const sign = ['sign-blob', ...key, ...allowed, '--bundle', 'b.json', 'app'];
    const signed = await runCommand(sign, { cwd, environment });
    const verify = ['verify-blob', ...key, ...allowed, '--insecure-ignore-tlog', '--bundle', 'b.json', 'app'];
    const verified = await runCommand(verify, { cwd, environment });

    expect(`${made.stderr}${signed.stderr}${verified.stderr}`).not.toContain(clusterToken);
    expect([made.status, signed.status, verified.status]).toEqual([0, 0, 0]);
  });

  it('runs no program that was not allowed', async () => {
    const { cwd, environment } = await place();

    const { status, stderr } = await runCommand(['key', 'generate', 'k8s://shop/signing'], { cwd, environment });

    expect(stderr).toContain('which is not run');
    expect(status).toBeGreaterThan(0);
    expect(statSync(join(cwd, 'ran'), { throwIfNoEntry: false })).toBeUndefined();
  });
});
