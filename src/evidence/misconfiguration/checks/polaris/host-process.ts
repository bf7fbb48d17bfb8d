// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../../formats/document.ts';
import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { perPolarisPod } from '../../polaris/view.ts';

export const polarisHostProcess = defineManifestCheck({
  id: 'polaris-host-process',
  title: 'A Windows container runs on the host',
  aliases: ['polaris/hostProcess'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Such a container is a process of the node with its rights.',
  remediation: 'Set windowsOptions.hostProcess to false',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment(),
    bad: deployment({ pod: ['securityContext: { windowsOptions: { hostProcess: true } }'] }),
  },
  run: perPolarisPod(({ spec, specAt, containers }) => {
    const places = [
      { context: asObject(spec['securityContext']), at: specAt },
      ...containers
        .filter(({ isInit }) => !isInit)
        .map(({ securityContext, at }) => ({ context: securityContext, at })),
    ];
    return places.flatMap(({ context, at }) => {
      const flag = asObject(context?.['windowsOptions'])?.['hostProcess'];
      if (flag === undefined || flag === false) return [];
      return [{ message: 'runs as a process of the Windows host', at: [...at, 'securityContext', 'windowsOptions'] }];
    });
  }),
});
