// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { linesOf, workflowWith } from '../../../../test/support/github-audit.ts';
import { useTrustedPublishing } from './use-trusted-publishing.ts';

describe('use-trusted-publishing', () => {
  it.each([
    'npm publish',
    'npm publish --access public',
    'yarn npm publish',
    'pnpm -r publish',
    'bun publish',
    'cargo +nightly publish',
    'uv publish',
    'hatch publish',
    'pdm publish',
    'twine upload dist/*',
    'python -m twine upload dist/*',
    'pipx run twine upload dist/*',
    'gem push a.gem',
    'bundle exec gem push a.gem',
    'nuget.exe push a.nupkg',
    'dotnet nuget push a.nupkg',
    'cd a && npm publish',
    'if x; then npm publish; fi',
  ])('finds %s', async (command) => {
    expect(await linesOf(useTrustedPublishing, workflowWith(`- run: ${command}`))).toEqual([6]);
  });

  it.each([
    'npm publish --dry-run',
    'cargo publish -n',
    'npm install',
    'echo npm publish',
    '# npm publish',
    'gem build',
    'dotnet build',
    'yarn publish-docs',
  ])('leaves %s alone', async (command) => {
    expect(await linesOf(useTrustedPublishing, workflowWith(`- run: |\n    ${command}`))).toEqual([]);
  });

  it('points at the line of the command', async () => {
    expect(await linesOf(useTrustedPublishing, workflowWith('- run: |\n    make\n    npm \\\n      publish'))).toEqual([
      8,
    ]);
  });

  it('is content where the job has an identity token', async () => {
    const text = workflowWith('- run: npm publish', 'on: push\npermissions:\n  id-token: write');

    expect(await linesOf(useTrustedPublishing, text)).toEqual([]);
  });

  it.each([
    ['pypa/gh-action-pypi-publish@v1', 'password: x', true],
    ['pypa/gh-action-pypi-publish@v1', 'user: x', false],
    ['pypa/gh-action-pypi-publish@v1', 'password: x\n    repository-url: https://packages.example/legacy/', false],
    ['pypa/gh-action-pypi-publish@v1', 'password: x\n    repository-url: https://test.index.example/legacy/', true],
    ['rubygems/release-gem@v1', 'setup-trusted-publisher: false', true],
    ['rubygems/release-gem@v1', 'x: y', false],
    ['rubygems/configure-rubygems-credentials@v1', 'api-token: x\n    gem-server: https://gems.example', false],
    ['actions/setup-node@v4', 'always-auth: true\n    registry-url: https://registry.npm.example', true],
    ['actions/setup-node@v4', 'always-auth: true\n    registry-url: https://npm.example', false],
    ['actions/setup-node@v4', 'registry-url: https://registry.npm.example', false],
  ])('%s with %j: %s', async (action, inputs, isFound) => {
    const text = workflowWith(`- uses: ${action}\n  with:\n    ${inputs}`);

    expect(await linesOf(useTrustedPublishing, text)).toEqual(isFound ? [6] : []);
  });
});
