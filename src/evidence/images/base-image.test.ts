// SPDX-License-Identifier: Apache-2.0
// What tells where the base image ends, and what does not.
import { describe, expect, it } from 'vitest';
import { namedImage } from '../../../test/support/image-input.ts';
import { recogniseBase } from './base-image.ts';

const nameKey = 'org.opencontainers.image.base.name';
const digestKey = 'org.opencontainers.image.base.digest';

describe('the base image by the layers of another image', () => {
  it('is the image whose layers are the first ones, with as many steps of the history', () => {
    const base = namedImage({ layers: ['os'], history: ['ADD os', '-CMD ["sh"]'], target: 'oci-dir:base' });
    const app = namedImage({ layers: ['os', 'app'], history: ['ADD os', '-CMD ["sh"]', 'COPY app'] });

    const found = recogniseBase(app, [base]);

    expect(found).toEqual({ basis: 'layers', layers: 1, steps: 2, target: 'oci-dir:base', digest: base.digest });
  });

  it('is the one with the most layers of several', () => {
    const small = namedImage({ layers: ['os'], target: 'oci-dir:small' });
    const large = namedImage({ layers: ['os', 'runtime'], target: 'oci-dir:large' });
    const app = namedImage({ layers: ['os', 'runtime', 'app'] });

    expect(recogniseBase(app, [small, large])).toMatchObject({ layers: 2, target: 'oci-dir:large' });
    expect(recogniseBase(app, [large, small])).toMatchObject({ layers: 2, target: 'oci-dir:large' });
  });

  it('is found when a registry packed the same content anew', () => {
    const base = namedImage({ layers: ['os'], target: 'oci-dir:base' });
    const packed = { ...base, layers: base.layers.map((layer) => ({ ...layer, digest: `sha256:${'0'.repeat(64)}` })) };

    expect(recogniseBase(namedImage({ layers: ['os', 'app'] }), [packed])).toMatchObject({
      basis: 'layers',
      layers: 1,
    });
  });

  it.each([
    ['has the same layers and no more', ['os', 'app']],
    ['has a layer that this one has not', ['other']],
    ['has the layers in another order', ['app', 'os']],
    ['has no layers', []],
  ])('is not an image that %s', (_, layers) => {
    const other = namedImage({ layers, target: 'oci-dir:other' });

    expect(recogniseBase(namedImage({ layers: ['os', 'app'] }), [other])).toBeUndefined();
  });

  it('counts no steps when the history tells of other layers', () => {
    const base = namedImage({ layers: ['os'], history: ['ADD os'] });
    const app = namedImage({ layers: ['os', 'app'], history: ['ADD os'] });

    expect(recogniseBase(app, [base])).toMatchObject({ layers: 1, steps: 0 });
  });

  it('counts steps up to the first layer above it when the base has another history', () => {
    const base = namedImage({ layers: ['os'], history: [] });
    const app = namedImage({ layers: ['os', 'app'], history: ['-ENV A=b', 'ADD os', '-ENV C=d', 'COPY app'] });

    expect(recogniseBase(app, [base])).toMatchObject({ layers: 1, steps: 2 });
  });
});

describe('the base image by the history', () => {
  it.each(['-CMD ["bash"]', '-/bin/sh -c #(nop)  CMD ["bash"]'])('ends with %s before another layer', (end) => {
    const app = namedImage({ layers: ['os', 'app'], history: ['ADD os', end, '-ENV A=b', 'COPY app', '-CMD ["app"]'] });

    expect(recogniseBase(app)).toEqual({ basis: 'history', layers: 1, steps: 2 });
  });

  it('is not told by the CMD at the end of the image, nor by a command that is called CMD', () => {
    const app = namedImage({ layers: ['os', 'app'], history: ['ADD os', 'RUN CMD', '-CMD ["app"]'] });

    expect(recogniseBase(app)).toBeUndefined();
  });

  it('is what another builder than BuildKit made below', () => {
    const app = namedImage({
      layers: ['os', 'app'],
      history: ['# debootstrap', 'COPY app', '-USER 1'],
      comments: ['debuerreotype', 'buildkit.dockerfile.v0', 'buildkit.dockerfile.v0'],
    });

    expect(recogniseBase(app)).toEqual({ basis: 'history', layers: 1, steps: 1 });
  });

  it('is not told when builders alternate', () => {
    const app = namedImage({
      layers: ['os', 'app', 'more'],
      history: ['ADD os', 'COPY app', 'RUN more'],
      comments: [undefined, 'buildkit.dockerfile.v0', undefined],
    });

    expect(recogniseBase(app)).toBeUndefined();
  });

  it('is not told by a history of other layers', () => {
    const app = namedImage({ layers: ['squashed'], history: ['ADD os', '-CMD ["sh"]', 'COPY app'] });

    expect(recogniseBase(app)).toBeUndefined();
  });
});

describe('the base image by what the image states', () => {
  it('has a name and a digest, and no known extent', () => {
    const annotations = { [nameKey]: 'debian:12', [digestKey]: 'sha256:ab' };

    expect(recogniseBase(namedImage({ layers: ['os', 'app'], annotations }))).toEqual({
      layers: 0,
      steps: 0,
      name: 'debian:12',
      digest: 'sha256:ab',
    });
  });

  it('may stand in labels; annotations count first', () => {
    const labels = { [nameKey]: 'old:1' };

    expect(recogniseBase(namedImage({ layers: ['os'], labels }))).toMatchObject({ name: 'old:1' });
    expect(recogniseBase(namedImage({ layers: ['os'], labels, annotations: { [nameKey]: 'new:2' } }))).toMatchObject({
      name: 'new:2',
    });
  });

  it('is nothing when it is empty', () => {
    expect(recogniseBase(namedImage({ layers: ['os'], labels: { [nameKey]: '' } }))).toBeUndefined();
  });

  it('goes with what the history tells', () => {
    const app = namedImage({
      layers: ['os', 'app'],
      history: ['ADD os', '-CMD ["sh"]', 'COPY app'],
      annotations: { [nameKey]: 'debian:12' },
    });

    expect(recogniseBase(app)).toEqual({ basis: 'history', layers: 1, steps: 2, name: 'debian:12' });
  });
});
