// SPDX-License-Identifier: Apache-2.0
// From an object of Kubernetes to the Pod that the standards are about: a Pod itself, or the template of a controller
// (pod-security-admission admission/admission.go, DefaultPodSpecExtractor).

import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { PodContainer, PodUnderTest } from './check.ts';

export interface ExtractedPod {
  readonly pod: PodUnderTest;
  /** Where the Pod stands in the object: nothing for a Pod, `spec.template` for a Deployment. */
  readonly at: DocumentPath;
}

const template: DocumentPath = ['spec', 'template'];

const templates: Readonly<Record<string, DocumentPath>> = {
  Pod: [],
  PodTemplate: ['template'],
  ReplicationController: template,
  ReplicaSet: template,
  Deployment: template,
  StatefulSet: template,
  DaemonSet: template,
  Job: template,
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

const nothing: JsonObject = {};

/** Several engines take the same object apart. Nobody changes objects: what a policy changes is another object. */
const known = new WeakMap<JsonObject, { readonly extracted: ExtractedPod | undefined }>();

/** The Pod in an object; undefined for kinds that have none. */
export function podOf(object: JsonObject): ExtractedPod | undefined {
  let found = known.get(object);
  if (found === undefined) known.set(object, (found = { extracted: extract(object) }));
  return found.extracted;
}

function extract(object: JsonObject): ExtractedPod | undefined {
  const kind = asString(object['kind']) ?? '';
  const at = Object.hasOwn(templates, kind) ? templates[kind] : undefined;
  if (at === undefined) return undefined;
  let found: JsonObject | undefined = object;
  for (const key of at) found = asObject(found?.[key]);
  return { pod: readPod(found ?? nothing), at };
}

function readPod(object: JsonObject): PodUnderTest {
  const spec = asObject(object['spec']) ?? nothing;
  return {
    annotations: asObject(asObject(object['metadata'])?.['annotations']) ?? nothing,
    spec,
    securityContext: asObject(spec['securityContext']) ?? nothing,
    containers: ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => containersOf(spec, list)),
    isWindows: asString(asObject(spec['os'])?.['name']) === 'windows',
    hasUserNamespace: spec['hostUsers'] === false,
  };
}

function containersOf(spec: JsonObject, list: string): PodContainer[] {
  return asArray(spec[list]).flatMap((item, index) => {
    const container = asObject(item);
    if (container === undefined) return [];
    return [
      {
        name: asString(container['name']) ?? `${list}[${index}]`,
        at: ['spec', list, index],
        container,
        securityContext: asObject(container['securityContext']) ?? nothing,
      },
    ];
  });
}
