// SPDX-License-Identifier: Apache-2.0
// Hostile input for every cataloger of the list, also those that are added later: whatever a file holds, parsing ends, throws nothing,
// and what cannot be read is told.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CatalogRun } from '../../src/evidence/packages/catalog.ts';
import type { Cataloger, CatalogResult, CompanionFiles } from '../../src/evidence/packages/cataloger.ts';
import { catalogers } from '../../src/evidence/packages/index.ts';
import { compileGlob } from '../../src/formats/glob.ts';
import { defaultLimits } from '../../src/model/limits.ts';

const encoder = new TextEncoder();

/** A path that the first glob of a cataloger takes. */
function samplePath(glob: string): string {
  return glob
    .replaceAll('**/', 'a/')
    .replaceAll('**', 'a')
    .replace(/\{([^,}]*)[^}]*\}/g, '$1')
    .replace(/\[!?(.)[^\]]*\]/g, '$1')
    .replaceAll('*', 'x')
    .replaceAll('?', 'x');
}

/** Companions that are as hostile as the file: the same bytes under every name. */
function companionsOf(bytes: Uint8Array): CompanionFiles {
  return { get: (path) => ({ path, bytes }), match: (glob) => [samplePath(glob)] };
}

function parse(cataloger: Cataloger, bytes: Uint8Array): CatalogResult {
  const path = samplePath(cataloger.files[0] ?? '');
  return cataloger.parse({ path, bytes }, companionsOf(bytes));
}

const words = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  "'",
  '\n',
  '  ',
  '- ',
  '&a ',
  '*a',
  '<<: ',
  '<',
  '>',
  '</',
  '<!DOCTYPE x [<!ENTITY a "b">]>',
  '[[package]]\n',
  'name = "x"\n',
  'version = "1"\n',
  '"packages":',
  '"dependencies":',
  'require (\n',
  '\u0000',
  '\uFEFF',
  '${x}',
  '%{',
  '@1',
  '==',
];
const soup = fc
  .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })), { maxLength: 60 })
  .map((parts) => parts.join(''));

describe.each(catalogers.map((cataloger) => [cataloger.id, cataloger] as const))('%s', (_id, cataloger) => {
  it('takes the sample path of its own glob', () => {
    const [glob = ''] = cataloger.files;

    expect(compileGlob(glob)(samplePath(glob))).toBe(true);
  });

  it('throws for no bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parse(cataloger, bytes)),
      { numRuns: 40 },
    );
  });

  it('throws for no text, and gives packages of the right shape', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.json({ maxDepth: 4 })), (text) => {
        const run = new CatalogRun([cataloger]);
        run.take({ path: samplePath(cataloger.files[0] ?? ''), bytes: encoder.encode(text) });
        const { lists, problems } = run.finish();
        for (const item of lists.flatMap((list) => list.packages)) {
          if (typeof item.name !== 'string' || item.name === '' || typeof item.version !== 'string')
            throw new Error(`bad package ${JSON.stringify(item)}`);
        }
        for (const problem of problems) {
          if (problem.message === '' || problem.location.path === '')
            throw new Error(`bad problem ${JSON.stringify(problem)}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('ends in time on deep and long input', () => {
    const deep = 20_000;
    const inputs = [
      '['.repeat(deep),
      '{"a":'.repeat(deep),
      '<a>'.repeat(deep),
      'a: '.repeat(deep),
      '(\n'.repeat(deep),
      '- '.repeat(deep),
      `${'a'.repeat(deep)}\n`.repeat(10),
      `x = ${'['.repeat(deep)}`,
    ];
    const start = performance.now();
    for (const input of inputs) parse(cataloger, encoder.encode(input));

    expect(performance.now() - start).toBeLessThan(5000);
    expect(defaultLimits.depth).toBeLessThan(deep);
  });
});
