// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { cpanMeta } from './cpan-meta.ts';
import { cpanfile } from './cpanfile.ts';
import { cpanfileSnapshot } from './cpanfile-snapshot.ts';

describe('cpanMeta', () => {
  it('reads the distribution, whether the version is quoted or not', () => {
    const json = JSON.stringify({ name: 'URI', version: 5.34, license: ['perl_5'], abstract: 'Addresses' });

    const { get } = catalogText(cpanMeta, {
      'a/META.json': json,
      'b/META.yml': '--- #YAML:1.0\nname: Old\nversion: 0.10\nauthor: ~\n',
    });

    expect(get('URI')).toMatchObject({ version: '5.34', purl: 'pkg:cpan/URI@5.34', licenses: ['perl_5'] });
    expect(get('Old')).toMatchObject({ version: '0.10', locations: [{ line: 2 }] });
  });

  it('prefers the JSON file of a folder', () => {
    const { names } = catalogText(cpanMeta, {
      'a/META.json': '{"name": "A", "version": "2"}',
      'a/META.yml': 'name: A\nversion: 1\n',
    });

    expect(names).toEqual(['A@2']);
  });

  it('tells of files that hold no object', () => {
    const problems = ['null', 'words'].flatMap((text) => catalogText(cpanMeta, { 'META.json': text }).problems);

    expect(problems.map((problem) => problem.kind)).toEqual(['schema', 'syntax']);
  });

  it('passes over files of other programs', () => {
    const text = JSON.stringify({
      name: 'pair',
      version: '1',
      'meta-spec': { url: 'https://pgxn.example/meta/spec.txt' },
    });

    expect(catalogText(cpanMeta, { 'META.json': text }).packages).toEqual([]);
  });
});

describe('cpanfile', () => {
  it('reads statements with phases, lines and exact versions', () => {
    const text = `requires 'perl', '5.010';
requires 'Plack', '1.0'; # comment
requires "JSON::XS" => '== 3.02';
recommends 'Maybe';
on 'test' => sub {
    requires 'Test::More', '>= 0.96, < 2.0';
};
on develop => sub { requires 'Tidy' };
`;

    const { get, names } = catalogText(cpanfile, { cpanfile: text });

    expect(names).toEqual(['JSON::XS@3.02', 'Maybe@', 'Plack@', 'Test::More@', 'Tidy@']);
    expect(get('Plack')).toMatchObject({ constraint: '1.0', scope: 'runtime', locations: [{ line: 2 }] });
    expect(get('Maybe').scope).toBe('optional');
    expect(get('Test::More')).toMatchObject({ scope: 'test', constraint: '>= 0.96, < 2.0' });
    expect(get('Tidy').scope).toBe('development');
  });
});

describe('cpanfileSnapshot', () => {
  it('finds the distribution that provides a required module', () => {
    const text = `# carton snapshot format: version 1.0
DISTRIBUTIONS
  Web-Thing-1.02
    pathname: P/PE/PERSON/Web-Thing-1.02.tar.gz
    provides:
      Web::Thing 1.02
    requirements:
      Lib::Core 0
      perl 5.008
  Lib-0.5
    provides:
      Lib::Core 0.5
      Lib::More undef
`;

    const { get } = catalogText(cpanfileSnapshot, { 'cpanfile.snapshot': text });

    expect(get('Web-Thing')).toMatchObject({
      version: '1.02',
      purl: 'pkg:cpan/PERSON/Web-Thing@1.02',
      dependsOn: ['Lib@0.5'],
      locations: [{ line: 3 }],
    });
  });
});
