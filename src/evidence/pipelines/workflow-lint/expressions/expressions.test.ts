// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, lint, stepsOf } from '../../../../../test/support/lint-workflow.ts';

describe('expression', () => {
  it.each([
    ['${{ nope }}', 'undefined variable'],
    ['${{ github.nope }}', 'property "nope" is not defined'],
    ['${{ github.repository.owner }}', 'must be type of object but got "string"'],
    ['${{ env[0] }}', 'must be type of string but got "number"'],
    ['${{ github.event.*[env.A] }}', 'index access of array'],
    ['${{ env }}', 'should not be evaluated in template'],
    ['${{ nope() }}', 'undefined function'],
    ["${{ startsWith('a') }}", 'number of arguments is wrong'],
    ["${{ startsWith('a', github.event) }}", '2nd argument'],
    ["${{ format('{0}{1}', 1) }}", 'contains placeholder {1}'],
    ["${{ format('{0}', 1, 2) }}", 'does not contain placeholder {1}'],
    ["${{ fromJSON('{') }}", 'broken JSON'],
    ['${{ success() }}', 'calling function "success" is not allowed here'],
    ["${{ github.event == 'x' }}", 'cannot be compared'],
    ['${{ true < 1 }}', 'cannot be compared'],
    ['${{ runner.*.x }}', 'must be type of object but got "string"'],
    ['${{ vars.GITHUB_X }}', 'must not start with the GITHUB_ prefix'],
    ['${{ "a" }}', 'unexpected character'],
    ['${{ a', 'is not closed'],
  ])('reports %s', (expression, message) => {
    const messages = findingsOf(stepsOf(`      - run: |\n          echo ${expression}\n`)).map(
      (finding) => finding.message,
    );

    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(message);
  });

  it.each([
    '${{ github.event.pull_request.number }}',
    "${{ contains(github.event.labels.*.name, 'x') }}",
    "${{ contains('a', 'b') && 1 || 2 }}",
    "${{ join(github.event.commits.*.id, ', ') }}",
    '${{ fromJSON(\'{"a":{"b":[1]}}\').A.b[0] }}',
    '${{ job.services.redis.ports[6379] }}',
    '${{ github.ref == null || env.X == 1 }}',
    '${{ secrets.X }}${{ vars.Y }}',
    "${{ format('{{0}} {0}', 1) }}",
    "${{ case(github.ref == 'a', 1, 2) }}",
    '${{ !github.event.x }}',
    "${{ join(env.*, '-') }}",
    "${{ contains(needs.*.result, 'failure') }}",
  ])('accepts %s', (expression) => {
    expect(lint(stepsOf(`      - run: |\n          echo ${expression}\n`))).toEqual([]);
  });

  it('knows which contexts are there at which key', () => {
    const text =
      'on: push\nenv:\n  A: ${{ env.B }}\njobs:\n  a:\n    runs-on: ${{ runner.os }}\n    if: secrets.X\n    steps:\n      - run: x\n        if: secrets.X\n        shell: ${{ github.ref }}\n';

    expect(lint(text)).toEqual(['3 expression', '6 expression', '7 expression', '10 expression', '11 expression']);
  });

  it('types steps by what ran before, and outputs by the action', () => {
    const text = stepsOf(
      [
        '      - run: echo ${{ steps.b.outputs.x }}',
        '      - id: b',
        '        run: x',
        '      - run: echo ${{ steps.b.outputs.x }} ${{ steps.B.conclusion }}',
        '      - id: c',
        '        uses: actions/cache@v4',
        '        with: {path: x, key: y}',
        '      - run: echo ${{ steps.c.outputs.cache-hit }} ${{ steps.c.outputs.hit }}',
      ].join('\n'),
    );

    expect(lint(text)).toEqual(['6 expression', '13 expression']);
  });

  it('types the matrix by its values', () => {
    const text = `on: push
jobs:
  a:
    strategy:
      matrix:
        os: [ubuntu-latest]
        package: [{name: a, size: 1}]
        computed: \${{ fromJSON('[{"x":1}]') }}
        include: [{os: ubuntu-latest, extra: 1}]
    runs-on: \${{ matrix.os }}
    steps:
      - run: echo \${{ matrix.extra }} \${{ matrix.package.name }} \${{ matrix.computed.x }}
      - run: echo \${{ matrix.nope }}
      - run: echo \${{ matrix.package.nope }}
      - run: echo \${{ matrix.package }}
      - run: echo \${{ matrix.computed.y }}
`;

    expect(lint(text)).toEqual(['13 expression', '14 expression', '15 expression', '16 expression']);
  });

  it('types needs, inputs, secrets and jobs', () => {
    const text = `on:
  workflow_call:
    inputs:
      flag: {type: boolean}
      late: {type: number, default: "\${{ inputs.flag }}"}
    secrets: {token: {}}
    outputs:
      ok: {value: "\${{ jobs.a.outputs.x }}"}
      bad: {value: "\${{ jobs.a.outputs.y }}"}
jobs:
  a:
    runs-on: ubuntu-latest
    outputs: {x: "1"}
    steps:
      - run: echo \${{ inputs.flag }} \${{ secrets.token }} \${{ secrets.github_token }}
      - run: echo \${{ inputs.nope }}
      - run: echo \${{ secrets.nope }}
      - run: echo \${{ github[inputs.flag] }}
  b:
    needs: a
    runs-on: ubuntu-latest
    steps:
      - run: echo \${{ needs.a.outputs.x }} \${{ needs.a.result }}
      - run: echo \${{ needs.a.outputs.y }}
      - run: echo \${{ needs.b }}
`;

    expect(lint(text)).toEqual([
      '5 expression',
      '9 expression',
      '16 expression',
      '17 expression',
      '18 expression',
      '24 expression',
      '25 expression',
    ]);
  });

  it('rates what outsiders write into scripts as injection, and names the line in the script and the one it begins at', () => {
    const text = stepsOf(
      '      - name: Greet\n        run: |\n          echo hi\n          echo ${{ github.event.issue.title }}\n',
    );

    const [finding] = findingsOf(text);

    expect(finding).toMatchObject({
      id: 'workflow-untrusted-input',
      severity: 'high',
      principle: 'injection',
      job: 'a',
      step: 'Greet',
      locations: [{ line: 9 }, { line: 7 }],
    });
  });

  it.each([
    ['echo ${{ github.head_ref }}', 1],
    ['echo ${{ toJSON(github.event.*.body) }}', 1],
    ['echo ${{ github.event.commits[0].message || 1 }}', 1],
    ['echo ${{ github.event.*.body[0] }}', 1],
    ['echo ${{ github.event.pages[github.event.issue.title].page_name }}', 2],
    ["echo ${{ github['event']['comment'].body }}", 1],
    ["echo ${{ contains(github.event.issue.title, 'x') }}", 0],
    ["echo ${{ github.event.issue.title == 'x' }}", 0],
    ['echo ${{ github.event.issue.number }}', 0],
  ])('finds in the script %s untrusted values: %i', (script, count) => {
    expect(lint(stepsOf(`      - run: |\n          ${script}\n`))).toHaveLength(count);
  });

  it('leaves untrusted values alone where nothing runs them', () => {
    const text = stepsOf(
      '      - run: echo "$A"\n        env: {A: "${{ github.head_ref }}"}\n      - uses: actions/github-script@v7\n        with:\n          script: console.log("${{ github.head_ref }}")\n',
    );

    expect(lint(text)).toEqual(['10 expression']);
  });
});
