// SPDX-License-Identifier: Apache-2.0
// Which of GitHub's files a path is, and reading it as such.
import type { Problem } from '../../model/problem.ts';
import type { YamlMapping, YamlTree } from '../yaml-tree.ts';
import { entryOf, parseYamlTree } from '../yaml-tree.ts';
import type { Action } from './action.ts';
import { readAction } from './action.ts';
import type { Dependabot } from './dependabot.ts';
import { readDependabot } from './dependabot.ts';
import type { PreCommit } from './pre-commit.ts';
import { readPreCommit } from './pre-commit.ts';
import type { Workflow } from './workflow.ts';
import { notAMap, readWorkflow } from './workflow.ts';

export type GithubFile = Workflow | Action | Dependabot | PreCommit;
export type GithubFileKind = GithubFile['kind'];

export type GithubFileResult =
  | { readonly kind: 'read'; readonly file: GithubFile }
  | { readonly kind: 'unreadable'; readonly problems: readonly Problem[] };

/** By the path alone, from the root of the repository; undefined for files that are none of these. */
export function githubFileKind(path: string): GithubFileKind | undefined {
  // Whatever its name: GitHub runs every file of this folder as a workflow.
  if (/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) return 'workflow';
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'action.yml' || name === 'action.yaml') return 'action';
  if (name === 'dependabot.yml' || name === 'dependabot.yaml') return 'dependabot';
  return name === '.pre-commit-config.yaml' || name === '.pre-commit-config.yml' ? 'pre-commit' : undefined;
}

/** Reads a file as the kind it is to be. Never throws. */
export function readGithubFile(text: string, path: string, kind: GithubFileKind): GithubFileResult {
  const tree = parseYamlTree(text, path);
  const { root } = tree;
  if (root?.kind !== 'mapping') {
    return { kind: 'unreadable', problems: tree.problems.length > 0 ? tree.problems : [notAMap(path, kind)] };
  }
  return { kind: 'read', file: readers[kind](tree, root) };
}

const readers = {
  workflow: readWorkflow,
  action: readAction,
  dependabot: readDependabot,
  'pre-commit': readPreCommit,
} as const satisfies Record<GithubFileKind, (tree: YamlTree, root: YamlMapping) => GithubFile>;

/** What a text without a telling path is (standard input): by the members that only one kind has. */
export function githubFileKindOfContent(text: string): GithubFileKind | undefined {
  const { root } = parseYamlTree(text, '');
  if (entryOf(root, 'jobs') !== undefined) return 'workflow';
  if (entryOf(root, 'runs') !== undefined) return 'action';
  if (entryOf(root, 'updates') !== undefined) return 'dependabot';
  return entryOf(root, 'repos') === undefined ? undefined : 'pre-commit';
}
