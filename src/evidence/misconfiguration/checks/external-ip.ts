// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject } from '../../../formats/document.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { textOf } from '../workload.ts';

function serviceWith(member: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec:\n  ${member}\n`;
}

export const externalIp = defineManifestCheck({
  id: 'external-ip',
  title: 'The Service takes external addresses',
  aliases: ['KSV-0108'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'Who sets externalIPs can take traffic that was meant for somebody else (CVE-2020-8554).',
  remediation: 'Remove spec.externalIPs and use a load balancer',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/service/#external-ips'],
  example: { good: serviceWith('ports: [{ port: 80 }]'), bad: serviceWith('externalIPs: [192.0.2.1]') },
  kinds: ['Service'],
  run: ({ object }) => {
    const addresses = asArray(asObject(object['spec'])?.['externalIPs']);
    if (addresses.length === 0) return [];
    const at = ['spec', 'externalIPs'];
    const message = `the Service takes the addresses ${addresses.slice(0, 20).map(textOf).join(', ')}`;
    return [{ message, at, wanted: [{ at, value: undefined }] }];
  },
});
