// SPDX-License-Identifier: Apache-2.0
import { faultsOfContainers, hostPortsOf } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const hostPort = defineManifestCheck({
  id: 'host-port',
  title: 'Takes a port of the node',
  aliases: ['CIS-5.2.13', 'KSV-0024'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'The port is open on every address of the node, past network policies, and two such Pods cannot share a node.',
  remediation: 'Remove hostPort and use a Service',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: {
    good: podWithContainer('ports: [{ containerPort: 8080 }]'),
    bad: podWithContainer('ports: [{ containerPort: 8080, hostPort: 8080 }]'),
  },
  run: (resource) =>
    faultsOfContainers(resource, (container) => {
      const ports = hostPortsOf(container);
      const [first] = ports;
      if (first === undefined) return undefined;
      const numbers = ports.slice(0, 20).map(({ port }) => port);
      return {
        message: `takes the port ${numbers.join(', ')} of the node`,
        at: [...container.at, 'ports', first.index, 'hostPort'],
      };
    }),
});
