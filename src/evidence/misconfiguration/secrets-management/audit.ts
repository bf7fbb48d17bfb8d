// SPDX-License-Identifier: Apache-2.0
// Audit of how secrets are managed: what stands readable in manifests and files, how far each namespace is, and the next step for each finding.
// Pure: objects and files are handed in.

import { asArray, asObject } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { MisconfigurationFinding } from '../../../model/finding.ts';
import type { Location } from '../../../model/location.ts';
import type { FileNames } from '../file-names.ts';
import { podTemplateOf, volumesOf } from '../workload.ts';
import type { Migration } from './migration.ts';
import { migrationOf } from './migration.ts';
import type { RepositoryFile } from './plain-files.ts';
import { plainSecretsOfFile } from './plain-files.ts';
import { plainSecretsOf } from './plain-objects.ts';
import type { PlainSecret } from './plain-secret.ts';
import { places } from './plain-secret.ts';
import type { Use, Way } from './way.ts';
import { namespaceOf, usesOf, ways } from './way.ts';

export interface SecretsFinding {
  readonly finding: MisconfigurationFinding;
  readonly location: Location;
  /** `-` for files that belong to no namespace. */
  readonly namespace: string;
  readonly migration: Migration;
}

export interface NamespaceAdoption {
  readonly namespace: string;
  /** How often each way is used. */
  readonly counts: Readonly<Record<Way, number>>;
  /** By what, sorted: `External Secrets`, `Vault Agent`. */
  readonly by: readonly string[];
  /** The worst way in use: a chain is as strong as its weakest link. Absent when the namespace shows no secrets at all. */
  readonly level?: Way;
  /** Share of uses that are not readable in the repository, 0 to 100; absent as `level` is. */
  readonly managedPercent?: number;
  /** How containers get what is in Secrets: variables are seen by every child process and in crash reports, files are not. */
  readonly delivery: { readonly environment: number; readonly files: number };
}

export interface SecretsAudit {
  readonly findings: readonly SecretsFinding[];
  /** By name of the namespace. */
  readonly adoption: readonly NamespaceAdoption[];
}

export function auditSecretsManagement(
  resources: readonly KubernetesResource[],
  files: readonly RepositoryFile[],
  names: FileNames,
): SecretsAudit {
  const paths = new Set(files.map(({ path }) => path));
  const uses = resources.flatMap(usesOf);
  const secrets = [
    ...resources.flatMap(plainSecretsOf),
    ...files.flatMap((file) => plainSecretsOfFile(file, paths, names)),
  ];
  return {
    findings: secrets.map((secret) => findingOf(secret, uses)),
    adoption: adoptionOf(resources, { uses, secrets }),
  };
}

function findingOf(secret: PlainSecret, uses: readonly Use[]): SecretsFinding {
  const { id, title, aliases, severity, urls } = places[secret.place];
  const migration = migrationOf(secret, uses);
  return {
    finding: {
      kind: 'misconfiguration',
      id,
      aliases,
      title,
      severity,
      message: `${secret.name.slice(0, 200)} in ${secret.resource} is readable for everybody who reads the repository`,
      remediation: migration.step,
      resource: secret.resource,
      urls,
    },
    location: secret.location,
    namespace: secret.namespace,
    migration,
  };
}

interface Seen {
  readonly uses: readonly Use[];
  readonly secrets: readonly PlainSecret[];
}

function adoptionOf(resources: readonly KubernetesResource[], { uses, secrets }: Seen): readonly NamespaceAdoption[] {
  const all: readonly Use[] = [
    ...uses,
    ...secrets
      .filter(({ namespace }) => namespace !== '-')
      .map(({ namespace }) => ({ way: 'static' as const, by: '', namespace })),
  ];
  const byNamespace = Map.groupBy(resources, namespaceOf);
  // Objects of the whole cluster make no row of their own unless one of them is about secrets.
  byNamespace.delete('*');
  for (const { namespace } of all) if (!byNamespace.has(namespace)) byNamespace.set(namespace, []);
  return [...byNamespace.keys()].sort().map((namespace) => {
    const own = all.filter((use) => use.namespace === namespace);
    const counts = Object.fromEntries(ways.map((way) => [way, own.filter((use) => use.way === way).length])) as Record<
      Way,
      number
    >;
    const level = ways.find((way) => counts[way] > 0);
    const managed = own.length - counts.static;
    return {
      namespace,
      counts,
      by: [...new Set(own.map(({ by }) => by))].filter((by) => by !== '').sort(),
      ...(level === undefined ? {} : { level, managedPercent: Math.round((managed / own.length) * 100) }),
      delivery: deliveryOf(byNamespace.get(namespace) ?? []),
    };
  });
}

function deliveryOf(resources: readonly KubernetesResource[]): NamespaceAdoption['delivery'] {
  let environment = 0;
  let files = 0;
  for (const resource of resources) {
    const pod = podTemplateOf(resource);
    if (pod === undefined) continue;
    for (const { container } of pod.containers) {
      environment += asArray(container['env']).filter(
        (item) => asObject(asObject(asObject(item)?.['valueFrom'])?.['secretKeyRef']) !== undefined,
      ).length;
      environment += asArray(container['envFrom']).filter(
        (item) => asObject(asObject(item)?.['secretRef']) !== undefined,
      ).length;
    }
    files += volumesOf(pod).filter(
      ({ volume }) =>
        asObject(volume['secret']) !== undefined ||
        asArray(asObject(volume['projected'])?.['sources']).some((source) => asObject(asObject(source)?.['secret'])),
    ).length;
  }
  return { environment, files };
}
