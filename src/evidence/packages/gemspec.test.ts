// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { gemspec } from './gemspec.ts';
import { gemspecInstalled } from './gemspec-installed.ts';

describe('gemspec', () => {
  it('reads literal fields and the interpolations that need nothing else', () => {
    const text =
      'Gem::Specification.new do |s|\n  s.name = "tool".freeze\n  s.version = "1.2.0"\n  s.licenses = ["MIT".freeze, \'BSD\']\n  s.homepage = "https://x.example/#{s.name}/#{ s.version }"\nend\n';

    const { get } = catalogText(gemspec, { 'tool.gemspec': text });

    expect(get('tool')).toMatchObject({
      version: '1.2.0',
      relationship: 'root',
      licenses: ['MIT', 'BSD'],
      locations: [{ line: 2 }],
    });
    expect(get('tool').facts?.homepage).toBe('https://x.example/tool/1.2.0');
  });

  it('follows a version constant into the required file', () => {
    const text =
      "require_relative File.join('lib', 'tool', 'version')\nGem::Specification.new do |spec|\n  spec.name = 'tool'\n  spec.version = Tool::VERSION\nend\n";
    const version = "module Tool\n  VERSION = '4.5.6'.freeze\nend\n";

    const { names } = catalogText(gemspec, { 'tool.gemspec': text, 'lib/tool/version.rb': version });

    expect(names).toEqual(['tool@4.5.6']);
  });

  it('reports a version that only running the file would tell', () => {
    const { problems } = catalogText(gemspec, {
      'a.gemspec': 'Gem::Specification.new do |s|\n s.name = "a"\n s.version = A.version\nend',
    });

    expect(problems).toMatchObject([{ kind: 'unresolved', location: { line: 3 }, hidesFindings: true }]);
  });

  it('leaves installed specifications to the cataloger for those', () => {
    const path = 'gems/specifications/a-1.0.gemspec';
    const text = 'Gem::Specification.new do |s|\n s.name = "a"\n s.version = "1.0"\nend';

    expect(catalogText(gemspec, { [path]: text }).packages).toEqual([]);
    expect(catalogText(gemspecInstalled, { [path]: text }).names).toEqual(['a@1.0']);
  });

  it('connects installed gems by what they need at run time', () => {
    const gem = (name: string, needs: string): string =>
      `Gem::Specification.new do |s|\n  s.name = "${name}"\n  s.version = "1.0"\n${needs}end\n`;
    const files = {
      'specifications/a-1.0.gemspec': gem(
        'a',
        '  s.add_runtime_dependency(%q<b>.freeze, [">= 0"])\n  s.add_development_dependency(%q<c>, [">= 0"])\n',
      ),
      'specifications/default/b-1.0.gemspec': gem('b', ''),
      'specifications/c-1.0.gemspec': gem('c', ''),
    };

    expect(catalogText(gemspecInstalled, files).get('a').dependsOn).toEqual(['b@1.0']);
  });
});
