// SPDX-License-Identifier: Apache-2.0
import type { Permissions } from '../../../formats/github-workflow/permissions.ts';
import type { Span } from '../../../formats/span.ts';
import type { YamlTree } from '../../../formats/yaml-tree.ts';
import { commentBeside } from '../github/version-comment.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const undocumentedPermissions = defineGithubCheck({
  id: 'undocumented-permissions',
  aliases: ['zizmor/undocumented-permissions'],
  title: 'Permissions that no comment explains',
  principle: 'least-privilege',
  why: 'Nobody dares to take a permission away when nobody knows what it was granted for.',
  remediation: 'Say in a comment on the same line what the permission is needed for.',
  urls: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions'],
  kinds: ['workflow'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    permissions:\n      contents: write # creates releases\n    steps: []\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    permissions:\n      contents: write\n    steps: []\n',
  },
  run(file) {
    if (file.kind !== 'workflow') return [];
    const jobs = file.jobs.flatMap((job) =>
      faultsOf(file.tree, job.permissions).map((fault) => ({ ...fault, job: job.id })),
    );
    return [...faultsOf(file.tree, file.permissions), ...jobs];
  },
});

/** One fault for each block of permissions. */
function faultsOf(tree: YamlTree, permissions: Permissions | undefined): readonly GithubFault[] {
  if (permissions === undefined) return [];
  // Reading the contents explains itself.
  const silent = permissions.scopes.filter(
    ({ scope, access, entry }) => !(scope === 'contents' && access === 'read') && !isExplained(tree, entry.span),
  );
  const [first, ...rest] = silent.map(({ entry }) => entry.span);
  if (first === undefined) return [];
  const message = `no comment says why ${silent.map(({ scope }) => scope).join(', ')} ${silent.length === 1 ? 'is' : 'are'} needed`;
  return [{ message, severity: 'low', confidence: 'high', persona: 'pedantic', places: [first, ...rest] }];
}

function isExplained(tree: YamlTree, span: Span): boolean {
  const comment = commentBeside(tree, span);
  return comment !== undefined && comment.text.trim() !== '';
}
