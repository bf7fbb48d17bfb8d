// SPDX-License-Identifier: Apache-2.0
// A secret that everybody who reads the repository can read: where it stands and what it is. The value itself is never kept.

import type { Location } from '../../../model/location.ts';
import type { Severity } from '../../../model/severity.ts';

export type PlainPlace =
  | 'secret-object'
  | 'pull-secret'
  | 'environment'
  | 'config-map'
  | 'helm-values'
  | 'dockerfile'
  | 'pipeline'
  | 'kubeconfig'
  | 'terraform-variables';

export interface PlainSecret {
  readonly place: PlainPlace;
  /** Name of the member, variable or key. */
  readonly name: string;
  /** What it stands in, for people: `Secret shop/db`, `values.yaml`. */
  readonly resource: string;
  /** Of the object; `-` for files that belong to no namespace. */
  readonly namespace: string;
  readonly location: Location;
}

export interface PlaceDescription {
  /** Id of the finding. */
  readonly id: string;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly severity: Severity;
  readonly urls: readonly string[];
}

const secretDocs = 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/';

export const places: Readonly<Record<PlainPlace, PlaceDescription>> = {
  'secret-object': {
    id: 'secrets-plain-secret-object',
    title: 'A Secret stands readable in the repository',
    aliases: ['CIS-5.4.2', 'kubescape/C-0208', 'kubescape/C-0234'],
    severity: 'high',
    urls: [secretDocs],
  },
  'pull-secret': {
    id: 'secrets-plain-pull-secret',
    title: 'Credentials of a registry stand readable in the repository',
    aliases: ['kubescape/C-0208'],
    severity: 'high',
    urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/'],
  },
  environment: {
    id: 'secrets-plain-environment',
    title: 'An environment variable holds a secret',
    aliases: ['kubescape/C-0012', 'kubescape/C-0207'],
    severity: 'high',
    urls: [secretDocs],
  },
  'config-map': {
    id: 'secrets-plain-config-map',
    title: 'A ConfigMap holds a secret',
    aliases: ['KSV-0109', 'kubescape/C-0012'],
    severity: 'high',
    urls: [secretDocs],
  },
  'helm-values': {
    id: 'secrets-plain-helm-values',
    title: 'Values of a Helm chart hold a secret',
    aliases: [],
    severity: 'high',
    urls: ['https://helm.sh/docs/chart_best_practices/values/'],
  },
  dockerfile: {
    id: 'secrets-plain-dockerfile',
    title: 'A Dockerfile holds a secret',
    aliases: ['CIS-DI-0010', 'DS-0031'],
    severity: 'high',
    urls: ['https://docs.docker.com/build/building/secrets/'],
  },
  pipeline: {
    id: 'secrets-plain-pipeline',
    title: 'A pipeline holds a secret',
    aliases: [],
    severity: 'high',
    urls: [
      'https://docs.github.com/en/actions/security-for-github-actions/security-guides/using-secrets-in-github-actions',
    ],
  },
  kubeconfig: {
    id: 'secrets-plain-kubeconfig',
    title: 'A kubeconfig with credentials stands in the repository',
    aliases: [],
    severity: 'critical',
    urls: ['https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/'],
  },
  'terraform-variables': {
    id: 'secrets-plain-terraform-variables',
    title: 'Variables of Terraform hold a secret',
    aliases: [],
    severity: 'high',
    urls: ['https://developer.hashicorp.com/terraform/language/values/variables'],
  },
};
