// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintKinds } from './fault.ts';
import { kindDescriptions } from './finding-of.ts';
import { lintWorkflows } from './lint-workflows.ts';

const workflowPath = '.github/workflows/test.yml';

/** `line kind` of each finding, in order. */
function lint(text: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  return findings(text, others).map(
    ({ locations, aliases }) => `${locations[0]?.line} ${aliases[0]?.replace('actionlint/', '')}`,
  );
}

function findings(text: string, others: Readonly<Record<string, string>> = {}) {
  const files = [
    { path: workflowPath, text },
    ...Object.entries(others).map(([path, content]) => ({ path, text: content })),
  ];
  const paths = new Set(files.map(({ path }) => path));
  return lintWorkflows(files, { isWorkflow: (path) => path === workflowPath, hasFile: (path) => paths.has(path) })
    .findings;
}

/** A workflow of one job; its steps begin at line 6. */
function steps(text: string): string {
  return `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${text}`;
}

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

  it('tells types apart', () => {
    const text = steps(
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
    const text = steps(
      '      - run: x\n        with: {a: b}\n      - uses: o/r@v1\n        shell: sh\n      - with: {a: b}\n',
    );

    expect(lint(text)).toEqual(['7 syntax-check', '9 syntax-check', '10 syntax-check']);
  });

  it('knows anchors: unused ones, circles, and mistakes told once', () => {
    const unused = steps('      - &a\n        run: x\n');
    const circle = steps('      - &a\n        run: x\n        env: *a\n');
    const shared = steps('      - &a\n        run: x\n        nope: y\n      - *a\n      - *a\n');

    expect(lint(unused)).toEqual(['6 syntax-check']);
    expect(lint(circle)).toEqual(['8 syntax-check', '8 syntax-check']);
    expect(lint(shared)).toEqual(['8 syntax-check']);
  });
});

describe('expression', () => {
  it.each([
    ['${{ nope }}', 'undefined variable'],
    ['${{ github.nope }}', 'is not defined in object type'],
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
    ['${{ runner.*.x }}', 'has no object element'],
    ['${{ vars.GITHUB_X }}', 'must not start with the GITHUB_ prefix'],
    ['${{ "a" }}', 'unexpected character'],
    ['${{ a', 'is not closed'],
  ])('reports %s', (expression, message) => {
    const messages = findings(steps(`      - run: |\n          echo ${expression}\n`)).map(
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
  ])('accepts %s', (expression) => {
    expect(lint(steps(`      - run: |\n          echo ${expression}\n`))).toEqual([]);
  });

  it('knows which contexts are there at which key', () => {
    const text =
      'on: push\nenv:\n  A: ${{ env.B }}\njobs:\n  a:\n    runs-on: ${{ runner.os }}\n    if: secrets.X\n    steps:\n      - run: x\n        if: secrets.X\n        shell: ${{ github.ref }}\n';

    expect(lint(text)).toEqual(['3 expression', '6 expression', '7 expression', '10 expression', '11 expression']);
  });

  it('types steps by what ran before, and outputs by the action', () => {
    const text = steps(
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
    const text = steps(
      '      - name: Greet\n        run: |\n          echo hi\n          echo ${{ github.event.issue.title }}\n',
    );

    const [finding] = findings(text);

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
    ['echo ${{ github.event.pages[github.event.issue.title].page_name }}', 2],
    ["echo ${{ github['event']['comment'].body }}", 1],
    ["echo ${{ contains(github.event.issue.title, 'x') }}", 0],
    ["echo ${{ github.event.issue.title == 'x' }}", 0],
    ['echo ${{ github.event.issue.number }}', 0],
  ])('finds in the script %s untrusted values: %i', (script, count) => {
    expect(lint(steps(`      - run: |\n          ${script}\n`))).toHaveLength(count);
  });

  it('leaves untrusted values alone where nothing runs them', () => {
    const text = steps(
      '      - run: echo "$A"\n        env: {A: "${{ github.head_ref }}"}\n      - uses: actions/github-script@v7\n        with:\n          script: console.log("${{ github.head_ref }}")\n',
    );

    expect(lint(text)).toEqual(['10 expression']);
  });
});

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
    expect(lint(steps(`      - uses: ${uses}\n`))).toHaveLength(count);
  });

  it('checks inputs of much used actions', () => {
    const text = steps('      - uses: actions/cache@v4\n        with:\n          Path: x\n          keys: y\n');

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
    const text = steps(
      '      - uses: ./act\n        id: act\n        with: {old: 1, nope: 2}\n      - uses: ./act\n        with: {needed: 1}\n      - run: echo ${{ steps.act.outputs.OUT }} ${{ steps.act.outputs.x }}\n',
    );

    const found = findings(text, { 'act/action.yml': action }).map(({ message }) => message.slice(0, 40));

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

    const found = findings(steps('      - uses: ./act\n'), { 'act/action.yml': action, 'act/a.js': '' });

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
      ...Array.from({ length: 9 }, () => '3 glob'),
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

describe('the configuration', () => {
  it('adds labels, names variables and ignores by path and message', () => {
    const text = steps('      - run: echo ${{ vars.KNOWN }} ${{ vars.NOPE }}\n').replace('ubuntu-latest', 'gpu-4');
    const configuration = `self-hosted-runner: {labels: ['gpu-*']}
config-variables: [known]
paths:
  .github/**/*.yml:
    ignore: ['undefined configuration variable "nope"', '(']
`;
    const files = [
      { path: workflowPath, text },
      { path: '.github/actionlint.yaml', text: configuration },
    ];

    const result = lintWorkflows(files);

    expect(result.findings).toEqual([]);
    expect(result.problems.map(({ message }) => message.slice(0, 38))).toEqual([
      'a pattern of "ignore" cannot be used: ',
    ]);
  });
});

describe('lintWorkflows', () => {
  it('looks at the workflows among the files only', () => {
    const files = ['.github/workflows/a.yml', '.github/workflows/b/c.yml', 'deploy.yml'].map((path) => ({
      path,
      text: 'nope',
    }));

    const paths = new Set(lintWorkflows(files).findings.flatMap(({ locations }) => locations.map(({ path }) => path)));

    expect([...paths]).toEqual(['.github/workflows/a.yml']);
  });

  it('never throws on mutated workflows', () => {
    const whole = steps(
      '      - &x\n        run: echo ${{ github.ref }}\n        env: {A: "b"}\n      - *x\n      - uses: actions/cache@v4\n        with: {path: a}\n',
    );
    const mutation = fc.record({
      at: fc.nat(whole.length),
      length: fc.nat(12),
      text: fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom('${{', '}}', ': ', '\n- ', '*x', '&y ', '{', '[', '|\n'),
      ),
    });

    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 4 }), (mutations) => {
        const text = mutations.reduce(
          (now, { at, length, text: put }) => now.slice(0, at) + put + now.slice(at + length),
          whole,
        );
        const lines = text.split('\n').length;
        for (const { locations } of findings(text)) expect(locations[0]?.line ?? 0).toBeLessThanOrEqual(lines);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the lists', () => {
  it('hold every rule', () => {
    const folder = new URL('./rules/', import.meta.url);
    const list = readFileSync(new URL('index.ts', folder), 'utf8');

    const missing = readdirSync(folder).filter((name) => name.startsWith('check-') && !list.includes(`'./${name}'`));

    expect(missing).toEqual([]);
  });

  it('are what docs/workflow-lint.md says', () => {
    const page = readFileSync(new URL('../../../../docs/workflow-lint.md', import.meta.url), 'utf8');

    const rows = lintKinds.map(
      (kind) => `| \`${kind}\` | ${kindDescriptions[kind].severity} | ${kindDescriptions[kind].looksAt} |`,
    );

    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});
