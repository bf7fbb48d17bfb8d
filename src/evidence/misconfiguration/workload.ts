// SPDX-License-Identifier: Apache-2.0
// Pods in workloads: where the template of a controller stands, its containers of all three lists, what each really runs with once the settings
// of the Pod are inherited, and which image it names. Not here: what is wrong with any of it (checks/).

import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { ImageReference } from '../package-facts/image-reference.ts';
import { parseImageReference } from '../package-facts/image-reference.ts';

export type ContainerRole = 'container' | 'init' | 'ephemeral';

export interface PodTemplate {
  readonly resource: KubernetesResource;
  /** The object that has the Pod's `metadata` and `spec`: nothing for a Pod, `spec.template` for a Deployment. */
  readonly at: DocumentPath;
  readonly specAt: DocumentPath;
  readonly metadata: JsonObject;
  readonly annotations: JsonObject;
  readonly labels: JsonObject;
  readonly spec: JsonObject;
  /** Of the Pod; empty when there is none. */
  readonly securityContext: JsonObject;
  /** Of all three lists: containers, init containers, ephemeral containers. */
  readonly containers: readonly WorkloadContainer[];
  readonly isWindows: boolean;
}

export interface WorkloadContainer {
  readonly role: ContainerRole;
  /** Its name, or `containers[0]` when it has none. */
  readonly name: string;
  readonly at: DocumentPath;
  readonly container: JsonObject;
  /** Its own; empty when there is none. */
  readonly securityContext: JsonObject;
  /** The image as written; empty when absent. */
  readonly imageText: string;
  /** Undefined when there is none or it still holds variables. */
  readonly image: ImageReference | undefined;
  /** An init container that goes on running (`restartPolicy: Always`). */
  readonly isSidecar: boolean;
}

const nothing: JsonObject = {};

const lists: readonly { readonly list: string; readonly role: ContainerRole }[] = [
  { list: 'containers', role: 'container' },
  { list: 'initContainers', role: 'init' },
  { list: 'ephemeralContainers', role: 'ephemeral' },
];

const ownPlaces: Readonly<Record<string, DocumentPath>> = {
  Pod: [],
  PodTemplate: ['template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/**
 * The Pod that an object is or makes; undefined for objects without one. Any kind counts whose `spec.template.spec` or `spec` has containers, so
 * that DeploymentConfig, Rollout, services and revisions of Knative and the like are seen.
 */
export function podTemplateOf(resource: KubernetesResource): PodTemplate | undefined {
  const known = knownPods.get(resource);
  if (known !== undefined) return known === 'none' ? undefined : known;
  const pod = readPodTemplate(resource);
  knownPods.set(resource, pod ?? 'none');
  return pod;
}

/** Nearly every check asks for the Pod of every object. */
const knownPods = new WeakMap<KubernetesResource, PodTemplate | 'none'>();

function placeOfPod({ kind, object }: KubernetesResource): DocumentPath | undefined {
  if (Object.hasOwn(ownPlaces, kind)) return ownPlaces[kind];
  for (const at of [['spec', 'template'], []]) {
    if (Array.isArray(valueAt(object, [...at, 'spec', 'containers']))) return at;
  }
  return undefined;
}

function readPodTemplate(resource: KubernetesResource): PodTemplate | undefined {
  const at = placeOfPod(resource);
  const pod = at === undefined ? undefined : objectAt(resource.object, at);
  const spec = asObject(pod?.['spec']);
  if (at === undefined || pod === undefined || spec === undefined) return undefined;
  const metadata = asObject(pod['metadata']) ?? nothing;
  const specAt = [...at, 'spec'];
  return {
    resource,
    at,
    specAt,
    metadata,
    annotations: asObject(metadata['annotations']) ?? nothing,
    labels: asObject(metadata['labels']) ?? nothing,
    spec,
    securityContext: asObject(spec['securityContext']) ?? nothing,
    containers: lists.flatMap(({ list, role }) => containersOf(spec, { list, role, specAt })),
    isWindows: asString(asObject(spec['os'])?.['name']) === 'windows',
  };
}

/** The object that stands at a path; undefined when something else or nothing does. */
export function objectAt(object: JsonObject, path: DocumentPath): JsonObject | undefined {
  return asObject(valueAt(object, path));
}

/** What stands at a path; undefined when nothing does. */
export function valueAt(object: unknown, path: DocumentPath): unknown {
  let found: unknown = object;
  for (const key of path) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

interface ContainerList {
  readonly list: string;
  readonly role: ContainerRole;
  readonly specAt: DocumentPath;
}

function containersOf(spec: JsonObject, { list, role, specAt }: ContainerList): WorkloadContainer[] {
  return asArray(spec[list]).flatMap((item, index): WorkloadContainer[] => {
    const container = asObject(item);
    if (container === undefined) return [];
    const imageText = asString(container['image']) ?? '';
    return [
      {
        role,
        name: asString(container['name']) ?? `${list}[${index}]`,
        at: [...specAt, list, index],
        container,
        securityContext: asObject(container['securityContext']) ?? nothing,
        imageText,
        image: imageText === '' ? undefined : parseImageReference(imageText),
        isSidecar: role === 'init' && container['restartPolicy'] === 'Always',
      },
    ];
  });
}

/** Members of a security context that containers take over from the Pod when they do not set them (PodSecurityContext in core/v1). */
const inherited = new Set([
  'runAsUser',
  'runAsGroup',
  'runAsNonRoot',
  'seLinuxOptions',
  'seccompProfile',
  'appArmorProfile',
  'windowsOptions',
]);

export interface Setting {
  /** Undefined when neither the container nor the Pod sets it. */
  readonly value: unknown;
  /** Where it is set, or where the container would set it. */
  readonly at: DocumentPath;
  readonly from: 'container' | 'pod' | 'nowhere';
}

/** A member of the security context as it takes effect for a container. `null` counts as not set. */
export function securitySetting(pod: PodTemplate, container: WorkloadContainer, member: string): Setting {
  const own = container.securityContext[member];
  const at = [...container.at, 'securityContext', member];
  if (own !== undefined && own !== null) return { value: own, at, from: 'container' };
  const shared = inherited.has(member) ? pod.securityContext[member] : undefined;
  if (shared !== undefined && shared !== null)
    return { value: shared, at: [...pod.specAt, 'securityContext', member], from: 'pod' };
  return { value: undefined, at, from: 'nowhere' };
}

/** Names of capabilities in upper case without the prefix CAP_. */
export function capabilitiesOf(container: WorkloadContainer, list: 'add' | 'drop'): readonly string[] {
  const capabilities = asObject(container.securityContext['capabilities']);
  return asArray(capabilities?.[list]).flatMap((item) =>
    typeof item === 'string' ? [item.trim().toUpperCase().replace(/^CAP_/, '')] : [],
  );
}

export interface Volume {
  readonly name: string;
  readonly at: DocumentPath;
  readonly volume: JsonObject;
}

export function volumesOf(pod: PodTemplate): readonly Volume[] {
  return asArray(pod.spec['volumes']).flatMap((item, index): Volume[] => {
    const volume = asObject(item);
    if (volume === undefined) return [];
    const name = asString(volume['name']) ?? `volumes[${index}]`;
    return [{ name, at: [...pod.specAt, 'volumes', index], volume }];
  });
}

/** `Deployment shop/web`: how messages and reports name an object. */
export function nameOfResource({ kind, name, namespace }: KubernetesResource): string {
  const place = namespace === undefined || namespace === '' ? '' : `${namespace}/`;
  return `${kind} ${place}${name ?? '(no name)'}`;
}

/** A foreign value for a message: text as it is, anything else as JSON; at most 100 characters. */
export function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
