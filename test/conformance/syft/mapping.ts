// SPDX-License-Identifier: Apache-2.0
// Which catalogers answer for which test of Syft. Keys: `<folder>/<test file without _test.go>` or with `#<test function>`; the longer key wins.
// What is not named here fails; tests of Syft's own machinery say so with `outside`.
import type { CatalogOutput } from '../../../src/evidence/packages/catalog.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import type { Row } from './fixture.ts';
import { checkDescription } from './tables-languages.ts';
import { checkPdmEntry, checkPythonMetadata, checkSpecifications } from './tables-python.ts';

/** Why rows that look licences up are left out. */
const askingRegistry = 'asks a package registry for the licence; catalogers here never use the network';

export interface CatalogerMapping {
  /** Ids of the catalogers to run over the fixture. */
  readonly catalogers?: readonly string[];
  /** Name under which a fixture file is presented when the catalogers' globs do not accept its own; for folders: no effect. */
  readonly presentAs?: string;
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
  'javascript/parse_pnpm_lock#TestParsePnpmLock_ExcludeDevDependencies': { catalogers: ['pnpm-lock'], keep: withoutDevelopment },
  'javascript/parse_bun_lock': { catalogers: ['bun-lock'], keep: withoutProjects },
  'javascript/parse_bun_lock#TestParseBunLock_ExcludeDevDependencies': { catalogers: ['bun-lock'], keep: withoutDevelopment },
  'javascript/parse_package_json': { catalogers: ['package-json', 'node-package'], presentAs: 'package.json' },
  'javascript/parse_deno_lock': { catalogers: ['deno-lock'] },
  'javascript/cataloger': { catalogers: ['npm-lock', 'yarn-lock', 'pnpm-lock', 'bun-lock', 'deno-lock'], keep: withoutDevelopment },

  // Go, GitHub Actions
  'golang/parse_go_mod': { catalogers: ['go-mod'], presentAs: 'go.mod', keep: (item) => item.name !== 'stdlib' },

  // Python, Conda
  'python/cataloger#Test_InstalledPackageCataloger': { catalogers: ['python-installed'] },
  'python/cataloger#Test_PackageCataloger_Relationships': { catalogers: ['poetry-lock', 'uv-lock', 'pdm-lock'] },
  'python/cataloger#Test_PackageCataloger_SitePackageRelationships': {
    outside: 'its fixture is a container image that is built from a Dockerfile with packages from a registry',
  },
  'python/dependency#Test_poetryLockDependencySpecifier_againstPoetryLock': {
    catalogers: ['poetry-lock'],
    check: checkSpecifications,
  },
  'python/license#TestGetLicenseFromPypiRegistry': { outside: askingRegistry },
  'python/parse_pdm_lock#TestParsePdmLockWithLicenseEnrichment': { outside: askingRegistry },
  'python/parse_pipfile_lock#TestParsePipfileLockWithLicenseEnrichment': { outside: askingRegistry },
  'python/parse_poetry_lock#TestParsePoetryLockWithLicenseEnrichment': { outside: askingRegistry },
  'python/parse_requirements#TestParseRequirementsTxtWithLicenseEnrichment': { outside: askingRegistry },
  'python/parse_setup#TestParseSetupFileWithLicenseEnrichment': { outside: askingRegistry },
  'python/parse_uv_lock#TestParseUvLockWithLicenseEnrichment': { outside: askingRegistry },
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
  'python/parse_wheel_egg_record': { outside: 'lists the files of a package, which our model does not hold' },
  'python/virtual_env': { outside: 'reads pyvenv.cfg, which only the image of the site-packages test needs' },
  'conda/cataloger': { catalogers: ['conda-meta'] },

  // Java
  'java/parse_gradle_lockfile': { catalogers: ['gradle-lockfile'], presentAs: 'gradle.lockfile' },
  'java/parse_pom_xml': { catalogers: ['maven-pom'] },
  'java/archive_parser': { catalogers: ['java-archive'] },

  // .NET
  'dotnet/cataloger': { catalogers: ['dotnet-deps'] },
  'dotnet/parse_packages_lock': { catalogers: ['nuget-lock'], presentAs: 'packages.lock.json' },

  // Rust, PHP, Ruby
  'ruby/parse_gemspec': { catalogers: ['gemspec-installed'], presentAs: 'specifications/gem.gemspec' },
  'ruby/parse_gemfile_lock': { catalogers: ['gemfile-lock'] },
  'php/parse_pecl_pear#TestParsePecl': {
    catalogers: ['php-pecl'],
    presentAs: 'php/.registry/.channel.pecl.example/x.reg',
  },
  'php/parse_pecl_pear#TestParsePear': { catalogers: ['php-pear'], presentAs: 'php/.registry/memcached.reg' },
  'php/parse_installed_json': { catalogers: ['composer-installed'], presentAs: 'vendor/composer/installed.json' },
  'php/parse_composer_lock': { catalogers: ['composer-lock'], presentAs: 'composer.lock' },
  'rust/parse_cargo_lock': { catalogers: ['cargo-lock'], presentAs: 'Cargo.lock' },

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
  'dart/parse_pubspec_lock': { catalogers: ['pubspec-lock'], presentAs: 'pubspec.lock' },
  'generic/cataloger': { outside: 'tests the Go framework of Syft catalogers, not what a cataloger finds' },
};

/** Catalogers whose globs must take exactly the listed paths. Keys as above. */
export const globMapping: Readonly<Record<string, readonly string[]>> = {
  // JavaScript
  // Go, GitHub Actions
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
  'conda/cataloger#Test_CondaCataloger_Globs': ['conda-meta'],
  // R, Haskell, Lua, OCaml
  'r/cataloger#Test_RCataloger_Globs': ['r-description'],
  'ocaml/cataloger#Test_PackageCataloger_Globs': ['opam'],
  'lua/cataloger#Test_PackageCataloger_Globs': ['rockspec'],
  'haskell/cataloger#TestCataloger_Globs': ['stack-lock', 'stack-yaml', 'cabal-freeze'],
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
};

/** The entry for a short id such as `rust/parse_cargo_lock#TestX/row`. */
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
