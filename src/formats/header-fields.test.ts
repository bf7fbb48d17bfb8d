// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHeaderFields } from './header-fields.ts';

describe('parseHeaderFields', () => {
  it('finds fields in any case, with the first of several and its line', () => {
    const fields = parseHeaderFields('Format: 1\nname: lib\nClassifier: A\nClassifier: B\n');

    expect(fields.first('Name')).toBe('lib');
    expect(fields.lineOf('NAME')).toBe(2);
    expect(fields.all('classifier')).toEqual(['A', 'B']);
    expect(fields.first('missing')).toBeUndefined();
  });

  it('joins continuation lines, blank ones with white space included', () => {
    const fields = parseHeaderFields('Description: one\n  two\n  \n  three\nNext: x\n');

    expect(fields.first('Description')).toBe('one\ntwo\n\nthree');
    expect(fields.first('Next')).toBe('x');
  });

  it('ends at the first empty line and passes over lines without a colon', () => {
    const fields = parseHeaderFields('A: 1\nno colon here\nB: 2\n\nC: 3\n');

    expect(fields.fields.map((field) => field.name)).toEqual(['A', 'B']);
  });

  it('throws for no text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseHeaderFields(text)));
  });
});
