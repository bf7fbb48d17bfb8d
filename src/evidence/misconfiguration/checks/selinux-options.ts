// SPDX-License-Identifier: Apache-2.0
import type { DocumentPath } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';

const safeTypes = new Set(['container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']);

export const selinuxOptions = defineManifestCheck({
  id: 'selinux-options',
  title: 'Changes its SELinux label',
  aliases: ['KSV-0025'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'A user, role or type of its own can take a container out of the confinement that SELinux gives it.',
  remediation:
    'Remove user and role from seLinuxOptions and use one of the types container_t, container_init_t, container_kvm_t or container_engine_t',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: {
    good: podWith('securityContext: { seLinuxOptions: { type: container_t } }'),
    bad: podWith('securityContext: { seLinuxOptions: { type: spc_t } }'),
  },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined) return [];
    const places = [
      { at: pod.specAt, context: pod.securityContext },
      ...pod.containers.map(({ at, securityContext }) => ({ at, context: securityContext })),
    ];
    const types = new Map<string, DocumentPath>();
    const members = new Map<string, DocumentPath>();
    for (const { at, context } of places) {
      const options = asObject(context['seLinuxOptions']);
      const here = [...at, 'securityContext', 'seLinuxOptions'];
      const type = asString(options?.['type']) ?? '';
      if (type !== '' && !safeTypes.has(type) && !types.has(type)) types.set(type, [...here, 'type']);
      for (const member of ['user', 'role']) {
        const value = asString(options?.[member]) ?? '';
        if (value !== '' && !members.has(member)) members.set(member, [...here, member]);
      }
    }
    const faults = [...types].map(([type, at]) => ({ message: `the Pod uses the SELinux type ${type}`, at }));
    const [firstMember] = members.values();
    if (firstMember === undefined) return faults;
    const message = `the Pod sets the SELinux ${[...members.keys()].join(' and ')}`;
    return [...faults, { message, at: firstMember }];
  },
});
