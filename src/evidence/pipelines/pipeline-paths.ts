// SPDX-License-Identifier: Apache-2.0
// Files that can belong to a pipeline, by their path: YAML (pipelines, templates, manifests), Jenkinsfiles, and Terraform for the trust of clouds.

export function isPipelinePath(path: string): boolean {
  if (/(?:^|\/)node_modules\//.test(path)) return false;
  return /\.(?:ya?ml|tf)$/i.test(path) || /(?:^|\/)Jenkinsfile(?:[.-][^/]*)?$|\.jenkinsfile$/.test(path);
}
