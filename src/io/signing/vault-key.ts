// SPDX-License-Identifier: Apache-2.0
// Keys in the transit engine of HashiCorp Vault and OpenBao (`hashivault://name`, `openbao://name`), over their HTTP interface. Only a digest
// leaves this machine, except with Ed25519, which signs the message itself.
import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { decodeBase64 } from '../../formats/base64.ts';
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import type { SigningAlgorithm } from '../../formats/signing-algorithm.ts';
import { signingAlgorithmOf } from '../../formats/signing-algorithm.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { ServiceClient } from '../service.ts';
import { refusedBy } from '../service.ts';
import type { Signer } from './signer.ts';
import { unsupportedKey } from './signer.ts';

export interface VaultKey {
  readonly scheme: 'hashivault' | 'openbao';
  readonly key: string;
  /** VAULT_ADDR, or BAO_ADDR. */
  readonly address: string;
  readonly token: string;
  /** Path at which the transit engine is mounted: `transit`. */
  readonly mount: string;
}

const what = 'the key store';

/** Asks the store for the newest version of the public key. Throws NETWORK_FAILED, KEY_UNREADABLE. */
export async function vaultSigner(client: ServiceClient, place: VaultKey): Promise<Signer> {
  const name = `${place.scheme}://${place.key}`;
  const key = await readPublicKey(client, place, name);
  const algorithm = signingAlgorithmOf(key);
  if (algorithm === undefined) throw unsupportedKey(name);
  return {
    name,
    publicKey: key.export({ format: 'der', type: 'spki' }),
    algorithm,
    sign: (bytes) => signWith(client, place, { name, algorithm, bytes }),
  };
}

async function readPublicKey(client: ServiceClient, place: VaultKey, name: string): Promise<KeyObject> {
  const data = await askVault(client, place, { method: 'GET', path: `keys/${place.key}` });
  const versions = new Map(entriesOf(data['keys']));
  const newest = asObject(versions.get(String(data['latest_version'])));
  const text = asString(newest?.['public_key']);
  if (text === undefined) throw unreadable(name, 'the key store gives no public key of it');
  try {
    return text.startsWith('-----') ? createPublicKey(text) : ed25519Key(text);
  } catch (cause) {
    throw unreadable(name, 'the public key is not of a form that is read', cause);
  }
}

/** Ed25519 keys are given as their 32 bytes. */
function ed25519Key(text: string): KeyObject {
  const x = decodeBase64(text)?.toString('base64url') ?? '';
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

interface VaultSigning {
  readonly name: string;
  readonly algorithm: SigningAlgorithm;
  readonly bytes: Uint8Array;
}

const hashPaths = { sha256: 'sha2-256', sha384: 'sha2-384', sha512: 'sha2-512' } as const;

async function signWith(client: ServiceClient, place: VaultKey, signing: VaultSigning): Promise<Buffer> {
  const { algorithm, bytes, name } = signing;
  const isPlain = algorithm.kind === 'ed25519';
  const input = isPlain ? Buffer.from(bytes) : hash(algorithm.hash, bytes, 'buffer');
  const data = await askVault(client, place, {
    method: 'POST',
    path: `sign/${place.key}${isPlain ? '' : `/${hashPaths[algorithm.hash]}`}`,
    body: {
      input: input.toString('base64'),
      prehashed: !isPlain,
      // The default of the store is PSS, with a salt that not everybody verifies.
      ...(algorithm.kind === 'rsa-pkcs1' ? { signature_algorithm: 'pkcs1v15' } : {}),
      ...(algorithm.kind === 'ecdsa' ? { marshaling_algorithm: 'asn1' } : {}),
    },
  });
  // `vault:v1:BASE64`
  const encoded = /^vault:v\d{1,6}:([A-Za-z0-9+/=]+)$/.exec(asString(data['signature']) ?? '')?.[1];
  const signature = decodeBase64(encoded ?? '');
  if (signature === undefined || signature.length === 0) throw unreadable(name, 'the key store gave no signature');
  return signature;
}

interface VaultQuestion {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

async function askVault(
  client: ServiceClient,
  place: VaultKey,
  { method, path, body }: VaultQuestion,
): Promise<Readonly<Record<string, unknown>>> {
  const url = new URL(`${place.address.replace(/\/$/, '')}/v1/${place.mount}/${path}`);
  const question = {
    method,
    url,
    what,
    headers: { 'x-vault-token': place.token, 'x-vault-request': 'true', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
  };
  const answer = await client.ask(question);
  if (answer.status !== 200) throw refusedBy(question, answer);
  try {
    return asObject(asObject(JSON.parse(answer.body.toString('utf8')))?.['data']) ?? {};
  } catch (cause) {
    throw unreadable(`${place.scheme}://${place.key}`, 'the answer of the key store is not JSON', cause);
  }
}

function unreadable(name: string, reason: string, cause?: unknown): LandwaiterError {
  return new LandwaiterError({ code: 'KEY_UNREADABLE', message: `${name}: ${reason}`, cause });
}
