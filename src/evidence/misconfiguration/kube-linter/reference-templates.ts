// SPDX-License-Identifier: Apache-2.0
// Templates of KubeLinter about objects that name others: Services without Pods, Ingresses without Services, policies that select nothing.

import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { LabelSelector } from '../label-selector.ts';
import { printSelector, readLabelSelector, selectorOfLabels, selects } from '../label-selector.ts';
import type { ManifestFault, ManifestSet } from '../manifest-check.ts';
import { printedList, printedMap } from './go-text.ts';
import { isOfKind } from './object-kinds.ts';
import { isInSameNamespace, objectsIn, podViewOf } from './pods.ts';
import { defineTemplate, fault } from './template.ts';
import { workloadsBeside } from './workload-index.ts';

function hasSelectedPods(selector: LabelSelector, owner: KubernetesResource, set: ManifestSet): boolean {
  return workloadsBeside(owner, set).some(({ labels }) => selects(selector, labels));
}

function specOf(resource: KubernetesResource): JsonObject {
  return asObject(resource.object['spec']) ?? {};
}

export const danglingServiceTemplate = defineTemplate({
  name: 'dangling-service',
  kinds: ['Service'],
  parameters: [{ name: 'ignoredLabels', type: 'texts' }],
  instantiate: (parameters) => {
    const ignored = parameters.texts('ignoredLabels');
    return (resource, set) => {
      if (!isOfKind(resource, ['Service'])) return [];
      const spec = specOf(resource);
      if (spec['type'] === 'ExternalName') return [];
      const at = ['spec', 'selector'];
      const labels = asObject(spec['selector']) ?? {};
      if (Object.keys(labels).length === 0) return [fault(at, 'service has no selector specified')];
      const looked = Object.fromEntries(Object.entries(labels).filter(([key]) => !ignored.includes(key)));
      const selector = selectorOfLabels(looked);
      if (hasSelectedPods(selector, resource, set)) return [];
      return [
        fault(
          at,
          `no pods found matching service labels (${printedMap(looked)})`,
          `no Pod of these manifests has the labels ${printSelector(selector)}, so the Service leads nowhere`,
        ),
      ];
    };
  },
});

interface Backend {
  readonly service: string;
  readonly port: string | number;
  readonly at: DocumentPath;
}

/** Services and ports that an Ingress leads to, each once, where it is first named. */
function backendsOf(spec: JsonObject): readonly Backend[] {
  const written = [
    { value: spec['defaultBackend'], at: ['spec', 'defaultBackend'] },
    ...objectsIn(spec['rules'], ['spec', 'rules']).flatMap((rule) =>
      objectsIn(asObject(rule.value['http'])?.['paths'], [...rule.at, 'http', 'paths']).map((path) => ({
        value: path.value['backend'],
        at: [...path.at, 'backend'],
      })),
    ),
  ];
  const found = new Map<string, Backend>();
  for (const { value, at } of written) {
    const service = asObject(asObject(value)?.['service']);
    if (service === undefined) continue;
    const port = asObject(service['port']);
    const name = asString(port?.['name']) ?? '';
    const number = typeof port?.['number'] === 'number' ? port['number'] : 0;
    const backend = { service: asString(service['name']) ?? '', port: name === '' ? number : name, at };
    const key = JSON.stringify([backend.service, backend.port]);
    if (!found.has(key)) found.set(key, backend);
  }
  return [...found.values()];
}

function offers(service: KubernetesResource, { port }: Backend): boolean {
  return objectsIn(specOf(service)['ports'], []).some(
    ({ value }) => value['port'] === port || (port !== '' && value['name'] === port),
  );
}

export const danglingIngressTemplate = defineTemplate({
  name: 'dangling-ingress',
  kinds: ['Ingress'],
  parameters: [],
  instantiate: () => (resource, set) => {
    if (!isOfKind(resource, ['Ingress'])) return [];
    return backendsOf(specOf(resource)).flatMap((backend): ManifestFault[] => {
      const isThere = set
        .ofKind('Service')
        .some(
          (service) =>
            isInSameNamespace(service, resource) && service.name === backend.service && offers(service, backend),
        );
      if (isThere) return [];
      return [
        fault(
          backend.at,
          `no service found matching ingress label (${backend.service}), port ${backend.port}`,
          `no Service of these manifests is named ${backend.service} and has the port ${backend.port}`,
        ),
      ];
    });
  },
});

export const danglingAutoscalerTemplate = defineTemplate({
  name: 'dangling-horizontalpodautoscaler',
  kinds: ['HorizontalPodAutoscaler'],
  parameters: [],
  instantiate: () => (resource, set) => {
    if (!isOfKind(resource, ['HorizontalPodAutoscaler'])) return [];
    const target = asObject(specOf(resource)['scaleTargetRef']);
    const kind = asString(target?.['kind']) ?? '';
    const name = asString(target?.['name']) ?? '';
    const apiVersion = asString(target?.['apiVersion']) ?? '';
    const isThere = set.ofKind(kind).some((other) => other.apiVersion === apiVersion && other.name === name);
    if (isThere) return [];
    return [
      fault(
        ['spec', 'scaleTargetRef'],
        `no resources found matching HorizontalPodAutoscaler scaleTargetRef ({${kind} ${name} ${apiVersion}})`,
        `scales ${kind} ${name} (${apiVersion}), which is not among these manifests`,
      ),
    ];
  },
});

/** A selector as Go prints the struct: `{map[a:b] []}`. */
function printedStruct(selector: JsonObject | undefined): string {
  const expressions = asArray(selector?.['matchExpressions']).map((item) => {
    const { key, operator, values } = asObject(item) ?? {};
    return `{${String(key)} ${String(operator)} ${printedList(asArray(values))}}`;
  });
  return `{${printedMap(asObject(selector?.['matchLabels']) ?? {})} [${expressions.join(' ')}]}`;
}

export const danglingNetworkPolicyTemplate = defineTemplate({
  name: 'dangling-networkpolicy',
  kinds: ['NetworkPolicy'],
  parameters: [],
  instantiate: () => (resource, set) => {
    if (!isOfKind(resource, ['NetworkPolicy'])) return [];
    const at = ['spec', 'podSelector'];
    const written = asObject(specOf(resource)['podSelector']);
    const selector = readLabelSelector(written);
    if (selector.kind === 'invalid') return [fault(at, `networkpolicy has invalid podSelector: ${selector.reason}`)];
    if (hasSelectedPods(selector, resource, set)) return [];
    return [
      fault(
        at,
        `no pods found matching networkpolicy's podSelector labels (${printedStruct(written)}) `,
        `selects no Pod of these manifests (${printSelector(selector)})`,
      ),
    ];
  },
});

export const danglingPeerTemplate = defineTemplate({
  name: 'dangling-networkpolicypeer-podselector',
  kinds: ['NetworkPolicy'],
  parameters: [],
  instantiate: () => (resource, set) => {
    if (!isOfKind(resource, ['NetworkPolicy'])) return [];
    const spec = specOf(resource);
    const directions = [
      ['ingress', 'from'],
      ['egress', 'to'],
    ] as const;
    return directions.flatMap(([direction, side]) =>
      objectsIn(spec[direction], ['spec', direction]).flatMap((rule) =>
        objectsIn(rule.value[side], [...rule.at, side]).flatMap((peer): ManifestFault[] => {
          const written = asObject(peer.value['podSelector']);
          if (written === undefined || asObject(peer.value['namespaceSelector']) !== undefined) return [];
          const selector = readLabelSelector(written);
          const at = [...peer.at, 'podSelector'];
          if (selector.kind === 'invalid')
            return [fault(at, `networkpolicy ${direction} rule has invalid podSelector: ${selector.reason}`)];
          if (hasSelectedPods(selector, resource, set)) return [];
          const labels = printSelector(selector);
          return [
            fault(
              at,
              `no pods found matching networkpolicy rule's podSelector labels (${labels})`,
              `the rule is about Pods that are not among these manifests (${labels})`,
            ),
          ];
        }),
      ),
    );
  },
});

export const danglingServiceMonitorTemplate = defineTemplate({
  name: 'dangling-servicemonitor',
  kinds: ['ServiceMonitor'],
  parameters: [],
  instantiate: () => (resource, set) => {
    if (!isOfKind(resource, ['ServiceMonitor'])) return [];
    const spec = specOf(resource);
    const namespaces = asObject(spec['namespaceSelector']);
    const names = asArray(namespaces?.['matchNames']).map(String);
    const isAny = namespaces?.['any'] === true;
    const labels = asObject(asObject(spec['selector'])?.['matchLabels']) ?? {};
    const hasLabels = Object.keys(labels).length > 0;
    const hasNamespaces = isAny || names.length > 0;
    if (!hasLabels && !hasNamespaces) return [fault(['spec', 'selector'], 'service monitor has no selector specified')];
    const selector = selectorOfLabels(labels);
    const isThere = set.ofKind('Service').some((service) => {
      if (hasNamespaces && !isAny && !names.includes(service.namespace ?? '')) return false;
      const own = asObject(asObject(service.object['metadata'])?.['labels']) ?? {};
      return !hasLabels || selects(selector, own);
    });
    if (isThere) return [];
    return [
      fault(
        ['spec', 'selector'],
        `no services found matching the service monitor's label selector (${printSelector(selector)}) and namespace selector (${printedList(names)})`,
        'selects no Service of these manifests, so nothing is measured',
      ),
    ];
  },
});

export const nonIsolatedPodTemplate = defineTemplate({
  name: 'non-isolated-pod',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () => (resource, set) => {
    const pod = podViewOf(resource);
    if (pod === undefined) return [];
    for (const policy of set.ofKind('NetworkPolicy')) {
      if (!isOfKind(policy, ['NetworkPolicy']) || !isInSameNamespace(policy, resource)) continue;
      const selector = readLabelSelector(asObject(specOf(policy)['podSelector']));
      if (selector.kind === 'invalid')
        return [fault(pod.specAt, `networkpolicy has invalid podSelector: ${selector.reason}`)];
      if (selects(selector, pod.labels)) return [];
    }
    return [
      fault(
        pod.specAt,
        'pods created by this object are non-isolated',
        'no NetworkPolicy of these manifests selects the Pods, so anything may talk to them',
      ),
    ];
  },
});
