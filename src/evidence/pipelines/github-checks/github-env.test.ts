// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { linesOf, workflowWith } from '../../../../test/support/github-audit.ts';
import { githubEnv } from './github-env.ts';

async function isFound(script: string, shell = 'bash'): Promise<boolean> {
  const text = workflowWith(
    `- shell: ${shell}\n  run: |\n    ${script.replaceAll('\n', '\n    ')}`,
    'on: pull_request_target',
  );
  return (await linesOf(githubEnv, text)).length > 0;
}

describe('github-env', () => {
  it.each([
    ['echo "a=$B" >> $GITHUB_ENV', true],
    ['echo a=$(b) >> "${GITHUB_PATH}"', true],
    ['echo `b` >"$GITHUB_ENV"', true],
    ['cat b >> $GITHUB_ENV', true],
    ['b | tee -a "$GITHUB_ENV"', true],
    ['{ echo a; echo $B; } >> "$GITHUB_ENV"', true],
    ['echo ${{ a.b }} >> $GITHUB_ENV', true],
    ['echo a=b >> $GITHUB_ENV', false],
    ["printf 'a=b\\n' >> $GITHUB_ENV", false],
    ['echo "a=$B" >> $GITHUB_OUTPUT', false],
    ['echo $GITHUB_ENV', false],
    ['cat $GITHUB_ENV', false],
    ['# echo $B >> $GITHUB_ENV', false],
  ])('in bash %s: %s', async (script, expected) => {
    expect(await isFound(script)).toBe(expected);
  });

  it.each([
    ['"a=$env:B" >> $env:GITHUB_ENV', true],
    ['echo "a=$b" | Out-File -FilePath $env:GITHUB_ENV -Append', true],
    ['Add-Content -Path "$env:GITHUB_PATH" -Value $b', true],
    ['echo "a=b" >> $env:GITHUB_ENV', false],
    ["'a=$b' >> $env:GITHUB_ENV", false],
    ['b >> $env:GITHUB_ENV', true],
    ['Write-Host $env:GITHUB_ENV', false],
  ])('in PowerShell %s: %s', async (script, expected) => {
    expect(await isFound(script, 'pwsh')).toBe(expected);
  });

  it.each([
    ['echo A=%B% >> %GITHUB_ENV%', true],
    ['echo A=%B% >> "%github_path%"', true],
    ['echo %GITHUB_ENV%', false],
  ])('in cmd %s: %s', async (script, expected) => {
    expect(await isFound(script, 'cmd')).toBe(expected);
  });

  it('does not guess what another shell does', async () => {
    expect(await isFound('open(os.environ["GITHUB_ENV"])', 'python')).toBe(false);
  });

  it('minds only events that others bring about', async () => {
    expect(await linesOf(githubEnv, workflowWith('- run: echo $B >> $GITHUB_ENV'))).toEqual([]);
  });
});
