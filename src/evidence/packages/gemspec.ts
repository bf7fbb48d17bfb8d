// SPDX-License-Identifier: Apache-2.0
// *.gemspec in a source tree: the gem that the tree builds.
import { gemspecPackage } from '../package-facts/gemspec.ts';
import { defineCataloger } from './cataloger.ts';

export const gemspec = defineCataloger({
  id: 'gemspec',
  title: '*.gemspec',
  ecosystems: ['gem'],
  kind: 'declared',
  files: ['**/*.gemspec'],
  except: ['**/specifications/**/*.gemspec'],
  companions: ['**/version.rb'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['values that the Ruby code computes', 'what the gem requires: Gemfile.lock has the exact versions'],
  },
  parse: (file, tree) => gemspecPackage(file, tree, 'root'),
});
