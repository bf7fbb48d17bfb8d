// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../formats/unified-patch.ts';
import type { YamlMapping } from '../../../formats/yaml-tree.ts';
import { entriesIn, entryOf, parseYamlTree } from '../../../formats/yaml-tree.ts';
import { removeMember, setMembers } from './yaml-edits.ts';

function rootOf(text: string): { tree: ReturnType<typeof parseYamlTree>; root: YamlMapping } {
  const tree = parseYamlTree(text, 'a.yml');
  if (tree.root?.kind !== 'mapping') throw new Error('no map');
  return { tree, root: tree.root };
}

function set(text: string, members: Record<string, string> = { x: '1' }): string | undefined {
  const { tree, root } = rootOf(text);
  const edits = setMembers(tree, root, { key: 'with', members });
  return edits === undefined ? undefined : applyEdits(text, edits);
}

describe('setMembers', () => {
  it.each([
    ['a: b\n', 'a: b\nwith:\n  x: 1\n'],
    ['a: b # c\n# d\n', 'a: b # c\nwith:\n  x: 1\n# d\n'],
    ['a: b', 'a: b\nwith:\n  x: 1'],
    ['a: |\n  b\n\n\n', 'a: |\n  b\nwith:\n  x: 1\n\n\n'],
    ['with:\n    y: 2\na: b\n', 'with:\n    y: 2\n    x: 1\na: b\n'],
    ['with:\n  x: 2 # why\n', 'with:\n  x: 1 # why\n'],
    ['with:\n  x:\n', 'with:\n  x: 1\n'],
    ['with: {}\n', 'with: { x: 1 }\n'],
    ['with: {y: 2}\n', 'with: {y: 2, x: 1}\n'],
    ['with:\na: b\n', 'with:\n  x: 1\na: b\n'],
    ['{a: b}\n', '{a: b, with: { x: 1 }}\n'],
    ['with:\r\na: b\r\n', 'with:\r\n  x: 1\r\na: b\r\n'],
    ['with: # why\na: b\n', 'with:\n  x: 1 # why\na: b\n'],
    ['a: b\r\n', 'a: b\r\nwith:\r\n  x: 1\r\n'],
  ])('turns %j into %j', (before, after) => {
    expect(set(before)).toBe(after);
  });

  it('leaves alone what an alias shares', () => {
    expect(set('a: &x {y: 1}\nwith: *x\n')).toBeUndefined();
  });

  it('leaves alone what is no map', () => {
    expect(set('with: ${{ x }}\n')).toBeUndefined();
  });
});

describe('removeMember', () => {
  it.each([
    ['env:\n  A: 1 # x\n  B: 2\nc: d\n', 'env:\n  B: 2\nc: d\n'],
    ['env:\n  A: 1\nc: d\n', 'c: d\n'],
    ['env:\n  B: 2\n  A: |\n    x\n    y\nc: d\n', 'env:\n  B: 2\nc: d\n'],
  ])('turns %j into %j', (before, after) => {
    const { tree, root } = rootOf(before);
    const [owner] = entriesIn(root);
    const entry = entryOf(owner?.value, 'A');

    const edit = owner === undefined || entry === undefined ? undefined : removeMember(tree, owner, entry);

    expect(edit === undefined ? undefined : applyEdits(before, [edit])).toBe(after);
  });

  it('does nothing in a flow map', () => {
    const { tree, root } = rootOf('env: {A: 1}\n');
    const [owner] = entriesIn(root);
    const entry = entryOf(owner?.value, 'A');

    expect(owner === undefined || entry === undefined ? 'absent' : removeMember(tree, owner, entry)).toBeUndefined();
  });
});
