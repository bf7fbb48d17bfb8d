// SPDX-License-Identifier: Apache-2.0
// `.github/dependabot.yml`: what keeps dependencies up to date, and how fast.
// https://docs.github.com/code-security/dependabot/working-with-dependabot/dependabot-options-reference
import type { Problem } from '../../model/problem.ts';
import type { YamlEntry, YamlMapping, YamlTree } from '../yaml-tree.ts';
import { entryOf, itemsIn, memberOf } from '../yaml-tree.ts';
import type { ModelContext, WorkflowText } from './text.ts';
import { defined, readText, wrongShape } from './text.ts';

export interface DependabotUpdate {
  readonly index: number;
  readonly node: YamlMapping;
  readonly ecosystem?: WorkflowText;
  readonly directory?: WorkflowText;
  readonly group?: WorkflowText;
  readonly cooldown?: DependabotCooldown;
  /** `insecure-external-code-execution`. */
  readonly codeExecution?: WorkflowText;
}

export interface DependabotCooldown {
  readonly entry: YamlEntry;
  readonly defaultDays?: WorkflowText;
}

export interface Dependabot {
  readonly kind: 'dependabot';
  readonly tree: YamlTree;
  readonly node: YamlMapping;
  readonly problems: readonly Problem[];
  readonly updates: readonly DependabotUpdate[];
}

export function readDependabot(tree: YamlTree, root: YamlMapping): Dependabot {
  const context: ModelContext = { tree, problems: [...tree.problems] };
  const list = memberOf(root, 'updates');
  if (list?.kind !== 'sequence') wrongShape(context, list ?? root, 'no list of updates');
  const updates = itemsIn(list).flatMap((node, index): DependabotUpdate[] => {
    if (node.kind === 'mapping') return [readUpdate(node, index)];
    wrongShape(context, node, 'an update that is not a map');
    return [];
  });
  return { kind: 'dependabot', tree, node: root, problems: context.problems, updates };
}

function readUpdate(node: YamlMapping, index: number): DependabotUpdate {
  const cooldown = entryOf(node, 'cooldown');
  return {
    index,
    node,
    ...defined({
      ecosystem: readText(node, 'package-ecosystem'),
      directory: readText(node, 'directory'),
      group: readText(node, 'multi-ecosystem-group'),
      codeExecution: readText(node, 'insecure-external-code-execution'),
      cooldown:
        cooldown === undefined
          ? undefined
          : { entry: cooldown, ...defined({ defaultDays: readText(cooldown.value, 'default-days') }) },
    }),
  };
}
