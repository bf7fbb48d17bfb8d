// SPDX-License-Identifier: Apache-2.0
// Who reads the pull Secrets of workloads. An interface, so that a server without a cluster has nobody, and no way to read any.
import type { PullSecretNames } from '../../../../policy/data-provider.ts';

export interface PullSecrets {
  /**
   * Docker configurations (JSON) of the Secrets that a workload names, or that its service account names when it names none. Secrets that are not there
   * are left out, as kubelets do; one that could not be read makes the whole `unknown`. Reasons name Secrets and never hold what is in them.
   */
  read(names: PullSecretNames): Promise<ReadSecrets>;
}

export type ReadSecrets =
  | { readonly kind: 'found'; readonly value: readonly string[] }
  | { readonly kind: 'unknown'; readonly reason: string };
