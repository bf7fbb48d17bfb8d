// SPDX-License-Identifier: Apache-2.0
// A workflow of GitHub Actions with the place of everything in it. Tolerant: what has the wrong shape is left out and is a problem.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
import type { Problem } from '../../model/problem.ts';
import type { YamlMapping, YamlTree } from '../yaml-tree.ts';
import { parseYamlTree } from '../yaml-tree.ts';
import type { Concurrency, Job } from './job.ts';
import { readConcurrency, readJobs } from './job.ts';
import type { Permissions } from './permissions.ts';
import { readPermissions } from './permissions.ts';
import type { Defaults } from './step.ts';
import { readDefaults } from './step.ts';
import type { ModelContext, TextMap, WorkflowText } from './text.ts';
import { defined, readText, readTextMap } from './text.ts';
import type { Triggers } from './triggers.ts';
import { readTriggers } from './triggers.ts';

export interface Workflow {
  readonly kind: 'workflow';
  readonly tree: YamlTree;
  readonly node: YamlMapping;
  readonly problems: readonly Problem[];
  readonly name?: WorkflowText;
  readonly runName?: WorkflowText;
  readonly triggers?: Triggers;
  readonly permissions?: Permissions;
  readonly env?: TextMap;
  readonly defaults?: Defaults;
  readonly concurrency?: Concurrency;
  readonly jobs: readonly Job[];
}

/** Reads a workflow; undefined with problems when the text is no map. Never throws. */
export function parseWorkflow(text: string, path: string): Workflow | { readonly problems: readonly Problem[] } {
  const tree = parseYamlTree(text, path);
  if (tree.root?.kind === 'mapping') return readWorkflow(tree, tree.root);
  return { problems: tree.problems.length > 0 ? tree.problems : [notAMap(path, 'workflow')] };
}

export function readWorkflow(tree: YamlTree, root: YamlMapping): Workflow {
  const context: ModelContext = { tree, problems: [...tree.problems] };
  return {
    kind: 'workflow',
    tree,
    node: root,
    problems: context.problems,
    jobs: readJobs(root, context),
    ...defined({
      name: readText(root, 'name'),
      runName: readText(root, 'run-name'),
      triggers: readTriggers(root, context),
      permissions: readPermissions(root, context),
      env: readTextMap(root, 'env'),
      defaults: readDefaults(root),
      concurrency: readConcurrency(root),
    }),
  };
}

export function notAMap(path: string, what: string): Problem {
  return { kind: 'schema', message: `not a ${what}: no map`, location: { path }, hidesFindings: true };
}
