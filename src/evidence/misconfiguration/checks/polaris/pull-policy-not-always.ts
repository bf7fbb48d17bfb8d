// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { perPolarisContainer } from '../../polaris/view.ts';

export const polarisPullPolicyNotAlways = defineManifestCheck({
  id: 'polaris-pull-policy-not-always',
  title: 'An image is not pulled every time',
  aliases: ['polaris/pullPolicyNotAlways'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'An image of the same tag that is already on the node is used, whoever put it there and whether the Pod may have it or not.',
  remediation: 'Set imagePullPolicy to Always',
  urls: ['https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy'],
  example: {
    good: deployment({ container: ['imagePullPolicy: Always'] }),
    bad: deployment(),
  },
  run: perPolarisContainer(({ name, container, at }) => {
    if (container['imagePullPolicy'] === 'Always') return undefined;
    const place = [...at, 'imagePullPolicy'];
    return {
      message: `the container ${name} does not pull its image every time`,
      at: place,
      wanted: [{ at: place, value: 'Always' }],
    };
  }),
});
