// SPDX-License-Identifier: Apache-2.0
// Trivy only: nothing is wrong with a registry unless the user says which ones are right.
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { azureRegistries, faultsOfImages } from '../registries.ts';

export const registryAzure = defineManifestCheck({
  id: 'registry-azure',
  title: 'The image comes from no registry of Azure',
  aliases: ['KSV-0032'],
  profiles: ['trivy'],
  deprecated: true,
  severity: 'medium',
  why: 'Images from elsewhere were not looked at by the own registry.',
  remediation: 'Copy the image to a registry of Azure and use it from there',
  urls: ['https://kubernetes.io/docs/concepts/containers/images/'],
  example: {
    good: podWithContainer('image: team.azurecr.io/web:1'),
    bad: podWithContainer('image: registry.example/web:1'),
  },
  run: (resource) => faultsOfImages(resource, azureRegistries, 'which is in no registry of Azure'),
});
