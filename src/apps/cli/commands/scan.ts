// SPDX-License-Identifier: Apache-2.0
// `landwaiter scan TARGET...`: what is wrong with a target.
import type { AdvisoryLookup, DatabaseDescription } from '../../../advisories/lookup.ts';
import { reportTime } from '../../../io/clock.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { formatLocation } from '../../../model/location.ts';
import { programName, version } from '../../../model/version.ts';
import type { ReportDatabase } from '../../../report/report.ts';
import type { ScanResult } from '../../scan.ts';
import { scanInspection } from '../../scan.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { openLookup } from '../database.ts';
import { writeEvidence } from '../evidence-file.ts';
import { readExceptions } from '../exceptions.ts';
import { inspectTarget } from '../inspect-target.ts';
import { planOutputs, writeOutputs } from '../outputs.ts';
import { filterOf, namesOf, scannersOf, thresholdOf } from '../scan-filters.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  if (operands.length === 0)
    throw new LandwaiterError({ code: 'USAGE', message: 'scan needs a target', hint: 'landwaiter scan .' });
  const plans = planOutputs(values, 'scan', 'table');
  if (operands.length > 1 && plans.some((plan) => plan.file !== undefined)) {
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'several targets cannot be written to one file',
      hint: 'scan them one by one, or to standard output',
    });
  }
  const statuses: number[] = [];
  for (const target of operands) statuses.push(await scanTarget(context, target, values, plans));
  return worst(statuses);
}

async function scanTarget(
  context: CommandContext,
  target: string,
  values: FlagValues,
  plans: ReturnType<typeof planOutputs>,
): Promise<number> {
  const start = context.clock.elapsed();
  const createdAt = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  const inspection = await inspectTarget(context, target, values, createdAt);
  const { ignores, vex } = await readExceptions(context, target, values);
  const scanners = scannersOf(values);
  const lookup = scanners.has('vuln') ? await openLookup(context, values) : undefined;
  const threshold = thresholdOf(values, 'high');
  const result = scanInspection(inspection, {
    lookup,
    licenses: scanners.has('license')
      ? { allow: namesOf(values, 'license-allow'), deny: namesOf(values, 'license-deny') }
      : undefined,
    ignores,
    vex,
    keep: filterOf(values),
    threshold,
    now: createdAt,
    tolerated: new Set(values.list('tolerate')),
  });
  warnOfUnused(context, result, scanners);
  await writeEvidence(context, values.text('evidence'), inspection.graph);
  const view = {
    graph: inspection.graph,
    target: inspection.target,
    tool: { name: programName, version },
    createdAt,
    verdict: result.verdict,
    scanners,
    ...(lookup === undefined ? {} : { database: databaseOf(lookup, createdAt) }),
    elapsed: context.clock.elapsed() - start,
  };
  const formatVersion = values.text('format-version');
  await writeOutputs(plans, view, context, {
    showSuppressed: values.isSet('show-suppressed'),
    threshold,
    ...(formatVersion === undefined ? {} : { formatVersion }),
  });
  const { exitCode } = result.verdict;
  return exitCode === 1 ? (values.number('exit-code') ?? 1) : exitCode;
}

export function databaseOf(lookup: AdvisoryLookup, now: string): ReportDatabase {
  const { advisories, newest, builtAt, stale, partial }: DatabaseDescription = lookup.description;
  const ageDays = Math.max(0, Math.floor((Date.parse(now) - Date.parse(newest)) / 86_400_000));
  return { advisories, newest, builtAt, stale, partial: partial ?? [], ageDays: Number.isNaN(ageDays) ? 0 : ageDays };
}

/** Exceptions that did nothing are said: a stale exception hides the next finding. */
function warnOfUnused(context: CommandContext, result: ScanResult, scanners: ReadonlySet<string>): void {
  for (const rule of result.expiredIgnores)
    context.log.warn(
      `${formatLocation(rule.location)}: ignore entry ${rule.ids.join(', ')} expired on ${rule.expires}; it no longer applies`,
    );
  const ran = new Set(scanners.has('license') ? ['license'] : []);
  if (scanners.has('vuln')) ran.add('vulnerability');
  for (const rule of result.unusedIgnores.filter(({ scanner }) => scanner === undefined || ran.has(scanner)))
    context.log.warn(
      `${formatLocation(rule.location)}: ignore entry ${rule.ids.join(', ') || 'without id'} matched nothing`,
    );
  for (const statement of result.unusedVex) {
    const products = statement.products.map((product) => product.id).join(', ');
    context.log.warn(
      `${formatLocation(statement.location)}: VEX statement on ${statement.vulnerabilities[0]} for ${products || 'any product'} matched nothing`,
    );
  }
}

/** Findings win over "could not look", which wins over clean. */
function worst(statuses: readonly number[]): number {
  return statuses.find((status) => status !== 0 && status !== 3) ?? statuses.find((status) => status === 3) ?? 0;
}
