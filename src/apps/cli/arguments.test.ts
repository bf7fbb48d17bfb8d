// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { FlagValues } from './arguments.ts';
import { parseArguments, resolveValues } from './arguments.ts';

const names = ['exit-code', 'ignore-unfixed', 'output', 'fail-on'];

function valuesOf(words: readonly string[], environment: Readonly<Record<string, string>> = {}): FlagValues {
  const { given } = parseArguments(words, names);
  return resolveValues(names, { given, environment, configuration: new Map() });
}

describe('parseArguments', () => {
  it('refuses an empty target instead of looking at the current folder', () => {
    expect(() => parseArguments([''], names)).toThrow('a target is empty');
  });

  it('refuses a flag with an empty value', () => {
    expect(() => parseArguments(['--output='], names)).toThrow('--output needs a value (FILE|FORMAT[=FILE])');
    expect(() => parseArguments(['--exit-code', ''], names)).toThrow('--exit-code needs a value (N)');
  });
});

describe('resolveValues', () => {
  it('refused every word of a closed set that is written in capitals, as operations are', () => {
    for (const word of ['UPDATE', 'update']) {
      const { given } = parseArguments(['--operation', word], ['operation']);
      const values = resolveValues(['operation'], { given, environment: {}, configuration: new Map() });

      expect(values.text('operation')).toBe('UPDATE');
    }
  });

  it('refuses an exit status that the system would cut to another one', () => {
    expect(() => valuesOf(['--exit-code', '256'])).toThrow('--exit-code is 256; at most 255 is possible');
  });

  it('refuses blanks and other writings as a number', () => {
    for (const word of [' ', '1e1', '0x1', '-1', '1.5']) {
      expect(() => valuesOf([], { LANDWAITER_EXIT_CODE: word })).toThrow('which is no whole number');
    }
  });

  it('switches nothing on for a "no" in any spelling, and refuses what is neither yes nor no', () => {
    for (const word of ['False', 'FALSE', 'off', 'no', '0']) {
      expect(valuesOf([], { LANDWAITER_IGNORE_UNFIXED: word }).isSet('ignore-unfixed')).toBe(false);
    }
    expect(() => valuesOf([], { LANDWAITER_IGNORE_UNFIXED: 'nope' })).toThrow(
      'LANDWAITER_IGNORE_UNFIXED is "nope"; it takes true or false',
    );
  });

  it('takes =true and =false for switches on the command line, and tells "no" from "not said"', () => {
    const off = valuesOf(['--ignore-unfixed=false']);

    expect([off.isSet('ignore-unfixed'), off.isOff('ignore-unfixed')]).toEqual([false, true]);
    expect(valuesOf(['--ignore-unfixed=true']).isSet('ignore-unfixed')).toBe(true);
    expect(valuesOf([]).isOff('ignore-unfixed')).toBe(false);
    expect(() => valuesOf(['--ignore-unfixed=maybe'])).toThrow('takes no value but true or false');
  });
});
