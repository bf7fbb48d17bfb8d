// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject } from '../../../formats/document.ts';
import { faultsOfContainers } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const privilegedPort = defineManifestCheck({
  id: 'privileged-port',
  title: 'Listens on a port below 1024',
  aliases: ['KSV-0117'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'Ports below 1024 are for services of the system, and a program needs a right of root to open them.',
  remediation: 'Let the program listen on a port above 1023; the Service can show another one',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/service/'],
  example: {
    good: podWithContainer('ports: [{ containerPort: 8080 }]'),
    bad: podWithContainer('ports: [{ containerPort: 80 }]'),
  },
  run: (resource) =>
    faultsOfContainers(resource, ({ container, at }) => {
      const ports = asArray(container['ports']);
      const index = ports.findIndex((item) => {
        const port = asObject(item)?.['containerPort'];
        return typeof port === 'number' && port > 0 && port < 1024;
      });
      if (index === -1) return undefined;
      const port = String(asObject(ports[index])?.['containerPort']);
      return { message: `listens on the port ${port}`, at: [...at, 'ports', index, 'containerPort'] };
    }),
});
