// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseImageName } from './image-name.ts';
import { isCommitId, parseUses } from './uses.ts';

describe('parseUses', () => {
  it.each([
    ['actions/checkout@v4', { kind: 'repository', owner: 'actions', repository: 'checkout', ref: 'v4' }],
    ['a/b/c/d@release/v1', { kind: 'repository', owner: 'a', repository: 'b', path: 'c/d', ref: 'release/v1' }],
    ['a/b/@v1', { kind: 'repository', owner: 'a', repository: 'b', path: '', ref: 'v1' }],
    ['a/b', { kind: 'repository', owner: 'a', repository: 'b' }],
    ['./x', { kind: 'local', path: './x', root: 'workspace' }],
    ['../x', { kind: 'local', path: '../x', root: 'workspace' }],
    ['$/x@v1', { kind: 'local', path: '$/x@v1', root: 'repository' }],
    ['docker://alpine:3', { kind: 'docker', image: { name: 'alpine', tag: '3' } }],
    ['checkout@v4', { kind: 'malformed', reason: 'not of the form owner/repository@ref' }],
    ['', { kind: 'malformed', reason: 'not of the form owner/repository@ref' }],
  ])('reads %j', (text, uses) => {
    expect(parseUses(text)).toEqual(uses);
  });

  it.each([
    ['alpine', { name: 'alpine' }],
    ['localhost:5000/a/b', { name: 'localhost:5000/a/b' }],
    ['localhost:5000/a:1', { name: 'localhost:5000/a', tag: '1' }],
    ['a:1@sha256:ab', { name: 'a', tag: '1', digest: 'sha256:ab' }],
    ['', { name: '' }],
  ])('takes the image name %j apart', (text, name) => {
    expect(parseImageName(text)).toEqual(name);
  });

  it('knows commits by their length', () => {
    expect([
      isCommitId('a'.repeat(40)),
      isCommitId('A'.repeat(64)),
      isCommitId('a'.repeat(39)),
      isCommitId('v1'),
    ]).toEqual([true, true, false, false]);
  });
});
