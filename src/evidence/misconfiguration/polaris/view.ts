// SPDX-License-Identifier: Apache-2.0
// Objects as Polaris sees them: where it finds the specification of a Pod in any object, in the form that typed reading gives it (empty members gone,
// quantities canonical), and which objects it holds a check against. Not here: the checks (checks/) and checks of users (custom-check.ts).

import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { formatKubernetesQuantity, parseKubernetesQuantity } from '../../../formats/kubernetes-quantity.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { ManifestFault, ManifestSet } from '../manifest-check.ts';

export interface PolarisView {
  readonly resource: KubernetesResource;
  /** As written. */
  readonly writtenSpec: JsonObject;
  /** As typed reading gives it. */
  readonly spec: JsonObject;
  readonly specAt: DocumentPath;
  /** The object with the `metadata` and `spec` of the Pod, as written. */
  readonly template: JsonObject | undefined;
  readonly templateAt: DocumentPath;
  /** Init containers first, as Polaris goes through them. */
  readonly containers: readonly PolarisContainer[];
}

export interface PolarisContainer {
  readonly name: string;
  readonly container: JsonObject;
  readonly securityContext: JsonObject;
  readonly at: DocumentPath;
  readonly isInit: boolean;
}

const nothing: JsonObject = {};

const wayToSpec = ['jobTemplate', 'spec', 'template'];

const views = new WeakMap<KubernetesResource, { readonly view: PolarisView | undefined }>();

/** Undefined for objects without containers at the place where those of a Pod stand. */
export function polarisViewOf(resource: KubernetesResource): PolarisView | undefined {
  const known = views.get(resource) ?? { view: readView(resource) };
  views.set(resource, known);
  return known.view;
}

function readView(resource: KubernetesResource): PolarisView | undefined {
  const found = specIn(resource.object, []);
  if (found === undefined) return undefined;
  const template = templateIn(resource.object, []);
  const spec = typedPodSpec(found.value);
  return {
    resource,
    writtenSpec: found.value,
    spec,
    specAt: found.at,
    template: template?.value,
    templateAt: template?.at ?? [],
    containers: [...containersIn(spec, 'initContainers', found.at), ...containersIn(spec, 'containers', found.at)],
  };
}

interface Place {
  readonly value: JsonObject;
  readonly at: DocumentPath;
}

/** The way down takes the first of the members that is there, like Polaris' GetPodSpec. */
function specIn(value: JsonObject, at: DocumentPath): Place | undefined {
  const key = wayToSpec.find((member) => Object.hasOwn(value, member));
  const inside = key === undefined ? undefined : asObject(value[key]);
  if (key !== undefined && inside !== undefined && at.length < 12) return specIn(inside, [...at, key]);
  return Object.hasOwn(value, 'containers') ? { value, at } : undefined;
}

function templateIn(value: JsonObject, at: DocumentPath): Place | undefined {
  if (Object.hasOwn(asObject(value['spec']) ?? nothing, 'containers')) return { value, at };
  const key = wayToSpec.find((member) => Object.hasOwn(value, member));
  const inside = key === undefined ? undefined : asObject(value[key]);
  return key === undefined || inside === undefined || at.length > 12 ? undefined : templateIn(inside, [...at, key]);
}

function containersIn(spec: JsonObject, list: string, specAt: DocumentPath): PolarisContainer[] {
  return asArray(spec[list]).flatMap((item, index): PolarisContainer[] => {
    const container = asObject(item);
    if (container === undefined) return [];
    return [
      {
        name: asString(container['name']) ?? `${list}[${index}]`,
        container,
        securityContext: asObject(container['securityContext']) ?? nothing,
        at: [...specAt, list, index],
        isInit: list === 'initContainers',
      },
    ];
  });
}

/** Members of the securityContext of a container that the one of a Pod does not have. */
const containerOnly = new Set([
  'allowPrivilegeEscalation',
  'capabilities',
  'privileged',
  'procMount',
  'readOnlyRootFilesystem',
]);

const containerLists = new Set(['containers', 'initContainers', 'ephemeralContainers']);

function typedPodSpec(written: JsonObject): JsonObject {
  const pruned = asObject(pruneEmpty(written, 0)) ?? nothing;
  const members = Object.entries(pruned).map(([key, value]): [string, unknown] => {
    if (containerLists.has(key)) return [key, asArray(value).map(typedContainer)];
    if (key !== 'securityContext') return [key, value];
    return [
      key,
      Object.fromEntries(Object.entries(asObject(value) ?? nothing).filter(([name]) => !containerOnly.has(name))),
    ];
  });
  return { containers: [], ...Object.fromEntries(members) };
}

function typedContainer(written: unknown): unknown {
  const container = asObject(written);
  if (container === undefined) return written;
  const resources = Object.entries(asObject(container['resources']) ?? nothing).map(
    ([key, value]): [string, unknown] => {
      const amounts = asObject(value);
      if (amounts === undefined) return [key, value];
      return [key, Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, typedQuantity(amount)]))];
    },
  );
  return { ...container, resources: Object.fromEntries(resources) };
}

function typedQuantity(written: unknown): unknown {
  if (typeof written !== 'string' && typeof written !== 'number') return written;
  const quantity = parseKubernetesQuantity(String(written));
  return quantity === undefined ? written : formatKubernetesQuantity(quantity);
}

/** Members that Go leaves out when they are false or zero, because their fields are no pointers. */
const plainFlags = new Set(['hostNetwork', 'hostPID', 'hostIPC', 'stdin', 'tty', 'stdinOnce', 'readOnly', 'hostPort']);

function pruneEmpty(value: unknown, depth: number): unknown {
  if (depth > 100) return value;
  if (Array.isArray(value)) return value.map((item) => pruneEmpty(item, depth + 1));
  const object = asObject(value);
  if (object === undefined) return value;
  const members = Object.entries(object).filter(([key, member]) => {
    if (member === null || member === '') return false;
    if (Array.isArray(member)) return member.length > 0;
    return !(plainFlags.has(key) && (member === false || member === 0));
  });
  return Object.fromEntries(members.map(([key, member]) => [key, pruneEmpty(member, depth + 1)]));
}

export interface PolarisScope {
  /** Only these kinds. */
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly initContainers?: 'without';
}

type Run = (resource: KubernetesResource, set: ManifestSet) => readonly ManifestFault[];

export function isInScope(kind: string, { only, except }: PolarisScope): boolean {
  return (only === undefined || only.includes(kind)) && except?.includes(kind) !== true;
}

/** Judges the specification of each Pod. */
export function perPolarisPod(
  judge: (view: PolarisView, set: ManifestSet) => readonly ManifestFault[],
  scope: PolarisScope = {},
): Run {
  return (resource, set) => {
    const view = isInScope(resource.kind, scope) ? polarisViewOf(resource) : undefined;
    return view === undefined ? [] : judge(view, set);
  };
}

/** At most one fault for each container. */
export function perPolarisContainer(
  judge: (container: PolarisContainer, view: PolarisView) => ManifestFault | undefined,
  scope: PolarisScope = {},
): Run {
  return perPolarisPod(
    (view) =>
      view.containers.flatMap((container) => {
        const fault = container.isInit && scope.initContainers === 'without' ? undefined : judge(container, view);
        return fault === undefined ? [] : [fault];
      }),
    scope,
  );
}

/** Objects of a kind that a check of `resource` may look at: of its namespace, or of no namespace at all. */
export function relatedOf(kind: string, resource: KubernetesResource, set: ManifestSet): readonly KubernetesResource[] {
  if (kind === 'ClusterRole') return set.ofKind(kind);
  const namespace = resource.kind === 'Namespace' ? resource.name : resource.namespace;
  return set.ofKind(kind).filter((other) => (other.namespace ?? '') === (namespace ?? ''));
}
