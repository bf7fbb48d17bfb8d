// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { PipelineFault } from '../pipeline-check.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const runnerThatRemembers = definePipelineCheck({
  id: 'runner-that-remembers',
  title: 'Runners in the cluster are used again, or rule their node',
  aliases: [],
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  principle: 'ephemeral-environments',
  systems: ['github-actions'],
  why: 'What one job leaves on the runner is there for the next, and a privileged runner or the socket of the container engine opens the node.',
  remediation: 'Let each runner do one job (ephemeral: true) and build images without privileges.',
  example: {
    path: 'deploy/runners.yaml',
    good: 'apiVersion: actions.summerwind.dev/v1alpha1\nkind: RunnerDeployment\nmetadata: {name: runners}\nspec:\n  template:\n    spec: {repository: shop/checkout, dockerEnabled: false}\n',
    bad: 'apiVersion: actions.summerwind.dev/v1alpha1\nkind: RunnerDeployment\nmetadata: {name: runners}\nspec:\n  template:\n    spec: {repository: shop/checkout, ephemeral: false}\n',
  },
  run: () => [],
  runOnTarget: ({ files, resources }) =>
    files.some(({ text }) => runnerGroup.test(text)) ? resources().flatMap(faultsOf) : [],
});

const runnerGroup = /\bactions\.(?:summerwind\.dev|github\.com)\//;

function faultsOf(resource: KubernetesResource): readonly PipelineFault[] {
  const { kind, apiVersion, object } = resource;
  if (!runnerGroup.test(apiVersion)) return [];
  const name = `${kind} ${resource.name ?? ''}`;
  const spec = asObject(object['spec']);
  const at = asObject(spec?.['template']) === undefined ? ['spec'] : ['spec', 'template', 'spec'];
  const runner = at.length === 1 ? spec : asObject(asObject(spec?.['template'])?.['spec']);
  const faults: PipelineFault[] = [];
  if (runner?.['ephemeral'] === false)
    faults.push({
      message: `runners of ${name} are used for one job after another`,
      locations: [resource.locate([...at, 'ephemeral'])],
    });
  for (const [index, container] of asArray(runner?.['containers']).entries()) {
    if (asObject(asObject(container)?.['securityContext'])?.['privileged'] === true)
      faults.push({
        message: `runners of ${name} have a privileged container`,
        locations: [resource.locate([...at, 'containers', index, 'securityContext', 'privileged'])],
        severity: 'medium',
      });
  }
  for (const [index, volume] of asArray(runner?.['volumes']).entries()) {
    if (/docker\.sock|containerd\.sock|crio\.sock/.test(JSON.stringify(asObject(asObject(volume)?.['hostPath']) ?? {})))
      faults.push({
        message: `runners of ${name} have the socket of the container engine of their node`,
        locations: [resource.locate([...at, 'volumes', index])],
      });
  }
  return faults;
}
