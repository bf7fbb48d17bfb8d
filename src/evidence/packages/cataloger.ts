// SPDX-License-Identifier: Apache-2.0
// What a cataloger is: one file kind of one ecosystem -> packages. Pure: files are handed in, nothing is executed.
import type { ExecutableFormat } from '../../formats/executable-image.ts';
import type { Distribution, Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { FileReading, SourceFile } from '../../sources/source.ts';

export interface Cataloger {
  /** Kebab case, unique, e.g. `cargo-lock`; also the name of the file and of the section in docs/catalogers.md. */
  readonly id: string;
  /** What it reads, for people: `Cargo.lock`. */
  readonly title: string;
  /** purl types it yields. */
  readonly ecosystems: readonly string[];
  readonly kind: 'declared' | 'installed';
  /** For files in which somebody else says what there is (SBOMs); without it the packages are seen by us. */
  readonly trust?: 'asserted';
  /** Globs over paths in the target: `**` any folders, `*` any but slash, `?`, `{a,b}`; case-sensitive. */
  readonly files: readonly string[];
  /**
   * Also takes executables of these formats, whatever they are called: files with an execute bit or the ending of a binary whose first
   * bytes say so (formats/executable-image.ts).
   */
  readonly executables?: readonly ExecutableFormat[];
  /**
   * Folders whose names say it all, as a path that ends in one `*`: `nix/store/*`. `parse` is called once for each that holds a file, with
   * no bytes; nothing in it is read.
   */
  readonly folders?: readonly string[];
  /** How much of a file is read where that is not the whole of a file of ordinary size. */
  readonly reads?: FileReading;
  /** Globs of what must not be taken although `files` matches. */
  readonly except?: readonly string[];
  /** Globs of other files the parser asks for through `tree` (parents, checksums); kept in memory until the end of the walk. */
  readonly companions?: readonly string[];
  /** Further companions that tell which files a package owns; kept only in runs that ask for it. */
  readonly ownershipFiles?: readonly string[];
  /**
   * Shrinks a companion before it is kept, for companions that come in thousands: returns the bytes that `parse` will see under that
   * path, or undefined to drop it. Catalogers that give the same function share what is kept.
   */
  readonly condense?: CondenseCompanion | undefined;
  /**
   * Ids of catalogers of lock files. When one of them found packages in the same folder or in a folder above (a workspace), this file's
   * list is left out: the lock file tells the same with exact versions.
   */
  readonly yieldsTo?: readonly string[];
  /** For installed packages that have a file each: the files of one place give one list. Without it every file gives its own. */
  readonly gather?: Gathering | undefined;
  readonly capabilities: Capabilities;
  /** Never throws for bad input: gives what it read plus problems. */
  parse(file: SourceFile, tree: CompanionFiles): CatalogResult;
}

export interface Gathering {
  /** The place a file belongs to: a site-packages folder, a library. */
  placeOf(path: string): string;
  /** Connects the packages of one place. Until then `dependsOn` may hold names, as the file writes them. */
  link(packages: readonly Package[]): readonly Package[];
}

export type CondenseCompanion = (file: SourceFile) => Uint8Array | undefined;

/** What the cataloger can and cannot see; printed in docs/catalogers.md and `landwaiter catalogers`. */
export interface Capabilities {
  readonly versions: 'exact' | 'declared';
  readonly dependencies: 'none' | 'direct' | 'transitive';
  readonly scopes: boolean;
  readonly licenses: boolean;
  readonly digests: boolean;
  readonly lines: boolean;
  /** What a user would expect and will not get. */
  readonly gaps: readonly string[];
}

/** Read access to the companion files of the same target. */
export interface CompanionFiles {
  /** Path as in `SourceFile.path`; undefined when absent, unreadable or not matched by `companions`. */
  get(path: string): SourceFile | undefined;
  /** All paths that match the glob, sorted. */
  match(glob: string): readonly string[];
  /** `owned` in a run that asks which files each package owns (`Package.files`). */
  readonly files?: 'owned';
}

export interface CatalogResult {
  readonly packages: readonly Package[];
  readonly problems: readonly Problem[];
  /** For operating system package databases. */
  readonly distribution?: Distribution;
  /** purl type of most packages, where the cataloger yields several. */
  readonly ecosystem?: string;
}

/** Identity function that fixes the type; catalogers are listed in index.ts. */
export function defineCataloger(cataloger: Cataloger): Cataloger {
  return cataloger;
}

/** Everything that is known of a cataloger without running its code. */
export type CatalogerFacts = Omit<Cataloger, 'parse' | 'condense' | 'gather'>;

/** What a deferred cataloger has besides its facts. */
export interface DeferredParts {
  /** One function for all catalogers that share theirs: it tells them to be the same without their code. */
  readonly condense?: CondenseCompanion;
  readonly hasGather: boolean;
}

/** A cataloger whose code is loaded when it meets its first file: the bundle is made of these (scripts/build.ts). */
export function deferredCataloger(facts: CatalogerFacts, parts: DeferredParts, load: () => Cataloger): Cataloger {
  return {
    ...facts,
    ...(parts.condense === undefined ? {} : { condense: parts.condense }),
    get gather() {
      return parts.hasGather ? load().gather : undefined;
    },
    parse: (file, tree) => load().parse(file, tree),
  };
}

/** No companions: for parsers that need only their own file, and for tests. */
export const noCompanions: CompanionFiles = { get: () => undefined, match: () => [] };
