// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { lint, stepsOf } from '../../../../../test/support/lint-workflow.ts';

describe('syntax-check', () => {
  it('reports what is missing, unknown and there twice', () => {
    const text = 'on: push\nnope: 1\njobs:\n  a:\n    steps:\n      - run: x\n        run: y\n  A: {}\n';

    expect(lint(text)).toEqual(['2 syntax-check', '4 syntax-check', '7 syntax-check', '8 syntax-check']);
  });

  it('reports what is no YAML once, and nothing else', () => {
    expect(lint('on: push\njobs:\n  a: b: c\n')).toEqual(['3 syntax-check']);
    expect(lint('on: push\njobs: *nowhere\n')).toEqual(['2 syntax-check']);
    expect(lint('')).toEqual(['1 syntax-check']);
  });

  it('says that steps are missing when there are none', () => {
    expect(lint('on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n')).toEqual([
      '3 syntax-check',
      '5 syntax-check',
    ]);
  });

  it('tells types apart', () => {
    const text = stepsOf(
      '      - run: x\n        timeout-minutes: "5"\n        continue-on-error: maybe\n        env: A=B\n        shell: []\n',
    );

    expect(lint(text)).toEqual([
      '7 syntax-check',
      '8 syntax-check',
      '9 syntax-check',
      '10 syntax-check',
      '10 shell-name',
    ]);
  });

  it('places an empty item at its dash', () => {
    expect(
      lint('on:\n  push:\n    paths:\n      - a\n\n      # why\n      -\njobs: {a: {uses: o/r/w.yml@v1}}\n'),
    ).toEqual(['7 syntax-check']);
  });

  it('keeps keys of scripts and of actions apart', () => {
    const text = stepsOf(
      '      - run: x\n        with: {a: b}\n      - uses: o/r@v1\n        shell: sh\n      - with: {a: b}\n',
    );

    expect(lint(text)).toEqual(['7 syntax-check', '9 syntax-check', '10 syntax-check']);
  });

  it('reads steps that run beside each other', () => {
    const text = stepsOf(
      [
        '      - {id: a, run: x, background: true}',
        '      - parallel:',
        '          - {id: b, run: x}',
        '          - {uses: actions/checkout}',
        '      - {wait: [a]}',
        '      - {wait-all: }',
        '      - {cancel: a, run: x}',
        '      - run: echo ${{ steps.b.outcome }}',
        '      - {wait: a, nope: 1}',
      ].join('\n'),
    );

    expect(lint(text)).toEqual(['9 action', '12 syntax-check', '14 syntax-check']);
  });

  it('knows anchors: unused ones, circles, and mistakes told once', () => {
    const unused = stepsOf('      - &a\n        run: x\n');
    const circle = stepsOf('      - &a\n        run: x\n        env: *a\n');
    const shared = stepsOf('      - &a\n        run: x\n        nope: y\n      - *a\n      - *a\n');

    expect(lint(unused)).toEqual(['6 syntax-check']);
    expect(lint(circle)).toEqual(['8 syntax-check', '8 syntax-check']);
    expect(lint(shared)).toEqual(['8 syntax-check']);
  });
});
