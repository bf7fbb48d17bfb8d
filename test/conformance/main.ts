// SPDX-License-Identifier: Apache-2.0
// npm run conformance -- <pack>[,<pack>...] | --all  [--cases DIR] [--json [--brief]] [--only ID] [--floor] [--raise]
// One line per pack; contract in docs/conformance.md. `--floor` fails when a count is below floor.json, `--raise` writes higher counts into it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { load } from 'js-yaml';
import { packs } from './index.ts';
import type { CaseResult, ConformanceCase } from './pack.ts';
import { rootOf } from './unpack.ts';

interface PackReport {
  pack: string;
  total: number;
  passed: number;
  failed: number;
  skipped: number;
  failures: { id: string; expected: unknown; actual: unknown }[];
  /** What the adapter says besides. */
  detail?: unknown;
}

const floorFile = new URL('./floor.json', import.meta.url);

async function runCase(test: ConformanceCase): Promise<CaseResult> {
  try {
    return await test.run();
  } catch (error) {
    return {
      outcome: 'failed',
      expected: 'no exception',
      actual: error instanceof Error ? error.stack : String(error),
    };
  }
}

/** Reasons by case id (a trailing `*` stands for any rest). */
function skipReasons(pack: string): Map<string, string> {
  const file = new URL(`./${pack}.skips.yaml`, import.meta.url);
  if (!existsSync(file)) return new Map();
  return new Map(Object.entries((load(readFileSync(file, 'utf8')) ?? {}) as Record<string, string>));
}

async function runPack(
  name: string,
  cases: string | undefined,
  only: string | undefined,
): Promise<PackReport | undefined> {
  const root = rootOf(name, cases);
  const open = packs[name];
  if (root === undefined || open === undefined) return undefined;
  const report: PackReport = { pack: name, total: 0, passed: 0, failed: 0, skipped: 0, failures: [] };
  const reasons = skipReasons(name);
  const pack = await open();
  for (const test of await pack.cases(root)) {
    if (only !== undefined && !test.id.includes(only)) continue;
    report.total += 1;
    const result = await runCase(test);
    if (result.outcome === 'passed') report.passed += 1;
    else if (result.outcome === 'failed') {
      report.failed += 1;
      report.failures.push({ id: test.id, expected: result.expected, actual: result.actual });
    } else if (!hasReason(reasons, test.id)) {
      report.failed += 1;
      report.failures.push({ id: test.id, expected: 'a reason in the skips file', actual: result.reason });
    } else report.skipped += 1;
  }
  if (pack.detail !== undefined) report.detail = pack.detail();
  return report;
}

function hasReason(reasons: Map<string, string>, id: string): boolean {
  if (reasons.has(id)) return true;
  return [...reasons.keys()].some((key) => key.endsWith('*') && id.startsWith(key.slice(0, -1)));
}

function print(report: PackReport, form: 'text' | 'json' | 'brief'): void {
  if (form !== 'text') {
    console.log(JSON.stringify(form === 'brief' ? { ...report, failures: report.failures.slice(0, 5) } : report));
    return;
  }
  for (const failure of report.failures) {
    console.log(`FAIL ${report.pack} ${failure.id}`);
    console.log(`  expected ${JSON.stringify(failure.expected)?.slice(0, 2000)}`);
    console.log(`  actual   ${JSON.stringify(failure.actual)?.slice(0, 2000)}`);
  }
  const share = report.total === 0 ? 0 : (100 * report.passed) / report.total;
  console.log(
    `${report.pack}: ${report.passed} of ${report.total} passed (${share.toFixed(2)} %), ${report.failed} failed, ${report.skipped} skipped`,
  );
  if (report.detail !== undefined) console.log(`${report.pack}: ${JSON.stringify(report.detail)}`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean' },
      cases: { type: 'string' },
      json: { type: 'boolean' },
      brief: { type: 'boolean' },
      only: { type: 'string' },
      floor: { type: 'boolean' },
      raise: { type: 'boolean' },
    },
  });
  const names = values.all === true ? Object.keys(packs) : positionals.flatMap((item) => item.split(','));
  if (names.length === 0) {
    console.error(`usage: npm run conformance -- PACK[,PACK...] | --all   packs: ${Object.keys(packs).join(', ')}`);
    return 2;
  }
  const floor = JSON.parse(readFileSync(floorFile, 'utf8')) as Record<string, number>;
  let status = 0;
  for (const name of names) {
    if (packs[name] === undefined) {
      console.error(`no adapter for pack "${name}"; there are: ${Object.keys(packs).join(', ')}`);
      return 2;
    }
    const report = await runPack(name, values.cases, values.only);
    if (report === undefined) {
      console.error(`${name}: the pack is not on this disk (set LANDWAITER_CONFORMANCE); skipped`);
      continue;
    }
    print(report, values.json !== true ? 'text' : values.brief === true ? 'brief' : 'json');
    const least = floor[name] ?? 0;
    if (values.floor === true && report.passed < least) {
      console.error(`${name}: ${report.passed} passed is below the floor of ${least}`);
      status = 1;
    }
    if (values.raise === true && report.passed > least) floor[name] = report.passed;
  }
  if (values.raise === true) {
    const sorted = Object.fromEntries(Object.entries(floor).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(floorFile, `${JSON.stringify(sorted, null, 2)}\n`);
  }
  return status;
}

process.exitCode = await main();
