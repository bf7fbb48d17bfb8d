// SPDX-License-Identifier: Apache-2.0
// Several providers as one: the cluster, registries, what was handed in. Each question goes to the first that does not say `unavailable`.
import type { DataProvider, Lookup } from '../../policy/data-provider.ts';
import type { SettlingProvider } from './apply.ts';

/** A part without `settle` never says `pending`. */
export type ProviderPart = DataProvider & Partial<Pick<SettlingProvider, 'settle'>>;

type Question = (...values: readonly unknown[]) => Lookup<unknown> | undefined;

/** Questions that are answered with a Lookup; the others are put together by hand. A new question is one word. */
const questions = {
  configMap: 'lookup',
  apiCall: 'lookup',
  imageData: 'lookup',
  globalContext: 'lookup',
  addressesOf: 'other',
  objects: 'lookup',
  rolesOf: 'other',
  imageSignature: 'lookup',
  imageDigest: 'lookup',
  imageConfigs: 'lookup',
  pullCredentials: 'lookup',
  blobSignature: 'lookup',
} as const satisfies Record<keyof DataProvider, 'lookup' | 'other'>;

/** Optional questions can be asked when one of the parts can answer them. */
export function combinedProvider(parts: readonly ProviderPart[]): SettlingProvider {
  const lookups = Object.entries(questions).flatMap(([name, kind]): readonly [string, Question][] => {
    // Parts are read by name: the table above holds all names there are, which the compiler checks.
    const asked = parts.flatMap((part) => (part as unknown as Readonly<Record<string, Question>>)[name] ?? []);
    return kind === 'other' || asked.length === 0 ? [] : [[name, firstOf(asked)]];
  });
  const roles = parts.find((part) => part.rolesOf !== undefined);
  return {
    ...(Object.fromEntries(lookups) as unknown as DataProvider),
    addressesOf: (host) => {
      for (const part of parts) {
        const addresses = part.addressesOf(host);
        if (addresses !== undefined) return addresses;
      }
      return undefined;
    },
    ...(roles === undefined
      ? {}
      : { rolesOf: (userInfo) => roles.rolesOf?.(userInfo) ?? { roles: [], clusterRoles: [] } }),
    settle: async () => {
      const settled = await Promise.all(parts.map(async (part) => (await part.settle?.()) ?? false));
      return settled.includes(true);
    },
  };
}

function firstOf(asked: readonly Question[]): Question {
  return (...values) => {
    for (const ask of asked) {
      const answer = ask(...values);
      if (answer !== undefined && answer.kind !== 'unavailable') return answer;
    }
    return { kind: 'unavailable' };
  };
}
