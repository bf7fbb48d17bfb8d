// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packageOfPurl, splitRelease } from './purl-package.ts';

describe('packageOfPurl', () => {
  test.each([
    ['pkg:npm/%40scope/name@1.0.0', '@scope/name', '1.0.0'],
    ['pkg:maven/org.example/lib@2.1', 'org.example:lib', '2.1'],
    ['pkg:golang/github.com/a/b@v1.2.3', 'github.com/a/b', 'v1.2.3'],
    ['pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie', 'curl', '7.50.3-1'],
    ['pkg:generic/acme/tool@5', 'tool', '5'],
  ])('names the package of %s as its ecosystem does', (purl, name, version) => {
    const found = packageOfPurl(purl);

    expect([found?.name, found?.version]).toEqual([name, version]);
  });

  test('puts the epoch of a qualifier before the version', () => {
    const found = packageOfPurl('pkg:rpm/centos/openssl-libs@1.0.2k-16.el7?arch=x86_64&epoch=1&distro=centos-7.6.1810');

    expect(found?.version).toBe('1:1.0.2k-16.el7');
    expect(found?.distribution).toMatchObject({ id: 'centos', versionId: '7.6.1810' });
    expect(found?.facts).toEqual({ architecture: 'x86_64', epoch: 1 });
  });

  test.each([
    ['pkg:apk/alpine/musl@1.2.3-r0?distro=3.16.0', 'alpine', '3.16.0'],
    ['pkg:apk/alpine/musl@1.2.3-r0?distro=alpine-3.16.0', 'alpine', '3.16.0'],
    ['pkg:rpm/opensuse/zlib@1?distro=opensuse-leap-15.4', 'opensuse-leap', '15.4'],
    ['pkg:rpm/redhat/zlib@1?distro=redhat-8.4', 'rhel', '8.4'],
    ['pkg:deb/debian/zlib@1?distro=debian-12', 'debian', '12'],
  ])('reads the distribution of %s', (purl, id, versionId) => {
    expect(packageOfPurl(purl)?.distribution).toMatchObject({ id, versionId });
  });

  test('takes a code name as such', () => {
    const found = packageOfPurl('pkg:deb/debian/zlib@1?distro=bookworm');

    expect(found?.distribution).toMatchObject({ id: 'debian', versionId: '', codename: 'bookworm' });
  });

  test.each([
    ['pkg:deb/debian/libc6@2.36-9?upstream=glibc', [{ name: 'glibc', version: '2.36-9' }]],
    ['pkg:deb/debian/libgcc@12.2-14?upstream=gcc-12%4012.2', [{ name: 'gcc-12', version: '12.2' }]],
    ['pkg:rpm/rhel/nss@3.1-2?upstream=nss-util-3.0-1.el8.src.rpm', [{ name: 'nss-util', version: '3.0-1.el8' }]],
  ])('reads the source package of %s', (purl, sources) => {
    expect(packageOfPurl(purl)?.sources).toEqual(sources);
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        packageOfPurl(`pkg:${text}`);
        packageOfPurl(`pkg:rpm/a@1?upstream=${text}&distro=${text}`);
      }),
    );
  });
});

describe('a distribution in one word', () => {
  test.each([
    ['debian-11', 'debian', '11'],
    ['ubuntu@focal', 'ubuntu', 'focal'],
    ['opensuse-leap-15.2', 'opensuse-leap', '15.2'],
    ['opensuse-leap', 'opensuse-leap', ''],
    ['', '', ''],
  ])('%j is %j and %j', (text, name, version) => {
    expect(splitRelease(text)).toEqual({ name, version });
  });

  test('keeps the stream that a system follows', () => {
    const found = packageOfPurl('pkg:rpm/redhat/kernel@5.14?distro=rhel-9.4+eus');

    expect(found?.distribution).toMatchObject({ id: 'rhel', versionId: '9.4', channels: ['eus'] });
  });
});
