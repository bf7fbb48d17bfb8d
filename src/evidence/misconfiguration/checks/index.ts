// SPDX-License-Identifier: Apache-2.0
// The list of all checks of Kubernetes objects. A new one is one file and one line here; those about control plane and nodes are rows of the tables in
// control-plane/.
import { apiServerChecks } from '../control-plane/api-server.ts';
import { etcdChecks } from '../control-plane/etcd.ts';
import { kubeletChecks } from '../control-plane/kubelet.ts';
import { managerChecks } from '../control-plane/managers.ts';
import { nodeFileChecks } from '../control-plane/node-files.ts';
import type { ManifestCheck } from '../manifest-check.ts';
import { apparmorProfile } from './apparmor-profile.ts';
import { bindingAdministrator } from './binding-administrator.ts';
import { bindingAnonymous } from './binding-anonymous.ts';
import { bindingAuthenticated } from './binding-authenticated.ts';
import { bindingMasters } from './binding-masters.ts';
import { budgetAboveAutoscaler } from './budget-above-autoscaler.ts';
import { capabilitiesKept } from './capabilities-kept.ts';
import { capabilitiesNoneDropped } from './capabilities-none-dropped.ts';
import { capabilitiesRestricted } from './capabilities-restricted.ts';
import { capabilityAdded } from './capability-added.ts';
import { capabilityNetRaw } from './capability-net-raw.ts';
import { capabilitySysAdmin } from './capability-sys-admin.ts';
import { capabilitySysModule } from './capability-sys-module.ts';
import { configMapPersonalData } from './config-map-personal-data.ts';
import { configMapSecret } from './config-map-secret.ts';
import { containerRuntimeSocket } from './container-runtime-socket.ts';
import { cpuLimit } from './cpu-limit.ts';
import { cpuRequest } from './cpu-request.ts';
import { credentialInEnvironment } from './credential-in-environment.ts';
import { danglingHorizontalpodautoscaler } from './dangling-horizontalpodautoscaler.ts';
import { danglingIngress } from './dangling-ingress.ts';
import { danglingNetworkpolicy } from './dangling-networkpolicy.ts';
import { danglingService } from './dangling-service.ts';
import { danglingServicemonitor } from './dangling-servicemonitor.ts';
import { defaultNamespace } from './default-namespace.ts';
import { deprecatedServiceAccountField } from './deprecated-service-account-field.ts';
import { duplicateEnvVar } from './duplicate-env-var.ts';
import { externalIp } from './external-ip.ts';
import { gatekeeperOpenPrefix } from './gatekeeper-open-prefix.ts';
import { hostAliases } from './host-aliases.ts';
import { hostIpc } from './host-ipc.ts';
import { hostNetwork } from './host-network.ts';
import { hostPathVolume } from './host-path-volume.ts';
import { hostPid } from './host-pid.ts';
import { hostPort } from './host-port.ts';
import { imageTag } from './image-tag.ts';
import { ingressNginxInjection } from './ingress-nginx-injection.ts';
import { ingressWithoutTls } from './ingress-without-tls.ts';
import { invalidTargetPorts } from './invalid-target-ports.ts';
import { kubeLinterAccessToCreatePods } from './kube-linter-access-to-create-pods.ts';
import { kubeLinterAccessToSecrets } from './kube-linter-access-to-secrets.ts';
import { kubeLinterClusterAdminRoleBinding } from './kube-linter-cluster-admin-role-binding.ts';
import { kubeLinterDanglingHorizontalpodautoscaler } from './kube-linter-dangling-horizontalpodautoscaler.ts';
import { kubeLinterDanglingIngress } from './kube-linter-dangling-ingress.ts';
import { kubeLinterDanglingNetworkpolicy } from './kube-linter-dangling-networkpolicy.ts';
import { kubeLinterDanglingNetworkpolicypeerPodselector } from './kube-linter-dangling-networkpolicypeer-podselector.ts';
import { kubeLinterDanglingService } from './kube-linter-dangling-service.ts';
import { kubeLinterDanglingServicemonitor } from './kube-linter-dangling-servicemonitor.ts';
import { kubeLinterDefaultServiceAccount } from './kube-linter-default-service-account.ts';
import { kubeLinterDnsconfigOptions } from './kube-linter-dnsconfig-options.ts';
import { kubeLinterDockerSock } from './kube-linter-docker-sock.ts';
import { kubeLinterDropNetRawCapability } from './kube-linter-drop-net-raw-capability.ts';
import { kubeLinterEnvValueFrom } from './kube-linter-env-value-from.ts';
import { kubeLinterEnvVarSecret } from './kube-linter-env-var-secret.ts';
import { kubeLinterExposedServices } from './kube-linter-exposed-services.ts';
import { kubeLinterHostIpc } from './kube-linter-host-ipc.ts';
import { kubeLinterHostNetwork } from './kube-linter-host-network.ts';
import { kubeLinterHostPid } from './kube-linter-host-pid.ts';
import { kubeLinterHpaMinimumThreeReplicas } from './kube-linter-hpa-minimum-three-replicas.ts';
import { kubeLinterJobTtlSecondsAfterFinished } from './kube-linter-job-ttl-seconds-after-finished.ts';
import { kubeLinterLatestTag } from './kube-linter-latest-tag.ts';
import { kubeLinterMinimumThreeReplicas } from './kube-linter-minimum-three-replicas.ts';
import { kubeLinterNoAntiAffinity } from './kube-linter-no-anti-affinity.ts';
import { kubeLinterNoExtensionsV1beta } from './kube-linter-no-extensions-v1beta.ts';
import { kubeLinterNoLivenessProbe } from './kube-linter-no-liveness-probe.ts';
import { kubeLinterNoNodeAffinity } from './kube-linter-no-node-affinity.ts';
import { kubeLinterNoReadOnlyRootFs } from './kube-linter-no-read-only-root-fs.ts';
import { kubeLinterNoReadinessProbe } from './kube-linter-no-readiness-probe.ts';
import { kubeLinterNoRollingUpdateStrategy } from './kube-linter-no-rolling-update-strategy.ts';
import { kubeLinterNonExistentServiceAccount } from './kube-linter-non-existent-service-account.ts';
import { kubeLinterNonIsolatedPod } from './kube-linter-non-isolated-pod.ts';
import { kubeLinterPdbUnhealthyPodEvictionPolicy } from './kube-linter-pdb-unhealthy-pod-eviction-policy.ts';
import { kubeLinterPriorityClassName } from './kube-linter-priority-class-name.ts';
import { kubeLinterPrivilegeEscalationContainer } from './kube-linter-privilege-escalation-container.ts';
import { kubeLinterPrivilegedContainer } from './kube-linter-privileged-container.ts';
import { kubeLinterPrivilegedPorts } from './kube-linter-privileged-ports.ts';
import { kubeLinterReadSecretFromEnvVar } from './kube-linter-read-secret-from-env-var.ts';
import { kubeLinterRequiredAnnotationEmail } from './kube-linter-required-annotation-email.ts';
import { kubeLinterRequiredLabelOwner } from './kube-linter-required-label-owner.ts';
import { kubeLinterRestartPolicy } from './kube-linter-restart-policy.ts';
import { kubeLinterRunAsNonRoot } from './kube-linter-run-as-non-root.ts';
import { kubeLinterSensitiveHostMounts } from './kube-linter-sensitive-host-mounts.ts';
import { kubeLinterSortedKeys } from './kube-linter-sorted-keys.ts';
import { kubeLinterUnsafeProcMount } from './kube-linter-unsafe-proc-mount.ts';
import { kubeLinterUnsafeSysctls } from './kube-linter-unsafe-sysctls.ts';
import { kubeLinterUnsetCpuRequirements } from './kube-linter-unset-cpu-requirements.ts';
import { kubeLinterUnsetMemoryRequirements } from './kube-linter-unset-memory-requirements.ts';
import { kubeLinterUseNamespace } from './kube-linter-use-namespace.ts';
import { kubeLinterWildcardInRules } from './kube-linter-wildcard-in-rules.ts';
import { kubeLinterWritableHostMount } from './kube-linter-writable-host-mount.ts';
import { limitRange } from './limit-range.ts';
import { livenessPort } from './liveness-port.ts';
import { lowGroupId } from './low-group-id.ts';
import { lowUserId } from './low-user-id.ts';
import { memoryLimit } from './memory-limit.ts';
import { memoryRequest } from './memory-request.ts';
import { mismatchingSelector } from './mismatching-selector.ts';
import { networkPolicySelector } from './network-policy-selector.ts';
import { pdbMaxUnavailable } from './pdb-max-unavailable.ts';
import { pdbMinAvailable } from './pdb-min-available.ts';
import { polarisAutomountServiceAccountToken } from './polaris-automount-service-account-token.ts';
import { polarisClusterrolePodExecAttach } from './polaris-clusterrole-pod-exec-attach.ts';
import { polarisClusterrolebindingClusterAdmin } from './polaris-clusterrolebinding-cluster-admin.ts';
import { polarisClusterrolebindingPodExecAttach } from './polaris-clusterrolebinding-pod-exec-attach.ts';
import { polarisCpuLimitsMissing } from './polaris-cpu-limits-missing.ts';
import { polarisCpuRequestsMissing } from './polaris-cpu-requests-missing.ts';
import { polarisDangerousCapabilities } from './polaris-dangerous-capabilities.ts';
import { polarisDeploymentMissingReplicas } from './polaris-deployment-missing-replicas.ts';
import { polarisHostIpcSet } from './polaris-host-ipc-set.ts';
import { polarisHostNetworkSet } from './polaris-host-network-set.ts';
import { polarisHostPathSet } from './polaris-host-path-set.ts';
import { polarisHostPidSet } from './polaris-host-pid-set.ts';
import { polarisHostPortSet } from './polaris-host-port-set.ts';
import { polarisHostProcess } from './polaris-host-process.ts';
import { polarisHpaMaxAvailability } from './polaris-hpa-max-availability.ts';
import { polarisHpaMinAvailability } from './polaris-hpa-min-availability.ts';
import { polarisInsecureCapabilities } from './polaris-insecure-capabilities.ts';
import { polarisLinuxHardening } from './polaris-linux-hardening.ts';
import { polarisLivenessProbeMissing } from './polaris-liveness-probe-missing.ts';
import { polarisMemoryLimitsMissing } from './polaris-memory-limits-missing.ts';
import { polarisMemoryRequestsMissing } from './polaris-memory-requests-missing.ts';
import { polarisMetadataAndInstanceMismatched } from './polaris-metadata-and-instance-mismatched.ts';
import { polarisMissingNetworkPolicy } from './polaris-missing-network-policy.ts';
import { polarisMissingPodDisruptionBudget } from './polaris-missing-pod-disruption-budget.ts';
import { polarisNotReadOnlyRootFilesystem } from './polaris-not-read-only-root-filesystem.ts';
import { polarisPdbDisruptionsIsZero } from './polaris-pdb-disruptions-is-zero.ts';
import { polarisPriorityClassNotSet } from './polaris-priority-class-not-set.ts';
import { polarisPrivilegeEscalationAllowed } from './polaris-privilege-escalation-allowed.ts';
import { polarisProcMount } from './polaris-proc-mount.ts';
import { polarisPullPolicyNotAlways } from './polaris-pull-policy-not-always.ts';
import { polarisReadinessProbeMissing } from './polaris-readiness-probe-missing.ts';
import { polarisRolePodExecAttach } from './polaris-role-pod-exec-attach.ts';
import { polarisRolebindingClusterAdminClusterRole } from './polaris-rolebinding-cluster-admin-cluster-role.ts';
import { polarisRolebindingClusterAdminRole } from './polaris-rolebinding-cluster-admin-role.ts';
import { polarisRolebindingClusterRolePodExecAttach } from './polaris-rolebinding-cluster-role-pod-exec-attach.ts';
import { polarisRolebindingRolePodExecAttach } from './polaris-rolebinding-role-pod-exec-attach.ts';
import { polarisRunAsPrivileged } from './polaris-run-as-privileged.ts';
import { polarisRunAsRootAllowed } from './polaris-run-as-root-allowed.ts';
import { polarisSensitiveConfigmapContent } from './polaris-sensitive-configmap-content.ts';
import { polarisSensitiveContainerEnvVar } from './polaris-sensitive-container-env-var.ts';
import { polarisTagNotSpecified } from './polaris-tag-not-specified.ts';
import { polarisTopologySpreadConstraint } from './polaris-topology-spread-constraint.ts';
import { privilegeEscalation } from './privilege-escalation.ts';
import { privilegedContainer } from './privileged-container.ts';
import { privilegedPort } from './privileged-port.ts';
import { procMount } from './proc-mount.ts';
import { readinessPort } from './readiness-port.ts';
import { registryAmazon } from './registry-amazon.ts';
import { registryAzure } from './registry-azure.ts';
import { registryGoogle } from './registry-google.ts';
import { registryPublic } from './registry-public.ts';
import { removedApi } from './removed-api.ts';
import { resourceQuota } from './resource-quota.ts';
import { roleAllRights } from './role-all-rights.ts';
import { roleAttach } from './role-attach.ts';
import { roleAwsAuth } from './role-aws-auth.ts';
import { roleBindClusterRoles } from './role-bind-cluster-roles.ts';
import { roleBindRoles } from './role-bind-roles.ts';
import { roleClusterSecrets } from './role-cluster-secrets.ts';
import { roleClusterWildcardResource } from './role-cluster-wildcard-resource.ts';
import { roleConfigMaps } from './role-config-maps.ts';
import { roleDeleteLogs } from './role-delete-logs.ts';
import { roleEscalation } from './role-escalation.ts';
import { roleExec } from './role-exec.ts';
import { roleExtendBindings } from './role-extend-bindings.ts';
import { roleImpersonateGroups } from './role-impersonate-groups.ts';
import { roleNetworking } from './role-networking.ts';
import { roleNodeProxy } from './role-node-proxy.ts';
import { roleSecrets } from './role-secrets.ts';
import { roleWebhooks } from './role-webhooks.ts';
import { roleWildcardResource } from './role-wildcard-resource.ts';
import { roleWildcardVerb } from './role-wildcard-verb.ts';
import { roleWorkloads } from './role-workloads.ts';
import { rootGroup } from './root-group.ts';
import { rootUserId } from './root-user-id.ts';
import { runAsRoot } from './run-as-root.ts';
import { sccDenyPrivilegedContainer } from './scc-deny-privileged-container.ts';
import { seccompProfile } from './seccomp-profile.ts';
import { seccompUnconfined } from './seccomp-unconfined.ts';
import { securityContextMissing } from './security-context-missing.ts';
import { selinuxOptions } from './selinux-options.ts';
import { sensitiveHostPath } from './sensitive-host-path.ts';
import { serviceAccountToken } from './service-account-token.ts';
import { sshPort } from './ssh-port.ts';
import { startupPort } from './startup-port.ts';
import { systemNamespace } from './system-namespace.ts';
import { tiller } from './tiller.ts';
import { unsafeSysctl } from './unsafe-sysctl.ts';
import { untrustedRegistry } from './untrusted-registry.ts';
import { volumeType } from './volume-type.ts';
import { windowsHostProcess } from './windows-host-process.ts';
import { writableRootFilesystem } from './writable-root-filesystem.ts';

export const manifestChecks: readonly ManifestCheck[] = [
  ...apiServerChecks,
  ...etcdChecks,
  ...kubeletChecks,
  ...managerChecks,
  ...nodeFileChecks,
  apparmorProfile,
  bindingAdministrator,
  bindingAnonymous,
  bindingAuthenticated,
  bindingMasters,
  budgetAboveAutoscaler,
  capabilitiesKept,
  capabilitiesNoneDropped,
  capabilitiesRestricted,
  capabilityAdded,
  capabilityNetRaw,
  capabilitySysAdmin,
  capabilitySysModule,
  configMapPersonalData,
  configMapSecret,
  containerRuntimeSocket,
  cpuLimit,
  cpuRequest,
  credentialInEnvironment,
  danglingHorizontalpodautoscaler,
  danglingIngress,
  danglingNetworkpolicy,
  danglingService,
  danglingServicemonitor,
  defaultNamespace,
  deprecatedServiceAccountField,
  duplicateEnvVar,
  externalIp,
  gatekeeperOpenPrefix,
  hostAliases,
  hostIpc,
  hostNetwork,
  hostPathVolume,
  hostPid,
  hostPort,
  imageTag,
  ingressNginxInjection,
  ingressWithoutTls,
  invalidTargetPorts,
  kubeLinterAccessToCreatePods,
  kubeLinterAccessToSecrets,
  kubeLinterClusterAdminRoleBinding,
  kubeLinterDanglingHorizontalpodautoscaler,
  kubeLinterDanglingIngress,
  kubeLinterDanglingNetworkpolicy,
  kubeLinterDanglingNetworkpolicypeerPodselector,
  kubeLinterDanglingService,
  kubeLinterDanglingServicemonitor,
  kubeLinterDefaultServiceAccount,
  kubeLinterDnsconfigOptions,
  kubeLinterDockerSock,
  kubeLinterDropNetRawCapability,
  kubeLinterEnvValueFrom,
  kubeLinterEnvVarSecret,
  kubeLinterExposedServices,
  kubeLinterHostIpc,
  kubeLinterHostNetwork,
  kubeLinterHostPid,
  kubeLinterHpaMinimumThreeReplicas,
  kubeLinterJobTtlSecondsAfterFinished,
  kubeLinterLatestTag,
  kubeLinterMinimumThreeReplicas,
  kubeLinterNoAntiAffinity,
  kubeLinterNoExtensionsV1beta,
  kubeLinterNoLivenessProbe,
  kubeLinterNoNodeAffinity,
  kubeLinterNoReadOnlyRootFs,
  kubeLinterNoReadinessProbe,
  kubeLinterNoRollingUpdateStrategy,
  kubeLinterNonExistentServiceAccount,
  kubeLinterNonIsolatedPod,
  kubeLinterPdbUnhealthyPodEvictionPolicy,
  kubeLinterPriorityClassName,
  kubeLinterPrivilegeEscalationContainer,
  kubeLinterPrivilegedContainer,
  kubeLinterPrivilegedPorts,
  kubeLinterReadSecretFromEnvVar,
  kubeLinterRequiredAnnotationEmail,
  kubeLinterRequiredLabelOwner,
  kubeLinterRestartPolicy,
  kubeLinterRunAsNonRoot,
  kubeLinterSensitiveHostMounts,
  kubeLinterSortedKeys,
  kubeLinterUnsafeProcMount,
  kubeLinterUnsafeSysctls,
  kubeLinterUnsetCpuRequirements,
  kubeLinterUnsetMemoryRequirements,
  kubeLinterUseNamespace,
  kubeLinterWildcardInRules,
  kubeLinterWritableHostMount,
  limitRange,
  livenessPort,
  lowGroupId,
  lowUserId,
  memoryLimit,
  memoryRequest,
  mismatchingSelector,
  networkPolicySelector,
  pdbMaxUnavailable,
  pdbMinAvailable,
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
  privilegeEscalation,
  privilegedContainer,
  privilegedPort,
  procMount,
  readinessPort,
  registryAmazon,
  registryAzure,
  registryGoogle,
  registryPublic,
  removedApi,
  resourceQuota,
  roleAllRights,
  roleAttach,
  roleAwsAuth,
  roleBindClusterRoles,
  roleBindRoles,
  roleClusterSecrets,
  roleClusterWildcardResource,
  roleConfigMaps,
  roleDeleteLogs,
  roleEscalation,
  roleExec,
  roleExtendBindings,
  roleImpersonateGroups,
  roleNetworking,
  roleNodeProxy,
  roleSecrets,
  roleWebhooks,
  roleWildcardResource,
  roleWildcardVerb,
  roleWorkloads,
  rootGroup,
  rootUserId,
  runAsRoot,
  sccDenyPrivilegedContainer,
  seccompProfile,
  seccompUnconfined,
  securityContextMissing,
  selinuxOptions,
  sensitiveHostPath,
  serviceAccountToken,
  sshPort,
  startupPort,
  systemNamespace,
  tiller,
  unsafeSysctl,
  untrustedRegistry,
  volumeType,
  windowsHostProcess,
  writableRootFilesystem,
];
