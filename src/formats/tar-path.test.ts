// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { linkTarget, pathInRoot } from './tar-path.ts';

describe('pathInRoot', () => {
  it.each([
    ['usr/bin/env', 'usr/bin/env'],
    ['./usr/bin/env', 'usr/bin/env'],
    ['/etc/passwd', 'etc/passwd'],
    ['.//a///b/./c/', 'a/b/c'],
    ['./', ''],
    ['.', ''],
    ['a/../b', 'b'],
    ['.hidden/..name', '.hidden/..name'],
    ['././a', 'a'],
  ])('%j is %j', (name, path) => {
    expect(pathInRoot(name)).toBe(path);
  });

  it.each(['..', '../etc/passwd', 'a/../../b', '/../x', 'a\0b'])('refuses %j', (name) => {
    expect(pathInRoot(name)).toBeUndefined();
  });
});

describe('linkTarget', () => {
  it.each([
    ['lib', 'usr/lib', 'usr/lib'],
    ['etc/os-release', '../usr/lib/os-release', 'usr/lib/os-release'],
    ['a/b', '/c/./d', 'c/d'],
    ['a/b', '../../../etc', 'etc'],
    ['a/b', '.', 'a'],
  ])('%s -> %s leads to %s', (path, target, place) => {
    expect(linkTarget(path, target)).toBe(place);
  });
});
