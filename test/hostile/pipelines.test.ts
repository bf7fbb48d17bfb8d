// SPDX-License-Identifier: Apache-2.0
// Pipelines that were made to do harm: circles, explosions, garbage. Reading ends, in time, and says what it left out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditPipelines, readPipelines } from '../../src/evidence/pipelines/audit.ts';
import { buildPipelineMap } from '../../src/evidence/pipelines/map/build-map.ts';
import { printMapSvg } from '../../src/evidence/pipelines/map/map-svg.ts';
import { outsiderPaths } from '../../src/evidence/pipelines/map/outsider-paths.ts';
import { PipelineSet } from '../../src/evidence/pipelines/pipeline-set.ts';
import { parseGroovyScript } from '../../src/formats/groovy-script.ts';

function problemsOf(files: Readonly<Record<string, string>>): readonly string[] {
  return readPipelines(Object.entries(files).map(([path, text]) => ({ path, text }))).problems.map(({ kind }) => kind);
}

describe('circles', () => {
  it('of includes end', () => {
    expect(
      problemsOf({
        '.gitlab-ci.yml': 'include: /a.yml\n',
        'a.yml': 'include: [/b.yml, /.gitlab-ci.yml]\n',
        'b.yml': 'include: /a.yml\nx:\n  script: [ls]\n',
      }),
    ).toEqual([]);
  });

  it('of extends are told', () => {
    expect(problemsOf({ '.gitlab-ci.yml': 'a:\n  extends: b\n  script: [ls]\nb:\n  extends: [a, b]\n' })).toContain(
      'cycle',
    );
  });

  it('of references and templates end', () => {
    const reference = problemsOf({
      '.gitlab-ci.yml':
        'a:\n  script: [!reference [b, script]]\nb:\n  script: [!reference [a, script], !reference [b, script]]\n',
    });
    const template = problemsOf({
      'azure-pipelines.yml': 'steps: [{template: a.yml}]\n',
      'a.yml': 'steps: [{template: a.yml}, {template: azure-pipelines.yml}]\n',
    });
    const command = problemsOf({
      '.circleci/config.yml': 'commands: {a: {steps: [b, b]}, b: {steps: [a, a]}}\njobs: {build: {steps: [a]}}\n',
    });

    expect(reference).toEqual([]);
    expect(template).toContain('cycle');
    expect(command).toContain('cycle');
  });

  it('of workflows that call and follow each other end', () => {
    const text = (name: string, other: string): string =>
      `name: ${name}\non:\n  workflow_call:\n  workflow_run: {workflows: [${other}]}\n  pull_request:\njobs:\n  a: {uses: ./.github/workflows/${other}.yml}\n`;
    const { pipelines } = readPipelines([
      { path: '.github/workflows/x.yml', text: text('x', 'y') },
      { path: '.github/workflows/y.yml', text: text('y', 'x') },
    ]);
    const set = new PipelineSet(pipelines);

    expect(pipelines.every((pipeline) => set.triggersOf(pipeline).length > 0)).toBe(true);
  });
});

describe('explosions', () => {
  it('of extends, templates and commands are bounded', () => {
    const levels = Array.from({ length: 40 }, (_, index) => index);
    const started = performance.now();
    const gitlab = levels
      .map((index) => `j${index}:\n  extends: [j${index + 1}, j${index + 1}, j${index + 1}]\n`)
      .join('');
    const circle = `commands:\n${levels
      .map(
        (index) =>
          `  c${index}: {steps: [${Array(8)
            .fill(`c${index + 1}`)
            .join(', ')}]}`,
      )
      .join('\n')}\njobs: {build: {steps: [c0]}}\n`;
    const azure = Object.fromEntries(
      levels.map((index) => [
        `t${index}.yml`,
        `steps: [${Array(8)
          .fill(`{template: t${index + 1}.yml}`)
          .join(', ')}]\n`,
      ]),
    );
    const problems = [
      ...problemsOf({ '.gitlab-ci.yml': `${gitlab}j40:\n  script: [ls]\n` }),
      ...problemsOf({ '.circleci/config.yml': circle }),
      ...problemsOf({ 'azure-pipelines.yml': 'steps: [{template: t0.yml}]\n', ...azure }),
    ];

    expect(problems).toContain('limit');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('of aliases are bounded', () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(', ')}]`,
    );
    const text = `a0: &a0 [x]\n${levels.join('\n')}\nbuild:\n  script: *a12\n`;

    expect(problemsOf({ '.gitlab-ci.yml': text })).toContain('limit');
  });

  it('of jobs that need each other are bounded', () => {
    const layers = Array.from({ length: 40 }, (_, layer) => [0, 1, 2].map((index) => ({ layer, index }))).flat();
    const jobs = layers.map(
      ({ layer, index }) =>
        `  j${layer}x${index}:\n    needs: [${layer === 0 ? '' : [0, 1, 2].map((other) => `j${layer - 1}x${other}`).join(', ')}]\n    runs-on: x\n    steps: [{run: make}]\n`,
    );
    const { pipelines } = readPipelines([
      { path: '.github/workflows/a.yml', text: `on: [push, pull_request]\njobs:\n${jobs.join('')}` },
    ]);
    const started = performance.now();

    expect(buildPipelineMap(new PipelineSet(pipelines)).nodes.length).toBeGreaterThan(120);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('of workflows that all call each other are bounded', () => {
    const names = Array.from({ length: 30 }, (_, index) => `w${index}`);
    const files = names.map((name) => ({
      path: `.github/workflows/${name}.yml`,
      text: `on: [workflow_call, pull_request]\njobs:\n${names.map((other) => `  ${other}: {uses: ./.github/workflows/${other}.yml}\n`).join('')}`,
    }));
    const started = performance.now();
    const set = new PipelineSet(readPipelines(files).pipelines);

    expect(buildPipelineMap(set).nodes.length).toBeGreaterThan(900);
    expect(set.isCut).toBe(true);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('of many jobs still give a map', () => {
    const jobs = Array.from(
      { length: 600 },
      (_, index) =>
        `  j${index}:\n    needs: [${index === 0 ? '' : `j${index - 1}`}]\n    runs-on: ubuntu-latest\n    steps: [{uses: "a/b${index}@v1"}]\n`,
    ).join('');
    const { pipelines } = readPipelines([
      { path: '.github/workflows/a.yml', text: `on: pull_request\njobs:\n${jobs}` },
    ]);
    const map = buildPipelineMap(new PipelineSet(pipelines));

    expect(printMapSvg(map, outsiderPaths(map)).length).toBeGreaterThan(1000);
  });
});

describe('garbage', () => {
  it('in Groovy never throws and takes time in proportion to its length', () => {
    const part = fc.constantFrom(
      'pipeline',
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      "'",
      '"',
      "'''",
      '/',
      '$',
      '\n',
      ',',
      ':',
      '.',
      'sh',
      'stage',
      'steps',
      '\\',
      '//',
      '/*',
      'a',
      '=',
      ';',
      '${',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 200 }), (parts) => {
        parseGroovyScript(parts.join(parts.length % 2 === 0 ? '' : ' '), 'Jenkinsfile');
      }),
      { numRuns: 300 },
    );
  });

  it('that nests deep ends with a problem', () => {
    const deep = problemsOf({ Jenkinsfile: `pipeline { stages { ${'a(a { '.repeat(20_000)}` });
    const tangled = parseGroovyScript(`x = ${'a('.repeat(150)}1${')+1'.repeat(150)}\n`, 'Jenkinsfile');

    expect(deep).toContain('limit');
    expect(tangled.statements.length).toBeGreaterThan(0);
  });

  it('in YAML of every system never throws', async () => {
    const word = fc.constantFrom(
      'on',
      'jobs',
      'steps',
      'run',
      'uses',
      'include',
      'extends',
      'script',
      'stages',
      'pool',
      'task',
      'apiVersion',
      'kind',
      'PipelineRun',
      'tekton.dev/v1',
      'spec',
      'tasks',
      'orbs',
      'workflows',
      'null',
      '${{ x',
      '!reference [a]',
      '- a',
      '1',
    );
    const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        word,
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(word, tie('node'), { maxKeys: 5 }),
      ),
    })).node;
    const paths = [
      '.github/workflows/a.yml',
      'action.yml',
      '.gitlab-ci.yml',
      'azure-pipelines.yml',
      '.tekton/a.yaml',
      '.circleci/config.yml',
    ];
    await fc.assert(
      fc.asyncProperty(value, async (document) => {
        const text = `# tekton.dev/\n${JSON.stringify(document)}\n`;
        const audit = await auditPipelines(paths.map((path) => ({ path, text })));
        const map = buildPipelineMap(new PipelineSet(audit.pipelines));
        outsiderPaths(map);
      }),
      { numRuns: 100 },
    );
  });

  it('of ten megabytes in one line is read in bounded time', async () => {
    const started = performance.now();
    const script = `echo ${'curl $'.repeat(100_000)}`;
    await auditPipelines([
      { path: '.gitlab-ci.yml', text: `a:\n  script:\n    - ${JSON.stringify(script + 'x'.repeat(10_000_000))}\n` },
    ]);

    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
