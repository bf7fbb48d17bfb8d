// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { storedZip } from '../../../test/conformance/zip-writer.ts';
import { pythonArchive } from './python-archive.ts';

const encoder = new TextEncoder();

describe('pythonArchive', () => {
  it('reads the metadata at the top of a wheel, not that of vendored packages', () => {
    const wheel = storedZip([
      { name: 'lib/_vendor/other-1.dist-info/METADATA', bytes: encoder.encode('Name: other\nVersion: 1\n') },
      { name: 'lib-2.0.dist-info/METADATA', bytes: encoder.encode('Name: lib\nVersion: 2.0\nLicense: MIT\n') },
    ]);

    const { get, names } = catalogText(pythonArchive, { 'dist/lib-2.0-py3-none-any.whl': wheel });

    expect(names).toEqual(['lib@2.0']);
    expect(get('lib').licenses).toEqual(['MIT']);
    expect(get('lib').digests[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('gives nothing for an egg without metadata, and a problem for what is no archive', () => {
    const empty = catalogText(pythonArchive, { 'a.egg': storedZip([{ name: 'x.py', bytes: encoder.encode('') }]) });
    const broken = catalogText(pythonArchive, { 'a.egg': 'not a zip' });

    expect(empty.packages).toEqual([]);
    expect(empty.problems).toEqual([]);
    expect(broken.problems).toMatchObject([{ hidesFindings: true }]);
  });
});
