// SPDX-License-Identifier: Apache-2.0
// The screen: verdict-relevant facts first, grouped, cut to the terminal's width. For people; programs read json.
import { styleText } from 'node:util';
import type { Column } from '../formats/text-table.ts';
import { layoutTable, printable } from '../formats/text-table.ts';
import { describeSkipped } from '../model/coverage.ts';
import type { Decision } from '../model/decision.ts';
import { groupLicenses, licenseName, packagesOfGroup } from '../model/license-groups.ts';
import { formatLocation } from '../model/location.ts';
import type { PlacedFinding, PlacedSection } from '../model/placed-finding.ts';
import { placedOf, wordsOf } from '../model/placed-finding.ts';
import { judgedSentence } from '../model/planned-rows.ts';
import {
  coverageOf,
  licensesOf,
  notAppliedOf,
  packageListsOf,
  undecidedOf,
  vulnerabilitiesOf,
} from '../model/projection.ts';
import { formatCount, formatDuration, plural } from '../model/quantity.ts';
import type { Verdict } from '../model/verdict.ts';
import type { ReportOptions, ReportView } from './report.ts';
import { defineReport, looksFor, sectionsLookedFor } from './report.ts';
import type { TableStyle } from './table/image.ts';
import { imageLines } from './table/image.ts';
import { placedLines } from './table/placed.ts';
import { exceptedLines, plannedLines } from './table/planned.ts';
import type { Paint } from './table/severity-words.ts';
import { severityCounts, severityWord } from './table/severity-words.ts';
import { headingLines, summaryLines } from './table/summary.ts';
import { vulnerabilityLines } from './table/vulnerabilities.ts';

/** Rows shown before the rest is counted; the other formats have all. */
const listedFiles = 20;

export const table = defineReport({
  id: 'table',
  aliases: [],
  title: 'Table for the screen',
  extension: 'txt',
  commands: ['scan', 'policy'],
  write: (view, options) => textOf(blocksOf(view, options, paintOf(options))),
  writeAll: (all, options) => {
    const paint = paintOf(options);
    const style = styleOf(options, paint);
    const parts = all.views.flatMap((view) => [headingLines(view, style), ...blocksOf(view, options, paint)]);
    const end = [verdictLine(all.verdict, paint)];
    return textOf([summaryLines(all, style), ...(all.views.length + all.notOpened.length > 0 ? parts : []), end]);
  },
});

function paintOf(options: ReportOptions): Paint {
  return options.color ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

function blocksOf(view: ReportView, options: ReportOptions, paint: Paint): readonly string[][] {
  return [
    inputs(view, options, paint),
    imageLines(view.graph, styleOf(options, paint)),
    looksFor(view, 'vuln') ? vulnerabilityLines(view, options, paint) : [],
    ...sectionsLookedFor(view).map((section) => placed(view, section, { options, paint })),
    looksFor(view, 'license') ? licenses(view, options, paint) : [],
    ...policyRunBlocks(view, options, paint),
    suppressed(view, options, paint),
    footer(view, paint),
  ];
}

function policyRunBlocks({ policyRun }: ReportView, options: ReportOptions, paint: Paint): readonly string[][] {
  if (policyRun === undefined) return [];
  const style = styleOf(options, paint);
  return [
    plannedLines(policyRun, style),
    exceptedLines(policyRun, style, options.showSuppressed ? 'listed' : 'counted'),
  ];
}

function textOf(blocks: readonly (readonly string[])[]): string {
  const filled = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${filled.join('\n\n')}\n`;
}

/** What was found where: one line per file. */
function inputs(view: ReportView, options: ReportOptions, paint: Paint): string[] {
  const lists = packageListsOf(view.graph).filter((list) => list.packages.length > 0);
  const shown = lists.slice(0, listedFiles);
  const columns: Column[] = [{ title: '', shrink: 'middle' }, { title: '', align: 'right' }, { title: '' }];
  const rows = shown.map((list) => [list.path, plural(list.packages.length, 'package'), list.ecosystem]);
  const lines = layoutTable(columns, rows, options.width).slice(1);
  if (lists.length > shown.length) {
    const packages = lists.slice(listedFiles).reduce((sum, list) => sum + list.packages.length, 0);
    lines.push(
      paint('dim', `... and ${plural(lists.length - shown.length, 'more file')} with ${plural(packages, 'package')}`),
    );
  }
  return lines;
}

function placed(
  view: ReportView,
  section: PlacedSection,
  { options, paint }: { readonly options: ReportOptions; readonly paint: Paint },
): string[] {
  const counts = severityCounts(
    placedOf(view.graph, section.kind).open.map(({ told }) => told),
    paint,
  );
  const none =
    section.kind === 'policy' && view.policyRun?.results.length === 0 ? 'nothing was judged' : 'nothing found';
  return placedLines(view.graph, section, { ...styleOf(options, paint), counts, none });
}

function styleOf({ width }: ReportOptions, paint: Paint): TableStyle {
  return { width, paint, severityWord: (severity) => severityWord(severity, paint) };
}

/** One row per licence: nobody reads a thousand times MIT. */
function licenses(view: ReportView, options: ReportOptions, paint: Paint): string[] {
  const { open, allowed } = licensesOf(view.graph);
  const counts =
    open.length === 0
      ? 'nothing against them'
      : severityCounts(
          open.map(({ finding }) => finding),
          paint,
        );
  const note = allowed.length === 0 ? '' : `      (${plural(allowed.length, 'licence')} allowed)`;
  const head = `${paint('bold', 'Licences')}          ${counts}${note}`;
  const unstated = view.graph.decisions.filter(
    ({ rule, outcome }) => rule === 'license/coverage' && outcome === 'warn',
  );
  const lines = unstated.map(({ message }) => `  ${paint('dim', printable(message))}`);
  if (open.length === 0) return [head, ...lines];
  const columns: Column[] = [
    { title: 'SEVERITY', styled: true },
    { title: 'LICENCE', shrink: 'end' },
    { title: 'CLASS' },
    { title: 'PACKAGES', shrink: 'end' },
    { title: 'WHY', shrink: 'end' },
  ];
  const rows = groupLicenses(open).map((group) => [
    severityWord(group.severity, paint),
    group.license,
    group.category,
    packagesOfGroup(group, 3),
    group.reason,
  ]);
  return [head, ...layoutTable(columns, rows, options.width).map((line) => `  ${line}`), ...lines];
}

function suppressed(view: ReportView, options: ReportOptions, paint: Paint): string[] {
  const items = [
    ...vulnerabilitiesOf(view.graph).suppressed.map((item) => ({ ...item, name: item.finding.id })),
    ...licensesOf(view.graph).suppressed.map((item) => ({ ...item, name: licenseName(item.finding) })),
    ...placedOf(view.graph).suppressed.map((item) => ({ ...item, name: item.finding.id })),
  ];
  if (items.length === 0) return [];
  const head = `${paint('bold', 'Suppressed')}        ${plural(items.length, 'finding')} taken out by ignore entries or VEX`;
  if (!options.showSuppressed) return [`${head} (--show-suppressed lists them)`];
  const columns: Column[] = [
    { title: 'ID' },
    { title: 'WHAT' },
    { title: 'BY' },
    { title: 'WHERE' },
    { title: 'REASON', shrink: 'end' },
  ];
  const rows = items.map(({ decision, finding, name }) => [
    name,
    'package' in finding ? `${finding.package.name} ${finding.package.version}` : placeOf(finding, decision),
    decision.suppressed?.status ?? decision.suppressed?.by ?? '',
    decision.suppressed?.source ?? '',
    decision.suppressed?.reason ?? '',
  ]);
  return [head, ...layoutTable(columns, rows, options.width).map((line) => `  ${line}`)];
}

function placeOf(finding: PlacedFinding, { locations }: Decision): string {
  return printable(wordsOf(finding).resource || (locations[0] === undefined ? '' : formatLocation(locations[0])));
}

/** How much was looked at, what could not be, and what the answer rests on. */
function footer(view: ReportView, paint: Paint): string[] {
  const lines: string[] = [];
  const coverage = coverageOf(view.graph);
  const seen = coverage.reduce((sum, item) => sum + item.filesSeen, 0);
  const packages = packageListsOf(view.graph).reduce((sum, list) => sum + list.packages.length, 0);
  const unread = coverage.flatMap((item) => item.problems).filter((problem) => problem.hidesFindings);
  const time = view.elapsed === undefined ? '' : ` in ${formatDuration(view.elapsed)}`;
  const subjects = view.policyRun === undefined ? `${plural(packages, 'package')} in ` : '';
  if (view.policyRun !== undefined) lines.push(judgedSentence(view.policyRun));
  lines.push(
    `Looked at ${subjects}${plural(seen, 'file')}${time}. Not readable: ${unread.length}${unread.length === 0 ? '.' : ':'}`,
  );
  const timings = view.timings ?? [];
  if (timings.length > 1) {
    const parts = timings.map(({ scanner, milliseconds }) => `${scanner} ${formatDuration(milliseconds)}`);
    lines.push(paint('dim', `Of that: ${parts.join(', ')}.`));
  }
  for (const problem of unread.slice(0, listedFiles))
    lines.push(`  ${paint('yellow', printable(formatLocation(problem.location)))}  ${printable(problem.message)}`);
  if (unread.length > listedFiles) lines.push(`  ... and ${unread.length - listedFiles} more`);
  const skipped = describeSkipped(coverage);
  if (skipped !== '') lines.push(paint('dim', `Passed over: ${skipped}.`));
  for (const decision of notAppliedOf(view.graph))
    lines.push(`${paint('yellow', 'Not applied:')} ${printable(decision.message)}`);
  const undecided = undecidedOf(view.graph);
  for (const { message } of undecided.slice(0, listedFiles))
    lines.push(`${paint('yellow', 'Could not look:')} ${printable(message)}`);
  if (undecided.length > listedFiles)
    lines.push(`${paint('yellow', 'Could not look:')} ... and ${undecided.length - listedFiles} more`);
  const { database, verdict } = view;
  if (database !== undefined) {
    const age = database.ageDays === 0 ? 'today' : plural(database.ageDays, 'day') + ' old';
    const stale = database.stale ? paint('yellow', ' The database has expired: landwaiter db update.') : '';
    lines.push(
      `Advisories: ${formatCount(database.advisories)}, newest ${database.newest.slice(0, 10)} (${age}).${stale}`,
    );
  }
  if (verdict !== undefined) lines.push(verdictLine(verdict, paint));
  return lines;
}

function verdictLine(verdict: Verdict, paint: Paint): string {
  const color = ({ clean: 'green', empty: 'yellow', findings: 'red', incomplete: 'yellow' } as const)[verdict.state];
  return paint([color, 'bold'], `${verdict.state}: ${printable(verdict.reason)} (exit ${verdict.exitCode})`);
}
