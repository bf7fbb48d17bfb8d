// SPDX-License-Identifier: Apache-2.0
// How workloads get their secrets, from worst to best, and by which objects, labels and annotations each way is recognised.

import { asArray, asObject, asString, entriesOf } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import { podTemplateOf, volumesOf } from '../workload.ts';

/**
 * `static`: readable in the repository. `encrypted-in-git`: readable only in the cluster. `externally-synced`: a controller copies from a store into
 * a Secret. `mounted-only`: from a store into the Pod, never into a Secret. `identity-based`: the workload proves who it is and needs no secret.
 */
export const ways = ['static', 'encrypted-in-git', 'externally-synced', 'mounted-only', 'identity-based'] as const;
export type Way = (typeof ways)[number];

/** Programs and services by which it is done: `SealedSecret`, `External Secrets`. */
export interface Use {
  readonly way: Way;
  readonly by: string;
  readonly namespace: string;
}

interface KindRow {
  readonly group: RegExp;
  readonly kinds: readonly string[];
  readonly way: Way;
  readonly by: string;
}

const kinds: readonly KindRow[] = [
  { group: /^bitnami\.com\//, kinds: ['SealedSecret'], way: 'encrypted-in-git', by: 'Sealed Secrets' },
  { group: /^isindir\.github\.com\//, kinds: ['SopsSecret'], way: 'encrypted-in-git', by: 'SOPS' },
  {
    group: /(?:^|\.)external-secrets\.io\//,
    kinds: ['ExternalSecret', 'ClusterExternalSecret'],
    way: 'externally-synced',
    by: 'External Secrets',
  },
  {
    group: /^secrets\.hashicorp\.com\//,
    kinds: ['VaultStaticSecret', 'VaultDynamicSecret', 'VaultPKISecret', 'HCPVaultSecretsApp'],
    way: 'externally-synced',
    by: 'Vault Secrets Operator',
  },
  { group: /^onepassword\.com\//, kinds: ['OnePasswordItem'], way: 'externally-synced', by: '1Password' },
  {
    group: /^secrets\.infisical\.com\//,
    kinds: ['InfisicalSecret', 'InfisicalStaticSecret', 'InfisicalDynamicSecret'],
    way: 'externally-synced',
    by: 'Infisical',
  },
  { group: /^secrets\.doppler\.com\//, kinds: ['DopplerSecret'], way: 'externally-synced', by: 'Doppler' },
  { group: /^k8s\.bitwarden\.com\//, kinds: ['BitwardenSecret'], way: 'externally-synced', by: 'Bitwarden' },
  { group: /^spv\.no\//, kinds: ['AzureKeyVaultSecret'], way: 'externally-synced', by: 'Azure Key Vault' },
  {
    group: /^secrets-store\.csi\.x-k8s\.io\//,
    kinds: ['SecretProviderClass'],
    way: 'mounted-only',
    by: 'Secrets Store CSI',
  },
];

const identityAnnotations: Readonly<Record<string, string>> = {
  'eks.amazonaws.com/role-arn': 'IAM roles for service accounts',
  'iam.gke.io/gcp-service-account': 'Workload Identity Federation for GKE',
  'azure.workload.identity/client-id': 'Azure workload identity',
};

/** Cluster-wide objects belong to no namespace; what names none goes to `default`, as kubectl would put it. */
export function namespaceOf({ namespace, kind }: KubernetesResource): string {
  return kind.startsWith('Cluster') ? '*' : (namespace ?? 'default');
}

/** Ways other than `static` that an object shows. */
export function usesOf(resource: KubernetesResource): readonly Use[] {
  const namespace = namespaceOf(resource);
  return [...kindUses(resource), ...podUses(resource), ...identityUses(resource)].map((use) => ({ ...use, namespace }));
}

type Found = Omit<Use, 'namespace'>;

function kindUses(resource: KubernetesResource): readonly Found[] {
  if (isSops(resource)) return [{ way: 'encrypted-in-git', by: 'SOPS' }];
  const row = kinds.find((item) => item.kinds.includes(resource.kind) && item.group.test(resource.apiVersion));
  if (row === undefined) return [];
  const copies = asArray(asObject(resource.object['spec'])?.['secretObjects']).length > 0;
  return [{ way: row.way === 'mounted-only' && copies ? 'externally-synced' : row.way, by: row.by }];
}

/** A file that SOPS encrypted has its keys and the code that protects it under `sops`. */
export function isSops({ object }: KubernetesResource): boolean {
  const sops = asObject(object['sops']);
  return asString(sops?.['mac'])?.startsWith('ENC[') === true;
}

function podUses(resource: KubernetesResource): readonly Found[] {
  const pod = podTemplateOf(resource);
  if (pod === undefined) return [];
  const found: Found[] = [];
  const injects = pod.annotations['vault.hashicorp.com/agent-inject'];
  if (injects === 'true' || injects === true) found.push({ way: 'mounted-only', by: 'Vault Agent' });
  if (pod.labels['azure.workload.identity/use'] === 'true')
    found.push({ way: 'identity-based', by: 'Azure workload identity' });
  for (const { volume } of volumesOf(pod)) {
    if (asObject(volume['csi'])?.['driver'] === 'secrets-store.csi.k8s.io')
      found.push({ way: 'mounted-only', by: 'Secrets Store CSI' });
    const hasToken = asArray(asObject(volume['projected'])?.['sources']).some((source) => {
      const token = asObject(asObject(source)?.['serviceAccountToken']);
      return asString(token?.['audience']) !== undefined;
    });
    if (hasToken) found.push({ way: 'identity-based', by: 'projected service account token' });
  }
  return found;
}

function identityUses({ kind, object }: KubernetesResource): readonly Found[] {
  if (kind !== 'ServiceAccount') return [];
  const annotations = entriesOf(asObject(object['metadata'])?.['annotations']);
  return annotations.flatMap(([key, value]): Found[] => {
    const by = Object.hasOwn(identityAnnotations, key) ? identityAnnotations[key] : undefined;
    return by === undefined || value === '' ? [] : [{ way: 'identity-based', by }];
  });
}
