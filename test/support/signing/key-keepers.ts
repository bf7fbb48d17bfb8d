// SPDX-License-Identifier: Apache-2.0
// Keepers of keys for tests: a transit engine, the Secrets of a cluster, and a signing plugin. The first two are HTTP services on loopback.
import type { KeyObject } from 'node:crypto';
import { constants, createPublicKey, privateEncrypt, sign } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceReply, ServiceRequest } from '../http-service.ts';
import { HttpService } from '../http-service.ts';

export const vaultToken = 'hvs.the-token-of-the-key-store';

/** A transit engine with one key, `release`. It signs digests through the digest itself only where node:crypto can: RSA is padded by hand. */
export function transitEngine(privateKey: KeyObject, signDigest: (digest: Buffer) => Buffer): Promise<HttpService> {
  const publicKey = createPublicKey(privateKey);
  const text =
    publicKey.asymmetricKeyType === 'ed25519'
      ? Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')
      : publicKey.export({ format: 'pem', type: 'spki' });
  const answer = ({ method, path, headers, body }: ServiceRequest): ServiceReply => {
    if (headers['x-vault-token'] !== vaultToken) return { status: 403, body: { errors: ['permission denied'] } };
    if (method === 'GET' && path === '/v1/transit/keys/release')
      return {
        status: 200,
        body: { data: { latest_version: 2, keys: { 1: { public_key: 'old' }, 2: { public_key: text } } } },
      };
    if (method !== 'POST' || !path.startsWith('/v1/transit/sign/release')) return { status: 404, body: { errors: [] } };
    const { input, prehashed } = JSON.parse(body.toString()) as { input: string; prehashed: boolean };
    const bytes = Buffer.from(input, 'base64');
    const signature = prehashed ? signDigest(bytes) : sign(null, bytes, privateKey);
    return { status: 200, body: { data: { signature: `vault:v2:${signature.toString('base64')}` } } };
  };
  return new HttpService(answer).listen();
}

export const clusterToken = 'the-bearer-token-of-the-cluster';

export interface TestCluster {
  readonly service: HttpService;
  /** Secrets by `namespace/name`. */
  readonly secrets: Map<string, { readonly data: Record<string, string> }>;
  /** Text of a kubectl configuration for it. */
  readonly kubeconfig: string;
}

export async function cluster(): Promise<TestCluster> {
  const secrets = new Map<string, { readonly data: Record<string, string> }>();
  const service = await new HttpService(({ method, path, headers, body }) => {
    if (headers.authorization !== `Bearer ${clusterToken}`) return { status: 401, body: { message: 'Unauthorized' } };
    const [, namespace = '', name] = /^\/api\/v1\/namespaces\/([^/]+)\/secrets(?:\/([^/]+))?$/.exec(path) ?? [];
    const object =
      method === 'GET'
        ? undefined
        : (JSON.parse(body.toString()) as { metadata: { name: string }; data: Record<string, string> });
    const id = `${namespace}/${name ?? object?.metadata.name ?? ''}`;
    const known = secrets.get(id);
    if (method === 'GET') return known === undefined ? { status: 404 } : { status: 200, body: known };
    if (object === undefined) return { status: 400 };
    if (method === 'POST' && known !== undefined) return { status: 409, body: { message: 'already exists' } };
    secrets.set(id, object);
    return { status: method === 'POST' ? 201 : 200, body: object };
  }).listen();
  const kubeconfig = [
    'apiVersion: v1',
    'kind: Config',
    'current-context: test',
    'contexts: [{name: test, context: {cluster: test, user: test}}]',
    `clusters: [{name: test, cluster: {server: "${service.url}"}}]`,
    `users: [{name: test, user: {token: ${clusterToken}}}]`,
  ].join('\n');
  return { service, secrets, kubeconfig };
}

/** Writes a plugin `sigstore-kms-test` into a folder; it appends its arguments to `arguments.txt` beside itself. */
export function writePlugin(folder: string, privateKey: KeyObject): void {
  writeFileSync(join(folder, 'plugin-key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const source = `#!${process.execPath}
const { createPublicKey, sign } = require('node:crypto');
const { appendFileSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
appendFileSync(join(__dirname, 'arguments.txt'), process.argv.slice(2).join('\\n') + '\\n');
const { initOptions, methodName } = JSON.parse(process.argv[3]);
const key = readFileSync(join(__dirname, 'plugin-key.pem'));
const answer = (value) => process.stdout.write(JSON.stringify(value));
if (process.argv[2] !== 'v1') answer({ errorMessage: 'another protocol' });
else if (initOptions.keyResourceID !== 'release') answer({ errorMessage: 'no such key' });
else if (methodName === 'publicKey') {
  const pem = createPublicKey(key).export({ format: 'pem', type: 'spki' });
  answer({ publicKey: { publicKeyPEM: Buffer.from(pem).toString('base64') } });
} else {
  const hash = { 5: 'sha256', 6: 'sha384', 7: 'sha512' }[initOptions.hashFunc];
  answer({ signMessage: { signature: sign(hash, readFileSync(0), key).toString('base64') } });
}
`;
  const path = join(folder, 'sigstore-kms-test');
  writeFileSync(path, source);
  chmodSync(path, 0o755);
}

const sha256Info = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** PKCS #1 v1.5 over a SHA-256 digest, which is all that a transit engine is given. */
export function rsaDigestSigner(privateKey: KeyObject): (digest: Buffer) => Buffer {
  return (digest) => {
    return privateEncrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
      Buffer.concat([sha256Info, digest]),
    );
  };
}
