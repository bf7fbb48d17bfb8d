// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TufRepository } from '../../test/support/tuf-repository.ts';
import { parseTufMetadata } from './tuf.ts';
import { tufCanonicalBytes } from './tuf-canonical-json.ts';

describe('TUF metadata', () => {
  it('is canonical with sorted names and only quotes and backslashes escaped', () => {
    const bytes = tufCanonicalBytes({ b: [1, true, null], a: 'ü"\\\n' });

    expect(bytes.toString()).toBe('{"a":"ü\\"\\\\\n","b":[1,true,null]}');
  });

  it('is refused when a name stands twice', () => {
    const text = '{"signatures":[],"signatures":[],"signed":{}}';

    expect(parseTufMetadata(Buffer.from(text), 'root').kind).toBe('malformed');
  });

  it('never makes the reader throw', () => {
    const valid = new TufRepository().initial.toString();

    fc.assert(
      fc.property(fc.nat(valid.length), fc.string({ maxLength: 8 }), (at, text) => {
        parseTufMetadata(Buffer.from(valid.slice(0, at) + text + valid.slice(at + text.length)), 'root');
      }),
      { numRuns: 200 },
    );
  });
});
