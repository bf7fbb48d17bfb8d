// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject } from '../../../formats/document.ts';
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

export const serviceAccountToken = defineManifestCheck({
  id: 'service-account-token',
  title: 'Gets a token of its service account',
  aliases: ['CIS-5.1.6', 'KSV-0036'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'Whoever gets into the container can use the token against the API server.',
  remediation: 'Set automountServiceAccountToken to false unless the program talks to the API server',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/'],
  example: { good: podWith('automountServiceAccountToken: false'), bad: podWith('automountServiceAccountToken: true') },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined) return [];
    const at = [...pod.specAt, 'automountServiceAccountToken'];
    const setting = pod.spec['automountServiceAccountToken'];
    if (setting === false) return [];
    const isMounted = pod.containers.some(({ container }) =>
      asArray(container['volumeMounts']).some((mount) => asObject(mount)?.['mountPath'] === tokenPath),
    );
    if (setting !== true && !isMounted) return [];
    return [{ message: 'the Pod gets a token of its service account', at, wanted: [{ at, value: false }] }];
  },
});
