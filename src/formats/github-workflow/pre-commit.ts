// SPDX-License-Identifier: Apache-2.0
// `.pre-commit-config.yaml`: repositories whose hooks run on a developer's machine. https://pre-commit.com/#pre-commit-configyaml---top-level
import type { Problem } from '../../model/problem.ts';
import type { YamlMapping, YamlTree } from '../yaml-tree.ts';
import { itemsIn, memberOf } from '../yaml-tree.ts';
import type { ModelContext, WorkflowText } from './text.ts';
import { defined, readText, wrongShape } from './text.ts';

export interface PreCommitRepository {
  readonly index: number;
  readonly node: YamlMapping;
  /** An address, `local` or `meta`. */
  readonly repo?: WorkflowText;
  readonly rev?: WorkflowText;
  readonly hooks: readonly YamlMapping[];
}

export interface PreCommit {
  readonly kind: 'pre-commit';
  readonly tree: YamlTree;
  readonly node: YamlMapping;
  readonly problems: readonly Problem[];
  readonly repositories: readonly PreCommitRepository[];
}

export function readPreCommit(tree: YamlTree, root: YamlMapping): PreCommit {
  const context: ModelContext = { tree, problems: [...tree.problems] };
  const list = memberOf(root, 'repos');
  if (list?.kind !== 'sequence') wrongShape(context, list ?? root, 'no list of repos');
  const repositories = itemsIn(list).flatMap((node, index): PreCommitRepository[] => {
    if (node.kind !== 'mapping') {
      wrongShape(context, node, 'a repository that is not a map');
      return [];
    }
    const hooks = itemsIn(memberOf(node, 'hooks')).filter((hook) => hook.kind === 'mapping');
    return [{ index, node, hooks, ...defined({ repo: readText(node, 'repo'), rev: readText(node, 'rev') }) }];
  });
  return { kind: 'pre-commit', tree, node: root, problems: context.problems, repositories };
}
