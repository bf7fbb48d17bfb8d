// SPDX-License-Identifier: Apache-2.0
// Trivy only: nothing is wrong with a registry unless the user says which ones are right.
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { amazonRegistries, faultsOfImages } from '../registries.ts';

export const registryAmazon = defineManifestCheck({
  id: 'registry-amazon',
  title: 'The image comes from no registry of Amazon',
  aliases: ['KSV-0035'],
  profiles: ['trivy'],
  deprecated: true,
  severity: 'medium',
  why: 'Images from elsewhere were not looked at by the own registry.',
  remediation: 'Copy the image to a registry of Amazon and use it from there',
  urls: ['https://kubernetes.io/docs/concepts/containers/images/'],
  example: {
    good: podWithContainer('image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1'),
    bad: podWithContainer('image: registry.example/web:1'),
  },
  run: (resource) => faultsOfImages(resource, amazonRegistries, 'which is in no registry of Amazon'),
});
