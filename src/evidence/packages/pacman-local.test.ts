// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { pacmanLocal } from './pacman-local.ts';
import { portageInstalled } from './portage-installed.ts';

describe('pacmanLocal', () => {
  it('reads one package with base and licence', () => {
    const text =
      '%NAME%\ngcc-libs\n\n%VERSION%\n14.2.1-1\n\n%BASE%\ngcc\n\n%ARCH%\nx86_64\n\n%LICENSE%\nGPL-3.0-or-later\nLGPL-3.0-or-later\n';

    const { get } = catalogText(pacmanLocal, {
      'var/lib/pacman/local/gcc-libs-14.2.1-1/desc': text,
      'etc/os-release': 'ID=arch\nBUILD_ID=rolling\n',
    });

    expect(get('gcc-libs')).toMatchObject({
      licenses: ['GPL-3.0-or-later', 'LGPL-3.0-or-later'],
      sources: [{ name: 'gcc' }],
    });
    expect(get('gcc-libs').purl).toBe('pkg:alpm/arch/gcc-libs@14.2.1-1?arch=x86_64&distro=arch-rolling&upstream=gcc');
  });

  it('follows requirements over names that other packages provide', () => {
    const files = {
      'var/lib/pacman/local/a-1-1/desc': '%NAME%\na\n\n%VERSION%\n1-1\n\n%DEPENDS%\nlibb.so=0-64\nmissing\n',
      'var/lib/pacman/local/b-2-1/desc': '%NAME%\nb\n\n%VERSION%\n2-1\n\n%PROVIDES%\nlibb.so=0-64\n',
    };

    expect(catalogText(pacmanLocal, files).get('a').dependsOn).toEqual(['b@2-1']);
  });

  it('reports an entry without version', () => {
    expect(catalogText(pacmanLocal, { 'var/lib/pacman/local/x/desc': '%NAME%\nx\n' }).problems).toMatchObject([
      { hidesFindings: true },
    ]);
  });
});

describe('portageInstalled', () => {
  it('reads name and version from PF, and the licence with its groups', () => {
    const folder = 'var/db/pkg/app-containers/skopeo-1.5.1-r2';
    const files = {
      [`${folder}/PF`]: 'skopeo-1.5.1-r2\n',
      [`${folder}/CONTENTS`]: 'dir /usr\n',
      [`${folder}/LICENSE`]: '@FREE || ( MIT GPL-2 ) doc? ( FDL-1.3 )\n',
      'etc/portage/license_groups': 'FREE Apache-2.0 @BSDS\nBSDS BSD\n',
    };

    const { packages } = catalogText(portageInstalled, files);

    expect(packages).toMatchObject([
      {
        name: 'app-containers/skopeo',
        version: '1.5.1-r2',
        licenses: ['Apache-2.0 AND BSD AND (MIT OR GPL-2) AND FDL-1.3'],
      },
    ]);
  });

  it('remarks on license groups that lead back to themselves', () => {
    const files = {
      'var/db/pkg/a/b-1/PF': 'b-1',
      'var/db/pkg/a/b-1/LICENSE': 'MIT',
      'etc/portage/license_groups': 'A @B\nB @A\n',
    };

    expect(catalogText(portageInstalled, files).problems.length).toBeGreaterThan(0);
  });

  it('reports a PF without version', () => {
    expect(catalogText(portageInstalled, { 'var/db/pkg/a/b/PF': 'b' }).problems).toMatchObject([
      { kind: 'schema', hidesFindings: true },
    ]);
  });
});
