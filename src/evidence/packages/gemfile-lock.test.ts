// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { gemfileLock } from './gemfile-lock.ts';

const lock = `GIT
  remote: https://git.example/own.git
  revision: 0123abcd
  specs:
    own (2.0.0)

PATH
  remote: .
  specs:
    app (0.1.0)
      rack (~> 3.0)

GEM
  remote: https://gems.example/
  specs:
    nokogiri (1.16.0-x86_64-linux)
      racc (~> 1.4)
    racc (1.7.3)
    rack (3.0.8)
    rspec (3.12.0)

DEPENDENCIES
  app!
  nokogiri
  own!
  rspec

CHECKSUMS
  rack (3.0.8) sha256=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa

BUNDLED WITH
   2.5.4
`;

describe('gemfileLock', () => {
  it('gives line, relationship and dependencies, without the platform in the version', () => {
    const { get } = catalogText(gemfileLock, { 'Gemfile.lock': lock });

    expect(get('nokogiri')).toMatchObject({
      version: '1.16.0',
      relationship: 'direct',
      dependsOn: ['racc@1.7.3'],
      locations: [{ line: 16 }],
    });
    expect(get('racc').relationship).toBe('indirect');
  });

  it('takes the gem of the tree itself for the project, and what it needs for direct', () => {
    const { get } = catalogText(gemfileLock, { 'Gemfile.lock': lock });

    expect(get('app').relationship).toBe('root');
    expect(get('rack').relationship).toBe('direct');
  });

  it('keeps checksums, and the commit of gems from git', () => {
    const { get } = catalogText(gemfileLock, { 'Gemfile.lock': lock });

    expect(get('rack').digests).toEqual([`sha256:${'a'.repeat(64)}`]);
    expect(get('own').facts).toMatchObject({ repository: 'https://git.example/own.git', commit: '0123abcd' });
  });

  it('reads the groups of the Gemfile', () => {
    const gemfile = "gem 'nokogiri'\ngroup :development, :test do\n  gem 'rspec', '~> 3'\nend\n";

    const { get } = catalogText(gemfileLock, { 'Gemfile.lock': lock, Gemfile: gemfile });

    expect(get('rspec')).toMatchObject({ scope: 'development', facts: { groups: ['development', 'test'] } });
    expect(get('nokogiri').scope).toBe('runtime');
  });

  it('reports a line that is no gem and keeps the others', () => {
    const { names, problems } = catalogText(gemfileLock, {
      'Gemfile.lock': 'GEM\n  specs:\n    broken\n    fine (1.0)\n\nDEPENDENCIES\n  fine\n',
    });

    expect(names).toEqual(['fine@1.0']);
    expect(problems).toMatchObject([{ location: { line: 3 }, hidesFindings: true }]);
  });

  it('does not take a file that was cut off for all gems', () => {
    const { names, problems } = catalogText(gemfileLock, { 'Gemfile.lock': 'GEM\n  specs:\n    fine (1.0)\n      ra' });

    expect(names).toEqual(['fine@1.0']);
    expect(problems).toMatchObject([
      { message: 'the section DEPENDENCIES is missing at the end; the file is probably cut off', hidesFindings: true },
    ]);
  });
});
