// SPDX-License-Identifier: Apache-2.0
// Which catalogers answer for which test of Syft. Keys: `<folder>/<test file without _test.go>` or with `#<test function>`; the longer key wins.
// What is not named here fails; tests of Syft's own machinery say so with `outside`.
import type { CatalogOutput } from '../../../src/evidence/packages/catalog.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import {
  besideDpkgInfo,
  besidePacmanFiles,
  besidePythonRecord,
  checkListedFiles,
  checkRecord,
  checkRpmFiles,
  dpkgInfoPath,
  pacmanPath,
  pythonRecordPath,
} from './checks-files.ts';
import { javaManifest, mavenLicenses, mavenRepository } from './checks-java.ts';
import {
  checkCopyright,
  checkLicenseGroups,
  checkNamesNeeded,
  checkPacmanEntry,
  checkPortage,
  checkPropertyList,
  checkStatusEntries,
  hasSdkRange,
  withSdkVersion,
} from './checks-systems.ts';
import type { FixtureFile, Row } from './fixture.ts';
import { checkRegistryAnswer } from './registry.ts';
import { checkArchitecture } from './tables-golang.ts';
import { checkDenoLock } from './tables-javascript.ts';
import { checkDescription } from './tables-languages.ts';
import { checkPdmEntry, checkPythonMetadata, checkSpecifications } from './tables-python.ts';
import { withStatedEpoch } from './tables-redhat.ts';

export interface CatalogerMapping {
  /** Ids of the catalogers to run over the fixture. */
  readonly catalogers?: readonly string[];
  /** purl type of the packages whose licences the row looks up in a registry. */
  readonly registry?: string;
  /** A row that is about the registry alone. */
  readonly answer?: (row: Row, root: string) => Promise<CaseResult>;
  /** Name under which a fixture file is presented when the catalogers' globs do not accept its own; for folders: no effect. */
  readonly presentAs?: string | ((path: string) => string);
  /** `own name`: the paths of a fixture folder begin with its name, because the catalogers' globs look at it. */
  readonly folder?: 'own name';
  /** Our package as Syft states the same facts; say why beside it. */
  readonly statedAs?: (item: Package) => Package;
  /** More files that a scan would see beside the fixture. */
  readonly alongside?: (row: Row, root: string) => readonly FixtureFile[];
  /** Keep only these of our packages, where the Go test sets an option that the row does not show. */
  readonly keep?: (item: Package) => boolean;
  /** Compares what the row states in its own way; undefined leaves it to the comparison of packages. */
  readonly check?: (row: Row, context: CheckContext) => CaseResult | undefined;
  /** Why no test of this key can apply to another program: the case is skipped with it. */
  readonly outside?: string;
}

export interface CheckContext {
  readonly output: CatalogOutput;
  readonly packages: readonly Package[];
  /** Absolute paths of the fixture's files or folders. */
  readonly fixtures: readonly string[];
}

export const catalogerMapping: Readonly<Record<string, CatalogerMapping>> = {
  // JavaScript
  'javascript/parse_package_lock': {
    catalogers: ['npm-lock'],
    presentAs: 'package-lock.json',
    keep: withoutDevelopment,
  },
  'javascript/parse_yarn_lock': { catalogers: ['yarn-lock'], presentAs: 'yarn.lock', keep: withoutDevelopment },
  'javascript/parse_pnpm_lock': { catalogers: ['pnpm-lock'], presentAs: 'pnpm-lock.yaml' },
  'javascript/parse_pnpm_lock#TestParsePnpmLock_ExcludeDevDependencies': {
    catalogers: ['pnpm-lock'],
    keep: withoutDevelopment,
  },
  'javascript/parse_bun_lock': { catalogers: ['bun-lock'], keep: withoutProjects },
  'javascript/parse_bun_lock#TestParseBunLock_ExcludeDevDependencies': {
    catalogers: ['bun-lock'],
    keep: withoutDevelopment,
  },
  // Syft lists the package itself; requirements without a lock file are more than it states.
  'javascript/parse_package_json': {
    catalogers: ['package-json', 'node-package'],
    presentAs: 'package.json',
    keep: (item) => item.constraint === undefined,
  },
  'javascript/parse_deno_lock': { catalogers: ['deno-lock'], check: checkDenoLock },
  'javascript/parse_pnpm_lock#TestSearchPnpmForLicenses': { catalogers: ['pnpm-lock'], registry: 'npm' },
  'javascript/cataloger': {
    catalogers: ['npm-lock', 'yarn-lock', 'pnpm-lock', 'bun-lock', 'deno-lock'],
    keep: withoutDevelopment,
  },

  // Go, GitHub Actions
  'githubactions/parse_composite_action': {
    catalogers: ['github-composite-action'],
    presentAs: '.github/actions/x/action.yaml',
    statedAs: actionOfSyft,
  },
  'githubactions/parse_workflow': {
    catalogers: ['github-workflow'],
    presentAs: '.github/workflows/x.yaml',
    statedAs: actionOfSyft,
    keep: (item) => item.facts?.other?.['kind'] === 'action',
  },
  'githubactions/parse_workflow#Test_parseWorkflowForWorkflowUsage': {
    catalogers: ['github-workflow'],
    presentAs: '.github/workflows/x.yaml',
    statedAs: actionOfSyft,
    keep: (item) => item.facts?.other?.['kind'] === 'reusable workflow',
  },
  'golang/parse_go_binary': { outside: 'reads executables, which belongs to the scan of images' },
  'golang/subfs': { outside: 'tests a file system wrapper of the Go program' },
  'golang/parse_go_binary#Test_getGOARCHFromBin': { catalogers: ['go-binary'], check: checkArchitecture },
  'golang/parse_go_mod': { catalogers: ['go-mod'], presentAs: 'go.mod', keep: (item) => item.name !== 'stdlib' },

  // Python, Conda
  'python/cataloger#Test_InstalledPackageCataloger': {
    catalogers: ['python-installed'],
    folder: 'own name',
    statedAs: withLicenseField,
  },
  'python/cataloger#Test_PackageCataloger_Relationships': { catalogers: ['poetry-lock', 'uv-lock', 'pdm-lock'] },
  'python/cataloger#Test_PackageCataloger_SitePackageRelationships': {
    outside: 'its fixture is a container image that is built from a Dockerfile with packages from a registry',
  },
  'python/dependency#Test_poetryLockDependencySpecifier_againstPoetryLock': {
    catalogers: ['poetry-lock'],
    check: checkSpecifications,
  },
  'python/license#TestGetLicenseFromPypiRegistry': { answer: checkRegistryAnswer },
  'python/parse_pdm_lock#TestParsePdmLockWithLicenseEnrichment': { catalogers: ['pdm-lock'], registry: 'pypi' },
  'python/parse_pipfile_lock#TestParsePipfileLockWithLicenseEnrichment': {
    catalogers: ['pipfile-lock'],
    registry: 'pypi',
  },
  'python/parse_poetry_lock#TestParsePoetryLockWithLicenseEnrichment': {
    catalogers: ['poetry-lock'],
    registry: 'pypi',
  },
  'python/parse_requirements#TestParseRequirementsTxtWithLicenseEnrichment': {
    catalogers: ['python-requirements'],
    registry: 'pypi',
  },
  'python/parse_setup#TestParseSetupFileWithLicenseEnrichment': { catalogers: ['setup-py'], registry: 'pypi' },
  'python/parse_uv_lock#TestParseUvLockWithLicenseEnrichment': { catalogers: ['uv-lock'], registry: 'pypi' },
  'python/parse_pdm_lock': { catalogers: ['pdm-lock'], check: checkPdmEntry },
  'python/parse_pipfile_lock': { catalogers: ['pipfile-lock'] },
  'python/parse_poetry_lock': { catalogers: ['poetry-lock'] },
  'python/parse_requirements': { catalogers: ['python-requirements'], presentAs: 'requirements.txt' },
  'python/parse_setup': { catalogers: ['setup-py'], presentAs: 'setup.py' },
  'python/parse_uv_lock': { catalogers: ['uv-lock'] },
  'python/parse_wheel_egg_metadata#TestParseWheelEggMetadata': {
    catalogers: ['python-installed'],
    presentAs: 'site-packages/x.egg-info/PKG-INFO',
    check: checkPythonMetadata,
  },
  'python/parse_wheel_egg_record': {
    catalogers: ['python-installed'],
    presentAs: pythonRecordPath,
    alongside: besidePythonRecord,
    check: checkRecord,
  },
  'python/virtual_env': { outside: 'reads pyvenv.cfg, which only the image of the site-packages test needs' },
  'conda/cataloger': { catalogers: ['conda-meta'] },

  // Java
  'java/cataloger#TestJvmDistributionCataloger': { catalogers: ['java-runtime'] },
  'java/cataloger#TestJvmDistributionCatalogerFromFile': {
    catalogers: ['java-runtime'],
    presentAs: 'jvm/scanned/release',
  },
  'java/parse_java_manifest': { check: javaManifest },
  'java/parse_pom_xml#Test_resolveLicenses': {
    catalogers: ['maven-pom'],
    alongside: mavenRepository,
    check: mavenLicenses,
  },
  'java/parse_gradle_lockfile': { catalogers: ['gradle-lockfile'], presentAs: 'gradle.lockfile' },
  'java/parse_pom_xml': { catalogers: ['maven-pom'], alongside: mavenRepository },
  'java/archive_parser#TestSearchMavenForLicenses': {
    outside: 'the archives are built while the test runs; not in the pack',
  },
  'java/archive_parser#Test_parseJavaArchive_regressions': {
    outside: 'the archives are built while the test runs; not in the pack',
  },
  'java/parse_pom_xml#Test_parseCommonsTextPomXMLProject': {
    catalogers: ['maven-pom'],
    alongside: mavenRepository,
    check: unstatedByPack,
  },
  'java/archive_parser': { catalogers: ['java-archive'] },

  // .NET
  'dotnet/cataloger': { catalogers: ['dotnet-deps'] },
  'dotnet/parse_packages_lock': { catalogers: ['nuget-lock'], presentAs: 'packages.lock.json' },

  // Rust, PHP, Ruby
  'ruby/parse_gemspec': { catalogers: ['gemspec-installed'], presentAs: 'specifications/gem.gemspec' },
  'ruby/parse_gemfile_lock': { catalogers: ['gemfile-lock'] },
  'php/interpreter_cataloger': {
    outside: 'the fixture is a container image that is built while the test runs',
  },
  'php/parse_pecl_pear#TestParsePecl': {
    catalogers: ['php-pecl'],
    presentAs: 'php/.registry/.channel.pecl.example/x.reg',
  },
  'php/parse_pecl_pear#TestParsePear': { catalogers: ['php-pear'], presentAs: 'php/.registry/memcached.reg' },
  'php/parse_installed_json': { catalogers: ['composer-installed'], presentAs: 'vendor/composer/installed.json' },
  'php/parse_composer_lock': { catalogers: ['composer-lock'], presentAs: 'composer.lock' },
  'rust/parse_cargo_lock': { catalogers: ['cargo-lock'], presentAs: 'Cargo.lock' },

  // R, Haskell, Lua, OCaml
  'r/parse_description#Test_extractFieldsFromDescriptionFile': {
    catalogers: ['r-description'],
    presentAs: 'DESCRIPTION',
    check: checkDescription,
  },
  'r/cataloger': { catalogers: ['r-description'] },
  // Syft reads only packages of Hackage; ours also those from a repository or an archive.
  'haskell/parse_stack_lock': { catalogers: ['stack-lock'], keep: (item) => item.facts?.repository === undefined },
  'haskell/parse_stack_yaml': { catalogers: ['stack-yaml'] },
  'haskell/parse_cabal_freeze': { catalogers: ['cabal-freeze'] },
  // The tests compare the one package of a file; what it needs is listed by ours as well.
  'lua/parse_rockspec': { catalogers: ['rockspec'], keep: (item) => item.relationship !== 'direct' },
  'ocaml/parse_opam': { catalogers: ['opam'], presentAs: withFolder, keep: (item) => item.relationship !== 'direct' },

  // everything else
  'cpp/parse_conaninfo': {
    catalogers: ['conaninfo'],
    presentAs: 'mfast/1.2.2/my_user/my_channel/package/9d1f076b471417647c2022a78d5e2c1f834289ac/conaninfo.txt',
  },
  'cpp/parse_conanlock': { catalogers: ['conan-lock'], presentAs: 'conan.lock' },
  'cpp/parse_conanfile': { catalogers: ['conanfile-txt'], presentAs: 'conanfile.txt' },
  'swift/parse_podfile_lock': { catalogers: ['podfile-lock'], presentAs: 'Podfile.lock' },
  'swift/parse_package_resolved': { catalogers: ['swift-package-resolved'], presentAs: 'Package.resolved' },
  'erlang/parse_otp_app': { catalogers: ['otp-app'], presentAs: 'x.app' },
  'erlang/cataloger': { catalogers: ['rebar-lock', 'otp-app'] },
  'erlang/parse_rebar_lock': { catalogers: ['rebar-lock'], presentAs: 'rebar.lock' },
  'elixir/parse_mix_lock': { catalogers: ['mix-lock'], presentAs: 'mix.lock' },
  'elixir/cataloger': { catalogers: ['mix-lock'] },
  // Syft reads only the package itself; the requirements are more than it states.
  'dart/parse_pubspec': {
    catalogers: ['pubspec-yaml'],
    presentAs: 'pubspec.yaml',
    keep: (item) => item.relationship === 'root',
  },
  'dart/parse_pubspec_lock': {
    catalogers: ['pubspec-lock'],
    presentAs: 'pubspec.lock',
    keep: hasSdkRange,
    statedAs: withSdkVersion,
  },
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

/** Catalogers whose globs must take exactly the listed paths. Keys as above. */
export const globMapping: Readonly<Record<string, readonly string[]>> = {
  // JavaScript
  'javascript/cataloger#Test_LockCataloger_Globs': ['npm-lock', 'yarn-lock', 'pnpm-lock', 'bun-lock', 'deno-lock'],
  'javascript/cataloger#Test_PackageCataloger_Globs': ['package-json', 'node-package'],
  // Go, GitHub Actions
  'golang/cataloger#Test_Mod_Cataloger_Globs': ['go-mod'],
  'githubactions/cataloger#TestCataloger_Globs': ['github-workflow', 'github-composite-action'],
  // Syft has a second cataloger for reusable workflows, which reads workflows only.
  'githubactions/cataloger#TestCataloger_Globs/obtain all workflow files': ['github-workflow'],
  // Python, Conda
  'python/cataloger#Test_IndexCataloger_Globs': [
    'python-requirements',
    'setup-py',
    'poetry-lock',
    'pipfile-lock',
    'pdm-lock',
    'uv-lock',
  ],
  'python/cataloger#Test_PackageCataloger_Globs': ['python-installed'],
  'conda/cataloger': ['conda-meta'],
  // R, Haskell, Lua, OCaml
  'r/cataloger': ['r-description'],
  'ocaml/cataloger': ['opam'],
  'lua/cataloger': ['rockspec'],
  'haskell/cataloger': ['stack-lock', 'stack-yaml', 'cabal-freeze'],
  // Rust, PHP, Ruby
  'ruby/cataloger#Test_GemSpec_Globs': ['gemspec-installed'],
  'ruby/cataloger#Test_GemFileLock_Globs': ['gemfile-lock'],
  'php/cataloger#Test_PeclCataloger_Globs': ['php-pecl'],
  'php/cataloger#Test_PearCataloger_Globs': ['php-pear', 'php-pecl'],
  'php/cataloger#Test_ComposerLockCataloger_Globs': ['composer-lock'],
  'php/cataloger#Test_ComposerInstalledCataloger_Globs': ['composer-installed'],
  // everything else
  'swift/cataloger#Test_Cataloger_Globs': ['podfile-lock', 'swift-package-resolved'],
  'cpp/cataloger#TestCatalogerConanInfo_Globs': ['conaninfo'],
  'cpp/cataloger#TestCatalogerConan_Globs': ['conan-lock', 'conanfile-txt'],
  'erlang/cataloger#TestCatalogerOTP_Globs': ['otp-app'],
  'erlang/cataloger#TestCatalogerRebar_Globs': ['rebar-lock'],
  'elixir/cataloger#TestCataloger_Globs': ['mix-lock'],
  'dart/cataloger#TestPubspecLockCataloger_Globs': ['pubspec-lock'],
  'alpine/cataloger#TestCataloger_Globs': ['apk-installed'],
  'sbom/cataloger#Test_Cataloger_Globs': ['sbom-file', 'cyclonedx-file', 'spdx-file'],
  'redhat/cataloger#Test_DBCataloger_Globs': ['rpm-database', 'rpm-manifest'],
  'redhat/cataloger#Test_RPMFileCataloger_Globs': ['rpm-archive'],
  'gentoo/cataloger#TestCataloger_Globs': ['portage-installed'],
};

/** Upstream makes the expected packages with a function of the test, so that the pack cannot state them. */
function unstatedByPack(row: Row): CaseResult | undefined {
  const isCall = row['expected'] !== null && typeof row['expected'] === 'object' && 'call' in row['expected'];
  return isCall
    ? { outcome: 'skipped', reason: 'what is expected is a function of the test; not in the pack' }
    : undefined;
}

/** The entry for a short id such as `rust/parse_cargo_lock#TestX/row`. */
/** Syft puts the path inside a repository into the name of an action, and gives local actions no purl. */
function actionOfSyft(item: Package): Package {
  const path = item.facts?.other?.['path'];
  return { ...item, name: path === undefined ? item.name : `${item.name}/${path}`, purl: item.purl ?? '' };
}

/** Syft leaves development dependencies of JavaScript lock files out unless told otherwise. */
function withoutDevelopment(item: Package): boolean {
  return item.scope !== 'development';
}

/** A comparison by name alone has no other way to leave the projects of the tree out, as Syft does. */
function withoutProjects(item: Package): boolean {
  return item.relationship !== 'root' && item.relationship !== 'workspace';
}

export function mappedBy<T>(mapping: Readonly<Record<string, T>>, id: string): T | undefined {
  const row = mapping[id];
  const hash = id.indexOf('#');
  const slash = id.indexOf('/', hash);
  return row ?? (slash === -1 ? undefined : mapping[id.slice(0, slash)]) ?? mapping[id.slice(0, hash)];
}

/** Syft prefers the free text of the License field to classifiers; it stands in our facts. */
function withLicenseField(item: Package): Package {
  const license = item.facts?.other?.['license'];
  return license === undefined ? item : { ...item, licenses: [license] };
}

/** The folder of a file may hold its name and version: `ocaml-base-compiler.4.14.0/opam`. */
function withFolder(path: string): string {
  return path.split('/').slice(-2).join('/');
}
