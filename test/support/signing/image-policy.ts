// SPDX-License-Identifier: Apache-2.0
// ClusterImagePolicies, and an image in a test registry that they are about.
import { generateKeyPairSync } from 'node:crypto';
import type { Outcome } from '../command-line.ts';
import { runCommand } from '../command-line.ts';
import { testRegistry } from '../registry/client.ts';
import { imageOf } from '../registry/content.ts';
import type { TestRegistry, TestRegistryOptions } from '../registry/test-registry.ts';
import { world } from './attempt.ts';
import { repository } from './image-proofs.ts';
import { testFolder } from './sign-and-verify.ts';
import { issuer, subject, trustedRootJson } from './sigstore.ts';

export const image = imageOf({ layers: ['the program'] });
export const root = JSON.stringify(trustedRootJson(world));
export const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const publicPem = keys.publicKey.export({ type: 'spki', format: 'pem' }) as string;
export const environment = { SIGNING_KEY: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
export const slsa = 'https://slsa.dev/provenance/v1';

export function policy(authorities: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata: { name: 'signed' },
    spec: { images: [{ glob: '**team/app**' }], authorities, ...more },
  });
}

export const identities = [{ issuer, subject }];
export const keyless = { keyless: { identities }, ctlog: {} };
export const key = { key: { data: publicPem } };

export interface World {
  readonly registry: TestRegistry;
  readonly name: string;
}

export async function imageIn(options: TestRegistryOptions = {}): Promise<World> {
  const registry = await testRegistry(options);
  registry.put(repository, image, 'v1');
  return { registry, name: `${registry.host}/${repository}:v1` };
}

export async function verify(
  { name }: Pick<World, 'name'>,
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const cwd = testFolder({ 'root.json': root, 'policies/p.json': text, ...files });
  return runCommand(['verify', '--policy', 'policies', '--trusted-root', 'root.json', name], { cwd });
}

export async function sign({ name }: Pick<World, 'name'>, ...more: readonly string[]): Promise<void> {
  const { status, stderr } = await runCommand(['sign', '--key', 'env://SIGNING_KEY', ...more, name], {
    cwd: testFolder(),
    environment,
  });
  if (status !== 0) throw new Error(stderr);
}
