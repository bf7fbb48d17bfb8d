// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { linesOf, workflowWith } from '../../../../test/support/github-audit.ts';
import { overprovisionedSecrets } from './overprovisioned-secrets.ts';
import { secretsOutsideEnv } from './secrets-outside-env.ts';
import { unredactedSecrets } from './unredacted-secrets.ts';

function step(expression: string): string {
  return workflowWith(`- run: x\n  env:\n    A: \${{ ${expression} }}`);
}

describe('secrets-outside-env', () => {
  it.each([
    ['secrets.A', [8]],
    ["secrets['a']", [8]],
    ['secrets.GITHUB_TOKEN', []],
    ['secrets.github_token', []],
    ["secrets.A != '' && secrets.B", [8, 8]],
    ['vars.A', []],
  ])('%s', async (expression, lines) => {
    expect(await linesOf(secretsOutsideEnv, step(expression))).toEqual(lines);
  });

  it('leaves called workflows to their callers', async () => {
    expect(await linesOf(secretsOutsideEnv, workflowWith('- run: ${{ secrets.A }}', 'on: workflow_call'))).toEqual([]);
  });

  it('leaves out secrets that the configuration allows', async () => {
    const configuration = { path: 'x.yml', text: 'rules:\n  secrets-outside-env:\n    config:\n      allow: [a]\n' };

    expect(await linesOf(secretsOutsideEnv, step('secrets.A || secrets.B'), { configuration })).toEqual([8]);
  });

  it('is silenced by a comment anywhere in the job', async () => {
    const text = step('secrets.A').replace(
      'runs-on: ubuntu-latest',
      'runs-on: ubuntu-latest # zizmor: ignore[secrets-outside-env]',
    );

    expect(await linesOf(secretsOutsideEnv, text)).toEqual([]);
  });
});

describe('overprovisioned-secrets', () => {
  it.each([
    ['toJSON(secrets)', 1],
    ["format('{0}', toJSON(SECRETS))", 1],
    ["secrets[format('{0}', matrix.a)]", 1],
    ['secrets.*', 1],
    ['secrets.A', 0],
    ["secrets['A']", 0],
    ['toJSON(secrets.A)', 0],
  ])('%s', async (expression, count) => {
    expect(await linesOf(overprovisionedSecrets, step(expression))).toHaveLength(count);
  });
});

describe('unredacted-secrets', () => {
  it.each([
    ['fromJSON(secrets.A)', 1],
    ['fromjson(secrets.A).b', 1],
    ['fromJSON(vars.A)', 0],
    ['secrets.A', 0],
  ])('%s', async (expression, count) => {
    expect(await linesOf(unredactedSecrets, step(expression))).toHaveLength(count);
  });
});
