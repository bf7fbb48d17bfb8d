// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { bunLock } from './bun-lock.ts';
import { bunLockb } from './bun-lockb.ts';

const lock = `{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "shop",
      "dependencies": { "a": "^1.0.0" },
      "devDependencies": { "g": "github:o/g" },
    },
    "tools/x": { "name": "x", "version": "0.1.0", "dependencies": { "b": "2" } },
  },
  "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "b": "^1.0.0" } }, "sha1-C+7Hteo/D9vJXQ3UfzxbwnXajzM="],
    "a/b": ["b@1.5.0", "", {}, "sha1-C+7Hteo/D9vJXQ3UfzxbwnXajzM="],
    "b": ["b@2.0.0", "", {}, "sha1-C+7Hteo/D9vJXQ3UfzxbwnXajzM="],
    "g": ["g@github:o/g#527e8ce", {}, "o-g-527e8ce"],
    "x": ["x@workspace:tools/x"],
  },
}
`;

describe('bunLock', () => {
  it('resolves nested copies and knows the workspaces', () => {
    const { get, packages } = catalogText(bunLock, { 'bun.lock': lock });

    expect(get('a')).toMatchObject({
      dependsOn: ['b@1.5.0'],
      relationship: 'direct',
      digests: ['sha1:0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8f33'],
    });
    expect(packages.find((item) => item.id === 'b@2.0.0')?.relationship).toBe('direct');
    expect(get('shop').dependsOn).toEqual(['a@1.0.0', 'g', 'x@0.1.0 (tools/x)']);
    expect(get('x').relationship).toBe('workspace');
  });

  it('gives packages of version control their commit, without a version', () => {
    const { get } = catalogText(bunLock, { 'bun.lock': lock });

    expect(get('g')).toMatchObject({ version: '', scope: 'development', facts: { commit: '527e8ce' } });
  });

  it('tells tuples that are not of the format', () => {
    const { problems, names } = catalogText(bunLock, { 'bun.lock': '{"packages": {"a": [7], "b": ["b@1.0.0"]}}' });

    expect(names).toEqual(['b@1.0.0']);
    expect(problems).toMatchObject([{ kind: 'schema', hidesFindings: true }]);
  });

  it('throws for no mutated file', () => {
    fc.assert(
      fc.property(fc.nat(lock.length), fc.nat(40), fc.string({ maxLength: 4 }), (at, length, middle) => {
        catalogText(bunLock, { 'bun.lock': lock.slice(0, at) + middle + lock.slice(at + length) });
      }),
      { numRuns: 50 },
    );
  });
});

describe('bunLockb', () => {
  it('says that the binary file is not read', () => {
    const { problems } = catalogText(bunLockb, { 'bun.lockb': '#!/usr/bin/env bun' });

    expect(problems).toMatchObject([{ kind: 'unsupported', hidesFindings: true }]);
  });

  it('is silent beside a lock file that is read', () => {
    const { problems } = catalogText(bunLockb, { 'bun.lockb': 'x', 'bun.lock': '{}' });

    expect(problems).toEqual([]);
  });
});
