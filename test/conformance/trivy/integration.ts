// SPDX-License-Identifier: Apache-2.0
// integration/cases.json: arguments of a run -> golden report. Runs what the command line runs, on the input and with the database of
// the pack. Compared are packages and vulnerabilities (golden.ts, golden-cyclonedx.ts), not what a report says of Trivy itself.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileExclusions } from '../../../src/apps/cli/exclusion.ts';
import { convertReport } from '../../../src/apps/convert.ts';
import type { Target } from '../../../src/apps/target.ts';
import { openTarget } from '../../../src/apps/target.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { readScanReport } from '../../../src/formats/scan-report-format.ts';
import { readVex } from '../../../src/formats/vex.ts';
import type { VexStatement } from '../../../src/model/vex.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { failed } from '../pack.ts';

import { fixtureDatabase } from './fixture-database.ts';
import { compareConverted, compareLicenses, compareReport } from './golden.ts';
import { compareCycloneDx, viewOf } from './golden-cyclonedx.ts';
import { compareMisconfigurations } from './golden-misconfiguration.ts';
import { scanTarget } from './scanned.ts';

interface IntegrationCase {
  readonly id: string;
  readonly args: JsonObject;
  readonly inputs: readonly string[];
  readonly inputAvailable: boolean;
  readonly golden: string;
}

const testFolder = 'inputs/integration';

export function cases(root: string): ConformanceCase[] {
  const file = join(root, 'integration', 'cases.json');
  if (!existsSync(file)) return [];
  const rows = JSON.parse(readFileSync(file, 'utf8')) as IntegrationCase[];
  return rows.map((row) => ({ id: `integration/${row.id}`, run: () => run(row, root) }));
}

async function run(row: IntegrationCase, root: string): Promise<CaseResult> {
  if (!row.inputAvailable || row.golden === '') return { outcome: 'skipped', reason: 'its image is not in the pack' };
  const args = { ...row.args, ...flagsOf(row.args) };
  const scanner = asString(args['scanner']) ?? asString(args['scanners']);
  const patterns = [...asStrings(args['filePatterns']), ...wordsOf(args['file-patterns'])];
  if (scanner === 'misconfig' && patterns.length === 0)
    return { outcome: 'skipped', reason: 'what checks of configuration find is compared in the pack trivy-checks' };
  const golden = JSON.parse(readFileSync(join(root, row.golden), 'utf8')) as JsonObject;
  if (row.id.includes('#TestConvert/')) return convert(row, args, golden, root);
  if (scanner === 'misconfig') return compareMisconfigurations(golden, await targetOf(row, args, root), patterns);
  const vexFile = asString(args['vex']);
  if (vexFile === 'repo')
    return { outcome: 'skipped', reason: 'the documents of the VEX repository are not in the pack' };
  const vex = vexFile === undefined ? [] : await statementsOf(join(root, testFolder, vexFile), vexFile);
  const target = await targetOf(row, args, root);
  const scanned = await scanTarget(target, {
    database: fixtureDatabase(root),
    vex,
    scanners: scanner?.split(',').includes('license') === true ? ['license'] : ['vuln'],
    // What only development needs is left out by Trivy unless it is asked for.
    scopes: args['includeDevDeps'] === true || target.kind === 'sbom' ? 'all' : 'runtime',
  });
  const how = { database: fixtureDatabase(root), isSbom: target.kind === 'sbom' };
  if (args['format'] === 'cyclonedx') return compareCycloneDx(golden, viewOf(scanned), scanned.inspection.lists);
  return scanner === 'license' ? compareLicenses(golden, scanned) : compareReport(golden, scanned, how);
}

async function convert(row: IntegrationCase, args: JsonObject, golden: JsonObject, root: string): Promise<CaseResult> {
  const path = row.inputs[0] ?? '';
  const report = await readScanReport(readFileSync(join(root, 'inputs', path), 'utf8'), path);
  if (report === undefined) return failed('a report that can be read', 'no known format');
  const view = convertReport(report, { threshold: undefined, now: '2021-08-25T12:20:30Z', keep: () => true });
  return args['format'] === 'cyclonedx' ? compareCycloneDx(golden, view, []) : compareConverted(golden, view);
}

/** Command line flags that the rows about the configuration file state: `skip-files: a,b`. */
function flagsOf(args: JsonObject): JsonObject {
  const flags = asObject(args['flags']) ?? {};
  return {
    ...flags,
    ...('skip-files' in flags ? { skipFiles: wordsOf(flags['skip-files']) } : {}),
    ...('skip-dirs' in flags ? { skipDirs: wordsOf(flags['skip-dirs']) } : {}),
  };
}

/** `a,b` of a flag. */
function wordsOf(value: unknown): readonly string[] {
  return (asString(value) ?? '').split(',').filter((item) => item !== '');
}

async function targetOf(row: IntegrationCase, args: JsonObject, root: string): Promise<Target> {
  const shown = asString(args['input']) ?? '';
  const path = join(root, 'inputs', row.inputs[0] ?? '');
  // Trivy takes paths as typed, we take them from the root of the target.
  const excluded = [...asStrings(args['skipFiles']), ...asStrings(args['skipDirs'])].map((item) =>
    item.startsWith(`${shown}/`) ? item.slice(shown.length + 1) : item,
  );
  return openTarget(path, {
    cwd: root,
    environment: {},
    isExcluded: compileExclusions(excluded),
    readStdin: () => Promise.resolve(new Uint8Array()),
  });
}

async function statementsOf(file: string, path: string): Promise<readonly VexStatement[]> {
  const document = await readVex(readFileSync(file, 'utf8'), path);
  return document?.statements ?? [];
}
