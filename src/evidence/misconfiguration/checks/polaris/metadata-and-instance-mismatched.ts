// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../../formats/document.ts';
import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { polarisViewOf } from '../../polaris/view.ts';

const label = 'app.kubernetes.io/instance';

export const polarisMetadataAndInstanceMismatched = defineManifestCheck({
  id: 'polaris-metadata-and-instance-mismatched',
  title: 'The label app.kubernetes.io/instance is not the name of the object',
  aliases: ['polaris/metadataAndInstanceMismatched'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Tools that group objects by this label show the wrong ones together.',
  remediation: 'Set the label to the name',
  urls: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/'],
  example: {
    good: deployment({ metadata: 'name: web, namespace: shop, labels: { app.kubernetes.io/instance: web }' }),
    bad: deployment(),
  },
  run: (resource) => {
    const metadata = asObject(resource.object['metadata']);
    if (polarisViewOf(resource) === undefined || metadata === undefined) return [];
    if (asObject(metadata['labels'])?.[label] === resource.name && resource.name !== undefined) return [];
    return [{ message: `the label ${label} is not the name of the object`, at: ['metadata', 'labels', label] }];
  },
});
