// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapedModulePath, isPrivateModule, proxiesOf } from './go-module-path.ts';

describe('Go module paths', () => {
  it('escape capital letters', () => {
    expect(escapedModulePath('github.com/Azure/go-SDK')).toBe('github.com/!azure/go-!s!d!k');
  });

  it('are private when the first parts match a pattern', () => {
    expect(isPrivateModule('git.corp.example/team/x', 'other,*.corp.example')).toBe(true);
    expect(isPrivateModule('git.corp.example/team/x', '*.corp.example/team')).toBe(true);
    expect(isPrivateModule('git.corp.example/team/x', '*.corp.example/else,')).toBe(false);
    expect(proxiesOf('a.example/x', ['https://proxy.example', 'direct'], '')).toEqual([
      'https://proxy.example',
      'direct',
    ]);
  });

  it('are compared with any pattern without throwing', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (path, pattern) => typeof isPrivateModule(path, pattern) === 'boolean'),
    );
  });
});
