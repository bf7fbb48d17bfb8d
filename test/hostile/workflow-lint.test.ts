// SPDX-License-Identifier: Apache-2.0
// Workflows made to stop the lint: each must end soon, without an exception, and say what it left out.
import { describe, expect, it } from 'vitest';
import { lintWorkflows } from '../../src/evidence/pipelines/workflow-lint/lint-workflows.ts';

const path = '.github/workflows/hostile.yml';

function lint(text: string) {
  return lintWorkflows([{ path, text }]);
}

function script(text: string): string {
  return `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          ${text}\n`;
}

describe('hostile workflows', () => {
  it.each([
    ['one long name', `\${{ ${'a'.repeat(1_000_000)} }}`],
    ['a long chain', `\${{ a${' || a'.repeat(250_000)} }}`],
    ['one long string', `\${{ '${"''".repeat(500_000)}' }}`],
    ['never closed', `\${{ ${'a.'.repeat(500_000)}`],
  ])('an expression of a megabyte is a finding: %s', (_name, expression) => {
    const { findings } = lint(script(expression));

    expect(findings.map(({ aliases }) => aliases[0])).toContain('actionlint/expression');
  });

  it.each([
    ['(', ')'],
    ['!', ''],
    ["github['", "']"],
    ['a[', ']'],
    ['format(', ')'],
  ])('deep nesting of %s is a finding', (open, close) => {
    const { findings } = lint(script(`\${{ ${open.repeat(2_000)}1${close.repeat(2_000)} }}`));

    expect(findings.length).toBeGreaterThan(0);
  });

  it('many broken expressions stay bounded', () => {
    const texts = ['${{'.repeat(100_000), "${{ '}}".repeat(100_000), '${{ nope }}'.repeat(50_000)];

    const counts = texts.map((text) => lint(script(text)).findings.length);

    expect(Math.max(...counts)).toBeLessThanOrEqual(1_000);
  });

  it('says that findings are left out', () => {
    const { findings, problems } = lint(script('${{ nope }}'.repeat(5_000)));

    expect(findings).toHaveLength(1_000);
    expect(problems).toMatchObject([{ kind: 'limit', hidesFindings: true }]);
  });

  it('aliases that expand to more than the limit are a problem', () => {
    const levels = Array.from({ length: 12 }, (_, at) => {
      const value = at === 0 ? 'x' : Array.from({ length: 10 }, () => `*a${at - 1}`).join(', ');
      return `        a${at}: &a${at} [${value}]`;
    });
    const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n${levels.join('\n')}\n    steps: [{run: x}]\n`;

    const { problems } = lint(text);

    expect(problems.some(({ kind }) => kind === 'limit')).toBe(true);
  });

  it('an alias into its own anchor ends', () => {
    const texts = ['&a [*a]', 'on: &a {push: *a}\njobs: *a', 'on: push\njobs: &j\n  a: *j\n  b: {<<: *j, needs: *j}'];

    expect(texts.map((text) => lint(text).findings.length > 0)).toEqual([true, true, true]);
  });

  it('ten thousand jobs in a chain, and in a circle', () => {
    const jobs = Array.from(
      { length: 10_000 },
      (_, at) => `  j${at}: {needs: j${at + 1}, runs-on: ubuntu-latest, steps: [{run: x}]}\n`,
    ).join('');
    const chain = `on: push\njobs:\n${jobs}  j10000: {runs-on: ubuntu-latest, steps: [{run: x}]}\n`;
    const circle = `on: push\njobs:\n${jobs}  j10000: {needs: j0, runs-on: ubuntu-latest, steps: [{run: x}]}\n`;

    expect(lint(chain).findings).toEqual([]);
    expect(lint(circle).findings).toHaveLength(1);
  });

  it('a job that needs all of ten thousand others, and each of those all before', () => {
    const all = Array.from({ length: 3_000 }, (_, at) => `j${at}`);
    const job = (id: string, needs: string) =>
      `  ${id}: {needs: [${needs}], runs-on: ubuntu-latest, steps: [{run: x}]}\n`;
    const jobs = all.map((id) => job(id, 'z')).join('');

    const { findings } = lint(`on: push\njobs:\n${jobs}${job('z', all.join(', '))}`);

    expect(findings.length).toBeGreaterThan(0);
  });

  it('a matrix of many values, and deep ones', () => {
    const wide = Array.from({ length: 50_000 }, (_, at) => at).join(', ');
    const deep = `${'['.repeat(80)}1${']'.repeat(80)}`;
    const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        w: [${wide}]\n        d: [${deep}]\n        exclude: [{w: x}, {d: ${deep}}]\n    steps: [{run: "echo \${{ matrix.w }}"}]\n`;

    const { findings } = lint(text);

    expect(findings.map(({ aliases }) => aliases[0])).toEqual(['actionlint/matrix']);
  });

  it('text that is anything but a workflow', () => {
    const texts = [
      '',
      '\0\0',
      '[]',
      'null',
      '---\n---\n',
      '? [a]\n: b',
      '\uFEFFon: push',
      '%YAML 9',
      'a'.repeat(1_000_000),
      '{'.repeat(100_000),
    ];

    for (const text of texts) expect(lint(text).findings.length + lint(text).problems.length).toBeGreaterThan(0);
  });

  it('a configuration with hostile patterns', () => {
    const files = [
      { path, text: script('${{ nope }}') },
      {
        path: '.github/actionlint.yaml',
        text: `paths:\n  "${'**/'.repeat(300)}x": {ignore: ['(a+)+$', '${'('.repeat(500)}']}\nself-hosted-runner: {labels: ['${'*a'.repeat(400)}']}\n`,
      },
    ];

    expect(lintWorkflows(files).findings).toHaveLength(1);
  });

  it('many aliases to a step with a mistake', () => {
    const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - &s\n        run: echo \${{ nope }}\n${'      - *s\n'.repeat(900)}`;

    expect(lint(text).findings).toHaveLength(1);
  });

  it('names that belong to objects of the language', () => {
    const text = `on: {__proto__: {}, constructor: {}}\njobs:\n  __proto__:\n    runs-on: ubuntu-latest\n    needs: [constructor, toString]\n    strategy: {matrix: {__proto__: [1], toString: [2]}}\n    env: {__proto__: x}\n    steps:\n      - id: __proto__\n        run: echo \${{ matrix.constructor }} \${{ github.__proto__ }} \${{ steps.hasOwnProperty }} \${{ toString() }} \${{ fromJSON('{"__proto__":1}').x }}\n`;

    const { findings } = lint(text);

    expect(findings.filter(({ aliases }) => aliases[0] === 'actionlint/expression')).toHaveLength(5);
  });
});
