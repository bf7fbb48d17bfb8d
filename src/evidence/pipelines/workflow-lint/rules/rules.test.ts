// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, lint, stepsOf } from '../../../../../test/support/lint-workflow.ts';

describe('events', () => {
  it('knows events, types and filters', () => {
    const text = `on:
  pullreq:
  push: {types: [x]}
  issues: {types: [opened, created]}
  release: {branches: [main]}
  pull_request:
    paths: [a]
    paths-ignore: [b]
  workflow_run: {types: [completed]}
  check_run: {workflows: [x]}
jobs: {a: {uses: o/r/w.yml@v1}}
`;

    expect(lint(text)).toEqual(['2 events', '3 events', '4 events', '5 events', '8 events', '9 events', '10 events']);
  });

  it.each([
    ["'*/5 * * * *'", 0],
    ["'0 0 1 JAN MON-FRI'", 0],
    ["'*/4 * * * *'", 1],
    ["'0,3 * * * *'", 1],
    ["'0 0 * *'", 1],
    ["'60 0 * * *'", 1],
    ["'0 0 * * 7'", 1],
    ["'@daily'", 1],
    ["'0/0 * * * *'", 1],
  ])('reads the schedule %s', (cron, count) => {
    expect(lint(`on:\n  schedule:\n    - cron: ${cron}\njobs: {a: {uses: o/r/w.yml@v1}}\n`)).toHaveLength(count);
  });

  it.each([
    ['Europe/Berlin', 0],
    ['Etc/GMT+3', 0],
    ['UTC', 1],
    ['Mars/Base', 1],
    ['+01:00', 1],
  ])('reads the time zone %s', (zone, count) => {
    const text = `on:\n  schedule:\n    - cron: 0 0 * * *\n      timezone: "${zone}"\njobs: {a: {uses: o/r/w.yml@v1}}\n`;

    expect(lint(text)).toHaveLength(count);
  });

  it('checks the inputs of runs by hand', () => {
    const text = `on:
  workflow_dispatch:
    inputs:
      a: {type: choice}
      b: {type: choice, options: [x, x], default: y}
      c: {type: boolean, default: "1"}
      d: {type: number, default: x}
      e: {type: string, options: [x]}
jobs: {a: {uses: o/r/w.yml@v1}}
`;
    const many = Array.from({ length: 26 }, (_, at) => `      i${at}: {type: string}\n`).join('');

    expect(lint(text)).toEqual(['4 events', '5 events', '5 events', '6 events', '7 events', '8 events']);
    expect(lint(`on:\n  workflow_dispatch:\n    inputs:\n${many}jobs: {a: {uses: o/r/w.yml@v1}}\n`)).toEqual([
      '2 events',
    ]);
  });
});

describe('action', () => {
  it.each([
    ['actions/checkout', 1],
    ['checkout@v4', 1],
    ['actions/checkout@', 1],
    ['"docker://image:"', 1],
    ['docker://image:1', 0],
    ['actions/checkout@v2', 1],
    ['actions/checkout@v4', 0],
    ['Actions/Checkout@v2', 1],
    ['./not/there', 0],
    ['owner/repo/path@0123456789012345678901234567890123456789', 0],
  ])('reads uses: %s', (uses, count) => {
    expect(lint(stepsOf(`      - uses: ${uses}\n`))).toHaveLength(count);
  });

  it('checks inputs of much used actions', () => {
    const text = stepsOf('      - uses: actions/cache@v4\n        with:\n          Path: x\n          keys: y\n');

    expect(lint(text)).toEqual(['6 action', '9 action']);
  });

  it('checks inputs and outputs of actions in the repository, and what is wrong with those once', () => {
    const action = `name: A
description: a
inputs:
  needed: {required: true}
  old: {deprecationMessage: use needed}
outputs: {out: {description: o}}
runs: {using: node20, main: index.js, env: {A: b}}
`;
    const text = stepsOf(
      '      - uses: ./act\n        id: act\n        with: {old: 1, nope: 2}\n      - uses: ./act\n        with: {needed: 1}\n      - run: echo ${{ steps.act.outputs.OUT }} ${{ steps.act.outputs.x }}\n',
    );

    const found = findingsOf(text, { 'act/action.yml': action }).map(({ message }) => message.slice(0, 40));

    expect(found).toEqual([
      '"env" is not allowed in "runs" section b',
      'file "index.js" does not exist in "act".',
      'missing input "needed" which is required',
      'avoid using deprecated input "old" in ac',
      'input "nope" is not defined in action "A',
      'property "x" is not defined in object ty',
    ]);
  });

  it.each([
    ['{using: node16, main: x}', 'invalid runner name'],
    ['{using: composite}', '"steps" is required'],
    ['{using: docker, image: Containerfile}', 'must be named "Dockerfile"'],
    ['{using: node20, main: a.js, pre-if: always()}', '"pre" is required'],
    ['{main: x}', '"using" is required'],
  ])('says what is wrong with runs: %s', (runs, message) => {
    const action = `name: A\ndescription: a\nruns: ${runs}\n`;

    const found = findingsOf(stepsOf('      - uses: ./act\n'), { 'act/action.yml': action, 'act/a.js': '' });

    expect(found.map((finding) => finding.message).join('\n')).toContain(message);
    expect(found).toHaveLength(1);
  });
});

describe('workflow-call', () => {
  it('checks calls of workflows in the repository', () => {
    const called =
      'on:\n  workflow_call:\n    inputs:\n      n: {type: number, required: true}\n    secrets: {s: {required: true}}\n    outputs: {o: {value: x}}\njobs: {}\n';
    const text = `on: push
jobs:
  a:
    uses: ./called.yml
  b:
    uses: ./called.yml
    with:
      N: text
      other: 1
    secrets: inherit
  c:
    needs: b
    runs-on: ubuntu-latest
    steps:
      - run: echo \${{ needs.b.outputs.o }} \${{ needs.b.outputs.p }}
  d:
    uses: ./missing.yml
  e:
    uses: owner/repo@v1
`;

    expect(lint(text, { 'called.yml': called })).toEqual([
      '4 workflow-call',
      '4 workflow-call',
      '8 expression',
      '9 workflow-call',
      '15 expression',
      '17 workflow-call',
      '19 workflow-call',
    ]);
  });
});

describe('the other kinds', () => {
  it('checks globs', () => {
    const text = `on:
  push:
    branches: ['^a', 'v*+', '[9-1]', '[x]', 'a b', '/a', 'a/', 'v[0-9]+', '**', 'a\\b', 'v\\*', '!x', '!']
    paths-ignore: ['./a', ' a', 'a b', '!..', 'x?']
jobs: {a: {uses: o/r/w.yml@v1}}
`;

    expect(lint(text)).toEqual([
      ...Array.from({ length: 10 }, () => '3 glob'),
      ...Array.from({ length: 3 }, () => '4 glob'),
    ]);
  });

  it('checks the matrix', () => {
    const text = `on: push
jobs:
  a:
    strategy:
      matrix:
        a: [1, 2, 1]
        b: [{x: 1, y: 2}]
        exclude:
          - a: 3
          - c: 1
          - b: {x: 1}
          - b: {x: 2}
    runs-on: ubuntu-latest
    steps: [{run: x}]
`;

    expect(lint(text)).toEqual(['6 matrix', '9 matrix', '10 matrix', '12 matrix']);
  });

  it('checks ids, conditions and shells', () => {
    const text = `on: push
jobs:
  1a:
    runs-on: windows-latest
    if: true
    steps:
      - id: a b
        run: x
        if: \${{ github.ref }} && false
        shell: sh
      - id: c
        run: x
        if: "'a' == 'A'"
        shell: perl {0}
      - id: C
        run: x
        if: always()
        shell: zsh
`;

    expect(lint(text)).toEqual([
      '3 id',
      '5 if-cond',
      '7 id',
      '9 if-cond',
      '10 shell-name',
      '13 if-cond',
      '15 id',
      '18 shell-name',
    ]);
  });

  it('checks needs', () => {
    const job = (id: string, needs: string) =>
      `  ${id}: {needs: ${needs}, runs-on: ubuntu-latest, steps: [{run: x}]}\n`;
    const text = `on: push\njobs:\n${job('a', '[b, B]')}${job('b', 'c')}${job('c', 'b')}${job('d', 'e')}${job('f', 'f')}`;

    expect(lint(text)).toEqual(['3 job-needs', '4 job-needs', '6 job-needs', '7 job-needs']);
  });

  it('checks permissions, credentials, variables and commands', () => {
    const text = `on: push
permissions: {contents: admin, id-token: read, nope: read}
env: {'A B': 1, 'C=D': 2}
jobs:
  a:
    permissions: write
    runs-on: ubuntu-latest
    container: {image: x, credentials: {username: u, password: p}}
    steps:
      - run: echo "::set-output name=a::b"
`;

    expect(lint(text)).toEqual([
      '2 permissions',
      '2 permissions',
      '2 permissions',
      '3 env-var',
      '3 env-var',
      '6 permissions',
      '8 credentials',
      '10 deprecated-commands',
    ]);
  });

  it('checks labels of runners, those of the matrix too', () => {
    const text = `on: push
jobs:
  a:
    strategy:
      matrix:
        os: [ubuntu-latest, ubuntu-18.04, [self-hosted, gpu]]
    runs-on: \${{ matrix.os }}
    steps: [{run: x}]
  b:
    runs-on: [ubuntu-latest, windows-latest]
    steps: [{run: x}]
  c:
    runs-on: [self-hosted, Linux, ARM64]
    steps: [{run: x}]
`;

    expect(lint(text)).toEqual(['6 runner-label', '6 runner-label', '10 runner-label']);
  });
});
