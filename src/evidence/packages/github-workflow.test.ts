// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { githubCompositeAction } from './github-composite-action.ts';
import { githubWorkflow } from './github-workflow.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';

function workflow(steps: string): ReturnType<typeof catalogText> {
  return catalogText(githubWorkflow, { '.github/workflows/ci.yml': `on: push\njobs:\n  test:\n    steps:\n${steps}` });
}

describe('githubWorkflow', () => {
  it('takes the version of a pinned action from the comment beside it', () => {
    const { get } = workflow(`      - uses: o/checkout@${commit} # v4.2.2\n`);

    expect(get('o/checkout')).toMatchObject({
      version: 'v4.2.2',
      purl: 'pkg:github/o/checkout@v4.2.2',
      facts: { commit },
      locations: [expect.objectContaining({ line: 5 })],
    });
  });

  it('takes the commit for the version when no comment names one', () => {
    const { get } = workflow(`      - uses: o/checkout@${commit} # pinned\n`);

    expect(get('o/checkout').version).toBe(commit);
  });

  it('names an action by its repository and keeps the path in the purl', () => {
    const { packages } = workflow('      - uses: o/cache/save@v3\n      - uses: o/cache/restore@v3\n');

    expect(packages.map((item) => [item.name, item.purl])).toEqual([
      ['o/cache', 'pkg:github/o/cache@v3#save'],
      ['o/cache', 'pkg:github/o/cache@v3#restore'],
    ]);
  });

  it('lists images of steps, containers and services, and folders of the repository', () => {
    const { packages } = catalogText(githubWorkflow, {
      '.github/workflows/ci.yaml': `jobs:
  test:
    container: \${{ matrix.image }}
    services:
      db: {image: 'postgres:16'}
    steps:
      - uses: docker://alpine:3.18
      - uses: ./local
`,
    });

    expect(packages.map((item) => `${item.type} ${item.name} ${item.version}`).sort()).toEqual([
      'docker alpine 3.18',
      'docker postgres 16',
      'github ./local ',
    ]);
  });

  it('lists reusable workflows', () => {
    const { get } = catalogText(githubWorkflow, {
      '.github/workflows/a.yml': 'jobs:\n  call:\n    uses: o/r/.github/workflows/w.yml@v1\n',
    });

    expect(get('o/r')).toMatchObject({
      purl: 'pkg:github/o/r@v1#.github/workflows/w.yml',
      facts: { other: { kind: 'reusable workflow' } },
    });
  });

  it('passes over what is no reference, and tells broken YAML', () => {
    expect(
      workflow('      - uses: nobody\n      - uses: o/r@\n      - uses: "@x"\n      - run: echo\n').packages,
    ).toEqual([]);
    expect(catalogText(githubWorkflow, { '.github/workflows/a.yml': 'jobs: [' }).problems).toMatchObject([
      { hidesFindings: true },
    ]);
  });
});

describe('githubCompositeAction', () => {
  it('lists what the steps use, and the image of a container action', () => {
    const { names } = catalogText(githubCompositeAction, {
      'action.yml': 'runs:\n  using: composite\n  steps:\n    - uses: o/setup@v5\n',
      'box/action.yaml': 'runs:\n  using: docker\n  image: docker://alpine:3.19\n',
    });

    expect(names).toEqual(['alpine@3.19', 'o/setup@v5']);
  });

  it('is silent about files of the same name that belong to something else', () => {
    expect(catalogText(githubCompositeAction, { 'game/action.yml': 'jump: [' }).problems).toEqual([]);
  });
});
