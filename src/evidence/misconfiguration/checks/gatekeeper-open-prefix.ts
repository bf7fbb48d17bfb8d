// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject } from '../../../formats/document.ts';
import { defineManifestCheck } from '../manifest-check.ts';

/** Without a slash or a port it goes on as a longer host name; docker.io/name goes on as a longer organisation. */
function isOpen(repo: string): boolean {
  const parts = repo.split('/');
  if (parts.length === 1) return !repo.includes(':');
  return parts[0] === 'docker.io' && parts.length <= 2;
}

function reposWith(repo: string): string {
  return `apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sAllowedRepos\nmetadata: { name: repos }\nspec: { parameters: { repos: ['${repo}'] } }\n`;
}

export const gatekeeperOpenPrefix = defineManifestCheck({
  id: 'gatekeeper-open-prefix',
  title: 'The list of allowed registries has an open end',
  aliases: ['KSV-0124'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'Gatekeeper compares beginnings: registry.example also lets registry.example.attacker.example pass.',
  remediation: 'End each entry with a slash after the registry or the organisation',
  urls: ['https://open-policy-agent.github.io/gatekeeper-library/website/validation/allowedrepos/'],
  example: { good: reposWith('registry.example/team/'), bad: reposWith('registry.example') },
  kinds: ['K8sAllowedRepos'],
  run: ({ apiVersion, object }) => {
    if (!apiVersion.startsWith('constraints.gatekeeper.sh/')) return [];
    const repos = asArray(asObject(asObject(object['spec'])?.['parameters'])?.['repos']);
    const index = repos.findIndex((repo) => typeof repo === 'string' && isOpen(repo));
    if (index === -1) return [];
    const message = `the entry ${String(repos[index]).slice(0, 200)} also matches other registries`;
    return [{ message, at: ['spec', 'parameters', 'repos', index] }];
  },
});
