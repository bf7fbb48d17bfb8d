// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { apkInstalled } from '../packages/apk-installed.ts';
import { alpineRelease } from './alpine-repositories.ts';

describe('alpineRelease', () => {
  it('takes the newest release that the addresses name, where os-release is missing', () => {
    const { distribution } = catalogText(apkInstalled, {
      'lib/apk/db/installed': 'P:a\nV:1\n',
      'etc/apk/repositories':
        'https://dl-cdn.alpinelinux.example/alpine/v3.9/main\nhttps://dl-cdn.alpinelinux.example/alpine/v3.14/main\n',
    });

    expect(distribution).toMatchObject({ id: 'alpine', versionId: '3.14' });
  });

  it('does not take mirrors of others for Alpine', () => {
    expect(alpineRelease('https://mirror.example/alpine/v3.14/main\n')).toBeUndefined();
  });
});
