// SPDX-License-Identifier: Apache-2.0
import { findExpressions } from '../../../formats/github-expression/find-expressions.ts';
import type { YamlScalar, YamlTree } from '../../../formats/yaml-tree.ts';
import type { Fix } from '../../../model/text-edit.ts';
import { conditionsOf } from '../github/conditions.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const unsoundCondition = defineGithubCheck({
  id: 'unsound-condition',
  aliases: ['zizmor/unsound-condition'],
  title: 'A condition that is always true',
  principle: 'correctness',
  why: 'Text beside the braces, if only a line break, makes the condition a text that is not empty, which is always true.',
  remediation: 'Leave the braces out, or write |- and >- so that no line break remains.',
  urls: ['https://github.com/actions/runner/issues/1173'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        if: |-\n          ${{ github.event.forced }}\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        if: |\n          ${{ github.event.forced }}\n',
  },
  run(file) {
    return conditionsOf(file).flatMap(({ text, around, ...names }): GithubFault[] => {
      const [first] = findExpressions(text.text);
      if (first === undefined || first.end - first.start === text.text.length) return [];
      const fix = fixOf(file.tree, text.node);
      const message = 'the condition is always true, because there is text beside the braces';
      return [
        {
          message,
          severity: 'high',
          confidence: 'high',
          places: [text.entry?.span ?? text.node.place],
          around: [around],
          ...names,
          ...(fix === undefined ? {} : { fix }),
        },
      ];
    });
  },
});

/** Only line breaks at the end of a block can be taken away without changing what is meant. */
function fixOf(tree: YamlTree, node: YamlScalar): Fix | undefined {
  if (node.alias !== undefined || (node.style !== 'literal' && node.style !== 'folded')) return undefined;
  let end = node.text.length;
  while (node.text.charAt(end - 1) === '\n') end -= 1;
  const trimmed = node.text.slice(0, end);
  const [first] = findExpressions(trimmed);
  if (first === undefined || first.end - first.start !== trimmed.length || trimmed === node.text) return undefined;
  const header = /^[|>](\d?)([+-]?)(\d?)/.exec(tree.text.slice(node.span.start, node.span.start + 4));
  if (header === null) return undefined;
  const at = node.span.start + 1 + (header[1] ?? '').length;
  const edits = [{ path: tree.path, start: at, end: at + (header[2] ?? '').length, text: '-' }];
  return { title: 'Strip the line break at the end of the condition', safety: 'safe', edits };
}
