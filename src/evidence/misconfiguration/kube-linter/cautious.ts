// SPDX-License-Identifier: Apache-2.0
// KubeLinter reports every reference that leads nowhere. Our own profile is silent where the other end may simply stand elsewhere: when nothing of its
// kind is among the manifests of the namespace, or when nothing in particular is referred to.

import { asObject } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { ManifestSet } from '../manifest-check.ts';
import type { TemplateRun } from './template.ts';
import { workloadsBeside } from './workload-index.ts';

/** Only for objects that select something by labels, in namespaces with Pods among the manifests. */
export function whereSelected(run: TemplateRun, member: 'selector' | 'podSelector'): TemplateRun {
  return whereWorkloads((resource, set) => {
    const selector = asObject(asObject(resource.object['spec'])?.[member]) ?? {};
    return Object.keys(selector).length === 0 ? [] : run(resource, set);
  });
}

/** Only in namespaces with Pods among the manifests. */
export function whereWorkloads(run: TemplateRun): TemplateRun {
  return (resource, set) => (workloadsBeside(resource, set).length === 0 ? [] : run(resource, set));
}

/** Only where Services are among the manifests: of the same namespace, or of any. */
export function whereServices(run: TemplateRun, reach: 'namespace' | 'everywhere'): TemplateRun {
  return (resource, set) => (hasServices(resource, set, reach) ? run(resource, set) : []);
}

function hasServices({ namespace }: KubernetesResource, set: ManifestSet, reach: 'namespace' | 'everywhere'): boolean {
  const services = set.ofKind('Service');
  if (reach === 'everywhere') return services.length > 0;
  return services.some((service) => (service.namespace ?? '') === (namespace ?? ''));
}
