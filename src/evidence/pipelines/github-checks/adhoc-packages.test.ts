// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { linesOf, workflowWith } from '../../../../test/support/github-audit.ts';
import { adhocPackages } from './adhoc-packages.ts';

describe('adhoc-packages', () => {
  it.each([
    ['npm install left-pad', true],
    ['npm --silent i left-pad@1', true],
    ['sudo npm install -g left-pad', true],
    ['npm exec left-pad', true],
    ['npm x --package=left-pad', true],
    ['npx --yes left-pad', true],
    ['gem install rake -v 1', true],
    ['cd a && gem i rake', true],
    ['npm install', false],
    ['npm install --no-fund', false],
    ['npm ci', false],
    ['npm install ./local', false],
    ['npm install .', false],
    ['npx left-pad', false],
    ['npm exec', false],
    ['gem build a', false],
    ['bundle install', false],
    ['echo npm install left-pad', false],
  ])('%s: %s', async (command, isFound) => {
    expect(await linesOf(adhocPackages, workflowWith(`- run: ${command}`))).toEqual(isFound ? [6] : []);
  });
});
