// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { packageOf } from '../../model/package.ts';
import { withReach } from './reach.ts';

function node(name: string, dependsOn: readonly string[] = []) {
  return packageOf({ id: name, name, version: '', type: 'x', dependsOn });
}

describe('withReach', () => {
  it('lets the stronger scope win for what two packages need', () => {
    const packages = [node('run', ['shared']), node('dev', ['shared', 'only']), node('shared'), node('only')];

    const reached = withReach(
      packages,
      new Map([
        ['run', 'runtime'],
        ['dev', 'development'],
      ]),
    );

    expect(reached.map((item) => [item.id, item.scope, item.relationship])).toEqual([
      ['run', 'runtime', 'direct'],
      ['dev', 'development', 'direct'],
      ['shared', 'runtime', 'indirect'],
      ['only', 'development', 'indirect'],
    ]);
  });

  it('ends on cycles and leaves alone what nothing reaches', () => {
    const packages = [node('a', ['b']), node('b', ['a']), node('c')];

    const reached = withReach(packages, new Map([['a', 'test']]));

    expect(reached.map((item) => item.relationship)).toEqual(['direct', 'indirect', 'unknown']);
  });
});
