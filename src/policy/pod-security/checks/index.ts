// SPDX-License-Identifier: Apache-2.0
// The list of all checks of the Pod Security Standards, in the order in which their violations are told.
import type { PodSecurityCheck } from '../check.ts';
import {
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle,
  privileged,
  windowsHostProcess,
} from './host-access.ts';
import {
  appArmorProfile,
  capabilitiesBaseline,
  procMount,
  procMountRestricted,
  seccompProfileBaseline,
  seLinuxOptions,
  sysctls,
} from './kernel-access.ts';
import {
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted,
} from './restricted.ts';

export const podSecurityChecks: readonly PodSecurityCheck[] = [
  hostNamespaces,
  privileged,
  capabilitiesBaseline,
  hostPathVolumes,
  hostPorts,
  appArmorProfile,
  seLinuxOptions,
  procMount,
  seccompProfileBaseline,
  sysctls,
  windowsHostProcess,
  hostProbesAndHostLifecycle,
  restrictedVolumes,
  allowPrivilegeEscalation,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted,
  capabilitiesRestricted,
  procMountRestricted,
];
