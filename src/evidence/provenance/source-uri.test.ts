// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isSameSource, sourceLocation } from './source-uri.ts';

describe('addresses of sources', () => {
  it.each([
    'github.com/acme/app',
    'https://github.com/acme/app',
    'git+https://github.com/acme/app@refs/tags/v1',
    'https://github.com/acme/app.git',
    `https://github.com/acme/app/commit/${'a'.repeat(40)}`,
  ])('%s names github.com/acme/app', (uri) => {
    expect(sourceLocation(uri)?.location).toBe('github.com/acme/app');
  });

  it('of objects in a bucket are compared without their generation', () => {
    expect(isSameSource('gs://bucket/app.tgz', 'gs://bucket/app.tgz#17')).toBe(true);
    expect(isSameSource('gs://bucket/app.tgz', 'gs://bucket/app.tgz2#17')).toBe(false);
  });

  it('that cannot be read are never the same, not even as themselves', () => {
    expect(isSameSource('ssh://github.com/a/b', 'ssh://github.com/a/b')).toBe(false);
    expect(isSameSource('', '')).toBe(false);
  });
});
