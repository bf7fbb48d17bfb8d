// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject, asString } from '../../../../formats/document.ts';
import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { perPolarisPod } from '../../polaris/view.ts';

export const polarisHostPathSet = defineManifestCheck({
  id: 'polaris-host-path-set',
  title: 'A volume is a directory of the node',
  aliases: ['polaris/hostPathSet'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Files of the host let a container read credentials of the node or change what it runs.',
  remediation: 'Use another kind of volume',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ pod: ['volumes: [{ name: tmp, emptyDir: {} }]'] }),
    bad: deployment({ pod: ['volumes: [{ name: etc, hostPath: { path: /etc } }]'] }),
  },
  run: perPolarisPod(({ spec, specAt }) =>
    asArray(spec['volumes']).flatMap((item, index) => {
      const volume = asObject(item);
      if (volume?.['hostPath'] === undefined) return [];
      const name = asString(volume['name']) ?? String(index);
      return [
        { message: `the volume ${name} is a directory of the node`, at: [...specAt, 'volumes', index, 'hostPath'] },
      ];
    }),
  ),
});
