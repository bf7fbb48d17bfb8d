// SPDX-License-Identifier: Apache-2.0
// Whether a NetworkPolicy with rules for both directions is for the Pods of a template.

import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { ManifestSet } from '../manifest-check.ts';
import { relatedOf } from './view.ts';

export function hasPolicyFor(template: JsonObject, resource: KubernetesResource, set: ManifestSet): boolean {
  const labels = Object.entries(asObject(asObject(template['metadata'])?.['labels']) ?? {});
  return relatedOf('NetworkPolicy', resource, set).some(({ object }) => {
    const spec = asObject(object['spec']);
    // A policy without a specification breaks none of the rules, so Polaris takes it.
    if (spec === undefined) return true;
    const selected = asObject(asObject(spec['podSelector'])?.['matchLabels']);
    if (selected === undefined) return false;
    // Exactly one of the labels of the Pods: so Polaris has it.
    const shared = labels.filter(([key, value]) => selected[key] === value).length;
    return shared === 1 && asArray(spec['egress']).length > 0 && asArray(spec['ingress']).length > 0 && isForBoth(spec);
  });
}

function isForBoth(spec: JsonObject): boolean {
  if (spec['policyTypes'] === undefined) return true;
  const types = asArray(spec['policyTypes']).map((type) => String(type).toLowerCase());
  return types.includes('egress') && types.includes('ingress');
}
