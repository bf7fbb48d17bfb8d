// SPDX-License-Identifier: Apache-2.0
// Which catalogers answer for Syft's tests of operating systems and of what is not a language. How keys are read stands in mapping.ts.
import type { CatalogerMapping } from './cataloger-mapping.ts';
import {
  besideDpkgInfo,
  besidePacmanFiles,
  checkListedFiles,
  checkRpmFiles,
  dpkgInfoPath,
  pacmanPath,
} from './checks-files.ts';
import {
  checkCopyright,
  checkLicenseGroups,
  checkNamesNeeded,
  checkPacmanEntry,
  checkPortage,
  checkPropertyList,
  checkStatusEntries,
} from './checks-systems.ts';
import { withStatedEpoch } from './tables-redhat.ts';

export const systemMapping: Readonly<Record<string, CatalogerMapping>> = {
  'alpine/cataloger': { catalogers: ['apk-installed'] },
  'alpine/cataloger#TestCatalogerDependencyTree': { catalogers: ['apk-installed'], check: checkNamesNeeded },
  'alpine/parse_apk_db': { catalogers: ['apk-installed'], presentAs: 'lib/apk/db/installed' },
  'alpine/parse_apk_db#TestExtraFileAttributes': {
    catalogers: ['apk-installed'],
    presentAs: 'lib/apk/db/installed',
    check: checkListedFiles,
  },
  'debian/cataloger': { catalogers: ['dpkg-status'] },
  'debian/cataloger#TestDpkgArchiveCataloger': {
    outside: 'the archive is downloaded while the image of the test is built; not in the pack',
  },
  'snap/parse_base_dpkg': { catalogers: ['snap-contents'], presentAs: 'usr/share/snappy/dpkg.yaml' },
  'snap/parse_integration': { catalogers: ['snap-contents'], presentAs: 'snap/manifest.yaml' },
  'nix/cataloger': { outside: 'the fixture is a container image that the test builds; not in the pack' },
  'nix/store_cataloger': { outside: 'the fixture is a container image that the test builds; not in the pack' },
  'debian/cataloger#Test_CatalogerRelationships': {
    catalogers: ['dpkg-status'],
    presentAs: 'var/lib/dpkg/status.d/x',
    check: checkNamesNeeded,
  },
  'debian/parse_copyright': { catalogers: ['dpkg-status'], check: checkCopyright },
  'debian/parse_dpkg_db': {
    catalogers: ['dpkg-status'],
    presentAs: 'var/lib/dpkg/status.d/x',
    check: checkStatusEntries,
  },
  'debian/parse_dpkg_info_files': {
    catalogers: ['dpkg-status'],
    presentAs: dpkgInfoPath,
    alongside: besideDpkgInfo,
    check: checkListedFiles,
  },
  'arch/parse_alpm_db': {
    catalogers: ['pacman-local'],
    presentAs: pacmanPath,
    alongside: besidePacmanFiles,
    check: checkPacmanEntry,
  },
  'sbom/cataloger': { catalogers: ['sbom-file', 'cyclonedx-file', 'spdx-file'] },
  // Syft keeps only Bitnami's own packages of the document, of these only versions with a revision, and lists what is concluded and what is declared as two licences.
  'bitnami/cataloger': {
    catalogers: ['spdx-file', 'bitnami-components'],
    keep: (item) => item.type === 'bitnami' && /-\d+$/.test(item.version),
    statedAs: (item) => ({ ...item, licenses: [...item.licenses, ...item.licenses] }),
  },
  'redhat/parse_rpm_archive': {
    outside: 'the archive is downloaded while the image of the test is built; not in the pack',
  },
  'redhat/parse_rpm_db': {
    catalogers: ['rpm-database'],
    presentAs: 'var/lib/rpm/Packages',
    statedAs: withStatedEpoch,
    check: checkRpmFiles,
  },
  'redhat/parse_rpm_manifest': {
    catalogers: ['rpm-manifest'],
    presentAs: 'var/lib/rpmmanifest/container-manifest-2',
    statedAs: withStatedEpoch,
  },
  'gentoo/license': { catalogers: ['portage-installed'], check: checkLicenseGroups },
  'gentoo/cataloger': { catalogers: ['portage-installed'], check: checkPortage },
  'apple/cataloger': {
    catalogers: ['mac-application'],
    presentAs: 'Applications/X.app/Contents/Info.plist',
    check: checkPropertyList,
    statedAs: (item) => ({ ...item, type: 'apple-app-bundle' }),
  },
  'generic/cataloger': { outside: 'tests the Go framework of Syft catalogers, not what a cataloger finds' },
};
