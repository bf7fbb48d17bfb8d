// SPDX-License-Identifier: Apache-2.0
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';

export const defaultNamespace = defineManifestCheck({
  id: 'default-namespace',
  title: 'Runs in the namespace default',
  aliases: ['CIS-5.7.4', 'KSV-0110'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'Policies, quotas and roles are made for namespaces; in default everything is mixed.',
  remediation: 'Set metadata.namespace to a namespace of its own',
  urls: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/'],
  example: {
    good: podWithContainer('image: web'),
    bad: podWithContainer('image: web').replace(', namespace: shop', ''),
  },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined || (resource.namespace ?? 'default') !== 'default') return [];
    const how = resource.namespace === undefined ? 'names no namespace and so runs in' : 'runs in the namespace';
    return [{ message: `the workload ${how} default`, at: ['metadata', 'namespace'] }];
  },
});
