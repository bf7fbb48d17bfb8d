// SPDX-License-Identifier: Apache-2.0
// The neutral result of reading any SBOM document. Readers stand in src/formats; src/formats/sbom-format.ts picks the one for a text.
// Vulnerability and VEX statements of a document are not here: see vex.ts.
import type { Distribution, PackageList } from './package.ts';
import type { Problem } from './problem.ts';

export type SbomFormat = 'cyclonedx' | 'spdx' | 'syft' | 'github' | 'purls';

export interface SbomDocument {
  readonly format: SbomFormat;
  /** As the document states it: `1.6`, `2.3`, `3.0.1`, `16.0.34`; empty when it states none. */
  readonly specVersion: string;
  /** Name and version of what the document describes (the root component's), else the document's own name; `name` may be empty. */
  readonly name: string;
  readonly version?: string;
  /** Identity of the document: a CycloneDX serial number, an SPDX document namespace. */
  readonly serial?: string;
  /** RFC 3339, as written. */
  readonly createdAt?: string;
  /** Programs that made the document, `name version`. */
  readonly tools: readonly string[];
  /** What is described, when the document says so. Not a member of any list unless it is itself a package (has a purl). */
  readonly root?: SbomRoot;
  /**
   * Packages grouped by the file each came from, where the document tells; the others in one list whose path is that of the document.
   * Package ids are unique in the whole document, and `dependsOn` may name packages of another list.
   */
  readonly lists: readonly PackageList[];
  /** Operating system of an image or root file system. */
  readonly distribution?: Distribution;
  readonly problems: readonly Problem[];
}

export interface SbomRoot {
  /** Id that `dependsOn` would use; equals a package's id when the root is a package in `lists`. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** As the format calls it: application, container, operating-system, file, directory ... */
  readonly type: string;
  readonly purl?: string;
  /** Ids of the packages it depends on directly. */
  readonly dependsOn: readonly string[];
}

/** Reads one document. Never throws: bad input gives `problems`. `path` is used in locations. */
export type SbomReader = (text: string, path: string) => SbomDocument;
