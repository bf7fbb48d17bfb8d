// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breachPlace } from './breach-place.ts';

const object = {
  metadata: { labels: { 'app.kubernetes.io/name': 'web', a: '' } },
  spec: { containers: [{ name: 'a' }, { name: 'b', ports: [] }] },
};

describe('the place of a breach', () => {
  it.each([
    ['/spec/containers/1/name/', ['spec', 'containers', 1, 'name']],
    ['/metadata/labels/app.kubernetes.io/name/', ['metadata', 'labels', 'app.kubernetes.io/name']],
    ['/metadata/labels/owner/', ['metadata', 'labels']],
    ['/spec/containers/7/name/', ['spec', 'containers']],
    ['/spec/containers/1/ports/0/', ['spec', 'containers', 1, 'ports']],
    ['/', []],
    ['', []],
  ])('%s', (path, place) => {
    expect(breachPlace(object, path)).toEqual(place);
  });

  it('is never outside of the object', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, path) => {
        let inside: unknown = value;
        for (const key of breachPlace(value, path)) {
          expect(Object.hasOwn(inside as object, key)).toBe(true);
          inside = (inside as Record<string, unknown>)[key];
        }
      }),
    );
  });
});
