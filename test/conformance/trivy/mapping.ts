// SPDX-License-Identifier: Apache-2.0
// Which of our catalogers stand for which Trivy parser or analyzer. The key is the beginning of a row's id; the longest one counts.
import type { Package } from '../../../src/model/package.ts';
import type { SourceFile } from '../../../src/sources/source.ts';
import type { RowInput } from './inputs.ts';
import { mavenFilesMissing } from './maven-fixtures.ts';
import type { Row } from './rows.ts';

export interface TrivyMapping {
  readonly catalogers: readonly string[];
  /**
   * Name under which a single input file is shown to the catalogers when they take its own name not
   * (the tests call their fixtures `cargo_normal.lock`); may hold folders.
   */
  readonly name?: string | ((shown: string) => string);
  /** Changes the path of a file of a folder, or leaves it out: for caches that Trivy looks for outside the scanned folder. */
  readonly place?: (path: string, row: Row) => string | undefined;
  /** Our packages that count, where Trivy passes over entries that we list; say which beside it. */
  readonly keep?: (item: Package) => boolean;
  /** Trivy's version of a package of ours, where it stands in another field of our model; say why beside it. */
  readonly versionOf?: (item: Package, row: Row) => string;
  /** Folders of the test that a scan would see beside a single input file (a local repository). */
  readonly alongside?: (row: Row) => readonly string[];
  /** Why a failed row can tell nothing: files that its input refers to are not in the pack. Undefined when all are there. */
  readonly incomplete?: (input: RowInput, alongside: readonly SourceFile[]) => string | undefined;
  /** Packages of ours that Trivy knows and drops; say why beside it. They are dropped unless the row lists them. */
  readonly leavesOut?: (item: Package) => boolean;
  /** Trivy's licences of a package of ours, where they stand in another field of our model; say why beside it. */
  readonly licensesOf?: (item: Package) => readonly string[];
  /** Trivy's name of a package of ours, where it writes names differently; say why beside it. */
  readonly nameOf?: (name: string) => string;
  /**
   * `unstated`: Trivy does not know development dependencies of this format, so that `Dev` is always false.
   * `left out`: it knows them and drops them; ours that a row does not list are dropped too.
   */
  readonly development?: 'compared' | 'unstated' | 'left out';
  /** `unstated`: the rows leave it out although Trivy may know it. */
  readonly relationship?: 'compared' | 'unstated';
}

/** Trivy drops what is not pinned, or with `useMinVersion` takes the lower bound; we state it beside an empty version. */
const requirementsOfPip: TrivyMapping = {
  catalogers: ['python-requirements'],
  name: 'requirements.txt',
  versionOf: (item, row) =>
    item.version === '' && row['useMinVersion'] === true ? (item.facts?.other?.['minimumVersion'] ?? '') : item.version,
  leavesOut: (item) => item.version === '',
};

const parser = 'pkg/dependency/parser';
const analyzer = 'pkg/fanal/analyzer/language';

/** Trivy takes compile and runtime dependencies that are not optional; what only tests or containers need is not listed. */
const pom: TrivyMapping = {
  catalogers: ['maven-pom'],
  name: 'pom.xml',
  leavesOut: (item) => item.scope === 'test' || item.scope === 'peer' || item.facts?.other?.['optional'] === 'true',
};

/** Trivy passes over packages that are not deployed with the program. */
const dotnetDeps: TrivyMapping = {
  catalogers: ['dotnet-deps'],
  leavesOut: (item) => item.facts?.other?.['deployed'] === 'no',
};

/** NuGet's package folder, which Trivy looks for in the home folder or where NUGET_PACKAGES says. */
function nugetFolders(row: Row): readonly string[] {
  const env = row['env'] as Readonly<Record<string, string>> | undefined;
  return env === undefined ? [] : Object.values(env);
}

/** The tests' local repository, and the project the input belongs to. */
function mavenFolders(row: Row): readonly string[] {
  const input = typeof row['inputFile'] === 'string' ? row['inputFile'] : '';
  return ['testdata/repository', input.split('/').slice(0, 2).join('/')];
}

export const mappings: Readonly<Record<string, TrivyMapping>> = {
  // JavaScript
  [`${parser}/nodejs/npm`]: { catalogers: ['npm-lock'], name: 'package-lock.json' },
  [`${analyzer}/nodejs/npm`]: { catalogers: ['npm-lock'] },
  [`${parser}/nodejs/bun`]: { catalogers: ['bun-lock'], name: 'bun.lock' },
  [`${analyzer}/nodejs/bun`]: { catalogers: ['bun-lock'] },
  [`${parser}/nodejs/packagejson`]: { catalogers: ['package-json'], name: 'package.json' },
  // Trivy takes the package itself; requirements without a lock file are more than it lists.
  [`${analyzer}/nodejs/pkg`]: {
    catalogers: ['package-json', 'node-package'],
    name: 'package.json',
    leavesOut: (item) => item.constraint !== undefined,
  },
  [`${parser}/nodejs/yarn`]: { catalogers: ['yarn-lock'], name: 'yarn.lock', leavesOut: isNotFromRegistry },
  // Before lockfileVersion 9 Trivy drops development dependencies; of several documents it reads the project's own.
  [`${parser}/nodejs/pnpm`]: {
    catalogers: ['pnpm-lock'],
    name: 'pnpm-lock.yaml',
    development: 'left out',
    leavesOut: (item) => item.scope === 'build',
  },
  [`${analyzer}/nodejs/pnpm`]: { catalogers: ['pnpm-lock'], development: 'left out' },
  [`${analyzer}/nodejs/yarn`]: { catalogers: ['yarn-lock'], leavesOut: isNotFromRegistry },
  // Go. The standard library is only listed with --detection-priority comprehensive.
  [`${parser}/golang/mod`]: {
    catalogers: ['go-mod'],
    name: 'go.mod',
    leavesOut: (item) => item.name === 'stdlib',
    // Upstream can be told to keep the module that a replacement stands for; here that is a fact of the replacement.
    versionOf: (item, row) =>
      row['replace'] === false ? (item.facts?.other?.['replaces']?.split('@')[1] ?? item.version) : item.version,
  },
  [`${parser}/golang/sum`]: { catalogers: ['go-sum'], name: 'go.sum' },
  [`${analyzer}/golang/mod`]: { catalogers: ['go-mod'], leavesOut: (item) => item.name === 'stdlib' },
  // Python
  [`${parser}/python/pip`]: requirementsOfPip,
  [`${analyzer}/python/pip`]: { ...requirementsOfPip, alongside: virtualEnvironment },
  [`${parser}/python/pipenv`]: { catalogers: ['pipfile-lock'], name: 'Pipfile.lock', leavesOut: isDevelopment },
  [`${parser}/python/poetry`]: { catalogers: ['poetry-lock'], name: 'poetry.lock' },
  [`${analyzer}/python/poetry`]: { catalogers: ['poetry-lock'] },
  [`${parser}/python/uv`]: { catalogers: ['uv-lock'], name: 'uv.lock' },
  [`${analyzer}/python/uv`]: { catalogers: ['uv-lock'] },
  [`${parser}/python/pylock`]: { catalogers: ['pylock'], name: 'pylock.toml', development: 'unstated' },
  [`${parser}/python/packaging`]: {
    catalogers: ['python-installed'],
    name: 'site-packages/x.dist-info/METADATA',
    licensesOf: orLicenseFile,
  },
  [`${analyzer}/python/packaging`]: { catalogers: ['python-installed', 'python-archive'] },
  // Conda
  [`${parser}/conda/environment`]: { catalogers: ['conda-environment'], name: 'environment.yaml' },
  [`${analyzer}/conda/environment`]: { catalogers: ['conda-environment'], name: 'environment.yaml' },
  [`${parser}/conda/meta`]: { catalogers: ['conda-meta'], name: 'conda-meta/x.json' },
  [`${analyzer}/conda/meta`]: { catalogers: ['conda-meta'], name: 'conda-meta/x.json' },
  // Julia: what has no version is `unknown` in Trivy.
  [`${parser}/julia/manifest`]: { catalogers: ['julia-manifest'], name: 'Manifest.toml', versionOf: orUnknown },
  [`${analyzer}/julia/pkg`]: { catalogers: ['julia-manifest'], versionOf: orUnknown },
  // Java
  [`${parser}/java/pom/parse_test.go`]: { ...pom, alongside: mavenFolders, incomplete: mavenFilesMissing },
  [`${analyzer}/java/pom`]: pom,
  [`${parser}/java/jar`]: { catalogers: ['java-archive'] },
  [`${analyzer}/java/jar`]: { catalogers: ['java-archive'] },
  [`${parser}/gradle/lockfile`]: { catalogers: ['gradle-lockfile'], name: 'gradle.lockfile' },
  [`${analyzer}/java/gradle`]: { catalogers: ['gradle-lockfile'] },
  [`${parser}/sbt/lockfile`]: { catalogers: ['sbt-lock'], name: 'build.sbt.lock', development: 'left out' },
  [`${analyzer}/java/sbt`]: { catalogers: ['sbt-lock'], development: 'left out' },
  // .NET
  [`${parser}/dotnet/core_deps`]: dotnetDeps,
  [`${analyzer}/dotnet/deps`]: { ...dotnetDeps, name: 'app.deps.json' },
  [`${parser}/nuget/config`]: { catalogers: ['nuget-config'], name: 'packages.config' },
  [`${parser}/nuget/lock`]: { catalogers: ['nuget-lock'], name: 'packages.lock.json' },
  [`${parser}/nuget/packagesprops`]: { catalogers: ['nuget-props'], name: 'Packages.props' },
  [`${analyzer}/dotnet/nuget`]: { catalogers: ['nuget-lock', 'nuget-config'], alongside: nugetFolders },
  [`${analyzer}/dotnet/packagesprops`]: { catalogers: ['nuget-props'], name: 'Packages.props' },
  // Rust
  [`${parser}/rust/cargo`]: { catalogers: ['cargo-lock'], name: 'Cargo.lock' },
  [`${analyzer}/rust/cargo`]: { catalogers: ['cargo-lock'], development: 'left out' },
  // PHP
  [`${parser}/php/composer`]: { catalogers: ['composer-lock'], name: 'composer.lock' },
  [`${analyzer}/php/composer/composer_test.go`]: { catalogers: ['composer-lock'] },
  [`${analyzer}/php/composer/vendor_test.go`]: {
    catalogers: ['composer-installed'],
    name: 'vendor/composer/installed.json',
  },
  // Ruby
  [`${parser}/ruby/bundler`]: { catalogers: ['gemfile-lock'], name: 'Gemfile.lock' },
  [`${parser}/ruby/gemspec`]: { catalogers: ['gemspec-installed'], name: inSpecifications },
  [`${analyzer}/ruby/gemspec`]: { catalogers: ['gemspec-installed'], name: inSpecifications },
  // everything else
  [`${analyzer}/c/conan`]: { catalogers: ['conan-lock'], keep: isNoBuildTool },
  [`${parser}/c/conan`]: { catalogers: ['conan-lock'], name: 'conan.lock', keep: isNoBuildTool },
  [`${analyzer}/swift/cocoapods`]: { catalogers: ['podfile-lock'], name: 'Podfile.lock' },
  [`${parser}/swift/cocoapods`]: { catalogers: ['podfile-lock'], name: 'Podfile.lock' },
  [`${analyzer}/swift/swift`]: { catalogers: ['swift-package-resolved'], versionOf: orBranch },
  [`${parser}/swift/swift`]: { catalogers: ['swift-package-resolved'], name: 'Package.resolved', versionOf: orBranch },
  [`${analyzer}/elixir/mix`]: { catalogers: ['mix-lock'], keep: isNotFromGit },
  // Trivy passes over packages from git.
  [`${parser}/hex/mix`]: { catalogers: ['mix-lock'], name: 'mix.lock', keep: isNotFromGit },
  [`${analyzer}/dart/pub`]: { catalogers: ['pubspec-lock'], development: 'unstated', place: outsideCache },
  [`${parser}/dart/pub`]: {
    catalogers: ['pubspec-lock'],
    name: 'pubspec.lock',
    development: 'unstated',
    versionOf: sdkVersion,
  },
};

/** A pin that follows a branch has no version; Trivy writes the branch there. */
function orBranch(item: Package): string {
  return item.version === '' ? (item.facts?.other?.['branch'] ?? '') : item.version;
}

/** Of a lock file of Conan 2 Trivy reads only `requires`. */
function isNoBuildTool(item: Package): boolean {
  return item.facts?.groups === undefined || item.facts.groups.includes('requires');
}

function isNotFromGit(item: Package): boolean {
  return item.facts?.commit === undefined;
}

/** With `useMinVersion` Trivy gives packages of an SDK the lower bound of the SDK's range; we keep 0.0.0 and state the range. */
function sdkVersion(item: Package, row: Row): string {
  if (row['useMinVersion'] !== true || item.constraint === undefined) return item.version;
  return /\d+\.\d+\.\d+/.exec(item.constraint)?.[0] ?? item.version;
}

/** Trivy looks for the pub cache where PUB_CACHE says; a row that names another folder has none. */
function outsideCache(path: string, row: Row): string | undefined {
  const cache = row['pubCacheEnv'];
  return path.startsWith('cache/') && !(typeof cache === 'string' && cache.endsWith('/cache')) ? undefined : path;
}

/** Trivy skips yarn entries with the protocols file, link, portal, patch and those of git. */
function isNotFromRegistry(item: Package): boolean {
  return /^(?:file|patch|git)/.test(item.facts?.downloadUrl ?? '') || item.facts?.commit !== undefined;
}

function inSpecifications(shown: string): string {
  return `specifications/${shown.slice(shown.lastIndexOf('/') + 1)}`;
}

function isDevelopment(item: Package): boolean {
  return item.scope === 'development' || item.scope === 'test';
}

/** The environment that the test points at by variables of the process; here it lies in the target. */
function virtualEnvironment(row: Row): readonly string[] {
  return typeof row['venv'] === 'string' ? [row['venv']] : [];
}

function orUnknown(item: Package): string {
  return item.version === '' ? 'unknown' : item.version;
}

/** Where only a licence file is named, Trivy gives its address; it stands in our facts. */
function orLicenseFile(item: Package): readonly string[] {
  const file = item.facts?.other?.['licenseFile'];
  return item.licenses.length > 0 || file === undefined ? item.licenses : [`file://${file}`];
}

/** The mapping of a row, or undefined when none of our catalogers reads that format. */
export function mappingOf(row: Row): TrivyMapping | undefined {
  const key = Object.keys(mappings)
    .filter((prefix) => row.id.startsWith(prefix))
    .sort((a, b) => b.length - a.length)[0];
  return key === undefined ? undefined : mappings[key];
}

/** Packages of a cataloger that Trivy leaves out; undefined when it leaves out none. */
export function leavesOutOf(cataloger: string): TrivyMapping['leavesOut'] {
  return Object.values(mappings).find((item) => item.catalogers[0] === cataloger)?.leavesOut;
}
