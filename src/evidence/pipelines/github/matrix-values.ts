// SPDX-License-Identifier: Apache-2.0
// The values that a reference into the matrix can have, as far as they are written down.
import type { ReferenceStep } from '../../../formats/github-expression/references.ts';
import type { Matrix } from '../../../formats/github-workflow/matrix.ts';
import type { YamlNode, YamlScalar } from '../../../formats/yaml-tree.ts';
import { entriesIn, memberOf } from '../../../formats/yaml-tree.ts';

/** Scalars that `matrix.name` (or `matrix.name.member`) stands for; those that are excluded by themselves left out. */
export function matrixValues(matrix: Matrix | undefined, path: readonly ReferenceStep[]): readonly YamlScalar[] {
  const [root, name, ...rest] = path;
  if (matrix === undefined || root !== 'matrix' || name === undefined) return [];
  const fromDimensions = matrix.dimensions
    .filter((dimension) => dimension.name.toLowerCase() === name)
    .flatMap(({ values }) => values ?? []);
  const fromInclude = matrix.include.flatMap((item) => memberWithoutCase(item, name) ?? []);
  const excluded = excludedTexts(matrix, name);
  return [...fromDimensions.filter((value) => value.kind !== 'scalar' || !excluded.has(value.text)), ...fromInclude]
    .flatMap((value) => below(value, rest))
    .filter((node) => node.kind === 'scalar');
}

/** Whether something of what the reference stands for is computed and not written down. */
export function isComputedMatrixValue(matrix: Matrix, path: readonly ReferenceStep[]): boolean {
  if (matrix.expression !== undefined) return true;
  const [, name, ...rest] = path;
  const dimensions = matrix.dimensions.filter(
    (dimension) => name === undefined || dimension.name.toLowerCase() === name,
  );
  if (dimensions.some(({ expression }) => expression !== undefined)) return true;
  if (matrix.includeExpression !== undefined && dimensions.length === 0) return true;
  const nodes = [
    ...dimensions.flatMap(({ values }) => values ?? []),
    ...matrix.include.flatMap((item) => (name === undefined ? item : (memberWithoutCase(item, name) ?? []))),
  ];
  return nodes.flatMap((node) => below(node, rest)).some(hasExpression);
}

/** Only a value that is excluded whatever the other dimensions are never occurs. */
function excludedTexts(matrix: Matrix, name: string): ReadonlySet<string> {
  const texts = matrix.exclude.flatMap((item) => {
    const excluded = entriesIn(item).length === 1 ? memberWithoutCase(item, name) : undefined;
    return excluded?.kind === 'scalar' ? [excluded.text] : [];
  });
  return new Set(texts);
}

function below(node: YamlNode, path: readonly ReferenceStep[]): readonly YamlNode[] {
  const [first, ...rest] = path;
  if (first === undefined) return [node];
  if (first === '*' && node.kind === 'sequence') return node.items.flatMap((item) => below(item, rest));
  const member = memberWithoutCase(node, first);
  return member === undefined ? [] : below(member, rest);
}

function memberWithoutCase(node: YamlNode, name: string): YamlNode | undefined {
  return memberOf(node, name) ?? entriesIn(node).findLast(({ key }) => key.toLowerCase() === name)?.value;
}

function hasExpression(node: YamlNode): boolean {
  if (node.kind === 'scalar') return node.text.includes('${{');
  return node.kind === 'mapping'
    ? node.entries.some(({ value }) => hasExpression(value))
    : node.items.some(hasExpression);
}
