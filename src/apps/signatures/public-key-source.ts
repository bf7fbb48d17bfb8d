// SPDX-License-Identifier: Apache-2.0
// Public keys wherever a user keeps them: a file, an environment variable, an address, or with the keeper of a private key. Reads SubjectPublicKeyInfo, PKCS #1 and certificates as PEM.
import { createPublicKey } from 'node:crypto';
import { resolve } from 'node:path';
import type { PublicKey } from '../../evidence/signatures/public-key.ts';
import { publicKeyOf } from '../../evidence/signatures/public-key.ts';
import { isRefusal } from '../../evidence/signatures/refusal.ts';
import { parsePem } from '../../formats/pem.ts';
import { parseCertificate } from '../../formats/x509.ts';
import { localDisk } from '../../io/disk.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';

export interface KeySurroundings {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Asked for https: and http: references only. */
  readonly fetch: typeof fetch;
  /** Whether a program that a kubectl configuration names may be run for credentials; refused when absent. */
  readonly programs?: 'allowed';
}

const keyBytes = 64 * 1024;
const answerTimeout = 10_000;

/** Throws USAGE for a reference nobody here can follow, INPUT_UNREADABLE and NETWORK_FAILED when there is no key behind it. */
export async function readPublicKey(reference: string, surroundings: KeySurroundings): Promise<PublicKey> {
  return publicKeyOfPem(await textBehind(reference, surroundings), reference);
}

async function textBehind(reference: string, { cwd, environment, fetch, programs }: KeySurroundings): Promise<string> {
  const scheme = /^([a-z][a-z0-9+.-]{0,40}):\/\//.exec(reference)?.[1];
  if (scheme === 'env') {
    const name = reference.slice('env://'.length);
    const text = environment[name];
    if (text === undefined || text === '') throw unreadable(`the environment variable ${name} is not set`);
    return text;
  }
  if (scheme === 'https' || scheme === 'http') return download(reference, fetch);
  if (scheme !== undefined && scheme !== 'file') {
    const { keeperPublicKey } = await import('./open-key.ts');
    return keeperPublicKey(reference, {
      cwd,
      environment,
      askPassword: async () => undefined,
      ...(programs === undefined ? {} : { programs }),
    });
  }
  const path = scheme === 'file' ? reference.slice('file://'.length) : reference;
  const result = localDisk.read(resolve(cwd, path), keyBytes);
  if (result.kind === 'bytes') return Buffer.from(result.bytes).toString('latin1');
  throw unreadable(`${path}: ${result.kind === 'unreadable' ? result.reason : 'too large for a key'}`);
}

function unreadable(message: string): LandwaiterError {
  return new LandwaiterError({ code: 'INPUT_UNREADABLE', message });
}

/** Redirects are not followed: what answers is what was named. */
async function download(url: string, fetch: KeySurroundings['fetch']): Promise<string> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(answerTimeout) });
    const parts: Uint8Array[] = [];
    let size = 0;
    if (response.status !== 200) throw new Error(`answered ${response.status}`);
    for await (const part of response.body ?? []) {
      size += part.length;
      if (size > keyBytes) throw new Error('too large for a key');
      parts.push(part);
    }
    return Buffer.concat(parts).toString('latin1');
  } catch (cause) {
    throw new LandwaiterError({ code: 'NETWORK_FAILED', message: `${url}: ${messageOf(cause)}`, cause });
  }
}

/** The first public key of a PEM text. `name` stands in messages. Throws INPUT_UNREADABLE. */
export function publicKeyOfPem(text: string, name: string): PublicKey {
  const blocks = parsePem(text);
  if (blocks.kind === 'malformed') throw unreadable(`${name}: ${blocks.reason}`);
  const [block] = blocks.value;
  const encoded = block === undefined ? undefined : subjectKey(block.label, block.bytes, name);
  if (encoded === undefined) {
    const isPrivate = block?.label.includes('PRIVATE') === true;
    throw unreadable(
      `${name}: ${isPrivate ? 'is a private key; verification takes the public one' : 'is no public key'}`,
    );
  }
  const key = publicKeyOf(encoded);
  if (isRefusal(key)) throw unreadable(`${name}: ${key.message}`);
  return key;
}

function subjectKey(label: string, bytes: Buffer, name: string): Buffer | undefined {
  if (label === 'PUBLIC KEY') return bytes;
  if (label === 'RSA PUBLIC KEY') {
    try {
      return createPublicKey({ key: bytes, format: 'der', type: 'pkcs1' }).export({ format: 'der', type: 'spki' });
    } catch {
      return undefined;
    }
  }
  if (label !== 'CERTIFICATE') return undefined;
  const certificate = parseCertificate(bytes);
  if (certificate.kind === 'malformed') throw unreadable(`${name}: ${certificate.reason}`);
  return Buffer.from(certificate.value.publicKey);
}
