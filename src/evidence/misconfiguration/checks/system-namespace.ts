// SPDX-License-Identifier: Apache-2.0
import { asObject, asString } from '../../../formats/document.ts';
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

const components: readonly string[] = ['kube-apiserver', 'etcd', 'kube-controller-manager', 'kube-scheduler'];

export const systemNamespace = defineManifestCheck({
  id: 'system-namespace',
  title: 'Lives among the components of the cluster',
  aliases: ['KSV-0037'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'Workloads in kube-system share secrets and rights with the control plane and are easily overlooked.',
  remediation: 'Put the object into a namespace of its own',
  urls: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/'],
  example: {
    good: podWith('restartPolicy: Always'),
    bad: podWith('restartPolicy: Always').replace('namespace: shop', 'namespace: kube-system'),
  },
  run: (resource) => {
    if (resource.namespace !== 'kube-system') return [];
    const labels = asObject(asObject(resource.object['metadata'])?.['labels']);
    const isComponent =
      labels?.['tier'] === 'control-plane' &&
      components.includes(asString(labels['component']) ?? '') &&
      asObject(resource.object['spec'])?.['priorityClassName'] === 'system-node-critical';
    if (isComponent) return [];
    return [{ message: 'it is in the namespace kube-system', at: ['metadata', 'namespace'] }];
  },
});
