// SPDX-License-Identifier: Apache-2.0
// A test Sigstore with its services, and the signing commands run against them.
import { afterEach } from 'vitest';
import type { SignaturePolicy } from '../../../src/evidence/signatures/policy.ts';
import { runCommand } from '../command-line.ts';
import type { ServiceOptions, SigningServices } from './services.ts';
import { identityToken, signingServices } from './services.ts';
import { rootOf } from './sign-and-verify.ts';
import { issuer, makeSigstore, signedAt, subject } from './sigstore.ts';

export const world = makeSigstore();
export const now = signedAt;
export const token = identityToken({ iss: issuer, sub: subject, aud: 'sigstore', exp: now / 1000 + 600 });
const policy: SignaturePolicy = {
  mode: 'public-good-keyless',
  identities: [{ subject: { kind: 'exact', value: subject }, issuer: { kind: 'exact', value: issuer } }],
};
export const judgement = { policy, trustRoot: rootOf(world), time: now };

const open: SigningServices[] = [];
export function closeServicesAfterEach(): void {
  afterEach(async () => {
    for (const services of open.splice(0)) await services.close();
  });
}

/** Started for one test; `closeServicesAfterEach` ends them. */
export async function services(options: Partial<ServiceOptions> = {}): Promise<SigningServices> {
  const started = await signingServices(world, { now, ...options });
  open.push(started);
  return started;
}

export interface Run {
  readonly services: SigningServices;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export function run({ words, cwd, environment = {} }: Run) {
  return runCommand(words, { cwd, environment, now });
}

export const blobWords = [
  'sign-blob',
  '--yes',
  '--signing-config',
  'config.json',
  '--bundle',
  'b.json',
  'app',
] as const;
