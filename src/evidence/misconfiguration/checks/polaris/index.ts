// SPDX-License-Identifier: Apache-2.0
// The list of the checks that Polaris has, as it has them. A new one is one file and one line here.
import type { ManifestCheck } from '../../manifest-check.ts';
import { polarisAutomountServiceAccountToken } from './automount-service-account-token.ts';
import { polarisClusterrolePodExecAttach } from './clusterrole-pod-exec-attach.ts';
import { polarisClusterrolebindingClusterAdmin } from './clusterrolebinding-cluster-admin.ts';
import { polarisClusterrolebindingPodExecAttach } from './clusterrolebinding-pod-exec-attach.ts';
import { polarisCpuLimitsMissing } from './cpu-limits-missing.ts';
import { polarisCpuRequestsMissing } from './cpu-requests-missing.ts';
import { polarisDangerousCapabilities } from './dangerous-capabilities.ts';
import { polarisDeploymentMissingReplicas } from './deployment-missing-replicas.ts';
import { polarisHostIpcSet } from './host-ipc-set.ts';
import { polarisHostNetworkSet } from './host-network-set.ts';
import { polarisHostPathSet } from './host-path-set.ts';
import { polarisHostPidSet } from './host-pid-set.ts';
import { polarisHostPortSet } from './host-port-set.ts';
import { polarisHostProcess } from './host-process.ts';
import { polarisHpaMaxAvailability } from './hpa-max-availability.ts';
import { polarisHpaMinAvailability } from './hpa-min-availability.ts';
import { polarisInsecureCapabilities } from './insecure-capabilities.ts';
import { polarisLinuxHardening } from './linux-hardening.ts';
import { polarisLivenessProbeMissing } from './liveness-probe-missing.ts';
import { polarisMemoryLimitsMissing } from './memory-limits-missing.ts';
import { polarisMemoryRequestsMissing } from './memory-requests-missing.ts';
import { polarisMetadataAndInstanceMismatched } from './metadata-and-instance-mismatched.ts';
import { polarisMissingNetworkPolicy } from './missing-network-policy.ts';
import { polarisMissingPodDisruptionBudget } from './missing-pod-disruption-budget.ts';
import { polarisNotReadOnlyRootFilesystem } from './not-read-only-root-filesystem.ts';
import { polarisPdbDisruptionsIsZero } from './pdb-disruptions-is-zero.ts';
import { polarisPriorityClassNotSet } from './priority-class-not-set.ts';
import { polarisPrivilegeEscalationAllowed } from './privilege-escalation-allowed.ts';
import { polarisProcMount } from './proc-mount.ts';
import { polarisPullPolicyNotAlways } from './pull-policy-not-always.ts';
import { polarisReadinessProbeMissing } from './readiness-probe-missing.ts';
import { polarisRolePodExecAttach } from './role-pod-exec-attach.ts';
import { polarisRolebindingClusterAdminClusterRole } from './rolebinding-cluster-admin-cluster-role.ts';
import { polarisRolebindingClusterAdminRole } from './rolebinding-cluster-admin-role.ts';
import { polarisRolebindingClusterRolePodExecAttach } from './rolebinding-cluster-role-pod-exec-attach.ts';
import { polarisRolebindingRolePodExecAttach } from './rolebinding-role-pod-exec-attach.ts';
import { polarisRunAsPrivileged } from './run-as-privileged.ts';
import { polarisRunAsRootAllowed } from './run-as-root-allowed.ts';
import { polarisSensitiveConfigmapContent } from './sensitive-configmap-content.ts';
import { polarisSensitiveContainerEnvVar } from './sensitive-container-env-var.ts';
import { polarisTagNotSpecified } from './tag-not-specified.ts';
import { polarisTopologySpreadConstraint } from './topology-spread-constraint.ts';

export const polarisChecks: readonly ManifestCheck[] = [
  polarisAutomountServiceAccountToken,
  polarisClusterrolePodExecAttach,
  polarisClusterrolebindingClusterAdmin,
  polarisClusterrolebindingPodExecAttach,
  polarisCpuLimitsMissing,
  polarisCpuRequestsMissing,
  polarisDangerousCapabilities,
  polarisDeploymentMissingReplicas,
  polarisHostIpcSet,
  polarisHostNetworkSet,
  polarisHostPathSet,
  polarisHostPidSet,
  polarisHostPortSet,
  polarisHostProcess,
  polarisHpaMaxAvailability,
  polarisHpaMinAvailability,
  polarisInsecureCapabilities,
  polarisLinuxHardening,
  polarisLivenessProbeMissing,
  polarisMemoryLimitsMissing,
  polarisMemoryRequestsMissing,
  polarisMetadataAndInstanceMismatched,
  polarisMissingNetworkPolicy,
  polarisMissingPodDisruptionBudget,
  polarisNotReadOnlyRootFilesystem,
  polarisPdbDisruptionsIsZero,
  polarisPriorityClassNotSet,
  polarisPrivilegeEscalationAllowed,
  polarisProcMount,
  polarisPullPolicyNotAlways,
  polarisReadinessProbeMissing,
  polarisRolePodExecAttach,
  polarisRolebindingClusterAdminClusterRole,
  polarisRolebindingClusterAdminRole,
  polarisRolebindingClusterRolePodExecAttach,
  polarisRolebindingRolePodExecAttach,
  polarisRunAsPrivileged,
  polarisRunAsRootAllowed,
  polarisSensitiveConfigmapContent,
  polarisSensitiveContainerEnvVar,
  polarisTagNotSpecified,
  polarisTopologySpreadConstraint,
];
