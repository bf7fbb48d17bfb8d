// SPDX-License-Identifier: Apache-2.0
// One key of the user: how commands are told to sign with it, and what the core is told to expect.
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { SignaturePolicy } from '../../../src/evidence/signatures/policy.ts';
import { publicKeyOf } from '../../../src/evidence/signatures/public-key.ts';
import { isRefusal } from '../../../src/evidence/signatures/refusal.ts';
import type { Outcome } from '../command-line.ts';
import { runCommand } from '../command-line.ts';
import type { Judgement } from './sign-and-verify.ts';
import { publicKeyOfPrivate } from './sign-and-verify.ts';

export const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
export const time = Date.parse('2026-06-01T00:00:00Z');
export const file = Buffer.from('the file');

export const environment = { SIGNING_KEY: pem };
export const keyWords = ['--key', 'env://SIGNING_KEY'] as const;

/** A policy that wants a signature by the key with this private half. */
export function byKey(text: string, more: Partial<SignaturePolicy> = {}): SignaturePolicy {
  return { mode: 'managed-key-without-log', keys: [{ key: publicKeyOfPrivate(text) }], ...more } as SignaturePolicy;
}

export const judgement: Judgement = { policy: byKey(pem), time };

/** The same for a public half. */
export function judgedBy(publicPem: string): Judgement {
  const key = publicKeyOf(createPublicKey(publicPem).export({ format: 'der', type: 'spki' }));
  if (isRefusal(key)) throw new Error(key.message);
  return { policy: { mode: 'managed-key-without-log', keys: [{ key }] }, time };
}

/** Signs the file `app` with a key that is named in any way. */
export function signWith(key: string, cwd: string, surroundings: Readonly<Record<string, string>>): Promise<Outcome> {
  return runCommand(['sign-blob', '--key', key, '--bundle', 'b.json', 'app'], { cwd, environment: surroundings });
}
