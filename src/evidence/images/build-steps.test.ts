// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedImage } from '../../../test/support/image-input.ts';
import { buildSteps, originOf } from './build-steps.ts';

describe('build steps', () => {
  it.each([
    ['/bin/sh -c #(nop)  ENV A=b', 'ENV A=b'],
    ['/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['RUN /bin/sh -c make # buildkit', 'RUN make'],
    ['COPY app /app # buildkit', 'COPY app /app'],
    ['WORKDIR /srv', 'WORKDIR /srv'],
    ['', ''],
  ])('take what builders put around it off %j', (createdBy, text) => {
    expect(buildSteps(namedImage({ layers: ['os'], history: [createdBy] }), undefined)).toMatchObject([{ text }]);
  });

  it('have the layer that they made, and none when they made none', () => {
    const image = namedImage({ layers: ['os', 'app'], history: ['ADD os', '-ENV A=b', 'COPY app'] });

    const layers = buildSteps(image, undefined).map(({ number, layer }) => [number, layer]);

    expect(layers).toEqual([
      [1, image.layers[0]?.digest],
      [2, undefined],
      [3, image.layers[1]?.digest],
    ]);
  });

  it('have no layer when the history tells of other layers', () => {
    const image = namedImage({ layers: ['squashed'], history: ['ADD os', 'COPY app'] });

    expect(buildSteps(image, undefined).every(({ layer }) => layer === undefined)).toBe(true);
  });

  it('say whose they are only where the base is known to end', () => {
    const image = namedImage({ layers: ['os', 'app'], history: ['ADD os', 'COPY app'] });

    const known = buildSteps(image, { basis: 'history', layers: 1, steps: 1 });
    const stated = buildSteps(image, { layers: 0, steps: 0, name: 'debian:12' });

    expect(known.map(({ origin }) => origin)).toEqual(['base', 'own']);
    expect(stated.map(({ origin }) => origin)).toEqual([undefined, undefined]);
  });

  it('are as many as the history has entries, whatever those say', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (history) => {
        const steps = buildSteps(namedImage({ layers: ['os'], history }), undefined);

        expect(steps.map(({ number }) => number)).toEqual(history.map((_, index) => index + 1));
      }),
    );
  });
});

describe('the origin of a layer', () => {
  it('is the base up to its last layer', () => {
    const base = { basis: 'layers', layers: 2, steps: 0 } as const;

    expect([0, 1, 2].map((layer) => originOf(base, layer))).toEqual(['base', 'base', 'own']);
  });

  it('is not known without a base, or with one that is only named', () => {
    expect(originOf(undefined, 0)).toBeUndefined();
    expect(originOf({ layers: 0, steps: 0, name: 'debian:12' }, 0)).toBeUndefined();
  });
});
