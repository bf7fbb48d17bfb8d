// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { condaMeta } from './conda-meta.ts';

const record = JSON.stringify({
  name: 'zlib',
  version: '1.2.11',
  build: 'h1_0',
  channel: 'https://conda.example/conda-forge/linux-64',
  subdir: 'linux-64',
  fn: 'zlib-1.2.11-h1_0.tar.bz2',
  license: 'Zlib',
  md5: '7'.repeat(32),
  depends: ['libzlib 1.2.11 h1_0', 'absent >=1'],
});

describe('condaMeta', () => {
  it('reads a record with purl, licence and digest', () => {
    const { get } = catalogText(condaMeta, { 'env/conda-meta/zlib-1.2.11-h1_0.json': record });

    expect(get('zlib')).toMatchObject({
      purl: 'pkg:conda/zlib@1.2.11?build=h1_0&channel=conda-forge&subdir=linux-64&type=tar.bz2',
      licenses: ['Zlib'],
      digests: [`md5:${'7'.repeat(32)}`],
      dependsOn: [],
    });
  });

  it('connects the records of one environment', () => {
    const { get } = catalogText(condaMeta, {
      'env/conda-meta/zlib-1.2.11-h1_0.json': record,
      'env/conda-meta/libzlib-1.2.11-h1_0.json': '{"name": "libzlib", "version": "1.2.11"}',
    });

    expect(get('zlib').dependsOn).toEqual(['libzlib@1.2.11']);
  });

  it('tells of records without name or version', () => {
    expect(catalogText(condaMeta, { 'conda-meta/x.json': '{}' }).problems).toMatchObject([
      { kind: 'schema', hidesFindings: true },
    ]);
  });
});
