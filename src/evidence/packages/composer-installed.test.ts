// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { composerInstalled } from './composer-installed.ts';

describe('composerInstalled', () => {
  it('reads the list of Composer 1', () => {
    const { names } = catalogText(composerInstalled, {
      'vendor/composer/installed.json': '[{"name":"a/b","version":"1.0"}]',
    });

    expect(names).toEqual(['a/b@1.0']);
  });

  it('reads the object of Composer 2 with its development packages', () => {
    const text =
      '{"packages":[{"name":"a/b","version":"1.0"},{"name":"a/c","version":"2.0"}],"dev-package-names":["a/c"]}';

    const { get } = catalogText(composerInstalled, { 'vendor/composer/installed.json': text });

    expect(get('a/b').scope).toBe('runtime');
    expect(get('a/c').scope).toBe('development');
  });

  it('passes over the installed.json of another program in silence', () => {
    const { packages, problems } = catalogText(composerInstalled, {
      'x/installed.json': '[{"name":"thing","version":"1"}]',
    });

    expect([...packages, ...problems]).toEqual([]);
  });
});
