// SPDX-License-Identifier: Apache-2.0
import { asString } from '../../../../formats/document.ts';
import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { perPolarisContainer } from '../../polaris/view.ts';

export const polarisTagNotSpecified = defineManifestCheck({
  id: 'polaris-tag-not-specified',
  title: 'An image has no fixed tag',
  aliases: ['polaris/tagNotSpecified'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'What runs depends on the day it was pulled, so neither a review nor a rollback means anything.',
  remediation: 'Name a version, or better a digest',
  urls: [],
  example: {
    good: deployment(),
    bad: deployment({ image: 'registry.example.com/shop/web:latest' }),
  },
  run: perPolarisContainer(({ name, container, at }) => {
    const image = asString(container['image']) ?? '';
    const colon = image.indexOf(':', 1);
    const isTagged = colon !== -1 && colon < image.length - 1;
    if (isTagged && !/^.+:latest$/.test(image)) return undefined;
    return { message: `the image of the container ${name} has no fixed tag`, at: [...at, 'image'] };
  }),
});
