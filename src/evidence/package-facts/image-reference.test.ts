// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseImageReference } from './image-reference.ts';

describe('parseImageReference', () => {
  it('tells a port from a tag', () => {
    expect(parseImageReference('reg.example:5000/app')).toMatchObject({ name: 'reg.example:5000/app', tag: undefined });
    expect(parseImageReference('reg.example:5000/app:dev')).toMatchObject({ name: 'reg.example:5000/app', tag: 'dev' });
  });

  it.each(['', '${IMAGE}', 'a b', 'a:', 'a@sha256:1'])('refuses %j', (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });

  it('gives back name and tag of any reference', () => {
    const part = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.option(part, { nil: undefined }), (parts, tag) => {
        const name = parts.join('/');

        expect(parseImageReference(tag === undefined ? name : `${name}:${tag}`)).toEqual({
          name,
          tag,
          digest: undefined,
        });
      }),
    );
  });
});
