// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, fixedBy, workflowWith } from '../../../../test/support/github-audit.ts';
import { obfuscation } from './obfuscation.ts';

async function found(steps: string): Promise<string[]> {
  const findings = await findingsOf(obfuscation, workflowWith(steps));
  return findings.map(({ locations, persona }) => `${locations[0]?.column} ${persona}`);
}

describe('obfuscation', () => {
  it.each([
    ['a/b@v1', 0],
    ['a/b/c@v1', 0],
    ['a/b/@v1', 1],
    ['a/b/./c@v1', 1],
    ['a/b/../../c@v1', 1],
  ])('looks at the path of %s', async (uses, count) => {
    expect(await found(`- uses: ${uses}`)).toHaveLength(count);
  });

  it.each([
    ["'a'", ['23 regular']],
    ['1 != 2', ['23 regular']],
    ["startsWith('abc', 'a')", ['23 regular']],
    ["format('{0}{1}', github.ref, format('{0}', 'a'))", ['52 regular']],
    ['true || false || github.ref', ['23 regular']],
    ["github.ref == 'a'", []],
    ['contains(fromJSON(\'["a"]\'), github.ref)', []],
    ["a[format('{0}', 'b')]", ['25 pedantic']],
    ["a['b'][0]", []],
    ['fromJSON(', []],
  ])('looks for what always has one value: %s', async (expression, expected) => {
    expect(await found(`- run: echo \${{ ${expression} }}`)).toEqual(expected);
  });

  it('finds inputs that are computed as a whole', async () => {
    expect(await found('- uses: a/b@v1\n  with: ${{ fromJSON(x.y) }}')).toEqual(['9 regular']);
  });

  it.each([
    ['- uses: a/b////@v1', '- uses: a/b@v1'],
    ['- uses: "a/b/./c/../d@v1" # x', '- uses: "a/b/d@v1" # x'],
    ['- uses: a/b/../c@v1', '- uses: a/b/../c@v1'],
    ["- run: echo ${{ 'a' }} ${{ 1 + }}", '- run: echo a ${{ 1 + }}'],
    ["- run: echo ${{ format('{0}', 'a') == x.y }}", "- run: echo ${{ 'a' == x.y }}"],
    ["- run: echo ${{ '$(x)' }}", "- run: echo ${{ '$(x)' }}"],
    ["- name: ${{ 'true' }}\n  run: x", "- name: ${{ 'true' }}\n  run: x"],
  ])('writes %j plainly', async (before, after) => {
    expect(await fixedBy(obfuscation, workflowWith(before))).toBe(workflowWith(after));
  });
});
