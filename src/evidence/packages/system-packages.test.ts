// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { chocolateyInstalled } from './chocolatey-installed.ts';
import { cosPackages } from './cos-packages.ts';
import { flatpakApplication } from './flatpak-application.ts';
import { homebrewCellar } from './homebrew-cellar.ts';
import { kernelImage } from './kernel-image.ts';
import { macApplication } from './mac-application.ts';
import { macportsPortfile } from './macports-portfile.ts';
import { miseToml } from './mise-toml.ts';
import { netscaler } from './netscaler.ts';
import { nodeVersion } from './node-version.ts';
import { osRelease } from './os-release.ts';
import { snapPackage } from './snap-package.ts';
import { spackInstalled } from './spack-installed.ts';

describe('osRelease', () => {
  it.each([
    ['etc/os-release', 'ID=alpine\nVERSION_ID=3.19.0\n', 'alpine', '3.19.0'],
    ['etc/centos-release', 'CentOS Linux release 7.6.1810 (Core)\n', 'centos', '7.6.1810'],
    ['etc/debian_version', '12.4\n', 'debian', '12.4'],
    ['etc/alpine-release', '3.19.0\n', 'alpine', '3.19.0'],
    ['etc/lsb-release', 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=18.04\n', 'ubuntu', '18.04'],
  ])('reads %s', (path, text, id, versionId) => {
    expect(catalogText(osRelease, { [path]: text }).distribution).toMatchObject({ id, versionId });
  });

  it('reports a release file that names nothing', () => {
    expect(catalogText(osRelease, { 'etc/redhat-release': '' }).problems).toMatchObject([{ hidesFindings: true }]);
  });
});

describe('macApplication', () => {
  it('reads an XML property list', () => {
    const text =
      '<?xml version="1.0"?><plist version="1.0"><dict><key>CFBundleName</key><string>Chat</string><key>CFBundleShortVersionString</key><string>4.5</string></dict></plist>';

    expect(catalogText(macApplication, { 'Applications/Chat.app/Contents/Info.plist': text }).names).toEqual([
      'Chat@4.5',
    ]);
  });

  it('reports a property list that is none', () => {
    expect(catalogText(macApplication, { 'Applications/A.app/Contents/Info.plist': '{a:b}' }).problems).toMatchObject([
      { kind: 'syntax' },
    ]);
  });
});

describe('flatpakApplication', () => {
  it('takes the newest release', () => {
    const path = 'var/lib/flatpak/app/org.x/current/export/share/metainfo/org.x.metainfo.xml';
    const text =
      '<component><id>org.x</id><releases><release version="2.1"/><release version="2.0"/></releases></component>';

    expect(catalogText(flatpakApplication, { [path]: text }).names).toEqual(['org.x@2.1']);
    expect(catalogText(flatpakApplication, { [path]: '<component><id>org.x</id></component>' }).problems).toMatchObject(
      [{ hidesFindings: true }],
    );
  });
});

describe('snapPackage', () => {
  it('reads name, version as text and architectures', () => {
    const text = 'name: core\nversion: 16.10\narchitectures: [amd64, arm64]\n';

    expect(catalogText(snapPackage, { 'snap/core/current/meta/snap.yaml': text }).get('core')).toMatchObject({
      version: '16.10',
      facts: { architecture: 'amd64, arm64' },
    });
  });
});

describe('homebrewCellar', () => {
  it('takes name and version from the path of formulae and casks', () => {
    const files = {
      'opt/Cellar/rclone/1.67.0/INSTALL_RECEIPT.json': '{"arch":"arm64","source":{"tap":"x/core"}}',
      'opt/Caskroom/fox/130.0/fox.wrapper.sh': '',
    };

    const { names, get } = catalogText(homebrewCellar, files);

    expect(names).toEqual(['fox@130.0', 'rclone@1.67.0']);
    expect(get('rclone').facts).toEqual({ architecture: 'arm64', other: { tap: 'x/core' } });
  });
});

describe('chocolateyInstalled', () => {
  it('reads the specification', () => {
    const text = '<package><metadata><id>Atom</id><version>1.60.0</version></metadata></package>';

    expect(
      catalogText(chocolateyInstalled, { 'ProgramData/chocolatey/lib/atom/atom.nuspec': text }).get('Atom').purl,
    ).toBe('pkg:chocolatey/atom@1.60.0');
  });
});

describe('cosPackages', () => {
  it('reads installed packages only', () => {
    const text =
      '{"installedPackages":[{"category":"sys-libs","name":"zlib","version":"1","ebuild_version":"1.2"}],"buildTimePackages":[{"name":"x","version":"1"}]}';

    expect(catalogText(cosPackages, { 'etc/cos-package-info.json': text }).names).toEqual(['zlib@1']);
  });
});

describe('spackInstalled', () => {
  it('reads the package of the folder', () => {
    const text = '{"spec":{"nodes":[{"name":"libelf","version":"0.8.13"},{"name":"gmake","version":"4.4"}]}}';

    expect(catalogText(spackInstalled, { 'opt/spack/x/.spack/spec.json': text }).names).toEqual(['libelf@0.8.13']);
  });
});

describe('macportsPortfile', () => {
  it('takes name and version from the path', () => {
    const path = `opt/local/var/macports/registry/portfiles/libtool-2.5.4_0/${'ab'.repeat(32)}-2968/Portfile`;

    expect(catalogText(macportsPortfile, { [path]: '' }).names).toEqual(['libtool@2.5.4']);
  });
});

describe('netscaler', () => {
  it('finds the build in a file and in a name', () => {
    expect(catalogText(netscaler, { 'flash/boot/loader.conf': 'kernel="/ns-14.1-36.5"\n' }).names).toEqual([
      'NetScaler@14.1-36.5',
    ]);
    expect(catalogText(netscaler, { 'nsconfig/ns.conf': '#NS13.1 Build 59.21\n' }).names).toEqual([
      'NetScaler@13.1-59.21',
    ]);
    expect(catalogText(netscaler, { 'flash/ns-12.1-44.50.gz': '' }).names).toEqual(['NetScaler@12.1-44.50']);
  });
});

describe('miseToml and nodeVersion', () => {
  it('give exact versions, and ranges as constraints', () => {
    const { get } = catalogText(miseToml, { 'mise.toml': '[tools]\nnode = "24.1.0"\npython = ["3.12", "3.11"]\n' });

    expect(get('node')).toMatchObject({ version: '24.1.0', scope: 'development', locations: [{ line: 2 }] });
    expect(get('python')).toMatchObject({ version: '', constraint: '3.11' });
    expect(catalogText(nodeVersion, { '.nvmrc': '# pinned\nv24.1.0\n' }).names).toEqual(['node@24.1.0']);
  });
});

describe('kernelImage', () => {
  it('reads the version out of the boot header', () => {
    const bytes = new Uint8Array(0x300);
    bytes.set(new TextEncoder().encode('HdrS'), 0x202);
    bytes.set([0x80, 0x00], 0x20e);
    bytes.set(new TextEncoder().encode('6.8.0-48-generic (builder@host)'), 0x280);

    expect(catalogText(kernelImage, { 'boot/vmlinuz-6.8.0': bytes }).names).toEqual(['linux-kernel@6.8.0-48-generic']);
  });
});
