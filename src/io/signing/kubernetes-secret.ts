// SPDX-License-Identifier: Apache-2.0
// Key pairs in a Secret of a cluster, as Cosign keeps them: `cosign.key`, `cosign.pub` and `cosign.password` (cosign pkg/cosign/kubernetes).
import { decodeBase64 } from '../../formats/base64.ts';
import { asObject, asString } from '../../formats/document.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { KubernetesApi } from '../kubernetes-api.ts';
import { refusedBy } from '../service.ts';

export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

export interface StoredKeyPair {
  readonly privateKey: string | undefined;
  readonly publicKey: string | undefined;
  readonly password: Buffer | undefined;
}

const members = { privateKey: 'cosign.key', publicKey: 'cosign.pub', password: 'cosign.password' } as const;

/** `shop/signing-key`; undefined when it is not two names of the cluster. */
export function parseSecretName(text: string): SecretName | undefined {
  const [namespace = '', name = '', ...rest] = text.split('/');
  const isName = (part: string): boolean => /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(part);
  return rest.length === 0 && isName(namespace) && isName(name) ? { namespace, name } : undefined;
}

/** Throws NETWORK_FAILED, and KEY_UNREADABLE when there is no such Secret. */
export async function readKeyPair(api: KubernetesApi, secret: SecretName): Promise<StoredKeyPair> {
  const answer = await api.get(pathOf(secret));
  const name = `k8s://${secret.namespace}/${secret.name}`;
  if (answer.status === 404)
    throw new LandwaiterError({ code: 'KEY_UNREADABLE', message: `${name}: there is no such Secret in ${api.server}` });
  if (answer.status !== 200) throw refusedBy({ what: 'the cluster', url: new URL(api.server) }, answer);
  let data: Readonly<Record<string, unknown>> | undefined;
  try {
    data = asObject(asObject(JSON.parse(answer.body.toString('utf8')))?.['data']);
  } catch (cause) {
    throw new LandwaiterError({ code: 'KEY_UNREADABLE', message: `${name}: the answer is not JSON`, cause });
  }
  const member = (key: string): Buffer | undefined => decodeBase64(asString(data?.[key]) ?? '-');
  return {
    privateKey: member(members.privateKey)?.toString('utf8'),
    publicKey: member(members.publicKey)?.toString('utf8'),
    password: member(members.password),
  };
}

export interface KeyPairToStore {
  readonly secret: SecretName;
  readonly privateKey: string;
  readonly publicKey: string;
  readonly password: Uint8Array;
  readonly existing: 'refuse' | 'replace';
}

/** Creates the Secret; one that exists is replaced only when that was asked for. Throws OUTPUT_FAILED, NETWORK_FAILED. */
export async function storeKeyPair(api: KubernetesApi, pair: KeyPairToStore): Promise<void> {
  const { namespace, name } = pair.secret;
  const encode = (value: string | Uint8Array): string => Buffer.from(value).toString('base64');
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'Opaque',
    data: {
      [members.privateKey]: encode(pair.privateKey),
      [members.publicKey]: encode(pair.publicKey),
      [members.password]: encode(pair.password),
    },
  };
  const created = await api.create(`/api/v1/namespaces/${namespace}/secrets`, object);
  if (created.status === 201) return;
  if (created.status !== 409) throw refusedBy({ what: 'the cluster', url: new URL(api.server) }, created);
  if (pair.existing === 'refuse')
    throw new LandwaiterError({
      code: 'OUTPUT_FAILED',
      message: `k8s://${namespace}/${name}: there is such a Secret already`,
      hint: '--force replaces it; what it holds is then lost',
    });
  const replaced = await api.replace(pathOf(pair.secret), object);
  if (replaced.status !== 200) throw refusedBy({ what: 'the cluster', url: new URL(api.server) }, replaced);
}

function pathOf({ namespace, name }: SecretName): string {
  return `/api/v1/namespaces/${namespace}/secrets/${name}`;
}
