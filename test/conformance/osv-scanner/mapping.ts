// SPDX-License-Identifier: Apache-2.0
// Which of our catalogers answers for which upstream extractor. A new cataloger adds a line here; an extractor without a line
// is skipped, and needs its reason in ../osv-scanner.skips.yaml.

import { parseMavenRequirement } from '../../../src/evidence/package-facts/maven-requirement.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import type { Package } from '../../../src/model/package.ts';

export interface ExtractorMapping {
  /** Ids of the catalogers that together read what the extractor reads. */
  readonly catalogers: readonly string[];
  /**
   * File name under which a fixture is handed over when our globs do not take its own name (`two-packages.lock`): the last
   * segment only, or the whole path when it holds a slash.
   */
  readonly as?: string | ((path: string) => string);
  /** `unstated`: upstream's group list is always empty, because the extractor does not read what the file says; say why beside it. */
  readonly groups?: 'compared' | 'unstated';
  /** Our package as upstream states the same facts; undefined when upstream leaves such a package out. Say why beside it. */
  readonly statedAs?: (item: Package) => Package | undefined;
  /** Packages of ours that upstream gives only with an option of the row; say why beside it. */
  readonly leavesOut?: (item: Package, fields: JsonObject) => boolean;
}

/** Keys: folder of the extractor below `extractor/filesystem`. */
export const extractorMapping: Readonly<Record<string, ExtractorMapping>> = {
  // JavaScript
  'language/javascript/packagelockjson': { catalogers: ['npm-lock'], as: 'package-lock.json' },
  'language/javascript/yarnlock': { catalogers: ['yarn-lock'], as: 'yarn.lock' },
  // Upstream does not look at importers or the `dev` and `optional` flags.
  'language/javascript/pnpmlock': {
    catalogers: ['pnpm-lock'],
    as: 'pnpm-lock.yaml',
    groups: 'unstated',
    statedAs: (item) => (item.facts?.other?.['described'] === 'no' ? undefined : item),
  },
  // Nor does it look at the sections of bun's workspaces.
  'language/javascript/bunlock': { catalogers: ['bun-lock'], as: 'bun.lock', groups: 'unstated' },
  'language/javascript/denojson': {
    catalogers: ['deno-json'],
    as: 'deno.json',
    // Upstream drops the @ of JSR scopes.
    statedAs: (item) => withLowestVersion(item.type === 'jsr' ? { ...item, name: item.name.replace(/^@/, '') } : item),
  },
  'language/javascript/packagejson': {
    catalogers: ['package-json', 'node-package'],
    as: 'package.json',
    statedAs: withLowestVersion,
    // Requirements are listed only on demand; we list them where no lock file does.
    leavesOut: (item, fields) => item.constraint !== undefined && fields['includeDeps'] !== true,
  },
  'language/javascript/vsix': { catalogers: ['vsix'] },
  'misc/vscodeextensions': { catalogers: ['vscode-extensions'], as: '.vscode/extensions/extensions.json' },
  'misc/chrome/extensions': { catalogers: ['chrome-extension'] },
  'runtime/nodejs/nodeversion': { catalogers: ['node-version'] },
  'runtime/nodejs/nvm': { catalogers: ['node-version'] },
  // Go, GitHub Actions
  'language/golang/gomod': { catalogers: ['go-mod'], as: 'go.mod', statedAs: goModuleOfUpstream },
  'language/golang/gobinary': { catalogers: ['go-binary'], statedAs: goModuleOfUpstream },
  'language/golang/vendormodules': { catalogers: ['go-vendor-modules'], statedAs: goModuleOfUpstream },
  // Upstream lists actions only, with the reference as version.
  'misc/githubactions': {
    catalogers: ['github-workflow'],
    as: '.github/workflows/x.yml',
    statedAs: (item) => (item.type === 'github' ? { ...item, version: item.facts?.commit ?? item.version } : undefined),
  },
  // Python, Conda
  'language/python/requirements': {
    catalogers: ['python-requirements'],
    as: 'requirements.txt',
    statedAs: asRequirement,
  },
  'language/python/setup': {
    catalogers: ['setup-py'],
    as: 'setup.py',
    statedAs: asSetupRequirement,
  },
  'language/python/pyprojecttoml': {
    catalogers: ['pyproject'],
    as: 'pyproject.toml',
    // Upstream reads [project] only: not the project itself, nor what builds it.
    statedAs: (item) => (item.relationship === 'root' || item.scope === 'build' ? undefined : withBound(item, 'one')),
  },
  'language/python/poetrylock': { catalogers: ['poetry-lock'], as: 'poetry.lock' },
  'language/python/pdmlock': { catalogers: ['pdm-lock'], as: 'pdm.lock' },
  'language/python/uvlock': {
    catalogers: ['uv-lock'],
    as: 'uv.lock',
    // Upstream leaves out a project that is not itself a package.
    statedAs: (item) => (item.facts?.other?.['source'] === 'virtual' ? undefined : item),
  },
  'language/python/pylock': { catalogers: ['pylock'], as: 'pylock.toml', statedAs: notOwn },
  'language/python/pipfilelock': { catalogers: ['pipfile-lock'], as: 'Pipfile.lock', statedAs: versioned },
  'language/python/wheelegg': {
    catalogers: ['python-installed', 'python-archive'],
    as: 'site-packages/x.egg-info/PKG-INFO',
  },
  // Upstream gives packages of conda the type of Python packages.
  'language/python/condameta': {
    catalogers: ['conda-meta'],
    as: 'envs/x/conda-meta/x.json',
    statedAs: (item) => ({ ...item, type: 'pypi' }),
  },
  // R, Julia, Haskell, Perl, OCaml, Lua, Nim
  // Upstream reads only what comes from CRAN.
  'language/r/renvlock': {
    catalogers: ['renv-lock'],
    as: 'renv.lock',
    statedAs: (item) => (item.facts?.other?.['repository'] === 'CRAN' ? item : undefined),
  },
  'language/julia/manifesttoml': { catalogers: ['julia-manifest'], as: 'Manifest.toml', statedAs: asJuliaEntry },
  'language/julia/projecttoml': { catalogers: ['julia-project'], as: 'Project.toml', statedAs: versioned },
  'language/haskell/stacklock': {
    catalogers: ['stack-lock'],
    as: 'stack.yaml.lock',
    statedAs: (item) => ({ ...item, type: 'haskell' }),
  },
  'language/haskell/cabal': {
    catalogers: ['cabal-freeze'],
    as: 'cabal.project.freeze',
    statedAs: (item) => ({ ...item, type: 'haskell' }),
  },
  'language/perl/cpan': {
    catalogers: ['cpan-meta'],
    as: (path) => (path.endsWith('.yml') ? 'META.yml' : 'META.json'),
  },
  'language/ocaml/opam': { catalogers: ['opam-switch'], as: '.opam/default/.opam-switch/install' },
  'language/lua/luarocks': { catalogers: ['rockspec'], statedAs: (item) => ({ ...item, type: 'lua' }) },
  'language/nim/nimble': { catalogers: ['nimble-installed'] },
  // Java, Scala
  'language/java/gradlelockfile': { catalogers: ['gradle-lockfile'], as: 'gradle.lockfile' },
  'language/java/gradleverificationmetadataxml': {
    catalogers: ['gradle-verification-metadata'],
    as: 'gradle/verification-metadata.xml',
  },
  'language/java/gradleversioncatalog': { catalogers: ['gradle-version-catalog'], as: 'gradle/libs.versions.toml' },
  'misc/bazelmaven': { catalogers: ['bazel-module'], as: 'MODULE.bazel' },
  'language/java/archive': {
    catalogers: ['java-archive'],
    as: 'archive.jar',
    // Upstream takes a name from the file name only with its option extractFilename.
    leavesOut: (item, fields) =>
      fields['extractFilename'] !== true && item.facts?.other?.['identified-by'] === 'file name',
  },
  'language/java/pomxml': {
    catalogers: ['maven-pom'],
    as: 'pom.xml',
    // Upstream takes the lower bound of a range.
    statedAs: (item) => {
      const { lowest } = parseMavenRequirement(item.constraint ?? '');
      return item.version === '' && lowest !== undefined ? { ...item, version: lowest } : item;
    },
  },
  // .NET
  'language/dotnet/csproj': { catalogers: ['dotnet-project'], as: 'project.csproj', leavesOut: hasNoVersion },
  'language/dotnet/dotnetpe': { catalogers: ['dotnet-portable-executable'] },
  'language/dotnet/depsjson': { catalogers: ['dotnet-deps'], as: 'app.deps.json' },
  'language/dotnet/nugetcpm': { catalogers: ['nuget-props'], as: 'Directory.Packages.props' },
  'language/dotnet/packagesconfig': { catalogers: ['nuget-config'], as: 'packages.config' },
  'language/dotnet/packageslockjson': { catalogers: ['nuget-lock'], as: 'packages.lock.json' },
  'language/dotnet/paketdependencies': {
    catalogers: ['paket-dependencies'],
    as: 'paket.dependencies',
    // Upstream drops the operators of a requirement.
    statedAs: (item) =>
      item.version === '' ? { ...item, version: /[0-9]\S*/.exec(item.constraint ?? '')?.[0] ?? '' } : item,
  },
  'language/dotnet/paketlock': { catalogers: ['paket-lock'], as: 'paket.lock' },
  'language/dotnet/projectassetsjson': { catalogers: ['nuget-assets'], as: 'project.assets.json' },
  // Rust, PHP, Ruby
  'language/ruby/gemspec': { catalogers: ['gemspec', 'gemspec-installed'] },
  'language/ruby/gemfilelock': { catalogers: ['gemfile-lock'], as: 'Gemfile.lock' },
  'language/php/composerlock': { catalogers: ['composer-lock'], as: 'composer.lock' },
  'language/rust/cargolock': { catalogers: ['cargo-lock'], as: 'Cargo.lock' },
  // Upstream lists build dependencies only with an option of its configuration.
  'language/rust/cargoauditable': { catalogers: ['cargo-auditable'], leavesOut: isForBuilding },
  'language/rust/cargotoml': { catalogers: ['cargo-toml'], as: 'Cargo.toml' },
  // everything else
  'os/winget': { catalogers: ['winget-installed'] },
  'containers/containerd': {
    catalogers: ['containerd-containers'],
    as: 'var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db',
    statedAs: withTag,
  },
  'containers/podman': {
    catalogers: ['podman-containers'],
    as: podmanDatabase,
    statedAs: withBareImageId,
    leavesOut: isNotRunning,
  },
  'os/kernel/module': { catalogers: ['linux-kernel-module'] },
  'os/kernel/vmlinuz': { catalogers: ['kernel-image'], as: 'boot/vmlinuz' },
  'runtime/mise': { catalogers: ['mise-toml'] },
  'misc/netscaler': { catalogers: ['netscaler'] },
  'os/macports': { catalogers: ['macports-portfile'] },
  'os/spack': { catalogers: ['spack-installed'] },
  'os/chisel': { catalogers: ['chisel-manifest'], as: 'var/lib/chisel/manifest.wall' },
  'os/cos': { catalogers: ['cos-packages'], as: 'etc/cos-package-info.json' },
  'os/chocolatey': { catalogers: ['chocolatey-installed'], as: 'ProgramData/chocolatey/lib/x/x.nuspec' },
  'os/homebrew': { catalogers: ['homebrew-cellar'] },
  'os/snap': { catalogers: ['snap-package'], as: 'snap/x/current/meta/snap.yaml' },
  'os/flatpak': {
    catalogers: ['flatpak-application'],
    as: 'var/lib/flatpak/app/x/current/export/share/metainfo/x.metainfo.xml',
  },
  'os/macapps': { catalogers: ['mac-application'], as: 'Applications/X.app/Contents/Info.plist' },
  'os/portage': { catalogers: ['portage-installed'], as: 'var/db/pkg/category/package/PF', statedAs: withoutCategory },
  'os/pacman': {
    catalogers: ['pacman-local'],
    as: 'var/lib/pacman/local/x/desc',
    statedAs: (item) => ({ ...item, type: 'pacman' }),
  },
  'os/apk': { catalogers: ['apk-installed'], as: 'lib/apk/db/installed' },
  'os/nix': { catalogers: ['nix-store'] },
  'sbom/cdx': { catalogers: ['cyclonedx-file'], as: 'sbom.cdx.json' },
  'sbom/spdx': { catalogers: ['spdx-file'], as: 'sbom.spdx', statedAs: namedByCpe },
  // Upstream keeps the epoch out of the version.
  'os/rpm': {
    catalogers: ['rpm-database'],
    as: 'var/lib/rpm/Packages',
    statedAs: (item) => ({ ...item, version: item.version.replace(/^\d+:/, '') }),
  },
  'os/dpkg': { catalogers: ['dpkg-status', 'opkg-status'], as: debianDatabase },
  'misc/wordpress/plugins': { catalogers: ['wordpress-plugin'], as: 'wp-content/plugins/akismet/akismet.php' },
  'containers/k8simage': { catalogers: ['kubernetes-images'] },
  'containers/dockercomposeimage': { catalogers: ['compose-images'] },
  'containers/dockerbaseimage': { catalogers: ['dockerfile-images'] },
  'language/cpp/conanlock': { catalogers: ['conan-lock'], as: 'conan.lock' },
  'language/swift/packageresolved': { catalogers: ['swift-package-resolved'], as: 'Package.resolved' },
  'language/swift/podfilelock': { catalogers: ['podfile-lock'], as: 'Podfile.lock' },
  'language/gleam/gleamtoml': { catalogers: ['gleam-toml'], as: 'gleam.toml' },
  'language/erlang/mixlock': { catalogers: ['mix-lock'], as: 'mix.lock' },
  'language/elixir/mixlock': { catalogers: ['mix-lock'], as: 'mix.lock' },
  'embeddedfs/ova': { catalogers: ['disk-image'] },
  'embeddedfs/qcow2': { catalogers: ['disk-image'] },
  'embeddedfs/vdi': { catalogers: ['disk-image'] },
  'embeddedfs/vmdk': { catalogers: ['disk-image'] },
  'language/dart/pubspec': { catalogers: ['pubspec-lock'], as: 'pubspec.lock' },
};

function versioned(item: Package): Package | undefined {
  return item.version === '' ? undefined : item;
}

function notOwn(item: Package): Package | undefined {
  return item.relationship === 'root' || item.relationship === 'workspace' ? undefined : item;
}

/**
 * Upstream gives a requirement that is not pinned the version that its bound names (`>=1.0`, `<=1.0`, `~=1.0`): of the only clause, or
 * of the first one. We keep the version empty and state the constraint.
 */
function withBound(item: Package, clause: 'one' | 'first'): Package {
  const constraint = item.constraint ?? '';
  if (item.version !== '' || (clause === 'one' && constraint.includes(','))) return item;
  const bound = /^(?:>=|<=|~=)\s*([^,*\s]+)(?:$|,)/.exec(constraint)?.[1] ?? '';
  return { ...item, version: bound };
}

/**
 * Where a package.json or deno.json states a range, upstream takes the lowest version in it for the version (`^1.2` is 1.2.0, `>1.2.3`
 * is 1.2.4; ranges of JSR stay), and leaves out a requirement without any; we keep the range as `constraint`.
 */
function withLowestVersion(item: Package): Package | undefined {
  if (item.version !== '' || item.constraint === undefined) return item;
  const match = /^([\^~>=<v ]*)([0-9]+)(?:\.([0-9]+|x|\*))?(?:\.([0-9]+|x|\*))?/.exec(item.constraint);
  if (match === null) return undefined;
  if (item.type !== 'npm') return item;
  const [major = 0, minor = 0, patch = 0] = match.slice(2, 5).map((part) => Number.parseInt(part ?? '0', 10) || 0);
  return { ...item, version: `${major}.${minor}.${patch + (match[1]?.trim() === '>' ? 1 : 0)}` };
}

/** The tests call the databases of dpkg and opkg anything, in a folder named after the program. */
function debianDatabase(path: string): string {
  if (path.includes('/status.d/')) return `var/lib/dpkg/${path.slice(path.indexOf('status.d/'))}`;
  return path.includes('opkg/') ? 'usr/lib/opkg/status' : 'var/lib/dpkg/status';
}

/** Upstream names Gentoo packages without their category. */
function withoutCategory(item: Package): Package {
  return { ...item, name: item.name.slice(item.name.lastIndexOf('/') + 1) };
}

function isForBuilding(item: Package, fields: JsonObject): boolean {
  return item.scope === 'build' && fields['extractBuildDependencies'] !== true;
}

/** Upstream drops the `v` of Go versions, and names a module that a folder replaces by that folder. */
function goModuleOfUpstream(item: Package): Package {
  return { ...item, name: item.facts?.other?.['folder'] ?? item.name, version: item.version.replace(/^v/, '') };
}

/** Upstream does not list what has no version. */
function hasNoVersion(item: Package): boolean {
  return item.version === '';
}

function podmanDatabase(path: string): string {
  const base = path.endsWith('.sql') ? 'db.sql' : 'libpod/bolt_state.db';
  return `home/user/.local/share/containers/storage/${base}`;
}

/** Upstream writes the id of an image without its algorithm. */
function withBareImageId(item: Package): Package {
  return { ...item, version: item.version.replace('sha256:', '') };
}

/** Containers that do not run are given with `IncludeStopped` only; ours carry their state. */
function isNotRunning(item: Package, fields: JsonObject): boolean {
  return fields['IncludeStopped'] !== true && item.facts?.other?.['state'] !== 'running';
}

/** Upstream's name is the whole reference, the tag included. */
function withTag(item: Package): Package {
  const tag = item.facts?.other?.['tag'];
  return tag === undefined ? item : { ...item, name: `${item.name}:${tag}` };
}

/**
 * Upstream drops direct references and requirements that begin with a bare `>`, gives a single bound as the version (see `withBound`)
 * and does not read constraints files.
 */
function asRequirement(item: Package): Package | undefined {
  const { facts } = item;
  const isReference = facts?.downloadUrl !== undefined || facts?.repository !== undefined;
  if (isReference || /^>[^=]/.test(item.constraint ?? '')) return undefined;
  return facts?.other?.['pinnedBy'] === undefined ? withBound(item, 'one') : { ...item, version: '' };
}

/** Upstream drops packages that state no version (the standard library), and takes the hash of the source tree for a commit. */
function asJuliaEntry(item: Package): Package | undefined {
  const { gitTree, standardLibrary } = item.facts?.other ?? {};
  if (item.version === '' || standardLibrary !== undefined) return undefined;
  return gitTree === undefined ? item : { ...item, facts: { ...item.facts, commit: gitTree } };
}

/** Upstream's pattern takes names without punctuation that are followed by ==, >= or <=, and passes over all other requirements. */
function asSetupRequirement(item: Package): Package | undefined {
  const isTaken = /^\w+$/.test(item.name) && /^(?:={2}|>=|<=)/.test(item.constraint ?? '');
  return isTaken ? versioned(withBound(item, 'first')) : undefined;
}

/**
 * A package of an SPDX document with a CPE but no package URL is named after the CPE upstream, and has no version. Others have the name that
 * stands in their package URL, without namespace.
 */
function namedByCpe(item: Package): Package {
  const [cpe] = item.cpes ?? [];
  if (item.purl === undefined) return cpe === undefined ? item : { ...item, name: cpe, version: '' };
  return { ...item, name: item.name.slice(item.name.lastIndexOf(':') + 1) };
}
