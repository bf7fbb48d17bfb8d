// SPDX-License-Identifier: Apache-2.0
// What the package managers themselves say is installed, against what is read of an image of the same files: dpkg-query, `rpm -qa`, and a list
// in the style of `apk info -v`. Each part is skipped, and says so, where its program is not installed.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageContents } from '../../src/apps/images/inspect-image.ts';
import { inspectImage } from '../../src/apps/images/inspect-image.ts';
import { catalogers } from '../../src/evidence/packages/index.ts';
import type { Package } from '../../src/model/package.ts';
import { buildImage, buildLayer, imageInputOf } from '../support/image-builder.ts';
import type { TarMemberInput } from '../support/tar-writer.ts';

/** Text on standard output; undefined when the program is not installed or refuses. */
function output(program: string, words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  return status === 0 ? stdout : undefined;
}

function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
}

async function look(members: readonly TarMemberInput[]): Promise<ImageContents> {
  const image = imageInputOf(buildImage([buildLayer(members)]));
  return inspectImage(image, { catalogers, files: 'owned' });
}

function listed(contents: ImageContents, type: string, line: (item: Package) => string): readonly string[] {
  const packages = contents.lists.flatMap((list) => list.packages).filter((item) => item.type === type);
  return packages.map(line).toSorted();
}

function stored(root: string, path: string): TarMemberInput {
  return { path, content: readFileSync(join(root, path)) };
}

const hasDpkg = output('dpkg-query', ['--version']) !== undefined && existsSync('/var/lib/dpkg/status');
if (!hasDpkg) console.log('the comparison with dpkg-query is skipped: this machine has no dpkg');

describe.skipIf(!hasDpkg)('the packages of this machine, as dpkg knows them', () => {
  let contents: ImageContents;

  beforeAll(async () => {
    const lists = readdirSync('/var/lib/dpkg/info').filter((name) => name.endsWith('.list'));
    const merged = ['bin', 'sbin', 'lib'].filter((name) => realpathSync(`/${name}`) === `/usr/${name}`);
    contents = await look([
      ...merged.map((name): TarMemberInput => ({ path: name, type: '2', link: `usr/${name}` })),
      stored('/', 'etc/os-release'),
      stored('/', 'var/lib/dpkg/status'),
      ...lists.map((name) => stored('/', `var/lib/dpkg/info/${name}`)),
    ]);
  });

  it('are those of dpkg-query', () => {
    const words = ['-W', '-f', '${Package} ${Version} ${Architecture} ${db:Status-Status}\\n'];
    const installed = linesOf(output('dpkg-query', words)).filter((line) => line.endsWith(' installed'));

    expect(installed.length).toBeGreaterThan(0);
    expect(
      listed(contents, 'deb', ({ name, version, facts }) => `${name} ${version} ${facts?.architecture} installed`),
    ).toEqual(installed);
  });

  it('own the files that dpkg-query says they own, by the names under which they lie on disk', () => {
    const programs = ['bash', 'cat', 'dpkg', 'perl', 'tar'].flatMap((name) =>
      ['/bin', '/usr/bin'].map((folder) => `${folder}/${name}`).filter((path) => existsSync(path)),
    );
    const answers = programs.flatMap((path) => {
      const answer = output('dpkg-query', ['-S', path])?.split('\n')[0] ?? '';
      const name = /^([a-z0-9.+-]+)(?::[a-z0-9]+)?: /.exec(answer)?.[1];
      return name === undefined ? [] : [[realpathSync(path).slice(1), name] as const];
    });

    expect(answers.length).toBeGreaterThan(2);
    const real = answers.filter(([path]) => !path.startsWith('etc/'));
    expect(real.map(([path]) => [path, contents.owners.ownerOf(path)?.name])).toEqual(real);
  });
});

const hasRpm = output('rpm', ['--version']) !== undefined && output('rpmbuild', ['--version']) !== undefined;
if (!hasRpm)
  console.log('the comparison with rpm -qa is skipped: rpm and rpmbuild are not installed (apt-get install rpm)');

describe.skipIf(!hasRpm)('packages that rpm has installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-rpm-'));
  const database = join(folder, 'var/lib/rpm');

  beforeAll(() => {
    mkdirSync(database, { recursive: true });
    const files = ['plain', 'dated', 'everywhere'].map((name, index) => build(name, index));
    const words = ['--dbpath', database, '--define', '_db_backend sqlite', '--justdb', '--nodeps', '--nosignature'];
    const done = output('rpm', [...words, '--ignorearch', '--ignoreos', '-i', ...files]);
    if (done === undefined) throw new Error('rpm did not install the packages of the test');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Builds a package that differs from the others in epoch, release and architecture. */
  function build(name: string, index: number): string {
    const spec = join(folder, `${name}.spec`);
    const text = [
      `Name: lw-${name}`,
      ...(index === 1 ? ['Epoch: 2'] : []),
      `Version: 1.${index}~rc${index}`,
      `Release: ${index + 1}.el9`,
      'Summary: made by a test',
      'License: MIT AND Apache-2.0',
      ...(index === 2 ? ['BuildArch: noarch'] : []),
      '%description',
      'Made by a test.',
      '%install',
      `mkdir -p %{buildroot}/opt/lw && echo ${name} > %{buildroot}/opt/lw/${name}`,
      '%files',
      `/opt/lw/${name}`,
      '',
    ];
    writeFileSync(spec, text.join('\n'));
    const out = join(folder, 'out', name);
    const built = output('rpmbuild', [
      '-bb',
      '--define',
      `_topdir ${join(folder, 'top')}`,
      '--define',
      `_rpmdir ${out}`,
      spec,
    ]);
    if (built === undefined) throw new Error(`rpmbuild did not build ${name}`);
    const [file] = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.rpm'));
    if (file === undefined) throw new Error(`rpmbuild left no package ${name}`);
    return join(out, file);
  }

  it('are those of rpm -qa, with licences and owned files', async () => {
    const form = '%{NAME} %|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE} %{ARCH} %{LICENSE}\\n';
    const wanted = linesOf(output('rpm', ['--dbpath', database, '-qa', '--qf', form]));

    const contents = await look([
      { path: 'etc/os-release', content: 'ID=rocky\nVERSION_ID=9\n' },
      stored(folder, 'var/lib/rpm/rpmdb.sqlite'),
    ]);

    expect(wanted).toHaveLength(3);
    expect(
      listed(contents, 'rpm', ({ name, version, licenses, facts }) =>
        [name, version, facts?.architecture, licenses.join(' ')].join(' '),
      ),
    ).toEqual(wanted);
    expect(contents.owners.ownerOf('opt/lw/dated')?.name).toBe('lw-dated');
  });
});

const apkDatabase = `C:Q1a
P:musl
V:1.2.5-r0
A:x86_64
L:MIT
F:lib
R:ld-musl-x86_64.so.1

P:busybox
V:1.36.1-r29
A:x86_64
L:GPL-2.0-only
D:so:libc.musl-x86_64.so.1
F:bin
R:busybox

P:py3-x
V:3.0_git20240101-r0
A:noarch
L:MIT AND Apache-2.0
`;

describe('the packages of an Alpine root', () => {
  it('are those that `apk info -v` would print, with their files under the links of the root', async () => {
    const contents = await look([
      { path: 'etc/os-release', content: 'ID=alpine\nVERSION_ID=3.20.1\n' },
      { path: 'bin', type: '2', link: 'usr/bin' },
      { path: 'lib/apk/db/installed', content: apkDatabase },
    ]);

    // Name and version of each paragraph, put together as apk does: an own reading, not ours.
    const wanted = apkDatabase
      .split('\n\n')
      .map((part) => `${/^P:(.*)$/m.exec(part)?.[1]}-${/^V:(.*)$/m.exec(part)?.[1]}`)
      .toSorted();
    expect(listed(contents, 'apk', ({ name, version }) => `${name}-${version}`)).toEqual(wanted);
    expect(contents.owners.ownerOf('usr/bin/busybox')?.name).toBe('busybox');
    expect(contents.owners.ownerOf('lib/ld-musl-x86_64.so.1')?.name).toBe('musl');
  });
});
