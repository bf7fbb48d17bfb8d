// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import type { WantedValue } from './manifest-check.ts';
import { fixOf, lineStartsOf } from './manifest-fix.ts';

/** The text after the fix; undefined when there is none. */
function fixed(text: string, wanted: readonly WantedValue[]): string | undefined {
  const [resource] = resourcesOf(parseKubernetesYaml(text, 'a.yaml')).resources;
  if (resource === undefined) return undefined;
  const fix = fixOf(wanted, { resource, text, lineStarts: lineStartsOf(text) });
  if (fix === undefined) return undefined;
  return fix.edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((out, { start, end, text: insert }) => out.slice(0, start) + insert + out.slice(end), text);
}

const head = 'apiVersion: v1\nkind: Service\n';

describe('fixOf', () => {
  it.each<[string, WantedValue, string | undefined]>([
    [`${head}spec:\n  a: 'x' # y\n`, { at: ['spec', 'a'], value: 'z' }, `${head}spec:\n  a: z # y\n`],
    [`${head}spec:\n  a: 1\n  b: 2\n`, { at: ['spec', 'a'], value: undefined }, `${head}spec:\n  b: 2\n`],
    [
      `${head}spec:\n  b: 2\n  a:\n    - 1\n    - 2\nx: 1\n`,
      { at: ['spec', 'a'], value: undefined },
      `${head}spec:\n  b: 2\nx: 1\n`,
    ],
    [`${head}spec:\n  a: 1\n`, { at: ['spec', 'a'], value: undefined }, undefined],
    [`${head}spec:\n  - a: 1\n    b: 2\n`, { at: ['spec', 0, 'a'], value: undefined }, undefined],
    [
      `${head}spec:\n  a: 1`,
      { at: ['spec', 'b', 'c'], value: ['x', 'true'] },
      `${head}spec:\n  a: 1\n  b:\n    c: [x, "true"]\n`,
    ],
    [
      `${head}spec:\n  a: 1\n`,
      { at: ['spec', 'b'], value: [{ c: 1, d: { e: 'f g' } }, { c: 2 }], comment: 'adjust' },
      `${head}spec:\n  a: 1\n  b: # adjust\n    - c: 1\n      d:\n        e: "f g"\n    - c: 2\n`,
    ],
    [`${head}spec: { a: 1 }\n`, { at: ['spec', 'a'], value: 2 }, `${head}spec: { a: 2 }\n`],
    [`${head}spec: { a: 1 }\n`, { at: ['spec', 'b'], value: 2 }, undefined],
    [`${head}spec:\n  a: >-\n    long\n    text\n`, { at: ['spec', 'a'], value: 'x' }, undefined],
    [`${head}spec:\n  a: {}\n`, { at: ['spec', 'a'], value: 'x' }, undefined],
  ])('changes %j with %j', (text, wanted, expected) => {
    expect(fixed(text, [wanted])).toBe(expected);
  });

  it('gives YAML in which the values are there, or nothing', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const line = fc.constantFrom(
      '  a: 1',
      '  b:',
      '    c: x',
      '  c: [1]',
      '    - a: 1',
      '      b: 2',
      '  # note',
      '',
      "  a: 'q'",
    );
    fc.assert(
      fc.property(fc.array(line), fc.array(key, { minLength: 1, maxLength: 3 }), (lines, path) => {
        const text = `${head}spec:\n${lines.join('\n')}\n`;
        const result = fixed(text, [{ at: ['spec', ...path], value: 'wanted' }]);
        if (result === undefined) return;
        const [document] = parseKubernetesYaml(result, 'a.yaml');
        let found: unknown = document?.value;
        for (const name of ['spec', ...path]) found = (found as Record<string, unknown> | undefined)?.[name];
        if (found !== 'wanted' && !document?.problems.some(({ message }) => message.includes('already set')))
          throw new Error(`${JSON.stringify(text)} became ${JSON.stringify(result)}`);
      }),
    );
  });
});
