// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatGoImport, matchedGoSymbols, mergeGoImports, normaliseGoSymbol, parseGoImport } from './go-symbols.ts';

describe('normaliseGoSymbol', () => {
  it.each([
    ['net/http.(*Server).Serve', 'net/http.Server.Serve'],
    ['x/http2.(*Framer[go.shape.int]).ReadFrame', 'x/http2.Framer.ReadFrame'],
    ['x/retry.(*Standard).noRetry-fm', 'x/retry.Standard.noRetry'],
    ['x/html.Parse', 'x/html.Parse'],
  ])('turns %s into %s', (written, wanted) => {
    expect(normaliseGoSymbol(written)).toBe(wanted);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (symbol) => typeof normaliseGoSymbol(symbol) === 'string'));
  });
});

describe('imports of an advisory', () => {
  it('are kept as one text and read again', () => {
    const one = { path: 'net/http', symbols: ['Serve', 'Server.Serve'] };

    expect(formatGoImport(one)).toBe('net/http#Serve,Server.Serve');
    expect(parseGoImport(formatGoImport(one))).toEqual(one);
    expect(parseGoImport('net')).toEqual({ path: 'net', symbols: [] });
  });

  it('unite their symbols, and a whole package takes in its parts', () => {
    const merged = mergeGoImports([
      { path: 'a', symbols: ['B'] },
      { path: 'a', symbols: ['C', 'B'] },
      { path: 'b', symbols: ['X'] },
      { path: 'b', symbols: [] },
    ]);

    expect(merged).toEqual([
      { path: 'a', symbols: ['B', 'C'] },
      { path: 'b', symbols: [] },
    ]);
  });

  it('match the symbols that a binary holds', () => {
    const held = { 'net/http': ['(*Server).Serve', 'Get'] };

    expect(matchedGoSymbols([{ path: 'net/http', symbols: ['Server.Serve', 'Serve'] }], held)).toEqual([
      'net/http.Server.Serve',
    ]);
    expect(matchedGoSymbols([{ path: 'net/http', symbols: [] }], held)).toEqual(['net/http']);
    expect(matchedGoSymbols([{ path: 'net', symbols: [] }], held)).toEqual([]);
  });
});
