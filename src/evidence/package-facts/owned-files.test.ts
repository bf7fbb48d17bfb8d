// SPDX-License-Identifier: Apache-2.0
// Files of packages, as a run that asks for them gets them from each kind of database.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ndbDatabase, rpmHeader } from '../../../test/support/rpm-writer.ts';
import { rpmTags } from '../../formats/rpmdb/tags.ts';
import type { PackageFile } from '../../model/package.ts';
import { apkInstalled } from '../packages/apk-installed.ts';
import { CatalogRun } from '../packages/catalog.ts';
import type { Cataloger } from '../packages/cataloger.ts';
import { condaMeta } from '../packages/conda-meta.ts';
import { dpkgStatus } from '../packages/dpkg-status.ts';
import { gemspecInstalled } from '../packages/gemspec-installed.ts';
import { pacmanLocal } from '../packages/pacman-local.ts';
import { portageInstalled } from '../packages/portage-installed.ts';
import { pythonInstalled } from '../packages/python-installed.ts';
import { rpmDatabase } from '../packages/rpm-database.ts';
import { ownedPath, withoutFolders } from './owned-files.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

function filesIn(
  cataloger: Cataloger,
  files: Files,
  options: { files?: 'owned' } = { files: 'owned' },
): readonly PackageFile[] {
  const run = new CatalogRun([cataloger], options);
  for (const [path, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    if (run.wants(path)) run.take({ path, bytes });
  }
  return run.finish().lists.flatMap((list) => list.packages.flatMap((item) => item.files ?? []));
}

const md5 = 'ab'.repeat(16);
const sha256 = 'cd'.repeat(32);
const base64 = Buffer.from(sha256, 'hex').toString('base64url');

const status = `Package: libz\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nConffiles:\n /etc/z.conf ${md5}\n`;
const dpkg: Files = {
  'var/lib/dpkg/status': status,
  'var/lib/dpkg/info/libz:amd64.list': '/.\n/usr\n/usr/lib\n/usr/lib/libz.so\n/etc\n/etc/z.conf\n',
  'var/lib/dpkg/info/libz:amd64.md5sums': `${md5}  usr/lib/libz.so\n`,
};

describe('files of packages', () => {
  it('come from lists, checksums and configuration of dpkg', () => {
    expect(filesIn(dpkgStatus, dpkg)).toEqual([
      { path: 'usr/lib/libz.so', digest: `md5:${md5}` },
      { path: 'etc/z.conf', digest: `md5:${md5}`, isConfig: true },
    ]);
  });

  it('are left out of runs that do not ask', () => {
    expect(filesIn(dpkgStatus, dpkg, {})).toEqual([]);
  });

  it('come from the entries of apk', () => {
    const sha1 = Buffer.from('ef'.repeat(20), 'hex').toString('base64');
    const text = `P:busybox\nV:1\nF:bin\nM:0:0:755\nR:busybox\na:0:0:4755\nZ:Q1${sha1}\nR:sh\nF:etc\n`;

    expect(filesIn(apkInstalled, { 'lib/apk/db/installed': text })).toEqual([
      { path: 'bin/busybox', digest: `sha1:${'ef'.repeat(20)}`, mode: 0o4755 },
      { path: 'bin/sh' },
    ]);
  });

  it('come from the arrays of an rpm header, folders left out', () => {
    const header = rpmHeader({
      [rpmTags.name]: 'a',
      [rpmTags.version]: '1',
      [rpmTags.baseNames]: ['a', 'a.conf', 'lib'],
      [rpmTags.directoryNames]: ['/usr/bin/', '/etc/', '/usr/'],
      [rpmTags.directoryIndexes]: [0, 1, 2],
      [rpmTags.fileDigests]: [sha256, '', ''],
      [rpmTags.fileDigestAlgorithm]: [8],
      [rpmTags.fileSizes]: [7, 8, 9],
      [rpmTags.fileFlags]: [0, 17, 0],
    });

    expect(filesIn(rpmDatabase, { 'var/lib/rpm/Packages.db': ndbDatabase([header]) })).toEqual([
      { path: 'usr/bin/a', digest: `sha256:${sha256}`, size: 7 },
      { path: 'etc/a.conf', size: 8, isConfig: true },
      { path: 'usr/lib', size: 9 },
    ]);
  });

  it('come from sections and mtree of pacman', () => {
    const mtree = `#mtree\n/set type=file mode=644\n./.PKGINFO size=1\n./etc type=dir\n./etc/b\\040c.conf size=5 sha256digest=${sha256}\n`;
    const files = {
      'var/lib/pacman/local/a-1-1/desc': '%NAME%\na\n\n%VERSION%\n1-1\n',
      'var/lib/pacman/local/a-1-1/files': `%FILES%\nusr/\nusr/bin/a\n\n%BACKUP%\netc/a.conf\t${md5}\n`,
      'var/lib/pacman/local/a-1-1/mtree': gzipSync(mtree),
    };

    expect(filesIn(pacmanLocal, files)).toEqual([
      { path: 'usr/bin/a' },
      { path: 'etc/a.conf', digest: `md5:${md5}`, isConfig: true },
      { path: 'etc/b c.conf', digest: `sha256:${sha256}`, size: 5, mode: 0o644 },
    ]);
  });

  it('come from CONTENTS of portage', () => {
    const files = {
      'var/db/pkg/x/y-1/PF': 'y-1\n',
      'var/db/pkg/x/y-1/CONTENTS': `dir /usr\nobj /usr/bin/a b ${md5} 1600000000\nsym /usr/bin/c -> a b 1600000000\n`,
    };

    expect(filesIn(portageInstalled, files)).toEqual([
      { path: 'usr/bin/a b', digest: `md5:${md5}` },
      { path: 'usr/bin/c' },
    ]);
  });

  it('come from RECORD and installed-files.txt of Python, as paths of the target', () => {
    const files = {
      'lib/a-1.dist-info/METADATA': 'Name: a\nVersion: 1\n',
      'lib/a-1.dist-info/RECORD': `../bin/a,sha256=${base64},12\n"a/b,c.py",,\n../../../outside,,\n`,
      'lib/b-1.egg-info/PKG-INFO': 'Name: b\nVersion: 1\n',
      'lib/b-1.egg-info/installed-files.txt': '../b.py\n',
    };

    expect(filesIn(pythonInstalled, files)).toEqual([
      { path: 'bin/a', digest: `sha256:${sha256}`, size: 12 },
      { path: 'lib/a/b,c.py' },
      { path: 'lib/b.py' },
    ]);
  });

  it('come from records of conda', () => {
    const record = {
      name: 'a',
      version: '1',
      files: ['bin/a', 'bin/b'],
      paths_data: { paths: [{ _path: 'bin/a', sha256, size_in_bytes: 3 }] },
    };

    expect(filesIn(condaMeta, { 'opt/conda-meta/a.json': JSON.stringify(record) })).toEqual([
      { path: 'opt/bin/a', digest: `sha256:${sha256}`, size: 3 },
      { path: 'opt/bin/b' },
    ]);
  });

  it('come from specifications of gems that keep them', () => {
    const text =
      'Gem::Specification.new do |s|\n  s.name = "a"\n  s.version = "1"\n  s.files = ["lib/a.rb".freeze]\nend\n';

    expect(filesIn(gemspecInstalled, { 'gems/specifications/a-1.gemspec': text })).toEqual([
      { path: 'gems/gems/a-1/lib/a.rb' },
    ]);
  });
});

describe('ownedPath', () => {
  it('never leaves the target', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (folder, path) => {
        const found = ownedPath(folder, path);

        expect(found === undefined || (!found.startsWith('/') && !found.startsWith('../'))).toBe(true);
      }),
    );
  });
});

describe('withoutFolders', () => {
  it('drops what others lie below', () => {
    expect(withoutFolders(['a', 'a/b/c', 'd'].map((path) => ({ path })))).toEqual([{ path: 'a/b/c' }, { path: 'd' }]);
  });
});
