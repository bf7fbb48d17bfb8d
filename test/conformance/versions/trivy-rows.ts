// SPDX-License-Identifier: Apache-2.0
// Runs one row of Trivy's library comparison tables.
import { affectedByConstraints } from '../../../src/advisories/ranges.ts';
import { supplierOf } from '../../../src/advisories/suppliers.ts';
import { orderOf } from '../../../src/advisories/versions/index.ts';
import { type CaseResult, expectEqual } from '../pack.ts';
import { has, type Row, textOf } from './rows.ts';
import { detectRow } from './trivy-library.ts';

const ordersOfFiles: Readonly<Record<string, string>> = {
  bitnami: 'bitnami',
  compare: 'semver',
  maven: 'maven',
  npm: 'npm',
  pep440: 'pep440',
  rubygems: 'rubygems',
};

const ecosystems: Readonly<Record<string, string>> = {
  Pip: 'PyPI',
  Npm: 'npm',
  Maven: 'Maven',
  Go: 'Go',
  RubyGems: 'RubyGems',
  Erlang: 'Hex',
  Cargo: 'crates.io',
  NuGet: 'NuGet',
  Composer: 'Packagist',
};

interface Place {
  readonly file: string;
  readonly root: string;
}

export function trivyRow(row: Row, place: Place): CaseResult {
  if (has(row, 'eco')) return supplierRow(row);
  if (has(row, 'fixtures')) return detectRow(row, place.root);
  const order = orderOf(ordersOfFiles[place.file.replace(/\.json$/, '')] ?? 'semver');
  const args = (row['args'] ?? {}) as Readonly<Record<string, unknown>>;
  if (order === undefined || !has(args, 'advisory'))
    return { outcome: 'failed', expected: row['want'], actual: 'a row of an unknown kind' };
  const advisory = (args['advisory'] ?? {}) as Readonly<Record<string, unknown>>;
  const version = textOf(args, has(args, 'currentVersion') ? 'currentVersion' : 'ver');
  const actual = affectedByConstraints(
    {
      vulnerable: constraintsOf(advisory['VulnerableVersions']),
      patched: constraintsOf(advisory['PatchedVersions']),
      unaffected: constraintsOf(advisory['UnaffectedVersions']),
    },
    version,
    order,
  );
  return expectEqual(row['want'] ?? false, actual);
}

function constraintsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Trivy tells three answers apart: the supplier's, perhaps the supplier's, not the supplier's. */
function supplierRow(row: Row): CaseResult {
  const ecosystem = ecosystems[textOf(row, 'eco').replace(/^ecosystem\./, '')] ?? textOf(row, 'eco');
  const supplier = supplierOf(ecosystem, textOf(row, 'pkgName'), textOf(row, 'pkgVer'));
  const answers = { sure: 'library.Matched', candidate: 'library.Candidate' } as const;
  const actual = supplier === undefined ? 'library.NoMatch' : answers[supplier.certainty];
  return expectEqual(row['wantMatch'] ?? row['want'], actual);
}
