// SPDX-License-Identifier: Apache-2.0
// specifications/**.gemspec, written by RubyGems for every gem it installs.
import { gemspecPackage } from '../package-facts/gemspec.ts';
import { defineCataloger, noCompanions } from './cataloger.ts';

export const gemspecInstalled = defineCataloger({
  id: 'gemspec-installed',
  title: 'specifications/*.gemspec',
  ecosystems: ['gem'],
  kind: 'installed',
  files: ['**/specifications/**/*.gemspec'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['which installed gem needs which'],
  },
  parse: (file) => gemspecPackage(file, noCompanions, 'unknown'),
});
