// SPDX-License-Identifier: Apache-2.0
// A package as one file tells of it, and the list of packages one file yields.
import type { Building } from './building.ts';
import type { Digest } from './digest.ts';
import type { Location } from './location.ts';

/**
 * What the package is needed for, the strongest need winning: runtime > optional > peer > build > test > development.
 * A package that both a runtime and a development dependency bring in is `runtime`.
 */
export type Scope = 'runtime' | 'optional' | 'peer' | 'build' | 'test' | 'development';

/** `root`: the project the file describes; `workspace`: another project of the same tree. */
export type Relationship = 'root' | 'workspace' | 'direct' | 'indirect' | 'unknown';

export interface Package {
  /** Unique within its list; what `dependsOn` names. `name@version` unless that is ambiguous. */
  readonly id: string;
  /** Name as the ecosystem writes it: `@scope/name`, `group:artifact`, `github.com/a/b`. */
  readonly name: string;
  /** Exact version as the file writes it; empty when the file states none. */
  readonly version: string;
  /** purl type: npm, golang, maven, pypi, deb ... also for packages without a purl. */
  readonly type: string;
  /** Absent for what has no meaningful package URL (a local root project). */
  readonly purl?: string;
  readonly scope: Scope;
  readonly relationship: Relationship;
  readonly locations: readonly Location[];
  /** SPDX expressions or the words the file uses, as declared. */
  readonly licenses: readonly string[];
  readonly digests: readonly Digest[];
  /** Ids of packages in the same list. */
  readonly dependsOn: readonly string[];
  /** The requirement where a manifest states one (`^1.2.0`), also when `version` is empty. */
  readonly constraint?: string;
  /** Source package(s) of an operating system package, which advisories speak of. */
  readonly sources?: readonly SourcePackage[];
  /** Ids of packages whose installation brought the files of this one: an apk that contains a Python package. */
  readonly ownedBy?: readonly string[];
  readonly cpes?: readonly string[];
  /** Files it owns on disk; only in runs that ask for it, because they outnumber packages a hundredfold. Not written into SBOMs. */
  readonly files?: readonly PackageFile[];
  /** Facts for formats that carry them: keys are listed in docs/formats.md ("Package facts"). */
  readonly facts?: PackageFacts;
}

/** A file, link or empty folder that an installed package says is its own. */
export interface PackageFile {
  /** Relative to the root of the target, as in `Location.path`. */
  readonly path: string;
  /** Of the content as it was installed. */
  readonly digest?: Digest;
  readonly size?: number;
  /** POSIX permission bits. */
  readonly mode?: number;
  /** true for configuration, which users may change. */
  readonly isConfig?: boolean;
}

export interface SourcePackage {
  readonly name: string;
  readonly version: string;
}

/** Optional facts; all strings are as the file writes them. */
export interface PackageFacts {
  readonly description?: string;
  readonly homepage?: string;
  /** Where the archive comes from. */
  readonly downloadUrl?: string;
  /** Source repository. */
  readonly repository?: string;
  readonly commit?: string;
  readonly author?: string;
  readonly supplier?: string;
  readonly architecture?: string;
  readonly epoch?: number;
  readonly modularity?: string;
  readonly vendor?: string;
  /** Dependency groups the package belongs to, as the ecosystem names them. */
  readonly groups?: readonly string[];
  /** What a Go binary holds: import path to functions and methods (`Parse`, `Server.Serve`). */
  readonly goSymbols?: Readonly<Record<string, readonly string[]>>;
  /** Anything else a peer's format has a place for: `syft:` / `trivy:` / `osv:` keys are forbidden here, use plain words. */
  readonly other?: Readonly<Record<string, string>>;
}

/** What one cataloger found in one file. */
export interface PackageList {
  /** Id of the cataloger, or of the SBOM reader. */
  readonly cataloger: string;
  /** Path of the file inside the target. */
  readonly path: string;
  /** purl type of most packages: the heading in a table. */
  readonly ecosystem: string;
  /** `declared`: wanted by a manifest or lock file; `installed`: present on disk. */
  readonly kind: 'declared' | 'installed';
  /** For what somebody else claims: an SBOM that lies in the target. Without it the packages were seen there. */
  readonly trust?: 'asserted';
  readonly packages: readonly Package[];
  /** Operating system the packages belong to, for deb, rpm, apk and their like. */
  readonly distribution?: Distribution;
}

/** os-release(5) in the parts that matching needs. */
export interface Distribution {
  /** ID, lower case: debian, ubuntu, alpine, rhel ... */
  readonly id: string;
  readonly idLike: readonly string[];
  readonly versionId: string;
  readonly codename?: string;
  readonly name: string;
  /** Streams with extended support that the system follows: `esm`, `eus`. */
  readonly channels?: readonly string[];
}

/** The fields a cataloger must give; everything else has a neutral default. What is undefined counts as not given. */
export type PackageParts = Pick<Package, 'name' | 'version' | 'type'> & {
  readonly [Member in keyof Package]?: Package[Member] | undefined;
};

/**
 * Fills the defaults: id `name@version`, runtime scope, unknown relationship, empty lists. Members are copied one by one and always in the
 * same order: packages come in tens of thousands, and objects of one shape are made and read several times faster than a mixture.
 */
export function packageOf(parts: PackageParts): Package {
  const { name, version, type } = parts;
  const item: Building<Package> = {
    id: parts.id ?? (version === '' ? name : `${name}@${version}`),
    name,
    version,
    type,
    scope: parts.scope ?? 'runtime',
    relationship: parts.relationship ?? 'unknown',
    locations: parts.locations ?? [],
    licenses: parts.licenses ?? [],
    digests: parts.digests ?? [],
    dependsOn: parts.dependsOn ?? [],
  };
  if (parts.purl !== undefined) item.purl = parts.purl;
  if (parts.constraint !== undefined) item.constraint = parts.constraint;
  if (parts.sources !== undefined) item.sources = parts.sources;
  if (parts.ownedBy !== undefined) item.ownedBy = parts.ownedBy;
  if (parts.cpes !== undefined) item.cpes = parts.cpes;
  if (parts.files !== undefined) item.files = parts.files;
  if (parts.facts !== undefined) item.facts = parts.facts;
  return item;
}
