// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';

/** Safe in Kubernetes 1.32: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline */
const safe = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

export const unsafeSysctl = defineManifestCheck({
  id: 'unsafe-sysctl',
  title: 'Sets a kernel parameter that is not safe',
  aliases: ['KSV-0026'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'Parameters outside the safe set change the node for all or switch off protections of the kernel.',
  remediation: 'Remove the parameters that are not in the safe set',
  urls: ['https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/'],
  example: {
    good: podWith('securityContext: { sysctls: [{ name: net.ipv4.tcp_syncookies, value: "1" }] }'),
    bad: podWith('securityContext: { sysctls: [{ name: kernel.msgmax, value: "65536" }] }'),
  },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined) return [];
    const names = asArray(pod.securityContext['sysctls']).map((item) => asString(asObject(item)?.['name']) ?? '');
    const unsafe = names.filter((name) => name !== '' && !safe.has(name));
    const [first] = unsafe;
    if (first === undefined) return [];
    const at = [...pod.specAt, 'securityContext', 'sysctls', names.indexOf(first)];
    return [{ message: `the Pod sets the kernel parameters ${unsafe.slice(0, 20).join(', ')}`, at }];
  },
});
