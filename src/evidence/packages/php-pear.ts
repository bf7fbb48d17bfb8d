// SPDX-License-Identifier: Apache-2.0
// Installed PEAR packages of PHP.
import { pearPackage } from '../package-facts/pear-registry.ts';
import { defineCataloger } from './cataloger.ts';

export const phpPear = defineCataloger({
  id: 'php-pear',
  title: 'php/.registry (PEAR)',
  ecosystems: ['pear'],
  kind: 'installed',
  files: ['**/php/.registry/**/*.reg'],
  except: ['**/.channel.pecl.*/*.reg'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: [],
  },
  parse: (file) => pearPackage(file, 'pear'),
});
