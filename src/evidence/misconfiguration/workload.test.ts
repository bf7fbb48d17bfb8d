// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import type { PodTemplate } from './workload.ts';
import { capabilitiesOf, nameOfResource, podTemplateOf, securitySetting, textOf } from './workload.ts';

function resourceOf(text: string): KubernetesResource {
  const [resource] = resourcesOf(parseKubernetesYaml(text, 'a.yaml')).resources;
  if (resource === undefined) throw new Error('no object');
  return resource;
}

function podOf(text: string): PodTemplate {
  const pod = podTemplateOf(resourceOf(text));
  if (pod === undefined) throw new Error('no Pod');
  return pod;
}

describe('podTemplateOf', () => {
  it.each([
    ['v1', 'Pod', 'spec: { containers: [{ name: a }] }', 'spec'],
    ['apps/v1', 'Deployment', 'spec: { template: { spec: { containers: [{ name: a }] } } }', 'spec.template.spec'],
    ['argoproj.io/v1alpha1', 'Rollout', 'spec: { template: { spec: { containers: [] } } }', 'spec.template.spec'],
    ['serving.knative.dev/v1', 'Revision', 'spec: { containers: [{ name: a }] }', 'spec'],
    ['v1', 'PodTemplate', 'template: { spec: { containers: [] } }', 'template.spec'],
    [
      'batch/v1',
      'CronJob',
      'spec: { jobTemplate: { spec: { template: { spec: { containers: [] } } } } }',
      'spec.jobTemplate.spec.template.spec',
    ],
  ])('finds the Pod of %s %s', (apiVersion, kind, body, expected) => {
    expect(podOf(`apiVersion: ${apiVersion}\nkind: ${kind}\n${body}\n`).specAt.join('.')).toBe(expected);
  });

  it('finds none in other kinds', () => {
    expect(podTemplateOf(resourceOf('apiVersion: v1\nkind: Service\nspec: { ports: [] }\n'))).toBeUndefined();
    expect(
      podTemplateOf(resourceOf('apiVersion: x/v1\nkind: toString\nspec: { template: { spec: {} } }\n')),
    ).toBeUndefined();
  });

  it('reads containers of all lists', () => {
    const { containers } = podOf(`apiVersion: v1
kind: Pod
spec:
  containers: [{ name: a, image: "r.example:5000/a:1" }, null, { image: "\${X}" }]
  initContainers: [{ name: b, restartPolicy: Always }]
  ephemeralContainers: [{ name: c }]
`);

    expect(containers.map(({ name, role, at, isSidecar }) => [name, role, at.slice(1).join('.'), isSidecar])).toEqual([
      ['a', 'container', 'containers.0', false],
      ['containers[2]', 'container', 'containers.2', false],
      ['b', 'init', 'initContainers.0', true],
      ['c', 'ephemeral', 'ephemeralContainers.0', false],
    ]);
    expect(containers[0]?.image).toEqual({ name: 'r.example:5000/a', tag: '1', digest: undefined });
    expect(containers[1]?.image).toBeUndefined();
  });
});

describe('securitySetting', () => {
  const pod = podOf(`apiVersion: v1
kind: Pod
spec:
  securityContext: { runAsUser: 5, readOnlyRootFilesystem: true }
  containers:
    - { name: a, securityContext: { runAsUser: 0 } }
    - { name: b, securityContext: { runAsUser: null } }
`);

  it.each([
    [0, 'runAsUser', 0, 'container'],
    [1, 'runAsUser', 5, 'pod'],
    [1, 'readOnlyRootFilesystem', undefined, 'nowhere'],
  ])('of container %i for %s is %j from %s', (index, member, value, from) => {
    const container = pod.containers[index];

    expect(container === undefined ? undefined : securitySetting(pod, container, member)).toMatchObject({
      value,
      from,
    });
  });
});

describe('names and texts', () => {
  it('are short and readable', () => {
    expect(nameOfResource(resourceOf('apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: b }\n'))).toBe(
      'Pod b/a',
    );
    expect([textOf('a'), textOf({ a: 1 }), textOf(undefined), textOf('x'.repeat(200)).length]).toEqual([
      'a',
      '{"a":1}',
      '',
      103,
    ]);
  });

  it('of capabilities are those of the kernel without prefix', () => {
    const [container] = podOf(
      'apiVersion: v1\nkind: Pod\nspec: { containers: [{ securityContext: { capabilities: { add: [cap_net_raw, SYS_ADMIN, 3] } } }] }\n',
    ).containers;

    expect(container === undefined ? [] : capabilitiesOf(container, 'add')).toEqual(['NET_RAW', 'SYS_ADMIN']);
  });
});
