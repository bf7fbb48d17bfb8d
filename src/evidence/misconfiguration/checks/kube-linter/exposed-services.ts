// SPDX-License-Identifier: Apache-2.0
import { service } from '../../example-manifests.ts';
import { forbiddenServiceTypesTemplate } from '../../kube-linter/object-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterExposedServices = defineManifestCheck({
  id: 'kube-linter-exposed-services',
  title: 'A Service is reachable from outside the cluster',
  aliases: ['kube-linter/exposed-services'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'Every port that is open to the outside can be attacked from there.',
  remediation: 'Use ClusterIP and an Ingress or Gateway in front',
  urls: [],
  example: {
    good: service({ spec: ['type: ClusterIP'] }),
    bad: service({ spec: ['type: NodePort'] }),
  },
  kinds: ['Service'],
  run: builtIn(forbiddenServiceTypesTemplate, 'kube-linter-exposed-services', {
    forbiddenServiceTypes: ['NodePort', 'LoadBalancer'],
  }),
});
