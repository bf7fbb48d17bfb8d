// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { localSymbol, packageOfSymbol, packagesByModule, symbolsByPackage } from './go-symbols.ts';

describe('packageOfSymbol', () => {
  it.each([
    ['github.com/a/b.(*T).M', 'github.com/a/b'],
    ['net/http.init.0', 'net/http'],
    ['main.Do[net/url.Values]', 'main'],
    ['gopkg.in/yaml%2ev3.Marshal', 'gopkg.in/yaml.v3'],
    ['go.example.org/x.F', 'go.example.org/x'],
    ['type:.eq.[]string', ''],
    ['go.buildid', ''],
    ['runtime', ''],
  ])('%s belongs to "%s"', (symbol, path) => {
    expect(packageOfSymbol(symbol)).toBe(path);
  });
});

describe('localSymbol', () => {
  it('leaves a name of another package alone', () => {
    expect(localSymbol('a/b.(*T).M', 'a/b')).toBe('(*T).M');
    expect(localSymbol('a/b/c.F', 'a/b')).toBe('a/b/c.F');
  });
});

describe('packagesByModule', () => {
  it('prefers the longest module path and keeps to whole parts', () => {
    const found = packagesByModule(
      ['a.org/x/v2/y', 'a.org/x', 'a.org/xy', 'net/http', 'main'],
      ['a.org/x', 'a.org/x/v2'],
      'a.org/x',
    );

    expect([...found.byModule].map(([module, paths]) => [module, [...paths]])).toEqual([
      ['a.org/x/v2', ['a.org/x/v2/y']],
      ['a.org/x', ['a.org/x', 'main']],
    ]);
    expect([...found.standard]).toEqual(['net/http']);
  });

  it('counts a vendored copy as its original', () => {
    const found = packagesByModule(['vendor/golang.org/x/net/http2'], ['golang.org/x/net'], undefined);

    expect([...(found.byModule.get('golang.org/x/net') ?? [])]).toEqual(['golang.org/x/net/http2']);
  });
});

describe('symbolsByPackage', () => {
  it('writes functions and methods as advisories do, each once', () => {
    const names = [
      'net/http.(*Server).Serve',
      'net/http.(*Server).Serve-fm',
      'net/http.(*Server).Serve.func1',
      'net/http.Get.gowrap2',
      'gopkg.in/yaml%2ev3.Map[go.shape.int,net/url.Values]',
      'main.main',
      'type:.eq.net/http.x',
      '',
    ];

    const found = symbolsByPackage(names.join('\0'));

    expect([...(found ?? [])].map(([path, symbols]) => [path, [...symbols]])).toEqual([
      ['net/http', ['Server.Serve']],
      ['gopkg.in/yaml.v3', ['Map']],
      ['main', ['main']],
    ]);
  });
});
