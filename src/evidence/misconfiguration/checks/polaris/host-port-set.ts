// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject } from '../../../../formats/document.ts';
import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { perPolarisContainer } from '../../polaris/view.ts';

export const polarisHostPortSet = defineManifestCheck({
  id: 'polaris-host-port-set',
  title: 'A container takes a port of the node',
  aliases: ['polaris/hostPortSet'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'The port is reachable from outside of the cluster past every Service and NetworkPolicy.',
  remediation: 'Remove hostPort and use a Service',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ container: ['ports: [{ containerPort: 8080 }]'] }),
    bad: deployment({ container: ['ports: [{ containerPort: 8080, hostPort: 80 }]'] }),
  },
  run: perPolarisContainer(({ name, container, at }) => {
    const places = asArray(container['ports']).flatMap((item, index) =>
      asObject(item)?.['hostPort'] === undefined ? [] : [[...at, 'ports', index, 'hostPort']],
    );
    const [first] = places;
    if (first === undefined) return undefined;
    const wanted = places.map((place) => ({ at: place, value: undefined }));
    return { message: `the container ${name} takes a port of the node`, at: first, wanted };
  }),
});
