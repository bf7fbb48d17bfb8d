// SPDX-License-Identifier: Apache-2.0
// `strategy.matrix:`: its dimensions and what is included and excluded, as far as that is written down and not computed.
import type { YamlEntry, YamlNode } from '../yaml-tree.ts';
import { entriesIn, entryOf, itemsIn } from '../yaml-tree.ts';
import type { WorkflowText } from './text.ts';
import { defined, textOf } from './text.ts';

export interface MatrixDimension {
  readonly name: string;
  readonly entry: YamlEntry;
  /** Absent when the list is computed. */
  readonly values?: readonly YamlNode[];
  readonly expression?: WorkflowText;
}

export interface Matrix {
  readonly entry: YamlEntry;
  readonly dimensions: readonly MatrixDimension[];
  readonly include: readonly YamlNode[];
  readonly exclude: readonly YamlNode[];
  /** Parts that are computed: the whole matrix, `include` or `exclude`. */
  readonly expression?: WorkflowText;
  readonly includeExpression?: WorkflowText;
  readonly excludeExpression?: WorkflowText;
}

export function readMatrix(strategy: YamlNode | undefined): Matrix | undefined {
  const entry = entryOf(strategy, 'matrix');
  if (entry === undefined) return undefined;
  const include = entryOf(entry.value, 'include');
  const exclude = entryOf(entry.value, 'exclude');
  return {
    entry,
    dimensions: entriesIn(entry.value)
      .filter(({ key }) => key !== 'include' && key !== 'exclude')
      .map(readDimension),
    include: itemsIn(include?.value),
    exclude: itemsIn(exclude?.value),
    ...defined({
      expression: textOf(entry.value, entry),
      includeExpression: include === undefined ? undefined : textOf(include.value, include),
      excludeExpression: exclude === undefined ? undefined : textOf(exclude.value, exclude),
    }),
  };
}

function readDimension(entry: YamlEntry): MatrixDimension {
  const values = entry.value.kind === 'sequence' ? entry.value.items : undefined;
  return { name: entry.key, entry, ...defined({ values, expression: textOf(entry.value, entry) }) };
}
