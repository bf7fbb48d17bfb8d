// SPDX-License-Identifier: Apache-2.0
// From the build information of a Go program to packages: the program itself, its modules, and the standard library.
import type { GoBuildInfo, GoModule } from '../../formats/go-buildinfo.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import { goModulePackage } from './go.ts';
import { linkedCrypto } from './go-crypto.ts';
import { goLinkerVersion } from './go-linker-version.ts';
import type { ModulePackages } from './go-symbols.ts';
import { packagesByModule } from './go-symbols.ts';

/** Name of the main module when single files were given to `go build`. */
const noModule = 'command-line-arguments';
const noVersion = '(devel)';

export interface GoBinaryParts {
  readonly info: GoBuildInfo;
  readonly architecture: string;
  readonly location: Location;
  /** Version found in the program's own variables, where the build settings do not state it. */
  readonly symbolVersion?: string | undefined;
  /** Functions by import path, where the program has the table of them. */
  readonly symbols?: ReadonlyMap<string, ReadonlySet<string>> | undefined;
}

/** The program first, then its modules, then the standard library. The program depends on all of them. */
export function goBinaryPackages(parts: GoBinaryParts): Package[] {
  const { info, location } = parts;
  const own = mainModule(info);
  const linked = new LinkedFunctions(parts, own?.path);
  const modules = info.modules
    .filter((module) => module !== own)
    .map((module) => linked.addTo(modulePackage(module, location), module.path))
    .filter((module) => module.name !== '' && module.name !== noModule);
  const library = goStandardLibrary(info.goVersion, location);
  const others = library === undefined ? modules : [...modules, linked.addToLibrary(library)];
  const unique = [...new Map(others.map((item) => [item.id, item])).values()];
  if (own === undefined) return unique;
  const dependsOn = unique.map((item) => item.id);
  const main = linked.addTo(mainPackage(own, parts, dependsOn), own.path);
  return [main, ...unique.filter((item) => item.id !== main.id)];
}

/** Gives packages the functions that the linker kept of them, so that a vulnerable function that is not there is no finding. */
class LinkedFunctions {
  readonly #symbols: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly #owners: ModulePackages;

  constructor(parts: GoBinaryParts, mainModule: string | undefined) {
    this.#symbols = parts.symbols;
    const modules = parts.info.modules.map((module) => module.path);
    const known = mainModule === undefined ? modules : [...modules, mainModule];
    this.#owners = packagesByModule(parts.symbols?.keys() ?? [], known, mainModule);
  }

  /** `path` is the one in the source code; a fork that replaces the module has its own, which its advisories use. */
  addTo(item: Package, path: string): Package {
    return this.#with(item, this.#owners.byModule.get(path) ?? [], (importPath) =>
      importPath.startsWith(path) ? `${item.name}${importPath.slice(path.length)}` : importPath,
    );
  }

  addToLibrary(item: Package): Package {
    return this.#with(item, this.#owners.standard, (importPath) => importPath);
  }

  #with(item: Package, paths: Iterable<string>, nameOf: (importPath: string) => string): Package {
    const symbols = this.#symbols;
    if (symbols === undefined) return item;
    const entries = [...paths].map((path) => {
      const copies = [symbols.get(path), symbols.get(`vendor/${path}`)].flatMap((names) => [...(names ?? [])]);
      return [nameOf(path), [...new Set(copies)]] as const;
    });
    return { ...item, facts: { ...item.facts, goSymbols: Object.fromEntries(entries) } };
  }
}

/** Without a main module: the one that was built from the tree, else the path of the main package. */
function mainModule(info: GoBuildInfo): GoModule | undefined {
  if (info.main !== undefined && info.main.path !== '' && info.main.path !== noModule) return info.main;
  const built = info.modules.find((module) => module.version === noVersion && module.replacedBy === undefined);
  if (built !== undefined) return built;
  const { path } = info;
  return path === '' || path === noModule || !path.includes('.') ? undefined : { path, version: '', sum: '' };
}

function mainPackage(module: GoModule, parts: GoBinaryParts, dependsOn: readonly string[]): Package {
  const { info, architecture, location, symbolVersion } = parts;
  const version = mainVersion(module, info, symbolVersion);
  const base = goModulePackage({ path: module.path, version, relationship: 'root', locations: [location] });
  const commit = info.settings.get('vcs.revision');
  const crypto = [...cryptoSettings(info), ...(parts.symbols === undefined ? [] : linkedCrypto(parts.symbols))];
  return {
    ...base,
    dependsOn,
    facts: {
      ...(commit === undefined ? {} : { commit }),
      ...(architecture === '' ? {} : { architecture }),
      other: {
        ...(module.sum === '' ? {} : { h1: module.sum }),
        'go-version': info.goVersion,
        ...(info.path === '' ? {} : { 'main-package': info.path }),
        ...(info.settings.has('vcs.time') ? { 'commit-time': info.settings.get('vcs.time') ?? '' } : {}),
        ...(info.settings.get('vcs.modified') === 'true' ? { 'modified-sources': 'true' } : {}),
        ...(crypto.length === 0 ? {} : { crypto: crypto.join(', ') }),
      },
    },
  };
}

/**
 * Go states no version (`(devel)`) or, since 1.24, one made of the commit (`v0.0.0-...`) for what is built from a tree without tags: then
 * the version that the makers linked in is better; without it one of the commit is made, as Go would.
 */
function mainVersion(module: GoModule, info: GoBuildInfo, symbolVersion: string | undefined): string {
  const flags = info.settings.get('-ldflags') ?? '';
  return chooseMainVersion({
    stated: module.version,
    linked: goLinkerVersion(flags, module.path),
    symbol: symbolVersion,
    commit: commitVersion(info),
  });
}

export function chooseMainVersion(found: {
  readonly stated: string;
  readonly linked?: string | undefined;
  readonly symbol?: string | undefined;
  readonly commit?: string | undefined;
}): string {
  const stated = found.stated === noVersion ? '' : found.stated;
  if (stated !== '' && !stated.startsWith('v0.0.0-')) return stated;
  const other = found.linked ?? found.symbol;
  if (other !== undefined && other !== '') return other.startsWith('v') ? other : `v${other}`;
  return stated === '' ? (found.commit ?? '') : stated;
}

/** `v0.0.0-20221014195457-41bc6bb41035`: https://go.dev/ref/mod#pseudo-versions */
function commitVersion(info: GoBuildInfo): string | undefined {
  const commit = info.settings.get('vcs.revision') ?? '';
  const time = info.settings.get('vcs.time') ?? '';
  const digits = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?/.exec(time)?.[0].replace(/\D/g, '');
  return digits === undefined || commit.length < 12 ? undefined : `v0.0.0-${digits}-${commit.slice(0, 12)}`;
}

/** A replacement from a folder keeps the name it stands for. */
function modulePackage(module: GoModule, location: Location): Package {
  const { replacedBy } = module;
  const isFolder = replacedBy !== undefined && /^(?:\.{0,2}\/|[A-Za-z]:|\.{1,2}$)/.test(replacedBy.path);
  const used = replacedBy === undefined || isFolder ? module : replacedBy;
  const version = used.version === noVersion ? '' : used.version;
  return goModulePackage({
    path: used.path,
    version,
    relationship: 'unknown',
    locations: [location],
    ...(used.sum === '' ? {} : { hash: used.sum }),
    ...(used === module ? {} : { replaces: `${module.path}@${module.version}` }),
  });
}

/**
 * `stdlib` in the version of the toolchain, undefined for a development toolchain. Behind the version may stand experiments
 * (`X:boringcrypto`) and, in brackets, who built the toolchain.
 */
export function goStandardLibrary(goVersion: string, location: Location): Package | undefined {
  const match = /^(?:go)?([0-9]{1,4}\.[0-9]{1,4}(?:\.[0-9]{1,4})?)((?:rc|beta)[0-9]{1,3})?(?=$|[ +-])/.exec(goVersion);
  if (match === null) return undefined;
  const [, release = '', candidate] = match;
  const version = `${release}${candidate ?? ''}`;
  const library = goModulePackage({ path: 'stdlib', version, relationship: 'direct', locations: [location] });
  return { ...library, cpes: [`cpe:2.3:a:golang:go:${release}:${candidate ?? '-'}:*:*:*:*:*:*`] };
}

/** Settings that say which cryptography the program uses. */
function cryptoSettings(info: GoBuildInfo): string[] {
  const experiments = /X:(\S+)/.exec(info.goVersion)?.[1]?.split(',') ?? [];
  const settings = (info.settings.get('GOEXPERIMENT') ?? '').split(',');
  const boring = [...experiments, ...settings].includes('boringcrypto') ? ['boringcrypto'] : [];
  return [...boring, ...nativeFipsSettings(info.settings)];
}

/** FIPS 140-3 mode of Go 1.24 and later: https://go.dev/doc/security/fips140 */
export function nativeFipsSettings(settings: ReadonlyMap<string, string>): string[] {
  const module = settings.get('GOFIPS140');
  const mode = (settings.get('DefaultGODEBUG') ?? '').split(',').find((item) => item.startsWith('fips140='));
  return [...(module === undefined ? [] : [`GOFIPS140=${module}`]), ...(mode === undefined ? [] : [`GODEBUG=${mode}`])];
}
