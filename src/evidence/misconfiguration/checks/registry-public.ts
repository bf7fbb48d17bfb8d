// SPDX-License-Identifier: Apache-2.0
// Trivy only: nothing is wrong with a registry unless the user says which ones are right.
import { faultsOfContainers } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { registryOf } from '../registries.ts';

export const registryPublic = defineManifestCheck({
  id: 'registry-public',
  title: 'The image comes from a public registry',
  aliases: ['KSV-0034'],
  profiles: ['trivy'],
  deprecated: true,
  severity: 'medium',
  why: 'Anybody can publish in a public registry, and what is there can be gone tomorrow.',
  remediation: 'Copy the image to a registry of your own and use it from there',
  urls: ['https://kubernetes.io/docs/concepts/containers/images/'],
  example: { good: podWithContainer('image: registry.example/web:1'), bad: podWithContainer('image: web:1') },
  run: (resource) =>
    faultsOfContainers(resource, ({ imageText, at }) => {
      const registry = registryOf(imageText);
      if (registry !== undefined && registry !== 'docker.io' && registry !== 'ghcr.io') return undefined;
      return { message: `uses ${imageText} of a public registry`, at: [...at, 'image'] };
    }),
});
