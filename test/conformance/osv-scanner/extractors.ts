// SPDX-License-Identifier: Apache-2.0
// extractors/*.json: a manifest or lock file -> packages. Lists are compared as sets of name + version + purl type.
// Where our model says the same thing differently, the equal field is compared:
// - `SourceCode.Commit` (a package from version control): our `facts.commit`, or our version when the file has no other.
//   For mix.lock upstream puts the checksum of the archive there: our digest, or the inner checksum in `facts.other`.
// - `Version` of a manifest's requirement (`>= 1.0`): our `constraint`, our version being empty.
// - `DepGroupVals`: a member must be one of our `facts.groups`, or the name of our scope (dev = development or test).
//   No group at all: our scope must be one that is needed at run or build time (runtime, peer, build).
// - A package that upstream lists once per place is one package with several locations here: every line upstream names must be one
//   of ours; the number of entries is not compared. A place of ours is a span (the whole entry), upstream's is the line of the
//   name in it: it must lie inside.
// - Projects of the tree itself (relationship root or workspace) that upstream leaves out are dropped.
// - `WantErr`: a problem that hides findings. The other way round nothing is required, because a file that upstream passes over
//   in silence may be a problem here.
// - `excludeIndirect`: our packages without those whose relationship is `indirect`.
import { join } from 'node:path';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { failed, passed } from '../pack.ts';
import type { Row } from './rows.ts';
import { rowsOf } from './rows.ts';
import { mappedExtractor, runCatalogers } from './run.ts';

interface Expected {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly commit: string;
  /** Undefined where upstream's metadata has no groups. */
  readonly groups: readonly string[] | undefined;
  readonly line: number | undefined;
}

export function extractorCases(root: string): readonly ConformanceCase[] {
  return rowsOf(root, 'extractors').map((row) => ({ id: row.id, run: () => runRow(root, row) }));
}

function runRow(root: string, row: Row): CaseResult {
  const mapped = mappedExtractor(row.extractor);
  if (mapped === undefined) return { outcome: 'skipped', reason: `no cataloger for ${row.extractor}` };
  const { fields } = row;
  const config = asObject(fields['InputConfig'] ?? fields['inputConfig']);
  const path =
    asString(
      config?.['Path'] ?? fields['path'] ?? fields['Path'] ?? fields['inputPath'] ?? asStrings(fields['fixtures'])[0],
    ) ?? '';
  const wantsError = (fields['WantErr'] ?? fields['wantErr'] ?? null) !== null;
  const stated = expectedPackages(fields['WantPackages'] ?? fields['wantPackages'] ?? fields['want']);
  if (stated === undefined) return failed('a readable expectation', fields);
  const want = mapped.groups === 'unstated' ? stated.map((item) => ({ ...item, groups: undefined })) : stated;

  const folder = join(root, 'inputs', 'extractor/filesystem', row.extractor);
  const result = runCatalogers(mapped, folder, { path, manifest: asString(fields['contentPath']) });

  const packages = result.packages.filter(
    (item) =>
      !(fields['excludeIndirect'] === true && item.relationship === 'indirect') &&
      mapped.leavesOut?.(item, fields) !== true,
  );
  if (wantsError && !result.problems.some((problem) => problem.hidesFindings)) {
    return failed(
      { error: fields['WantErr'] ?? fields['wantErr'] },
      { problems: result.problems, packages: packages.map(keyOf) },
    );
  }
  // Upstream drops what it read before an error; we keep it, so only a list that upstream states is compared.
  return wantsError && want.length === 0 ? passed : compare(want, packages);
}

function compare(want: readonly Expected[], packages: readonly Package[]): CaseResult {
  const missing: unknown[] = [];
  const used = new Set<Package>();
  for (const item of want) {
    const sameKey = packages.filter((found) => isSame(item, found));
    for (const found of sameKey) used.add(found);
    const right = sameKey.some((found) => hasGroups(found, item.groups) && hasLine(found, item.line));
    if (!right) missing.push({ ...item, ours: sameKey.map(detailOf) });
  }
  const extra = packages.filter(
    (found) => !used.has(found) && found.relationship !== 'root' && found.relationship !== 'workspace',
  );
  if (missing.length === 0 && extra.length === 0) return passed;
  return failed({ missing }, { extra: extra.map(detailOf) });
}

function isSame(want: Expected, found: Package): boolean {
  if (want.name !== found.name || (want.type !== '' && want.type !== found.type)) return false;
  const hasVersion = want.version === found.version || (found.version === '' && want.version === found.constraint);
  if (want.commit === '') return hasVersion;
  return hasCommit(want.commit, found) && (hasVersion || want.version === '');
}

function hasCommit(commit: string, found: Package): boolean {
  const checksums = [
    ...found.digests.map((digest) => digest.split(':')[1]),
    ...Object.values(found.facts?.other ?? {}),
  ];
  return commit === found.facts?.commit || commit === found.version || checksums.includes(commit);
}

const scopeNames: Readonly<Record<Package['scope'], readonly string[]>> = {
  runtime: [],
  peer: ['peer'],
  build: ['build'],
  optional: ['optional'],
  test: ['test', 'dev'],
  development: ['dev', 'development'],
};

function hasGroups(found: Package, groups: readonly string[] | undefined): boolean {
  if (groups === undefined) return true;
  if (groups.length === 0) return ['runtime', 'peer', 'build'].includes(found.scope);
  const ours = [...scopeNames[found.scope], ...(found.facts?.groups ?? [])];
  return groups.every((group) => ours.includes(group));
}

function hasLine(found: Package, line: number | undefined): boolean {
  if (line === undefined) return true;
  return found.locations.some((at) => at.line !== undefined && at.line <= line && line <= (at.endLine ?? at.line));
}

function expectedPackages(value: unknown): readonly Expected[] | undefined {
  const object = asObject(value);
  if (object?.['call'] !== undefined) return undefined;
  const list = object === undefined ? asArray(value) : (object['Packages'] ?? [object]);
  return asArray(list).map((item) => expectedPackage(asObject(item) ?? {}));
}

function expectedPackage(fields: JsonObject): Expected {
  if (fields['call'] === 'getPackage') return calledPackage(asArray(fields['args']));
  // A helper of upstream's test whose arguments say it all: pkg(t, name, version, path, line).
  const args = asArray(fields['args']);
  if (fields['call'] === 'pkg' && args.length === 5) {
    const [, name, version, path, line] = args;
    return expectedPackage({ Name: name, Version: version, Location: [path, line] });
  }
  const metadata = asObject(fields['Metadata']);
  const hasGroupField = metadata !== undefined && 'DepGroupVals' in metadata;
  return {
    name: asString(fields['Name']) ?? '',
    version: asString(fields['Version']) ?? '',
    type: asString(fields['PURLType']) ?? '',
    commit: asString(asObject(fields['SourceCode'])?.['Commit']) ?? '',
    groups: hasGroupField ? asStrings(metadata['DepGroupVals']) : undefined,
    line: lineOf(fields['Location']),
  };
}

/** os/apk builds its packages with `getPackage(location, name, origin, version, ...)`. */
function calledPackage(args: readonly unknown[]): Expected {
  const name = asString(args[1]) ?? '';
  const version = asString(args[3]) ?? '';
  return { name, version, type: 'apk', commit: asString(args.at(-1)) ?? '', groups: undefined, line: undefined };
}

/** `[path, line]`, `{call, args: [path, line]}` or `{Descriptor: {File: {LineNumber}}}`; a place without a line gives undefined. */
function lineOf(location: unknown): number | undefined {
  const object = asObject(location);
  const file = asObject(asObject(object?.['Descriptor'])?.['File']);
  const line = file?.['LineNumber'] ?? asArray(object?.['args'] ?? location)[1];
  return typeof line === 'number' && line > 0 ? line : undefined;
}

function keyOf(item: Package): string {
  return `${item.type}:${item.name}@${item.version}`;
}

function detailOf(item: Package): unknown {
  const lines = item.locations.map((location) => location.line);
  return { key: keyOf(item), scope: item.scope, groups: item.facts?.groups, commit: item.facts?.commit, lines };
}
