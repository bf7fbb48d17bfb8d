// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { baseKernelOf, kernelOfChangelog } from '../package-facts/ubuntu-kernel.ts';
import { snapKernel } from './snap-kernel.ts';

const path = 'doc/linux-modules-5.4.0-100-generic/changelog.Debian.gz';

describe('snapKernel', () => {
  it('reads the kernel and the one that it is based on', () => {
    const text = 'linux (5.4.0-100.113) focal; urgency=medium\n\n  113/linux: 5.4-99.112 base\n';

    const { names, get } = catalogText(snapKernel, { [path]: gzipSync(text) });

    expect(names).toEqual(['linux-image-5.4-99-generic@5.4-99.112', 'linux-image-5.4.0-100-generic@5.4.0-100.113']);
    expect(get('linux-image-5.4.0-100-generic').sources).toEqual([{ name: 'linux', version: '5.4.0-100.113' }]);
  });

  it('leaves the documentation of a system with dpkg alone', () => {
    const { packages } = catalogText(snapKernel, { [`usr/share/${path}`]: gzipSync('linux (5.4.0-1.2) focal\n') });

    expect(packages).toEqual([]);
  });

  it('tells of a file that is not packed and of one that names no kernel', () => {
    expect(catalogText(snapKernel, { [path]: 'plain' }).problems).toMatchObject([{ hidesFindings: true }]);
    expect(catalogText(snapKernel, { [path]: gzipSync('zlib (1.3)\n') }).problems).toMatchObject([{ kind: 'schema' }]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const kernel = kernelOfChangelog(`linux (5.4.0-1.2) ${text}`);
        if (kernel !== undefined) baseKernelOf(`2/linux:${text}`, kernel);
      }),
    );
  });
});
