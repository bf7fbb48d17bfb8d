// SPDX-License-Identifier: Apache-2.0
// What the program needs of an operating system: the libraries of Node that the machine that builds has from its Debian packages, with their licences and package
// data so that scanners know them; certificates; a user. No shell, no package manager.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import type { TarMemberInput } from '../../test/support/tar-writer.ts';

/** As `ldd` lists them for Node's own builds (libstdc++ is not linked statically). */
const libraries: readonly string[] = [
  'libc.so.6',
  'libdl.so.2',
  'libm.so.6',
  'libpthread.so.0',
  'libgcc_s.so.1',
  'libstdc++.so.6',
  'ld-linux-x86-64.so.2',
  // Names of hosts are looked up through these.
  'libresolv.so.2',
  'libnss_dns.so.2',
  'libnss_files.so.2',
];
const places: readonly string[] = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu'];
const packages: readonly string[] = ['libc6', 'libgcc-s1', 'libstdc++6', 'ca-certificates', 'gcc-12-base'];
const certificates = '/etc/ssl/certs/ca-certificates.crt';
const user = 65_532;

/** Undefined when this machine is no Debian on x86-64 that has them: then a base image is needed, and none is made up. */
export function baseFiles(): readonly TarMemberInput[] | undefined {
  const release = readText('/etc/os-release');
  if (process.arch !== 'x64' || release === undefined || !/^ID=debian$/m.test(release)) return undefined;
  const found = libraries.flatMap((name) => places.map((place) => `${place}/${name}`).find(existsSync) ?? []);
  if (found.length < libraries.length || !existsSync(certificates)) return undefined;
  return [
    ...[
      'etc/',
      'etc/ssl/',
      'etc/ssl/certs/',
      'usr/',
      'usr/lib/',
      'usr/lib/x86_64-linux-gnu/',
      'usr/share/',
      'usr/share/doc/',
      'var/',
      'var/lib/',
      'var/lib/dpkg/',
      'var/lib/dpkg/status.d/',
    ].map(folder),
    { path: 'home/', mode: 0o755 },
    { path: 'home/nonroot/', mode: 0o700, userId: user },
    { path: 'tmp/', mode: 0o1777 },
    { path: 'lib', type: '2', link: 'usr/lib', mode: 0o777 },
    { path: 'lib64', type: '2', link: 'usr/lib/x86_64-linux-gnu', mode: 0o777 },
    {
      path: 'etc/passwd',
      content: `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${user}:${user}:nonroot:/home/nonroot:/sbin/nologin\n`,
    },
    { path: 'etc/group', content: `root:x:0:\nnonroot:x:${user}:\n` },
    { path: 'etc/nsswitch.conf', content: 'hosts: files dns\n' },
    { path: 'etc/os-release', content: release },
    { path: 'etc/ssl/certs/ca-certificates.crt', content: readFileSync(certificates) },
    ...found.map((path) => ({
      path: `usr/lib/x86_64-linux-gnu/${path.slice(path.lastIndexOf('/') + 1)}`,
      content: readFileSync(realpathSync(path)),
      mode: 0o755,
    })),
    ...packages.flatMap(packageFiles),
  ];
}

/** Licence, and the paragraph of the package database, as images without a package manager keep it. */
function packageFiles(name: string): TarMemberInput[] {
  const paragraph = (readText('/var/lib/dpkg/status') ?? '')
    .split('\n\n')
    .find((text) => text.startsWith(`Package: ${name}\n`));
  const copyright = readText(`/usr/share/doc/${name}/copyright`);
  return [
    ...(paragraph === undefined ? [] : [{ path: `var/lib/dpkg/status.d/${name}`, content: `${paragraph}\n` }]),
    ...(copyright === undefined
      ? []
      : [folder(`usr/share/doc/${name}/`), { path: `usr/share/doc/${name}/copyright`, content: copyright }]),
  ];
}

function folder(path: string): TarMemberInput {
  return { path, mode: 0o755 };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
