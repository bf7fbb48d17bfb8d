// SPDX-License-Identifier: Apache-2.0
// Trivy only: nothing is wrong with a registry unless the user says which ones are right.
import { asArray } from '../../../formats/document.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { amazonRegistries, azureRegistries, faultsOfImages, googleRegistries } from '../registries.ts';

export const untrustedRegistry = defineManifestCheck({
  id: 'untrusted-registry',
  title: 'The image comes from a registry that is not trusted',
  aliases: ['KSV-0125'],
  profiles: ['trivy'],
  severity: 'medium',
  why: 'Images from elsewhere were not looked at by the own registry.',
  remediation: 'Copy the image to a trusted registry, or name the registry in the parameter `registries`',
  urls: ['https://kubernetes.io/docs/concepts/containers/images/'],
  example: {
    good: podWithContainer('image: gcr.io/team/web:1'),
    bad: podWithContainer('image: registry.example/web:1'),
  },
  run: (resource, set) => {
    const named = asArray(set.parametersOf('untrusted-registry')['registries']).filter(
      (item) => typeof item === 'string',
    );
    const trusted = named.length > 0 ? named : [...azureRegistries, ...googleRegistries, ...amazonRegistries];
    return faultsOfImages(resource, trusted, 'whose registry is not trusted');
  },
});
