// SPDX-License-Identifier: Apache-2.0
// The list of the checks that kube-linter has, as it has them. A new one is one file and one line here.
import type { ManifestCheck } from '../../manifest-check.ts';
import { kubeLinterAccessToCreatePods } from './access-to-create-pods.ts';
import { kubeLinterAccessToSecrets } from './access-to-secrets.ts';
import { kubeLinterClusterAdminRoleBinding } from './cluster-admin-role-binding.ts';
import { kubeLinterDanglingHorizontalpodautoscaler } from './dangling-horizontalpodautoscaler.ts';
import { kubeLinterDanglingIngress } from './dangling-ingress.ts';
import { kubeLinterDanglingNetworkpolicy } from './dangling-networkpolicy.ts';
import { kubeLinterDanglingNetworkpolicypeerPodselector } from './dangling-networkpolicypeer-podselector.ts';
import { kubeLinterDanglingService } from './dangling-service.ts';
import { kubeLinterDanglingServicemonitor } from './dangling-servicemonitor.ts';
import { kubeLinterDefaultServiceAccount } from './default-service-account.ts';
import { kubeLinterDnsconfigOptions } from './dnsconfig-options.ts';
import { kubeLinterDockerSock } from './docker-sock.ts';
import { kubeLinterDropNetRawCapability } from './drop-net-raw-capability.ts';
import { kubeLinterEnvValueFrom } from './env-value-from.ts';
import { kubeLinterEnvVarSecret } from './env-var-secret.ts';
import { kubeLinterExposedServices } from './exposed-services.ts';
import { kubeLinterHostIpc } from './host-ipc.ts';
import { kubeLinterHostNetwork } from './host-network.ts';
import { kubeLinterHostPid } from './host-pid.ts';
import { kubeLinterHpaMinimumThreeReplicas } from './hpa-minimum-three-replicas.ts';
import { kubeLinterJobTtlSecondsAfterFinished } from './job-ttl-seconds-after-finished.ts';
import { kubeLinterLatestTag } from './latest-tag.ts';
import { kubeLinterMinimumThreeReplicas } from './minimum-three-replicas.ts';
import { kubeLinterNoAntiAffinity } from './no-anti-affinity.ts';
import { kubeLinterNoExtensionsV1beta } from './no-extensions-v1beta.ts';
import { kubeLinterNoLivenessProbe } from './no-liveness-probe.ts';
import { kubeLinterNoNodeAffinity } from './no-node-affinity.ts';
import { kubeLinterNoReadOnlyRootFs } from './no-read-only-root-fs.ts';
import { kubeLinterNoReadinessProbe } from './no-readiness-probe.ts';
import { kubeLinterNoRollingUpdateStrategy } from './no-rolling-update-strategy.ts';
import { kubeLinterNonExistentServiceAccount } from './non-existent-service-account.ts';
import { kubeLinterNonIsolatedPod } from './non-isolated-pod.ts';
import { kubeLinterPdbUnhealthyPodEvictionPolicy } from './pdb-unhealthy-pod-eviction-policy.ts';
import { kubeLinterPriorityClassName } from './priority-class-name.ts';
import { kubeLinterPrivilegeEscalationContainer } from './privilege-escalation-container.ts';
import { kubeLinterPrivilegedContainer } from './privileged-container.ts';
import { kubeLinterPrivilegedPorts } from './privileged-ports.ts';
import { kubeLinterReadSecretFromEnvVar } from './read-secret-from-env-var.ts';
import { kubeLinterRequiredAnnotationEmail } from './required-annotation-email.ts';
import { kubeLinterRequiredLabelOwner } from './required-label-owner.ts';
import { kubeLinterRestartPolicy } from './restart-policy.ts';
import { kubeLinterRunAsNonRoot } from './run-as-non-root.ts';
import { kubeLinterSensitiveHostMounts } from './sensitive-host-mounts.ts';
import { kubeLinterSortedKeys } from './sorted-keys.ts';
import { kubeLinterUnsafeProcMount } from './unsafe-proc-mount.ts';
import { kubeLinterUnsafeSysctls } from './unsafe-sysctls.ts';
import { kubeLinterUnsetCpuRequirements } from './unset-cpu-requirements.ts';
import { kubeLinterUnsetMemoryRequirements } from './unset-memory-requirements.ts';
import { kubeLinterUseNamespace } from './use-namespace.ts';
import { kubeLinterWildcardInRules } from './wildcard-in-rules.ts';
import { kubeLinterWritableHostMount } from './writable-host-mount.ts';

export const kubeLinterChecks: readonly ManifestCheck[] = [
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
];
