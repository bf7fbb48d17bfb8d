// SPDX-License-Identifier: Apache-2.0
import { asString } from '../../../../formats/document.ts';
import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { perPolarisPod, relatedOf } from '../../polaris/view.ts';

export const polarisAutomountServiceAccountToken = defineManifestCheck({
  id: 'polaris-automount-service-account-token',
  title: 'The token of the service account is mounted',
  aliases: ['CIS-5.1.6', 'polaris/automountServiceAccountToken'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Whoever breaks in can talk to the API server with the rights of the account.',
  remediation: 'Set automountServiceAccountToken to false in the Pod, or in its ServiceAccount',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/'],
  example: {
    good: deployment({ pod: ['automountServiceAccountToken: false'] }),
    bad: deployment(),
  },
  run: perPolarisPod(({ spec, specAt, resource }, set) => {
    const own = spec['automountServiceAccountToken'];
    if (own === false) return [];
    const account = asString(spec['serviceAccountName']);
    const isOff =
      own !== true &&
      account !== undefined &&
      relatedOf('ServiceAccount', resource, set).some(
        (other) => other.name === account && other.object['automountServiceAccountToken'] === false,
      );
    if (isOff) return [];
    return [
      { message: 'the token of the service account is mounted', at: [...specAt, 'automountServiceAccountToken'] },
    ];
  }),
});
