// SPDX-License-Identifier: Apache-2.0
// Credentials for the images of a workload, from the pull Secrets that it and its service account name. Only names are read here; who may read the Secrets
// answers through the DataProvider.
import type { JsonObject } from '../formats/document.ts';
import { asArray, asObject, asString } from '../formats/document.ts';
import type { DataProvider, Lookup, PullSecretNames } from './data-provider.ts';
import { podOf } from './pod-security/pod.ts';

const none: Lookup<readonly string[]> = { kind: 'found', value: [] };

/** Nothing is found where nobody reads Secrets, or the object has no Pod in it. */
export function workloadCredentials(
  object: JsonObject,
  namespace: string | undefined,
  provider: DataProvider,
): Lookup<readonly string[]> {
  if (provider.pullCredentials === undefined) return none;
  const names = pullSecretNames(object, namespace);
  return names === undefined ? none : provider.pullCredentials(names);
}

/** Undefined for objects without a Pod in them. Names that are none are left out. */
export function pullSecretNames(object: JsonObject, namespace: string | undefined): PullSecretNames | undefined {
  const spec = podOf(object)?.pod.spec;
  if (spec === undefined) return undefined;
  const own = namespace ?? asString(asObject(object['metadata'])?.['namespace']) ?? 'default';
  const account = asString(spec['serviceAccountName']) ?? '';
  const secrets = asArray(spec['imagePullSecrets']).flatMap((item) => asString(asObject(item)?.['name']) || []);
  return { namespace: own, serviceAccount: account === '' ? 'default' : account, secrets };
}
