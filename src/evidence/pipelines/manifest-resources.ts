// SPDX-License-Identifier: Apache-2.0
// Kubernetes objects among the files of a target, for what stands beside pipelines: workloads, runners, roles. Files that cannot be read are told by who
// audits manifests; templates of Helm are no manifests.
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import type { PipelineFile } from './pipeline.ts';

export function manifestResources(files: readonly PipelineFile[]): readonly KubernetesResource[] {
  return files.filter(isManifest).flatMap(({ path, text }) => resourcesOf(parseKubernetesYaml(text, path)).resources);
}

function isManifest({ path, text }: PipelineFile): boolean {
  return (
    /\.ya?ml$/.test(path) &&
    /^[ \t-]{0,4}["']?kind["']?[ \t]{0,4}:/m.test(text) &&
    !text.slice(0, 20_000).includes('{{')
  );
}
