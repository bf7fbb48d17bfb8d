// SPDX-License-Identifier: Apache-2.0
// What stands in a mapping: how a test of Syft is answered by catalogers of ours.
import type { CatalogOutput } from '../../../src/evidence/packages/catalog.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import type { FixtureFile, Row } from './fixture.ts';

export interface CatalogerMapping {
  /** Ids of the catalogers to run over the fixture. */
  readonly catalogers?: readonly string[];
  /** purl type of the packages whose licences the row looks up in a registry. */
  readonly registry?: string;
  /** A row that is about the registry alone. */
  readonly answer?: (row: Row, root: string) => Promise<CaseResult>;
  /** Name under which a fixture file is presented when the catalogers' globs do not accept its own; for folders: no effect. */
  readonly presentAs?: string | ((path: string, row: Row) => string);
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
