// SPDX-License-Identifier: Apache-2.0
// Several providers as one: the cluster, registries, what was handed in. Each question goes to the first that does not say `unavailable`.
import type { DataProvider, Lookup } from '../../policy/data-provider.ts';
import type { SettlingProvider } from './apply.ts';

/** A part without `settle` never says `pending`. */
export type ProviderPart = DataProvider & Partial<Pick<SettlingProvider, 'settle'>>;

/** Optional questions can be asked when one of the parts can answer them. */
export function combinedProvider(parts: readonly ProviderPart[]): SettlingProvider {
  const firstOf = <T>(ask: (part: ProviderPart) => Lookup<T> | undefined): Lookup<T> => {
    for (const part of parts) {
      const answer = ask(part);
      if (answer !== undefined && answer.kind !== 'unavailable') return answer;
    }
    return { kind: 'unavailable' };
  };
  const has = (question: keyof DataProvider): boolean => parts.some((part) => part[question] !== undefined);
  return {
    configMap: (namespace, name) => firstOf((part) => part.configMap(namespace, name)),
    apiCall: (call) => firstOf((part) => part.apiCall(call)),
    imageData: (reference) => firstOf((part) => part.imageData(reference)),
    globalContext: (name, projection) => firstOf((part) => part.globalContext(name, projection)),
    addressesOf: (host) => {
      for (const part of parts) {
        const addresses = part.addressesOf(host);
        if (addresses !== undefined) return addresses;
      }
      return undefined;
    },
    ...(has('objects') ? { objects: (version, kind) => firstOf((part) => part.objects?.(version, kind)) } : {}),
    ...(has('rolesOf')
      ? {
          rolesOf: (userInfo) => {
            for (const part of parts) if (part.rolesOf !== undefined) return part.rolesOf(userInfo);
            return { roles: [], clusterRoles: [] };
          },
        }
      : {}),
    ...(has('blobSignature') ? { blobSignature: (demand) => firstOf((part) => part.blobSignature?.(demand)) } : {}),
    ...(has('imageSignature') ? { imageSignature: (demand) => firstOf((part) => part.imageSignature?.(demand)) } : {}),
    ...(has('imageDigest')
      ? { imageDigest: (image, credentials) => firstOf((part) => part.imageDigest?.(image, credentials)) }
      : {}),
    ...(has('imageConfigs') ? { imageConfigs: (reference) => firstOf((part) => part.imageConfigs?.(reference)) } : {}),
    settle: async () => {
      const settled = await Promise.all(parts.map(async (part) => (await part.settle?.()) ?? false));
      return settled.includes(true);
    },
  };
}
