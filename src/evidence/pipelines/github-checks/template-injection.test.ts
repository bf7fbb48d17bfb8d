// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, fixedBy, workflowWith } from '../../../../test/support/github-audit.ts';
import { templateInjection } from './template-injection.ts';

async function found(text: string): Promise<string[]> {
  const findings = await findingsOf(templateInjection, text);
  return findings.map(
    ({ locations, severity, persona }) => `${locations[0]?.line}:${locations[0]?.column} ${severity} ${persona}`,
  );
}

async function ofExpression(expression: string, head = 'on: push'): Promise<string[]> {
  const findings = await findingsOf(templateInjection, workflowWith(`- run: echo "\${{ ${expression} }}"`, head));
  return findings.map(({ severity, confidence, persona }) => `${severity} ${confidence} ${persona}`);
}

describe('template-injection', () => {
  it('points at the context inside of a script of several lines', async () => {
    const text = workflowWith('- run: |\n    make\n    echo "${{ github.event.issue.title }}"');

    expect(await found(text)).toEqual(['8:21 high regular']);
  });

  it.each([
    ['github.event.issue.title', ['high high regular']],
    ['github.event.issue.user.starred_url', ['medium high regular']],
    ['github.event.issue.number', ['low high pedantic']],
    ['secrets.A', ['low high pedantic']],
    ['steps.a.outputs.b', ['negligible low regular']],
    ['fromJSON(a.b).c', ['negligible low regular']],
    ["github.event.issue.title == 'x'", ['low high pedantic']],
    ["github.event.forced && 'a' || github.head_ref", ['high high regular']],
    ['matrix.a', ['low high pedantic']],
    ['env.A', ['low high regular']],
    ['inputs.a', ['low low regular']],
  ])('rates %s', async (expression, expected) => {
    expect(await ofExpression(expression)).toEqual(expected);
  });

  it.each([
    ['string', ['high high regular']],
    ['boolean', ['low high pedantic']],
    ['number', ['low high pedantic']],
    ['choice', ['low high pedantic']],
    ['environment', ['medium high regular']],
  ])('knows the type of an input: %s', async (type, expected) => {
    const head = `on:\n  workflow_dispatch:\n    inputs:\n      a:\n        type: ${type}`;

    expect(await ofExpression('inputs.A', head)).toEqual(expected);
  });

  it('takes the worse of two types of one input', async () => {
    const head =
      'on:\n  workflow_call:\n    inputs:\n      a: {type: string}\n  workflow_dispatch:\n    inputs:\n      a: {type: boolean}';

    expect(await ofExpression('inputs.a', head)).toEqual(['high high regular']);
  });

  it('looks up variables in the nearest map that has them', async () => {
    const text = workflowWith(
      '- run: echo ${{ env.A }} ${{ env.B }}\n  env:\n    A: static',
      'on: push\nenv:\n  A: ${{ github.head_ref }}\n  B: ${{ github.head_ref }}',
    );

    expect(await found(text)).toEqual(['9:23 low pedantic', '9:36 low regular']);
  });

  it.each([
    ['a: [b, c]', ['low high pedantic']],
    ['a: ${{ fromJSON(x) }}', ['medium medium regular']],
    ['a: [b, "${{ x }}"]', ['medium medium regular']],
    ['include: [{a: b}]', ['low high pedantic']],
    ['include: ${{ fromJSON(x) }}', ['medium medium regular']],
  ])('reads the matrix: %s', async (matrix, expected) => {
    const text = `on: push\njobs:\n  a:\n    runs-on: x\n    strategy:\n      matrix:\n        ${matrix}\n    steps:\n      - run: echo \${{ matrix.a }}\n`;

    const findings = await findingsOf(templateInjection, text);

    expect(findings.map(({ severity, confidence, persona }) => `${severity} ${confidence} ${persona}`)).toEqual(
      expected,
    );
  });

  it('looks at inputs that an action runs as code, whatever the case of their names', async () => {
    const text = workflowWith(
      '- uses: Azure/CLI@v2\n  with:\n    inlineScript: echo ${{ github.head_ref }}\n    other: ${{ github.head_ref }}',
    );

    expect(await found(text)).toEqual(['8:34 high regular']);
  });

  it('finds expressions through the quotes of YAML', async () => {
    const text = workflowWith("- run: 'echo ''${{ format(''{0}'', github.head_ref) }}'''");

    expect(await found(text)).toEqual(['6:42 high regular']);
  });

  it('looks at declared inputs of actions', async () => {
    const text =
      'inputs:\n  a: {}\nruns:\n  using: composite\n  steps:\n    - run: echo ${{ inputs.a }} ${{ inputs.b }}\n      shell: bash\n';

    const findings = await findingsOf(templateInjection, text, { path: 'action.yml' });
    const composite = await findingsOf({ ...templateInjection, kinds: ['action'] }, text);

    expect(findings).toEqual([]);
    expect(composite.map(({ severity }) => severity)).toEqual(['high', 'low']);
  });

  it.each([
    ['- run: echo "${{ github.head_ref }}"', '- run: echo "${GITHUB_HEAD_REF}"'],
    ['- run: echo ${{ env.a }}', '- run: echo ${a}'],
    ['- run: echo ${{ github.actor }}\n  shell: pwsh', '- run: echo $env:GITHUB_ACTOR\n  shell: pwsh'],
    ['- run: echo ${{ github.actor }}\n  shell: cmd', '- run: echo %GITHUB_ACTOR%\n  shell: cmd'],
    [
      '- run: echo ${{ github.event.issue.title }} # x',
      '- run: echo ${GITHUB_EVENT_ISSUE_TITLE} # x\n  env:\n    GITHUB_EVENT_ISSUE_TITLE: ${{ github.event.issue.title }}',
    ],
    [
      '- run: echo ${{ github.event.issue.labels[0].name }} ${{ github.event.issue.title }}\n  env:\n    A: b',
      '- run: echo ${GITHUB_EVENT_ISSUE_FIRST_LABELS_NAME} ${GITHUB_EVENT_ISSUE_TITLE}\n  env:\n    A: b\n    GITHUB_EVENT_ISSUE_FIRST_LABELS_NAME: ${{ github.event.issue.labels[0].name }}\n    GITHUB_EVENT_ISSUE_TITLE: ${{ github.event.issue.title }}',
    ],
  ])('fixes %j', async (before, after) => {
    expect(await fixedBy(templateInjection, workflowWith(before))).toBe(workflowWith(after));
  });

  it.each([
    '- run: x ${{ format(a.b) }}',
    '- run: x ${{ a.b }}\n  shell: python',
    '- run: &x x ${{ github.head_ref }}\n- run: *x',
  ])('offers no fix where it could not be right: %j', async (steps) => {
    const findings = await findingsOf(templateInjection, workflowWith(steps));

    expect(findings.at(-1)?.fix).toBeUndefined();
  });
});
