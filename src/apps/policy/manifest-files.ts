// SPDX-License-Identifier: Apache-2.0
// Kubernetes manifests named by a path: a file, or a folder with the manifests below it.
import type { KubernetesDocument } from '../../formats/kubernetes-yaml/documents.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { readInputFiles } from '../../io/input-files.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Problem } from '../../model/problem.ts';

const mebibyte = 1_048_576;
const limits = { maximumBytes: 64 * mebibyte, maximumFiles: 100_000 };

export interface ManifestReading {
  readonly documents: readonly KubernetesDocument[];
  readonly resources: readonly KubernetesResource[];
  readonly problems: readonly Problem[];
}

/** Everything below a path. A path that cannot be read is a problem. */
export function readManifests(path: string): ManifestReading {
  const documents: KubernetesDocument[] = [];
  try {
    const isWanted = (name: string): boolean => /\.(?:ya?ml|json)$/.test(name);
    for (const file of readInputFiles(path, { ...limits, isWanted }))
      documents.push(...parseKubernetesYaml(Buffer.from(file.bytes).toString('utf8'), file.path));
  } catch (error) {
    if (!(error instanceof LandwaiterError)) throw error;
    const problem: Problem = { kind: 'unreadable', message: error.message, location: { path }, hidesFindings: true };
    return { documents: [], resources: [], problems: [problem] };
  }
  const { resources, problems: unlisted } = resourcesOf(documents);
  const own = documents.flatMap(({ problems }) => problems.filter(({ hidesFindings }) => hidesFindings));
  return { documents, resources, problems: [...own, ...unlisted] };
}
