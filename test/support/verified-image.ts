// SPDX-License-Identifier: Apache-2.0
// One image of a test registry, a key that signs it and one that does not, and verifyImages rules judged on it.
import type { JsonObject } from '../../src/formats/document.ts';
import { requestFor } from '../../src/policy/admission-policy/request.ts';
import { noData } from '../../src/policy/data-provider.ts';
import type { AdmissionPhase } from '../../src/policy/engine.ts';
import type { PolicySet, SetOutcome } from '../../src/policy/policy-set.ts';
import { testRegistry } from './registry/client.ts';
import { imageOf } from './registry/content.ts';
import type { TestRegistry } from './registry/test-registry.ts';
import type { Issued } from './signing/certificates.ts';
import { ecKeys, pemOf } from './signing/certificates.ts';
import { repository, writable } from './signing/image-proofs.ts';
import { publicPem, signOlder } from './signing/key-signatures.ts';
import { lookupsOf } from './verify-images.ts';

export const image = imageOf({ layers: ['the program'] });
export const keys = ecKeys();
export const strangers = ecKeys();
export const noLog = { rekor: { ignoreTlog: true } };
export const named = `registry.example/${repository}:v1`;
export const pinned = `${named}@${image.digest}`;
export const entries = [{ keys: { publicKeys: publicPem(keys), ...noLog } }];
export const byKey = { attestors: [{ entries }] };

export function certificatePem({ certificate }: Issued): string {
  return pemOf('CERTIFICATE', certificate.encoded);
}

/** A registry with the image under `v1`, and whatever `sign` hangs on it. */
export async function registryWith(sign?: (registry: TestRegistry) => Promise<void>): Promise<TestRegistry> {
  const registry = await testRegistry();
  registry.put(repository, image, 'v1');
  await sign?.(registry);
  return registry;
}

/** The same, with a signature of the older layout by `keys`. */
export function signedRegistry(): Promise<TestRegistry> {
  return registryWith((registry) => signOlder(writable(registry), image, { keys }));
}

/** Judges in one phase, as a webhook does, until everything is looked up. */
export async function judgePhase(
  registry: TestRegistry,
  set: PolicySet,
  object: JsonObject,
  phase: AdmissionPhase,
): Promise<SetOutcome> {
  const lookups = lookupsOf(registry);
  const cluster = { objects: () => [], namespace: () => undefined };
  for (;;) {
    const outcome = set.judge(requestFor(object, 'CREATE'), { phase, cluster, provider: { ...noData, ...lookups } });
    if (!(await lookups.settle())) return outcome;
  }
}

/** `fail deny`, for each decision. */
export function outcomes({ decisions }: SetOutcome): readonly string[] {
  return decisions.map(({ outcome, effect }) => `${outcome} ${effect}`);
}
