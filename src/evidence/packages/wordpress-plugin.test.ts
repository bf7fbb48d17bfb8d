// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { wordpressPlugin } from './wordpress-plugin.ts';

describe('wordpressPlugin', () => {
  it('reads the header of the main file', () => {
    const text = '<?php\n/*\nPlugin Name:  Guard: all in one\r\n * Version: 5.3\nLicense: GPLv2\n*/\n';

    const { get } = catalogText(wordpressPlugin, { 'srv/wp-content/plugins/guard/guard.php': text });

    expect(get('Guard: all in one')).toMatchObject({
      version: '5.3',
      licenses: ['GPLv2'],
      facts: { other: { slug: 'guard' } },
      locations: [{ line: 3 }],
    });
  });

  it('passes over other PHP files', () => {
    expect(catalogText(wordpressPlugin, { 'wp-content/plugins/guard/lib.php': '<?php echo 1;' }).packages).toEqual([]);
  });
});
