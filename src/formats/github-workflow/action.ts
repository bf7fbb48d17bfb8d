// SPDX-License-Identifier: Apache-2.0
// `action.yml`: composite, container and JavaScript actions.
// https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax
import type { Problem } from '../../model/problem.ts';
import type { YamlEntry, YamlMapping, YamlTree } from '../yaml-tree.ts';
import { entriesIn, entryOf, memberOf } from '../yaml-tree.ts';
import type { Step } from './step.ts';
import { readSteps } from './step.ts';
import type { ModelContext, WorkflowText } from './text.ts';
import { defined, readText, wrongShape } from './text.ts';

export interface Action {
  readonly kind: 'action';
  readonly tree: YamlTree;
  readonly node: YamlMapping;
  readonly problems: readonly Problem[];
  readonly name?: WorkflowText;
  readonly inputs: readonly YamlEntry[];
  readonly outputs: readonly YamlEntry[];
  readonly runs?: ActionRuns;
}

export interface ActionRuns {
  readonly entry: YamlEntry;
  readonly using?: WorkflowText;
  /** Of a container action: `Dockerfile` or `docker://...`. */
  readonly image?: WorkflowText;
  /** Of a composite action. */
  readonly steps: readonly Step[];
}

export function readAction(tree: YamlTree, root: YamlMapping): Action {
  const context: ModelContext = { tree, problems: [...tree.problems] };
  return {
    kind: 'action',
    tree,
    node: root,
    problems: context.problems,
    inputs: entriesIn(memberOf(root, 'inputs')),
    outputs: entriesIn(memberOf(root, 'outputs')),
    ...defined({ name: readText(root, 'name'), runs: readRuns(root, context) }),
  };
}

function readRuns(root: YamlMapping, context: ModelContext): ActionRuns | undefined {
  const entry = entryOf(root, 'runs');
  if (entry === undefined || entry.value.kind !== 'mapping') {
    wrongShape(context, entry?.value ?? root, 'an action without a map "runs:"');
    return undefined;
  }
  return {
    entry,
    steps: readSteps(entry.value, context),
    ...defined({ using: readText(entry.value, 'using'), image: readText(entry.value, 'image') }),
  };
}
