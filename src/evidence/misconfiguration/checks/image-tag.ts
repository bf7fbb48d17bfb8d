// SPDX-License-Identifier: Apache-2.0
import { faultsOfContainers } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const imageTag = defineManifestCheck({
  id: 'image-tag',
  title: 'The image has no fixed tag',
  aliases: ['KSV-0013'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'latest is another image tomorrow: nobody can tell what ran, and nobody can go back to it.',
  remediation: 'Name a version, better a digest, of the image',
  urls: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  example: {
    good: podWithContainer('image: registry.example/web:1.2.3'),
    bad: podWithContainer('image: registry.example/web:latest'),
  },
  run: (resource) =>
    faultsOfContainers(resource, ({ image, imageText, at }) => {
      if (image === undefined || image.digest !== undefined) return undefined;
      if (image.tag !== undefined && image.tag !== 'latest') return undefined;
      const how = image.tag === undefined ? 'no tag' : 'the tag latest';
      return { message: `uses ${imageText}, which has ${how}`, at: [...at, 'image'] };
    }),
});
