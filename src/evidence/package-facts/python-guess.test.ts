// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { guessPythonVersion } from './python-guess.ts';

test.each([
  ['>=1.0,<3,!=2.0', '1.0'],
  ['>=1.0,<=2.5', '2.5'],
  ['~=0.6.1', '0.6.1'],
  ['==3.1.*', '3.1.0'],
  ['<=1.3a', '1.3a0'],
  ['>1.0', undefined],
  ['!=1.0', undefined],
  ['', undefined],
])('of %j the guess is %j', (specifier, version) => {
  expect(guessPythonVersion(specifier)).toBe(version);
});
