// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { phpPear } from './php-pear.ts';
import { phpPecl } from './php-pecl.ts';

const registry =
  'a:3:{s:4:"name";s:4:"log1";s:7:"version";a:1:{s:7:"release";s:5:"1.2.3";}s:7:"license";a:1:{s:8:"_content";s:3:"BSD";}}';

describe('phpPear and phpPecl', () => {
  it('read the serialised package', () => {
    const { get } = catalogText(phpPear, { 'usr/share/php/.registry/log1.reg': registry });

    expect(get('log1')).toMatchObject({
      version: '1.2.3',
      type: 'pear',
      licenses: ['BSD'],
      purl: 'pkg:pear/log1@1.2.3',
    });
  });

  it('divide the registry by channel, which becomes the namespace', () => {
    const path = 'usr/share/php/.registry/.channel.pecl.php.example/log1.reg';

    expect(catalogText(phpPear, { [path]: registry }).packages).toEqual([]);
    expect(catalogText(phpPecl, { [path]: registry }).get('log1').purl).toBe('pkg:pear/pecl.php.example/log1@1.2.3');
  });

  it('report a registry file that is cut in half', () => {
    const { problems } = catalogText(phpPear, { 'php/.registry/log1.reg': registry.slice(0, 40) });

    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });
});
