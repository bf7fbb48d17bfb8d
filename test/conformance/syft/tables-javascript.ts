// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's JavaScript and Go functions, and the check of deno.lock rows. What an inner function gives is read off what our readers make
// of a file that is written for the row.
import { goPurl } from '../../../src/evidence/package-facts/go.ts';
import { npmPurl } from '../../../src/evidence/package-facts/npm.ts';
import { catalogers } from '../../../src/evidence/packages/index.ts';
import { CatalogerSelector } from '../../../src/evidence/packages/selector.ts';
import { splitIdentifier } from '../../../src/formats/bun-lock.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { parsePnpmLock } from '../../../src/formats/pnpm-lock.ts';
import type { Package } from '../../../src/model/package.ts';
import { formatPurl, parsePurl } from '../../../src/model/purl.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, expectSameSet, failed, passed } from '../pack.ts';
import type { CheckContext } from './cataloger-mapping.ts';
import { expectDependencies, expectPackages } from './compare.ts';
import type { Row, TableChecks } from './fixture.ts';
import { runCatalogers } from './fixture.ts';

/**
 * Syft writes packages of JSR and modules by address as npm packages with the address of their server in the purl; here they have types
 * of their own. The server is left out of both sides.
 */
export function checkDenoLock(row: Row, context: CheckContext): CaseResult {
  const wanted = asArray(row['expectedPkgs']).map((item) => {
    const object = asObject(item) ?? {};
    return { ...object, PURL: withoutServer(asString(object['PURL']) ?? '') };
  });
  const packages = expectPackages(wanted, context.packages.map(asNpm));
  if (packages.outcome !== 'passed') return packages;
  const relations = row['expectedRelationships'];
  return relations === undefined ? passed : expectDependencies(asArray(relations), context.output);
}

function withoutServer(purl: string): string {
  const parts = parsePurl(purl);
  return parts === undefined ? purl : (formatPurl({ ...parts, qualifiers: undefined }) ?? purl);
}

function asNpm(item: Package): Package {
  const purl =
    item.type === 'generic'
      ? formatPurl({ type: 'npm', name: item.name, version: item.version })
      : npmPurl(item.name, item.version);
  return { ...item, type: 'npm', ...(purl === undefined ? {} : { purl }) };
}

const encoder = new TextEncoder();

function catalogText(ids: readonly string[], path: string, text: string): readonly Package[] {
  const selected = catalogers.filter((cataloger) => ids.includes(cataloger.id));
  return runCatalogers(selected, [{ path, bytes: encoder.encode(text) }]).lists.flatMap((list) => list.packages);
}

function runBunIdentifier(row: Row): CaseResult {
  const split = splitIdentifier(asString(row['identifier']) ?? '');
  const want = { name: row['wantName'], version: row['wantVer'], found: row['wantOK'] };
  return expectEqual(want, { name: split?.name ?? '', version: split?.reference ?? '', found: split !== undefined });
}

/** Would a package.json in that folder count as installed? */
function runNodeModules(row: Row): CaseResult {
  const folder = (asString(row['path']) ?? '').replaceAll('\\', '/').replace(/^\//, '');
  const path = folder.endsWith('node_modules') ? `${folder}/x/package.json` : `${folder}/package.json`;
  const takers = new CatalogerSelector(catalogers).parsersOf(path).map((cataloger) => cataloger.id);
  return expectEqual(row['expected'], takers.includes('node-package'));
}

function runYarnName(row: Row): CaseResult {
  const line = asString(row['line']) ?? '';
  const isLocal = line.includes('@workspace:');
  const text = isLocal
    ? `__metadata:\n  version: 6\n\n${line}\n  version: 1.0.0\n  resolution: ${line.slice(0, -1)}\n`
    : `${line.endsWith(':') ? line : `${line}:`}\n  version "1.0.0"\n`;
  return expectEqual(row['expected'], catalogText(['yarn-lock'], 'yarn.lock', text)[0]?.name ?? '');
}

/** Texts of the row: a literal, `a + b`, or `pnpmDoc(version, name, version, integrity)` of upstream's test. */
function textOf(value: unknown): string | undefined {
  const object = asObject(value);
  if (object?.['op'] === '+') {
    const parts = [textOf(object['l']), textOf(object['r'])];
    return parts.some((part) => part === undefined) ? undefined : parts.join('');
  }
  if (object?.['call'] !== 'pnpmDoc') return asString(value);
  const [lockVersion = '', name, version, integrity] = asStrings(object['args']);
  const head = lockVersion === '' ? '' : `lockfileVersion: '${lockVersion}'\n`;
  return `${head}packages:\n  ${name}@${version}:\n    resolution: {integrity: ${integrity}}\n`;
}

function runPnpmStream(row: Row): CaseResult {
  const text = textOf(row['lockfile']);
  if (text === undefined) return failed('a readable lock file', row['lockfile']);
  const { entries, problems } = parsePnpmLock(encoder.encode(text), 'pnpm-lock.yaml');
  if (row['wantErr'] === true && !problems.some((problem) => problem.hidesFindings))
    return failed('a problem', problems);
  return expectSameSet(
    asStrings(row['wantPkgs']),
    entries.map((entry) => `${entry.name}@${entry.version}`),
  );
}

/** Documents of one stream, each with the packages of the row. */
function runPnpmMerge(row: Row): CaseResult {
  const documents = asArray(row['docs']).map((document) => {
    const entries = asArray(document).map((value) => asObject(value) ?? {});
    const packages = entries.map((item) => [
      `${asString(item['Name'])}@${asString(item['Version'])}`,
      {
        ...(item['Integrity'] === undefined ? {} : { resolution: { integrity: item['Integrity'] } }),
        dev: item['Dev'] === true,
      },
    ]);
    const snapshots = entries.map((item) => [
      `${asString(item['Name'])}@${asString(item['Version'])}`,
      { dependencies: item['Dependencies'] ?? {} },
    ]);
    const lock = {
      lockfileVersion: '9.0',
      packages: Object.fromEntries(packages),
      snapshots: Object.fromEntries(snapshots),
    };
    return JSON.stringify(lock);
  });
  const { entries } = parsePnpmLock(encoder.encode(documents.join('\n---\n')), 'pnpm-lock.yaml');
  const want = asArray(row['want']).map((value) => {
    const item = asObject(value) ?? {};
    return [item['Name'], item['Version'], item['Integrity'], item['Dev'] === true, item['Dependencies'] ?? {}];
  });
  return expectSameSet(
    want,
    entries.map((item) => [
      item.name,
      item.version,
      item.integrity,
      item.isDevelopment,
      Object.fromEntries(item.needs.map((need) => [need.name, need.reference])),
    ]),
  );
}

/** `established`: the version of the document before. */
function runPnpmVersion(row: Row): CaseResult {
  const before = typeof row['established'] === 'number' ? `lockfileVersion: '${row['established']}.0'\n---\n` : '';
  const { version, problems } = parsePnpmLock(encoder.encode(before + (asString(row['doc']) ?? '')), 'pnpm-lock.yaml');
  if (row['wantErr'] === true) return problems.length > 0 ? passed : failed('a problem', version);
  return expectEqual(row['want'], version);
}

/** The name of the row is that of the package; names of scopes begin with `@`, that of this row's namespace does not. */
function runNpmPurl(row: Row): CaseResult {
  const name = row.id.slice(row.id.indexOf('/', row.id.indexOf('#')) + 1);
  return expectEqual(row['expected'], npmPurl(name, asString(row['version']) ?? ''));
}

const folder = 'javascript';

/** Table of Syft's golang functions. */
function runGoPurl(row: Row): CaseResult {
  const item = asObject(row['pkg']);
  return expectEqual(row['expected'], goPurl(asString(item?.['Name']) ?? '', asString(item?.['Version']) ?? ''));
}

export const javascriptTables: TableChecks = {
  'golang/package#Test_packageURL': runGoPurl,
  [`${folder}/parse_bun_lock#TestParseBunPackageIdentifier`]: runBunIdentifier,
  [`${folder}/parse_package_json#Test_pathContainsNodeModulesDirectory`]: runNodeModules,
  [`${folder}/parse_yarn_lock#TestParseYarnFindPackageNames`]: runYarnName,
  [`${folder}/parse_pnpm_lock#TestParsePnpmLock_MultiDocumentStream`]: runPnpmStream,
  [`${folder}/parse_pnpm_lock#Test_mergePnpmPackages`]: runPnpmMerge,
  [`${folder}/parse_pnpm_lock#Test_pnpmDocumentVersion`]: runPnpmVersion,
  [`${folder}/package#Test_packageURL`]: runNpmPurl,
};
