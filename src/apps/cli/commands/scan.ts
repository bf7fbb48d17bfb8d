// SPDX-License-Identifier: Apache-2.0
// `landwaiter scan TARGET...`: what is wrong with a target.
import type { AdvisoryLookup, DatabaseDescription } from '../../../advisories/lookup.ts';
import { reportTime } from '../../../io/clock.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { formatLocation } from '../../../model/location.ts';
import type { Verdict } from '../../../model/verdict.ts';
import { programName, version } from '../../../model/version.ts';
import type {
  CombinedView,
  ReportDatabase,
  ReportOptions,
  ReportView,
  UnopenedTarget,
} from '../../../report/report.ts';
import { combineVerdicts } from '../../../verdict/combine.ts';
import type { ScanResult } from '../../scan.ts';
import { scanInspection } from '../../scan.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { openLookup } from '../database.ts';
import { writeEvidence } from '../evidence-file.ts';
import { readExceptions } from '../exceptions.ts';
import { planOutputs, writeCombined, writeOutputs } from '../outputs.ts';
import { filterOf, namesOf, thresholdOf } from '../scan-filters.ts';
import type { TargetOutcome, TargetsOptions } from '../scan-targets.ts';
import { expandTargets, inspectTargets } from '../scan-targets.ts';

type Plans = ReturnType<typeof planOutputs>;

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  if (operands.length === 0)
    throw new LandwaiterError({ code: 'USAGE', message: 'scan needs a target', hint: 'landwaiter scan .' });
  const plans = planOutputs(values, 'scan', 'table');
  const start = context.clock.elapsed();
  const observedAt = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  const expanded = await expandTargets(context, operands, values);
  // One target that was typed is reported by itself; images of manifests and several targets together.
  const isOne = expanded.targets.length === 1 && expanded.targets[0]?.target === operands[0];
  if (!isOne) await refuseSingleFormats(plans);
  const outcomes = await inspectTargets(context, expanded.targets, { values, observedAt });
  const run = await scanOutcomes(context, outcomes, { values, observedAt });
  const elapsed = context.clock.elapsed() - start;
  const [only] = run.views;
  const exitCode = await (isOne && only !== undefined
    ? reportOne(context, { ...only, elapsed }, { plans, values })
    : reportAll(context, { ...run, problems: expanded.problems, createdAt: observedAt, elapsed }, { plans, values }));
  return exitCode === 1 ? (values.number('exit-code') ?? 1) : exitCode;
}

async function refuseSingleFormats(plans: Plans): Promise<void> {
  for (const { report } of plans) {
    if ((await report.load()).writeAll !== undefined) continue;
    throw new LandwaiterError({
      code: 'USAGE',
      message: `the format ${report.id} has no place for several targets`,
      hint: 'scan them one by one, or as table, json, sarif or html',
    });
  }
}

interface ScanRun {
  readonly views: readonly (ReportView & { readonly verdict: Verdict })[];
  readonly notOpened: readonly UnopenedTarget[];
}

async function scanOutcomes(
  context: CommandContext,
  outcomes: readonly TargetOutcome[],
  { values, observedAt }: TargetsOptions,
): Promise<ScanRun> {
  const isLookupNeeded = outcomes.some((outcome) => outcome.kind === 'inspected' && outcome.scanners.has('vuln'));
  const lookup = isLookupNeeded ? await openLookup(context, values) : undefined;
  const views: ScanRun['views'][number][] = [];
  const notOpened: UnopenedTarget[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind === 'not opened') {
      const { named, code, message } = outcome;
      notOpened.push({ target: named.target, namedBy: named.namedBy, code, message });
    } else views.push(await scanOne(context, outcome, { values, observedAt, lookup }));
  }
  await writeEvidence(
    context,
    values.text('evidence'),
    views.map(({ graph }) => graph),
  );
  return { views, notOpened };
}

interface ScanOneOptions extends TargetsOptions {
  readonly lookup: AdvisoryLookup | undefined;
}

async function scanOne(
  context: CommandContext,
  { inspection, scanners, named }: Extract<TargetOutcome, { kind: 'inspected' }>,
  { values, observedAt, lookup }: ScanOneOptions,
): Promise<ScanRun['views'][number]> {
  const { ignores, vex, unapplied } = await readExceptions(context, inspection, values);
  const isMatched = lookup !== undefined && scanners.has('vuln');
  const result = scanInspection(inspection, {
    lookup: isMatched ? lookup : undefined,
    licenses: scanners.has('license')
      ? { allow: namesOf(values, 'license-allow'), deny: namesOf(values, 'license-deny') }
      : undefined,
    imageChecks: scanners.has('misconfig')
      ? (await import('../../../evidence/images/checks/index.ts')).imageChecks
      : undefined,
    ignores,
    vex,
    unapplied,
    keep: filterOf(values),
    threshold: thresholdOf(values, 'high'),
    now: observedAt,
    tolerated: new Set(values.list('tolerate')),
  });
  warnOfUnused(context, result, scanners);
  const { namedBy } = named;
  return {
    graph: inspection.graph,
    target: { ...inspection.target, ...(namedBy.length === 0 ? {} : { namedBy }) },
    tool: { name: programName, version },
    createdAt: observedAt,
    verdict: result.verdict,
    scanners,
    timings: inspection.scans.map(({ scan, milliseconds }) => ({ scanner: scan.fact.scanner, milliseconds })),
    ...(isMatched ? { database: databaseOf(lookup, observedAt) } : {}),
  };
}

interface Reporting {
  readonly plans: Plans;
  readonly values: FlagValues;
}

function reportOptions(values: FlagValues): Omit<ReportOptions, 'width' | 'color'> {
  const formatVersion = values.text('format-version');
  return {
    showSuppressed: values.isSet('show-suppressed'),
    threshold: thresholdOf(values, 'high'),
    ...(formatVersion === undefined ? {} : { formatVersion }),
  };
}

async function reportOne(
  context: CommandContext,
  view: ScanRun['views'][number],
  { plans, values }: Reporting,
): Promise<number> {
  await writeOutputs(plans, view, context, reportOptions(values));
  return view.verdict.exitCode;
}

async function reportAll(
  context: CommandContext,
  run: ScanRun & Pick<CombinedView, 'problems' | 'createdAt' | 'elapsed'>,
  { plans, values }: Reporting,
): Promise<number> {
  const verdict = combineVerdicts(
    run.views.map((view) => ({ target: view.target.target, verdict: view.verdict })),
    {
      threshold: thresholdOf(values, 'high'),
      notOpened: run.notOpened.map(({ target }) => target),
      unread: run.problems.filter(({ hidesFindings }) => hidesFindings).length,
    },
  );
  const all: CombinedView = { ...run, tool: { name: programName, version }, verdict };
  await writeCombined(plans, all, context, reportOptions(values));
  return verdict.exitCode;
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
  if (scanners.has('misconfig')) ran.add('misconfiguration');
  for (const rule of result.unusedIgnores.filter(({ scanner }) => scanner === undefined || ran.has(scanner)))
    context.log.warn(
      `${formatLocation(rule.location)}: ignore entry ${rule.ids.join(', ') || 'without id'} matched nothing`,
    );
  for (const { statement, reason } of result.unusedVex) {
    const products = statement.products.map((product) => product.id).join(', ');
    const about = `VEX statement on ${statement.vulnerabilities[0]}${products === '' ? '' : ` for ${products}`}`;
    context.log.warn(`${formatLocation(statement.location)}: ${about} matched nothing: ${reason}`);
  }
}
