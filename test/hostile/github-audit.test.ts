// SPDX-License-Identifier: Apache-2.0
// Hostile workflows: whatever a file holds, the audit ends soon, throws nothing and says what it could not read.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GithubAudit } from '../../src/evidence/pipelines/audit-github.ts';
import { auditGithub } from '../../src/evidence/pipelines/audit-github.ts';
import { defaultLimits } from '../../src/model/limits.ts';
import { knownResolver } from '../support/action-resolver.ts';
import { workflowPath, workflowWith } from '../support/github-audit.ts';

async function audit(text: string, path = workflowPath): Promise<GithubAudit> {
  return auditGithub([{ path, text }], { persona: 'auditor', resolver: knownResolver({}) });
}

describe('hostile workflows', () => {
  it.each([
    ['an unclosed list', 'jobs: ['],
    ['a tab as indentation', 'on:\n\tpush:\n'],
    ['a text', 'hello'],
    ['nothing', ''],
    ['NUL characters', 'on: push\0\njobs: {}\n'],
    ['half of a surrogate pair', 'on: push\njobs:\n  "\ud800": {steps: [{run: "\udc00"}]}\n'],
    ['a byte order mark', '\ufeffon: push\njobs: {}\n'],
    [
      'keys of prototypes',
      'on: push\njobs:\n  __proto__: {steps: [{uses: constructor/prototype@v1, with: {__proto__: x}}]}\n',
    ],
    ['a map as a key', 'on: push\njobs:\n  ? {a: b}\n  : {steps: []}\n'],
    ['tags', 'on: !!str push\njobs: !<x> {a: !y {steps: !!seq [!z {run: !!binary YQ==}]}}\n'],
  ])('does not fall over %s', async (_what, text) => {
    await expect(audit(text)).resolves.toBeDefined();
  });

  it('bounds aliases that multiply', async () => {
    const lines = ['x0: &x0 {run: "echo ${{ github.head_ref }}"}'];
    for (let level = 1; level < 10; level += 1)
      lines.push(`x${level}: &x${level} [${Array.from({ length: 10 }, () => `*x${level - 1}`).join(', ')}]`);
    const text = `on: push\n${lines.join('\n')}\njobs:\n  a:\n    steps: *x9\n`;

    const { problems } = await audit(text);

    expect(problems.map(({ kind }) => kind)).toContain('limit');
  });

  it('does not follow an anchor that contains itself', async () => {
    const { problems } = await audit('on: push\njobs: &a\n  b:\n    steps: [*a]\n');

    expect(problems.map(({ kind }) => kind)).toContain('cycle');
  });

  it('bounds nesting', async () => {
    const depth = defaultLimits.depth + 50;

    const { problems } = await audit(`on: push\njobs: ${'['.repeat(depth)}${']'.repeat(depth)}\n`);

    expect(problems[0]?.hidesFindings).toBe(true);
  });

  it('bounds the size of a file', async () => {
    const { problems } = await audit(`# ${'x'.repeat(defaultLimits.manifestBytes)}`);

    expect(problems.map(({ kind }) => kind)).toEqual(['limit']);
  });

  it.each([
    ['steps', (size: number) => workflowWith('- run: echo ${{ github.head_ref }}\n'.repeat(size).trimEnd())],
    [
      'lines of a script',
      (size: number) =>
        workflowWith(`- run: |\n${'    echo "$(a b)" | c >> $GITHUB_ENV\n'.repeat(size)}`, 'on: workflow_run'),
    ],
    ['open quotes', (size: number) => workflowWith(`- run: |\n    ${'"$(\'`'.repeat(size)}`, 'on: workflow_run')],
    ['open expressions', (size: number) => workflowWith(`- run: |\n    ${'${{ a '.repeat(size)}`)],
    ['comments', (size: number) => workflowWith(`- run: x # zizmor: ignore[${'a,'.repeat(size)}\n`.repeat(4))],
    [
      'here-documents',
      (size: number) => workflowWith(`- run: |\n${'    cat <<E\n    x\n'.repeat(size)}`, 'on: workflow_run'),
    ],
    ['spaces', (size: number) => workflowWith(`- run: ${'x '.repeat(size)}`)],
    [
      'values of a matrix',
      (size: number) =>
        `on: push\njobs:\n  a:\n    container: \${{ matrix.a }}\n    strategy: {matrix: {a: [${'x, '.repeat(size)}y]}}\n    steps: []\n`,
    ],
    [
      'uploads',
      (size: number) =>
        workflowWith(
          '- uses: actions/checkout@v4\n- uses: actions/upload-artifact@v4\n  with: {path: .}\n'.repeat(size).trimEnd(),
        ),
    ],
  ])('comes to an end with thousands of %s', async (_what, make) => {
    await expect(audit(make(2000))).resolves.toBeDefined();
  });

  it('never throws on texts made of pieces of workflows', async () => {
    const piece = fc.constantFrom(
      'on: push\n',
      'on:\n  ',
      'jobs:\n  a:\n',
      '    steps:\n',
      '      - ',
      'run: ',
      'uses: a/b@v1\n',
      'with:\n',
      'if: ',
      '${{ ',
      ' }}',
      'github.actor',
      "== 'x[bot]'",
      '|\n',
      '        echo $A >> $GITHUB_ENV\n',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      '&a ',
      '*a',
      '# zizmor: ignore[artipacked]\n',
      '"',
      "'",
      'env:\n',
      'permissions: ',
      'write-all\n',
      'strategy:\n',
      'matrix: ',
      'container: ',
      ': ',
    );
    const paths = fc.constantFrom(
      workflowPath,
      'action.yml',
      '.github/dependabot.yml',
      '.pre-commit-config.yaml',
      'zizmor.yml',
    );

    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), paths, async (pieces, path) => {
        const text = pieces.join('');
        const { findings } = await audit(text, path);
        for (const { fix, locations } of findings) {
          expect(locations.length).toBeGreaterThan(0);
          for (const edit of fix?.edits ?? []) {
            expect(edit.start).toBeLessThanOrEqual(edit.end);
            expect(edit.end).toBeLessThanOrEqual(text.length);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
