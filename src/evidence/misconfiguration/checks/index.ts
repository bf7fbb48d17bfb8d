// SPDX-License-Identifier: Apache-2.0
// The list of all checks of Kubernetes objects. A new one is one file and one line here; those about control plane and nodes are rows of the tables in
// control-plane/, those that another program has as it has them stand in the list of their folder.
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
import { kubeLinterChecks } from './kube-linter/index.ts';
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
import { polarisChecks } from './polaris/index.ts';
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
  ...kubeLinterChecks,
  ...polarisChecks,
];
