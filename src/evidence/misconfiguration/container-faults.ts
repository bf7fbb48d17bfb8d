// SPDX-License-Identifier: Apache-2.0
// What most checks of workloads have in common: look at each container of the Pod, say what is wrong with it and where.

import type { DocumentPath } from '../../formats/document.ts';
import { asArray, asObject } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { ManifestFault, WantedValue } from './manifest-check.ts';
import type { ContainerRole, PodTemplate, WorkloadContainer } from './workload.ts';
import { capabilitiesOf, podTemplateOf, securitySetting, textOf } from './workload.ts';

export interface ContainerFault {
  /** What the container does, in words that follow its name: `is privileged`. */
  readonly message: string;
  /** Where in the object; the container when absent. */
  readonly at?: DocumentPath;
  readonly wanted?: readonly WantedValue[];
}

export type ContainerJudge = (container: WorkloadContainer, pod: PodTemplate) => ContainerFault | undefined;

const allRoles: readonly ContainerRole[] = ['container', 'init', 'ephemeral'];

/** One fault at most for each container of the given lists. */
export function faultsOfContainers(
  resource: KubernetesResource,
  judge: ContainerJudge,
  roles: readonly ContainerRole[] = allRoles,
): readonly ManifestFault[] {
  const pod = podTemplateOf(resource);
  if (pod === undefined) return [];
  return pod.containers.flatMap((container): ManifestFault[] => {
    const fault = roles.includes(container.role) ? judge(container, pod) : undefined;
    if (fault === undefined) return [];
    const message = `the container ${container.name} ${fault.message}`;
    const wanted = fault.wanted === undefined ? {} : { wanted: fault.wanted };
    return [{ message, at: fault.at ?? container.at, ...wanted }];
  });
}

/** A member of the Pod's specification that must not be true. */
export function podFlagFaults(resource: KubernetesResource, member: string, message: string): readonly ManifestFault[] {
  const pod = podTemplateOf(resource);
  if (pod === undefined || pod.spec[member] !== true) return [];
  const at = [...pod.specAt, member];
  return [{ message, at, wanted: [{ at, value: false }] }];
}

/** Containers whose securityContext, or that of the Pod where it counts, does not have the one value that is safe. */
export function settingFaults(
  resource: KubernetesResource,
  setting: { readonly member: string; readonly value: boolean },
  message: string,
): readonly ManifestFault[] {
  return faultsOfContainers(resource, (container, pod) => {
    const { value, at } = securitySetting(pod, container, setting.member);
    return value === setting.value ? undefined : { message, at, wanted: [{ at, value: setting.value }] };
  });
}

/** Containers that add one capability. */
export function addedCapabilityFaults(resource: KubernetesResource, capability: string): readonly ManifestFault[] {
  return faultsOfContainers(resource, (container) => {
    const index = capabilitiesOf(container, 'add').indexOf(capability);
    if (index === -1) return undefined;
    const at = [...container.at, 'securityContext', 'capabilities', 'add', index];
    return { message: `adds the capability ${capability}`, at };
  });
}

/** Containers without a request or limit. Ephemeral containers cannot have any. */
export function missingResourceFaults(
  resource: KubernetesResource,
  list: 'requests' | 'limits',
  name: 'cpu' | 'memory',
): readonly ManifestFault[] {
  return faultsOfContainers(
    resource,
    ({ container, at }) => {
      const resources = asObject(container['resources']);
      const value = asObject(resources?.[list])?.[name];
      if (value !== undefined && value !== null && value !== '') return undefined;
      return { message: `has no ${name} ${list.slice(0, -1)}`, at: [...at, 'resources', list, name] };
    },
    ['container', 'init'],
  );
}

/** Containers whose user or group id is unknown or not above a limit. */
export function lowIdFaults(
  resource: KubernetesResource,
  member: 'runAsUser' | 'runAsGroup',
  most: number,
): readonly ManifestFault[] {
  return faultsOfContainers(resource, (container, pod) => {
    const { value, at } = securitySetting(pod, container, member);
    if (typeof value === 'number' && value > most) return undefined;
    const what = member === 'runAsUser' ? 'user' : 'group';
    if (value === undefined) return { message: `does not say which ${what} it runs as`, at };
    return { message: `runs as ${what} ${textOf(value)}, which is not above ${most}`, at };
  });
}

/** Numbers of the ports that containers ask for on the node, with their index. */
export function hostPortsOf(
  container: WorkloadContainer,
): readonly { readonly port: number; readonly index: number }[] {
  return asArray(container.container['ports']).flatMap((item, index) => {
    const port = asObject(item)?.['hostPort'];
    return typeof port === 'number' && port !== 0 ? [{ port, index }] : [];
  });
}
