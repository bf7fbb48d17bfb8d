// SPDX-License-Identifier: Apache-2.0
// Flags of kube-controller-manager and kube-scheduler (CIS Kubernetes benchmark 1.3 and 1.4).

import type { ManifestCheck } from '../manifest-check.ts';
import type { FlagRow } from './component.ts';
import { flagCheck } from './component.ts';

const controllerManager: readonly FlagRow[] = [
  {
    id: 'controller-manager-terminated-pods',
    title: 'The controller manager does not say when ended Pods are removed',
    trivy: 'KCV-0033',
    cis: '1.3.1',
    severity: 'low',
    why: 'Ended Pods that pile up use memory and space of the control plane.',
    rule: { must: 'be-set', flags: ['terminated-pod-gc-threshold'] },
  },
  {
    id: 'controller-manager-profiling',
    title: 'The controller manager offers profiling',
    trivy: 'KCV-0034',
    cis: '1.3.2',
    severity: 'low',
    why: 'Profiles show details of the program and the system and cost time when they are taken.',
    rule: { must: 'equal', flag: 'profiling', value: 'false' },
  },
  {
    id: 'controller-manager-service-account-credentials',
    title: 'Controllers share one credential',
    trivy: 'KCV-0035',
    cis: '1.3.3',
    severity: 'low',
    why: 'With an account of its own each controller has only the rights that it needs.',
    rule: { must: 'equal', flag: 'use-service-account-credentials', value: 'true' },
  },
  {
    id: 'controller-manager-service-account-key',
    title: 'The controller manager has no own key for tokens of service accounts',
    trivy: 'KCV-0036',
    cis: '1.3.4',
    severity: 'low',
    why: 'A key of its own can be changed without touching the certificates of the cluster.',
    rule: { must: 'be-set', flags: ['service-account-private-key-file'] },
  },
  {
    id: 'controller-manager-root-ca-file',
    title: 'The controller manager gives Pods no root certificate',
    trivy: 'KCV-0037',
    cis: '1.3.5',
    severity: 'low',
    why: 'Pods need the root certificate to know that they talk to their API server.',
    rule: { must: 'be-set', flags: ['root-ca-file'] },
  },
  {
    id: 'controller-manager-rotate-kubelet-certificates',
    title: 'Server certificates of kubelets are not rotated',
    trivy: 'KCV-0038',
    cis: '1.3.6',
    severity: 'low',
    why: 'Certificates that are replaced by hand are often replaced too late.',
    rule: { must: 'include', flag: 'feature-gates', value: 'RotateKubeletServerCertificate=true' },
  },
  {
    id: 'controller-manager-bind-address',
    title: 'The controller manager listens beyond the node',
    trivy: 'KCV-0039',
    cis: '1.3.7',
    severity: 'low',
    why: 'Health and metrics endpoints need no network; every listener is something to attack.',
    rule: { must: 'equal', flag: 'bind-address', value: '127.0.0.1' },
  },
];

const scheduler: readonly FlagRow[] = [
  {
    id: 'scheduler-profiling',
    title: 'The scheduler offers profiling',
    trivy: 'KCV-0040',
    cis: '1.4.1',
    severity: 'low',
    why: 'Profiles show details of the program and the system and cost time when they are taken.',
    rule: { must: 'equal', flag: 'profiling', value: 'false' },
  },
  {
    id: 'scheduler-bind-address',
    title: 'The scheduler listens beyond the node',
    trivy: 'KCV-0041',
    cis: '1.4.2',
    severity: 'low',
    why: 'Health and metrics endpoints need no network; every listener is something to attack.',
    rule: { must: 'equal', flag: 'bind-address', value: '127.0.0.1' },
  },
];

export const managerChecks: readonly ManifestCheck[] = [
  ...controllerManager.map((row) => flagCheck('kube-controller-manager', row)),
  ...scheduler.map((row) => flagCheck('kube-scheduler', row)),
];
