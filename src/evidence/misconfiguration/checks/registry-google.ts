// SPDX-License-Identifier: Apache-2.0
// Trivy only: nothing is wrong with a registry unless the user says which ones are right.
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { faultsOfImages, googleRegistries } from '../registries.ts';

export const registryGoogle = defineManifestCheck({
  id: 'registry-google',
  title: 'The image comes from no registry of Google',
  aliases: ['KSV-0033'],
  profiles: ['trivy'],
  deprecated: true,
  severity: 'medium',
  why: 'Images from elsewhere were not looked at by the own registry.',
  remediation: 'Copy the image to a registry of Google and use it from there',
  urls: ['https://kubernetes.io/docs/concepts/containers/images/'],
  example: {
    good: podWithContainer('image: gcr.io/team/web:1'),
    bad: podWithContainer('image: registry.example/web:1'),
  },
  run: (resource) => faultsOfImages(resource, googleRegistries, 'which is in no registry of Google'),
});
