// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { goSymbolScope, selectsModule } from './go-symbol-scope.ts';

function selected(words: readonly string[], modules: readonly string[]): readonly string[] {
  const scope = goSymbolScope(words);
  return modules.filter((module) => selectsModule(scope, module));
}

describe('goSymbolScope', () => {
  const modules = ['stdlib', 'golang.org/x/net', 'github.com/a/b/v2', 'gopkg.in/yaml.v2'];

  it('takes nothing unless it is asked to, whatever the patterns', () => {
    expect(selected([], modules)).toEqual([]);
    expect(selected(['none', 'github.com/**'], modules)).toEqual([]);
  });

  it('takes the standard library, what is beside it, or all', () => {
    expect(selected(['stdlib'], modules)).toEqual(['stdlib']);
    expect(selected(['Extended-Stdlib'], modules)).toEqual(['stdlib', 'golang.org/x/net']);
    expect(selected(['all'], modules)).toEqual(modules);
  });

  it('adds modules by pattern, in every major version', () => {
    expect(selected(['github.com/a/b', 'gopkg.in/yaml'], modules)).toEqual([
      'stdlib',
      'github.com/a/b/v2',
      'gopkg.in/yaml.v2',
    ]);
  });
});
