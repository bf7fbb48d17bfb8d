// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { copyrightLicenses } from './debian-copyright.ts';

describe('copyrightLicenses', () => {
  it('takes names and references, not sentences', () => {
    const text =
      "Format: x\nLicense: GPL-2+ or MIT\nLicense: see below for the text\nOn Debian: `/usr/share/common-licenses/Artistic'.\n";

    expect(copyrightLicenses(text)).toEqual(['Artistic', 'GPL-2+', 'MIT']);
  });
});
