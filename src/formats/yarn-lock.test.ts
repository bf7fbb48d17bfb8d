// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseYarnLock, splitPattern } from './yarn-lock.ts';

function entriesOf(text: string): ReturnType<typeof parseYarnLock>['entries'] {
  return parseYarnLock(new TextEncoder().encode(text), 'yarn.lock').entries;
}

describe('splitPattern', () => {
  it('keeps the scope with the name', () => {
    expect(splitPattern('@s/a@npm:^1.0.0')).toEqual({ name: '@s/a', range: 'npm:^1.0.0' });
    expect(splitPattern('a')).toEqual({ name: 'a', range: '' });
  });
});

describe('parseYarnLock', () => {
  it('splits keys at commas outside of ranges, quoted and bare', () => {
    const [entry] = entriesOf('"a@>= 1 < 2", a@^1.0.0, "a@1 || 2":\r\n  version "1.0.0"\r\n');

    expect(entry?.patterns).toEqual(['a@>= 1 < 2', 'a@^1.0.0', 'a@1 || 2']);
    expect(entry?.version).toBe('1.0.0');
  });

  it('passes over lists that it does not know', () => {
    const [entry] = entriesOf('a@1:\n  version "1.0.0"\n  strange:\n    b "2"\n  dependencies:\n    "@s/c" "^3"\n');

    expect(entry?.needs).toEqual([{ name: '@s/c', range: '^3', isOptional: false }]);
  });

  it('marks optional dependencies of berry by their metadata', () => {
    const [entry] = entriesOf(
      '__metadata:\n  version: 8\n\n"a@npm:1":\n  version: 1.0.0\n  dependencies:\n    b: 2\n  dependenciesMeta:\n    b:\n      optional: true\n',
    );

    expect(entry?.needs).toEqual([{ name: 'b', range: '2', isOptional: true }]);
  });
});
