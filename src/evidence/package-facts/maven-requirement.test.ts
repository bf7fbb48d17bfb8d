// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseMavenRequirement } from './maven-requirement.ts';

describe('parseMavenRequirement', () => {
  it.each([
    ['1.0', { version: '1.0', kind: 'soft' }],
    ['[1.0]', { version: '1.0', kind: 'hard' }],
    ['[1.0,2.0)', { version: '', kind: 'range', lowest: '1.0' }],
    ['(1.0,2.0)', { version: '', kind: 'range' }],
    ['(,1.0]', { version: '', kind: 'range' }],
    ['[,1.0]', { version: '', kind: 'range' }],
    ['LATEST', { version: '', kind: 'none' }],
    ['${missing}', { version: '', kind: 'none' }],
    ['', { version: '', kind: 'none' }],
  ])('reads %j', (text, expected) => {
    expect(parseMavenRequirement(text)).toEqual(expected);
  });
});
