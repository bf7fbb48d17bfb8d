// SPDX-License-Identifier: Apache-2.0
// Rows of Trivy's Node.js packages that are not "file -> packages": package.json in the shape of Trivy's own type, and small tables of
// inner functions, which are read off what our readers make of a file that is written for the row.

import { CatalogRun } from '../../../src/evidence/packages/catalog.ts';
import { catalogers } from '../../../src/evidence/packages/index.ts';
import { asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { splitKey } from '../../../src/formats/pnpm-lock.ts';
import { parseYarnLock, splitPattern } from '../../../src/formats/yarn-lock.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import { catalogInput } from './catalog.ts';
import { inputOf } from './inputs.ts';
import { mappingOf } from './mapping.ts';
import type { Row, RowRunner } from './rows.ts';
import { unmapped, wantedError } from './rows.ts';

const encoder = new TextEncoder();

function catalogText(path: string, text: string): readonly Package[] {
  const run = new CatalogRun(catalogers);
  const file = { path, bytes: encoder.encode(text) };
  if (run.wants(path)) run.take(file);
  return run.finish().lists.flatMap((list) => list.packages);
}

/** Name, version and licences of the package, and what it requires. `Workspaces` only serves to find other manifests here. */
function runPackageJson(row: Row, root: string): CaseResult {
  const mapping = mappingOf(row);
  const input = inputOf(row, root);
  if (mapping === undefined || input === undefined) return unmapped(row);
  const output = catalogInput(input, mapping, row);
  if (output === undefined) return failed('the mapped catalogers', 'not in the list');
  if (wantedError(row) === 'stated') {
    return output.problems.some((problem) => problem.hidesFindings) ? passed : failed('a problem', output.lists);
  }
  const want = asObject(row['want']) ?? {};
  const own = asObject(want['Package']) ?? {};
  const packages = output.lists.flatMap((list) => list.packages);
  const project = packages.find((item) => item.relationship === 'root');
  const inScope = (scope: Package['scope']): Record<string, string> =>
    Object.fromEntries(
      packages
        .filter((item) => item.constraint !== undefined && item.scope === scope)
        .map((item) => [item.name, item.constraint ?? '']),
    );
  const stated = (field: string): unknown => (asObject(want[field])?.['call'] === undefined ? (want[field] ?? {}) : {});
  const name = asString(own['Name']) ?? '';
  return expectEqual(
    {
      // A file without a name is no package here.
      package: name === '' ? {} : { name, version: own['Version'] ?? '', licenses: asStrings(own['Licenses']) },
      dependencies: stated('Dependencies'),
      development: stated('DevDependencies'),
      optional: stated('OptionalDependencies'),
    },
    {
      package:
        project === undefined ? {} : { name: project.name, version: project.version, licenses: project.licenses },
      dependencies: inScope('runtime'),
      development: inScope('development'),
      optional: inScope('optional'),
    },
  );
}

/** The name that a place of a lock file stands for. */
function runNameFromPath(row: Row): CaseResult {
  const path = asString(row['path']) ?? '';
  const lock = { lockfileVersion: 3, packages: { [path]: { version: '1.0.0' } } };
  return expectEqual(row['expected'], catalogText('package-lock.json', JSON.stringify(lock))[0]?.name ?? '');
}

/** Is a package of the name that the row is called after listed? */
function runIsValidName(row: Row): CaseResult {
  const name = row.id.slice(row.id.indexOf('/', row.id.indexOf('#')) + 1);
  const packages = catalogText('node_modules/x/package.json', JSON.stringify({ name, version: '1.0.0' }));
  return expectEqual(row['want'], packages.length === 1);
}

function runPnpmKey(row: Row): CaseResult {
  const split = splitKey(asString(row['pkg']) ?? '', Number(row['lockFileVer']));
  return expectEqual(
    { name: row['wantName'], version: row['wantVersion'] },
    { name: split?.name ?? '', version: split?.version ?? '' },
  );
}

function runPnpmVersion(row: Row): CaseResult {
  const lockVersion = Number(row['lockVer']);
  const reference = asString(row['ver']) ?? '';
  const split = splitKey(lockVersion < 6 ? `/x/${reference}` : `x@${reference}`, lockVersion);
  return expectEqual(row['wantVer'], split?.version ?? '');
}

/** Our reader keeps the protocol as part of the range. */
function protocolAndRange(text: string): { readonly protocol: string; readonly range: string } {
  const match = /^([a-z+]+):(.*)$/s.exec(text);
  return match === null ? { protocol: '', range: text } : { protocol: match[1] ?? '', range: match[2] ?? '' };
}

function lockWith(row: Row): string {
  const line = (asString(row['target']) ?? '').trim();
  return `${line.endsWith(':') ? line : `${line}:`}\n  version "1.0.0"\n`;
}

function runYarnPattern(row: Row): CaseResult {
  const pattern = parseYarnLock(encoder.encode(lockWith(row)), 'yarn.lock').entries[0]?.patterns[0] ?? '';
  const { name, range } = splitPattern(pattern);
  const split = protocolAndRange(range);
  return expectEqual(
    { name: row['expectName'], version: row['expactVersion'], protocol: row['expectProtocol'] ?? '' },
    { name, version: split.range, protocol: split.protocol },
  );
}

/** Trivy drops the protocol from the patterns. A quoted key with several patterns is berry's. */
function runYarnPatterns(row: Row): CaseResult {
  const isBerry = (asString(row['target']) ?? '').startsWith('"');
  const text = `${isBerry ? '__metadata:\n  version: 6\n\n' : ''}${lockWith(row).replace('version "1.0.0"', isBerry ? 'version: 1.0.0' : 'version "1.0.0"')}`;
  const patterns = parseYarnLock(encoder.encode(text), 'yarn.lock').entries[0]?.patterns ?? [];
  const split = patterns.map((pattern) => ({
    name: splitPattern(pattern).name,
    ...protocolAndRange(splitPattern(pattern).range),
  }));
  return expectEqual(
    { name: row['expectName'], protocol: row['expectProtocol'] ?? '', patterns: row['expactPatterns'] },
    {
      name: split[0]?.name ?? '',
      protocol: split[0]?.protocol ?? '',
      patterns: split.map((item) => `${item.name}@${item.range}`),
    },
  );
}

function runYarnDependency(row: Row): CaseResult {
  const line = (asString(row['target']) ?? '').trim();
  const isBerry = /^(?:"[^"]+"|[^\s"]+): /.test(line);
  const text = isBerry
    ? `__metadata:\n  version: 6\n\n"x@npm:1":\n  version: 1.0.0\n  dependencies:\n    ${line}\n`
    : `x@1:\n  version "1.0.0"\n  dependencies:\n    ${line}\n`;
  const need = parseYarnLock(encoder.encode(text), 'yarn.lock').entries[0]?.needs[0];
  return expectEqual(
    { name: row['expectName'], version: row['expactVersion'] },
    { name: need?.name, version: need?.range },
  );
}

const parser = 'pkg/dependency/parser/nodejs';

export const nodeRunners: readonly RowRunner[] = [
  { prefix: `${parser}/packagejson/parse_test.go#TestParse/`, run: runPackageJson },
  { prefix: `${parser}/packagejson/parse_test.go#TestIsValidName/`, run: runIsValidName },
  { prefix: `${parser}/npm/parse_test.go#TestPkgNameFromPath/`, run: runNameFromPath },
  { prefix: `${parser}/pnpm/parse_test.go#Test_parsePnpmKey/`, run: runPnpmKey },
  { prefix: `${parser}/pnpm/parse_test.go#Test_parseVersion/`, run: runPnpmVersion },
  { prefix: `${parser}/yarn/parse_test.go#TestParsePattern/`, run: runYarnPattern },
  { prefix: `${parser}/yarn/parse_test.go#TestParsePackagePatterns/`, run: runYarnPatterns },
  { prefix: `${parser}/yarn/parse_test.go#TestGetDependency/`, run: runYarnDependency },
];
