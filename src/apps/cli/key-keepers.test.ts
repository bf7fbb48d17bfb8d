// SPDX-License-Identifier: Apache-2.0
// Keys wherever users keep them: files, variables, Secrets, key stores, plugins; and that none of their secrets is ever said.
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
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
import {
  outcomeOf,
  publicKeyOfPrivate,
  read,
  removeFoldersAfterEach,
  testFolder,
  verifyBlob,
} from '../../../test/support/signing/sign-and-verify.ts';
import type { SignaturePolicy } from '../../evidence/signatures/policy.ts';
import { publicKeyOf } from '../../evidence/signatures/public-key.ts';
import { isRefusal } from '../../evidence/signatures/refusal.ts';

removeFoldersAfterEach();

const open: HttpService[] = [];
afterEach(async () => {
  for (const service of open.splice(0)) await service.close();
});

function closing(service: HttpService): HttpService {
  open.push(service);
  return service;
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
const time = Date.parse('2026-06-01T00:00:00Z');
const artifact = Buffer.from('the file');

function judgedBy(publicPem: string) {
  const key = publicKeyOf(createPublicKey(publicPem).export({ format: 'der', type: 'spki' }));
  if (isRefusal(key)) throw new Error(key.message);
  const policy: SignaturePolicy = { mode: 'managed-key-without-log', keys: [{ key }] };
  return { policy, time };
}

const managed = {
  policy: { mode: 'managed-key-without-log', keys: [{ key: publicKeyOfPrivate(pem) }] } as SignaturePolicy,
  time,
};

function signWith(key: string, cwd: string, environment: Readonly<Record<string, string>>) {
  return runCommand(['sign-blob', '--key', key, '--bundle', 'b.json', 'app'], { cwd, environment });
}

describe('a key pair in files', () => {
  it('is made with its private half for the owner only, signs, and shows its public half', async () => {
    const cwd = testFolder({ app: artifact });
    const environment = { COSIGN_PASSWORD: 'the password' };

    const made = await runCommand(['key', 'generate'], { cwd, environment });
    await signWith('cosign.key', cwd, environment);
    const shown = await runCommand(['key', 'public', '--key', 'cosign.key'], { cwd, environment });

    expect(made.status).toBe(0);
    expect(statSync(join(cwd, 'cosign.key')).mode & 0o777).toBe(0o600);
    expect(read(cwd, 'cosign.key').toString()).toMatch(/^-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----/);
    expect(shown.stdout).toBe(read(cwd, 'cosign.pub').toString());
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), artifact, judgedBy(shown.stdout)))).toBe('verified');
  });

  it('is never written over, unless that is asked for', async () => {
    const cwd = testFolder({ 'cosign.pub': 'somebody else wrote this' });
    const environment = { COSIGN_PASSWORD: '' };

    const refused = await runCommand(['key', 'generate'], { cwd, environment });
    const kept = read(cwd, 'cosign.pub').toString();
    const forced = await runCommand(['key', 'generate', '--force'], { cwd, environment });

    expect(refused.stderr).toMatch(/exists already/);
    expect(kept).toBe('somebody else wrote this');
    expect(forced.status).toBe(0);
    expect(read(cwd, 'cosign.pub').toString()).toMatch(/PUBLIC KEY/);
  });

  it('is not written through a link that lies in its place', async () => {
    const cwd = testFolder();
    symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'cosign.key'));

    const { status } = await runCommand(['key', 'generate'], { cwd, environment: { COSIGN_PASSWORD: '' } });

    expect(status).toBe(3);
    expect(() => read(cwd, 'elsewhere')).toThrow();
  });

  it('does not open with another password, and the message holds neither', async () => {
    const cwd = testFolder({ app: artifact });
    await runCommand(['key', 'generate'], { cwd, environment: { COSIGN_PASSWORD: 'the right one' } });

    const { status, stderr } = await signWith('cosign.key', cwd, { COSIGN_PASSWORD: 'a wrong one' });

    expect(status).toBe(2);
    expect(stderr).toMatch(/the password is wrong, or the file was changed {2}\[KEY_PASSWORD\]/);
    expect(stderr).not.toMatch(/right one|wrong one/);
  });

  it('opens with a password file, whose last line break does not count', async () => {
    const cwd = testFolder({ app: artifact, password: 'from a file\n' });

    await runCommand(['key', 'generate', '--password-file', 'password'], { cwd });
    const { status } = await signWith('cosign.key', cwd, { COSIGN_PASSWORD: 'from a file' });

    expect(status).toBe(0);
  });

  it('is imported from PKCS #8 with a password of its own', async () => {
    const foreign = privateKey.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'foreign',
    }) as string;
    const cwd = testFolder({ app: artifact, 'foreign.pem': foreign });
    const environment = { COSIGN_PASSWORD: 'new' };

    const imported = await runCommand(['key', 'import', '--key', 'foreign.pem'], {
      cwd,
      environment: { ...environment, LANDWAITER_IMPORT_PASSWORD: 'foreign' },
    });
    await signWith('import-cosign.key', cwd, environment);

    expect(imported.status).toBe(0);
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), artifact, managed))).toBe('verified');
  });

  it.each([
    ['nothing', undefined, /no such file/],
    [
      'a public key',
      createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }) as string,
      /exactly one private key/,
    ],
    ['two private keys', pem + pem, /there are 2/],
    [
      'a weak key',
      generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey.export({
        format: 'pem',
        type: 'pkcs8',
      }) as string,
      /not a key that is signed with/,
    ],
    [
      'another curve',
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({
        format: 'pem',
        type: 'pkcs8',
      }) as string,
      /not a key that is signed with/,
    ],
  ])('is refused when the file holds %s', async (_name, content, reason) => {
    const cwd = testFolder({ app: artifact, ...(content === undefined ? {} : { 'k.pem': content }) });

    const { status, stderr } = await signWith('k.pem', cwd, {});

    expect(status).not.toBe(0);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain('BEGIN');
  });
});

describe('a Secret of a cluster', () => {
  it('is made, signs with the password beside it, and is not replaced by accident', async () => {
    const { service, secrets, kubeconfig } = await cluster();
    closing(service);
    const cwd = testFolder({ app: artifact, config: kubeconfig });
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
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), artifact, judgedBy(publicPem)))).toBe('verified');
  });

  it.each([
    ['k8s://shop/none', /there is no such Secret/],
    ['k8s://shop', /a namespace and a name are required/],
    ['k8s://shop/../../nodes', /a namespace and a name are required/],
  ])('%s is told apart', async (reference, reason) => {
    const { service, kubeconfig } = await cluster();
    closing(service);
    const cwd = testFolder({ app: artifact, config: kubeconfig });

    const { status, stderr } = await signWith(reference, cwd, { KUBECONFIG: join(cwd, 'config') });

    expect(status).not.toBe(0);
    expect(stderr).toMatch(reason);
  });

  it('names no token when the cluster refuses it', async () => {
    const { service, kubeconfig } = await cluster();
    closing(service);
    const wrong = kubeconfig.replace(clusterToken, 'another-secret-token');
    const cwd = testFolder({ app: artifact, config: wrong });

    const { stderr } = await signWith('k8s://shop/signing', cwd, { KUBECONFIG: join(cwd, 'config') });

    expect(stderr).toMatch(/answered 401: Unauthorized/);
    expect(stderr).not.toContain('another-secret-token');
  });

  it('runs no program that a configuration names', async () => {
    const { service, kubeconfig } = await cluster();
    closing(service);
    const cwd = testFolder({
      app: artifact,
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
    const cwd = testFolder({ app: artifact });

    const { status } = await signWith('hashivault://release', cwd, {
      VAULT_ADDR: service.url,
      VAULT_TOKEN: vaultToken,
    });

    expect(status).toBe(0);
    const publicPem = createPublicKey(key).export({ format: 'pem', type: 'spki' }) as string;
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), artifact, judgedBy(publicPem)))).toBe('verified');
    expect(service.requests.every(({ path }) => !path.includes(vaultToken))).toBe(true);
  });

  it('names no token when it is refused, and follows no path out of the engine', async () => {
    const service = closing(await transitEngine(privateKey, () => Buffer.alloc(0)));
    const cwd = testFolder({ app: artifact });
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
    const cwd = testFolder({ app: artifact });

    const { status, stderr } = await signWith('test://release', cwd, { PATH: folder });

    expect(stderr).toMatch('by key test://release');
    expect(status).toBe(0);
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), artifact, managed))).toBe('verified');
    expect(read(folder, 'arguments.txt').toString()).not.toMatch(/the file|dGhlIGZpbGU/);
  });

  it('gets its arguments as they are: nothing in them reaches a shell', async () => {
    const folder = testFolder();
    writePlugin(folder, privateKey);
    const cwd = testFolder({ app: artifact });

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
    const cwd = testFolder({ app: artifact });

    const { status, stderr } = await signWith('test://release', cwd, { PATH: folder });

    expect(status).toBe(3);
    expect(stderr).toMatch(reason);
  });
});

it('verification asks the keeper of a key for its public half', async () => {
  const { service, kubeconfig } = await cluster();
  closing(service);
  const cwd = testFolder({ app: artifact, config: kubeconfig });
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
  const { status, stderr } = await signWith('https://keys.example/key', testFolder({ app: artifact }), {});

  expect(status).toBe(2);
  expect(stderr).toMatch(/not fetched from addresses/);
});

describe('a cluster whose credentials a program prints', () => {
  /** A configuration with an `exec` user; the program leaves a mark when it runs. */
  async function place(): Promise<{ readonly cwd: string; readonly environment: Record<string, string> }> {
    const { service, kubeconfig } = await cluster();
    closing(service);
    const cwd = testFolder({ app: artifact });
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
