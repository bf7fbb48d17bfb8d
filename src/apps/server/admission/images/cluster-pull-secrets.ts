// SPDX-License-Identifier: Apache-2.0
// Pull Secrets from the cluster, one by one and by name: the right to `get` Secrets is all that this needs, and listing them is never tried.
import type { JsonObject } from '../../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../../formats/document.ts';
import type { KubeClient } from '../../../../io/kube/client.ts';
import { defaultLimits } from '../../../../model/limits.ts';
import type { PullSecretNames } from '../../../../policy/data-provider.ts';
import type { PullSecrets, ReadSecrets } from './pull-secrets.ts';

const secretKind = { apiVersion: 'v1', kind: 'Secret', resource: 'secrets', namespaced: true };
const accountKind = { apiVersion: 'v1', kind: 'ServiceAccount', resource: 'serviceaccounts', namespaced: true };
/** Milliseconds for one answer of the API server. */
const patience = 5_000;

export function clusterPullSecrets(client: Pick<KubeClient, 'get'>): PullSecrets {
  return { read: (names) => readSecrets(client, names) };
}

async function readSecrets(client: Pick<KubeClient, 'get'>, names: PullSecretNames): Promise<ReadSecrets> {
  const { namespace } = names;
  const named = names.secrets.length > 0 ? names.secrets : await ofAccount(client, names);
  if ('kind' in named) return named;
  const wanted = [...new Set(named)];
  if (wanted.length > defaultLimits.pullSecrets)
    return unknown(`${wanted.length} pull Secrets are named, more than the ${defaultLimits.pullSecrets} that are read`);
  const value: string[] = [];
  for (const name of wanted) {
    const answer = await client.get(secretKind, name, { namespace, time: patience });
    if (answer.kind === 'unknown') return unknown(`the pull Secret ${namespace}/${name}: ${answer.reason}`);
    const text = answer.kind === 'found' ? configurationOf(answer.value) : undefined;
    if (text !== undefined) value.push(text);
  }
  return { kind: 'found', value };
}

async function ofAccount(
  client: Pick<KubeClient, 'get'>,
  { namespace, serviceAccount }: PullSecretNames,
): Promise<readonly string[] | Extract<ReadSecrets, { kind: 'unknown' }>> {
  const answer = await client.get(accountKind, serviceAccount, { namespace, time: patience });
  if (answer.kind === 'unknown') return unknown(`the service account ${namespace}/${serviceAccount}: ${answer.reason}`);
  if (answer.kind === 'none') return [];
  return asArray(answer.value['imagePullSecrets']).flatMap((item) => asString(asObject(item)?.['name']) || []);
}

function unknown(reason: string): Extract<ReadSecrets, { kind: 'unknown' }> {
  return { kind: 'unknown', reason };
}

/** The two kinds of Secrets that hold credentials of registries; nothing of any other Secret is looked at. */
function configurationOf(secret: JsonObject): string | undefined {
  const data = asObject(secret['data']);
  const text = (key: string): string => Buffer.from(asString(data?.[key]) ?? '', 'base64').toString('utf8');
  if (secret['type'] === 'kubernetes.io/dockerconfigjson') return text('.dockerconfigjson');
  // The older kind is what stands under `auths` in the newer.
  if (secret['type'] === 'kubernetes.io/dockercfg') return `{"auths":${text('.dockercfg') || '{}'}}`;
  return undefined;
}
