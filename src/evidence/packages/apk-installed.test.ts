// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { apkInstalled } from './apk-installed.ts';

const database = `C:Q1p78yvTLG094tHE1+dToJGbmYzQE=
P:busybox-binsh
V:1.36.1-r15
A:x86_64
L:GPL-2.0-only
o:busybox
m:Team <team@alpine.example>
D:so:libc.musl-x86_64.so.1 !other
F:bin
R:sh
Z:Q1pcfTfDNEbNKQc2s1tia7da05M8Q=

P:musl
V:1.2.4-r4
A:x86_64
L:MIT BSD
p:so:libc.musl-x86_64.so.1=1
`;

describe('apkInstalled', () => {
  it('gives packages with origin, release, checksum and edges over provided names', () => {
    const { get } = catalogText(apkInstalled, {
      'lib/apk/db/installed': database,
      'etc/os-release': 'ID=alpine\nVERSION_ID=3.19.0\n',
    });

    expect(get('busybox-binsh')).toMatchObject({
      dependsOn: ['musl@1.2.4-r4'],
      sources: [{ name: 'busybox', version: '1.36.1-r15' }],
      locations: [{ line: 1, endLine: 11 }],
    });
    expect(get('busybox-binsh').purl).toBe(
      'pkg:apk/alpine/busybox-binsh@1.36.1-r15?arch=x86_64&distro=alpine-3.19.0&upstream=busybox',
    );
    expect(get('busybox-binsh').digests).toHaveLength(1);
  });

  it('splits a list of licences and keeps an expression', () => {
    expect(catalogText(apkInstalled, { 'lib/apk/db/installed': database }).get('musl').licenses).toEqual([
      'MIT',
      'BSD',
    ]);
    expect(
      catalogText(apkInstalled, { 'lib/apk/db/installed': 'P:a\nV:1\nL:MIT AND BSD-2-Clause\n' }).get('a').licenses,
    ).toEqual(['MIT AND BSD-2-Clause']);
  });

  it('reports a line that is none', () => {
    expect(catalogText(apkInstalled, { 'lib/apk/db/installed': 'asdf\n' }).problems).toMatchObject([
      { kind: 'syntax', hidesFindings: true },
    ]);
  });
});
