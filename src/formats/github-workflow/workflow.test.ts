// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GithubFile } from './github-file.ts';
import { githubFileKind, githubFileKindOfContent, readGithubFile } from './github-file.ts';
import type { Workflow } from './workflow.ts';

function read(text: string, kind: Parameters<typeof readGithubFile>[2] = 'workflow'): GithubFile {
  const result = readGithubFile(text, 'a.yml', kind);
  if (result.kind !== 'read') throw new Error(result.problems.map(({ message }) => message).join());
  return result.file;
}

function workflow(text: string): Workflow {
  const file = read(text);
  if (file.kind !== 'workflow') throw new Error(file.kind);
  return file;
}

describe('workflows', () => {
  it.each([
    ['on: push', ['push']],
    ['on: [push, pull_request]', ['push', 'pull_request']],
    ['on:\n  push:\n    tags: ["v*"]\n  workflow_dispatch:', ['push', 'workflow_dispatch']],
    ['"on": push', ['push']],
  ])('reads the triggers of %s', (head, events) => {
    const { triggers } = workflow(`${head}\njobs: {}\n`);

    expect(triggers?.list.map(({ event }) => event)).toEqual(events);
  });

  it.each([
    ['permissions: {}', 'scopes', []],
    ['permissions: read-all', 'read-all', []],
    ['permissions:\n  contents: write\n  x: odd', 'scopes', ['contents: write', 'x: unknown']],
  ])('reads %s', (text, grant, scopes) => {
    const { permissions } = workflow(`on: push\n${text}\njobs: {}\n`);

    expect(permissions?.grant).toBe(grant);
    expect(permissions?.scopes.map(({ scope, access }) => `${scope}: ${access}`)).toEqual(scopes);
  });

  it('tells steps that run from steps that use, and keeps both parts of each', () => {
    const { jobs } = workflow(
      'on: push\njobs:\n  a:\n    runs-on: [self-hosted, linux]\n    steps:\n      - run: make\n        shell: bash\n      - uses: a/b@v1\n        with: {x: 1}\n      - name: nothing\n',
    );

    const [job] = jobs;

    expect(job).toMatchObject({ kind: 'steps', id: 'a' });
    expect(job?.kind === 'steps' ? job.steps.map(({ kind }) => kind) : []).toEqual(['run', 'uses', 'other']);
    expect(job).toMatchObject({
      runsOn: { labels: [{ text: 'self-hosted' }, { text: 'linux' }] },
      steps: [
        { run: { text: 'make' }, shell: { text: 'bash' } },
        { inputs: { members: [{ name: 'x', text: '1' }] } },
        { name: { text: 'nothing' } },
      ],
    });
  });

  it('counts the steps of parallel groups one by one', () => {
    const { jobs } = workflow(
      'on: push\njobs:\n  a:\n    steps:\n      - run: a\n      - parallel:\n          - run: b\n          - run: c\n      - run: d\n',
    );

    const [job] = jobs;

    expect(job?.kind === 'steps' ? job.steps.map(({ index, path }) => [index, path]) : []).toEqual([
      [0, [0]],
      [1, [1, 'parallel', 0]],
      [2, [1, 'parallel', 1]],
      [3, [2]],
    ]);
  });

  it('reads calls of reusable workflows with their secrets', () => {
    const { jobs } = workflow(
      'on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    secrets: inherit\n  c:\n    uses: o/r/.github/workflows/b.yml@v1\n    secrets:\n      A: x\n',
    );

    expect(jobs).toMatchObject([
      { kind: 'call', uses: { uses: { kind: 'local' } }, secrets: { inherit: true } },
      {
        kind: 'call',
        uses: { uses: { kind: 'repository', path: '.github/workflows/b.yml' } },
        secrets: { inherit: false, map: { members: [{ name: 'A' }] } },
      },
    ]);
  });

  it('reads containers, services, environment, defaults and matrix', () => {
    const { jobs } = workflow(
      'on: push\njobs:\n  a:\n    environment: {name: prod}\n    defaults: {run: {shell: pwsh}}\n    container: alpine\n    services:\n      db:\n        image: postgres:16\n        credentials: {username: u, password: p}\n    strategy:\n      matrix:\n        os: [a, b]\n        x: ${{ fromJSON(y) }}\n        include: [{os: c}]\n    steps: []\n',
    );

    expect(jobs[0]).toMatchObject({
      environment: { name: { text: 'prod' } },
      defaults: { shell: { text: 'pwsh' } },
      container: { image: { text: 'alpine' } },
      services: [{ name: 'db', image: { text: 'postgres:16' }, credentials: { password: { text: 'p' } } }],
      matrix: {
        dimensions: [
          { name: 'os', values: [{ text: 'a' }, { text: 'b' }] },
          { name: 'x', expression: {} },
        ],
        include: [{}],
      },
    });
  });

  it.each([
    ['on: push\njobs: [a]\n', 'map of jobs'],
    ['on: push\njobs:\n  a: b\n', 'is not a map'],
    ['on: push\njobs:\n  a:\n    steps: x\n', 'not a list'],
    ['on: push\njobs:\n  a:\n    steps: [x]\n', 'not a map'],
    ['on: push\npermissions: all\njobs: {}\n', 'permissions'],
    ['jobs: {}\n', 'without "on:"'],
  ])('says what has the wrong shape in %j', (text, message) => {
    const { problems } = workflow(text);

    expect(problems.map((problem) => problem.message).join()).toContain(message);
  });

  it('is not made of a text or a list', () => {
    expect(readGithubFile('hello', 'a.yml', 'workflow')).toMatchObject({
      kind: 'unreadable',
      problems: [{ kind: 'schema' }],
    });
    expect(readGithubFile('', 'a.yml', 'workflow')).toMatchObject({ kind: 'unreadable' });
  });
});

describe('other files', () => {
  it('reads composite and container actions', () => {
    const composite = read(
      'name: a\ninputs:\n  x: {required: true}\nruns:\n  using: composite\n  steps:\n    - run: a\n      shell: bash\n',
      'action',
    );
    const docker = read('runs: {using: docker, image: "docker://a:1"}\n', 'action');

    expect(composite).toMatchObject({ kind: 'action', inputs: [{ key: 'x' }], runs: { steps: [{ kind: 'run' }] } });
    expect(docker).toMatchObject({ runs: { image: { text: 'docker://a:1' }, steps: [] } });
  });

  it('reads updates of dependabot', () => {
    const file = read(
      'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    cooldown: {default-days: 3}\n  - x\n',
      'dependabot',
    );

    expect(file).toMatchObject({ updates: [{ ecosystem: { text: 'npm' }, cooldown: { defaultDays: { text: '3' } } }] });
    expect(file.problems).toHaveLength(1);
  });

  it('reads repositories of pre-commit', () => {
    const file = read('repos:\n  - repo: https://git.example/a\n    rev: v1\n    hooks: [{id: x}]\n', 'pre-commit');

    expect(file).toMatchObject({
      repositories: [{ repo: { text: 'https://git.example/a' }, rev: { text: 'v1' }, hooks: [{}] }],
    });
  });

  it.each([
    ['.github/workflows/a.yml', 'workflow'],
    ['sub/.github/workflows/a.yaml', 'workflow'],
    ['.github/workflows/dependabot.yml', 'workflow'],
    ['.github/workflows/sub/a.yml', undefined],
    ['action.yaml', 'action'],
    ['x/y/action.yml', 'action'],
    ['.github/dependabot.yml', 'dependabot'],
    ['.pre-commit-config.yaml', 'pre-commit'],
    ['values.yml', undefined],
  ])('tells by its path what %s is', (path, kind) => {
    expect(githubFileKind(path)).toBe(kind);
  });

  it('tells by its members what a text is', () => {
    const kinds = ['jobs: {}', 'runs: {}', 'updates: []', 'repos: []', 'x: 1', ': ['].map(githubFileKindOfContent);

    expect(kinds).toEqual(['workflow', 'action', 'dependabot', 'pre-commit', undefined, undefined]);
  });

  it('never throws on mutated files', () => {
    const valid =
      'on:\n  push:\njobs:\n  a:\n    runs-on: x\n    strategy: {matrix: {a: [1]}}\n    steps:\n      - uses: a/b@v1\n        with: {c: d}\n      - run: |\n          x\n';
    const mutation = fc.tuple(
      fc.nat(valid.length),
      fc.nat(20),
      fc.constantFrom('', ' ', '\n', '[', '}', ': ', '- ', '*a', '"', '|', '${{'),
    );

    fc.assert(
      fc.property(
        fc.array(mutation, { maxLength: 4 }),
        fc.constantFrom('workflow', 'action', 'dependabot', 'pre-commit'),
        (mutations, kind) => {
          const text = mutations.reduce(
            (result, [start, length, inserted]) => result.slice(0, start) + inserted + result.slice(start + length),
            valid,
          );

          expect(() => readGithubFile(text, 'a.yml', kind as 'workflow')).not.toThrow();
        },
      ),
    );
  });
});
