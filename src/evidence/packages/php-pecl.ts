// SPDX-License-Identifier: Apache-2.0
// Installed PECL packages of PHP.
import { pearPackage } from '../package-facts/pear-registry.ts';
import { defineCataloger } from './cataloger.ts';

export const phpPecl = defineCataloger({
  id: 'php-pecl',
  title: 'php/.registry (PECL)',
  ecosystems: ['pecl'],
  kind: 'installed',
  files: ['**/php/.registry/.channel.pecl.*/*.reg'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: [],
  },
  parse: (file) => pearPackage(file, 'pecl'),
});
