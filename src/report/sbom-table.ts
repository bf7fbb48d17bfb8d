// SPDX-License-Identifier: Apache-2.0
// An SBOM for the screen: what was found in which file, then every package with its place. For people; programs read the other formats.
import { styleText } from 'node:util';
import type { Column } from '../formats/text-table.ts';
import { layoutTable, printable } from '../formats/text-table.ts';
import { describeSkipped } from '../model/coverage.ts';
import { formatLocation } from '../model/location.ts';
import type { Package, PackageList } from '../model/package.ts';
import { compareText, coverageOf, packageListsOf } from '../model/projection.ts';
import { formatDuration, plural } from '../model/quantity.ts';
import type { ReportOptions, ReportView } from './report.ts';
import { defineReport } from './report.ts';

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** Lines of the summary before the rest is counted; the packages are all listed. */
const summaryLines = 20;

export const sbomTable = defineReport({
  id: 'table',
  aliases: [],
  title: 'Table for the screen',
  extension: 'txt',
  commands: ['sbom'],
  write: (view, options) => {
    const paint: Paint = options.color
      ? (style, text) => styleText(style, text, { validateStream: false })
      : (_style, text) => text;
    const lists = packageListsOf(view.graph)
      .filter((list) => list.packages.length > 0)
      .toSorted((a, b) => compareText(a.path, b.path));
    const blocks = [summary(lists, options, paint), packages(lists, options, paint), footer(view, lists, paint)];
    const filled = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
    return `${filled.join('\n\n')}\n`;
  },
});

/** One line per file; nothing for a single file, which the table names anyway. */
function summary(lists: readonly PackageList[], options: ReportOptions, paint: Paint): string[] {
  if (lists.length < 2) return [];
  const shown = lists.slice(0, summaryLines);
  const columns: Column[] = [
    { title: '', shrink: 'middle' },
    { title: '', align: 'right' },
    { title: '' },
    { title: '' },
  ];
  const rows = shown.map((list) => [
    list.path,
    plural(list.packages.length, 'package'),
    list.ecosystem,
    distributionOf(list),
  ]);
  const lines = layoutTable(columns, rows, options.width).slice(1);
  const rest = lists.slice(summaryLines);
  if (rest.length === 0) return lines;
  const count = rest.reduce((sum, list) => sum + list.packages.length, 0);
  return [...lines, paint('dim', `... and ${plural(rest.length, 'more file')} with ${plural(count, 'package')}`)];
}

function distributionOf({ distribution }: PackageList): string {
  return distribution === undefined
    ? ''
    : `${distribution.id} ${distribution.versionId || (distribution.codename ?? '')}`.trim();
}

function packages(lists: readonly PackageList[], options: ReportOptions, paint: Paint): string[] {
  const rows = lists.flatMap((list) =>
    list.packages
      .toSorted((a, b) => compareText(a.name, b.name) || compareText(a.version, b.version))
      .map((item) => [
        item.name,
        versionOf(item),
        item.type,
        item.scope,
        item.licenses.join(', '),
        whereOf(item, list),
      ]),
  );
  if (rows.length === 0) return [];
  const columns: Column[] = [
    { title: 'NAME', shrink: 'end' },
    { title: 'VERSION', shrink: 'end' },
    { title: 'TYPE' },
    { title: 'SCOPE' },
    { title: 'LICENSE', shrink: 'end' },
    { title: 'WHERE', shrink: 'middle' },
  ];
  const [titles = '', ...lines] = layoutTable(columns, rows, options.width);
  return [paint('bold', titles), ...lines];
}

/** What a manifest asks for where it fixes no version. */
function versionOf(item: Package): string {
  if (item.version !== '') return item.version;
  return item.constraint === undefined || item.constraint === '' ? '-' : item.constraint;
}

function whereOf(item: Package, list: PackageList): string {
  const [first, ...others] = item.locations;
  if (first === undefined) return list.path;
  const { path, line } = first;
  const place = formatLocation({ path, ...(line === undefined ? {} : { line }) });
  return others.length === 0 ? place : `${place} (+${others.length})`;
}

/** How much was looked at, and what could not be. */
function footer(view: ReportView, lists: readonly PackageList[], paint: Paint): string[] {
  const coverage = coverageOf(view.graph);
  const seen = coverage.reduce((sum, item) => sum + item.filesSeen, 0);
  const count = lists.reduce((sum, list) => sum + list.packages.length, 0);
  const unread = coverage.flatMap((item) => item.problems).filter((problem) => problem.hidesFindings);
  const time = view.elapsed === undefined ? '' : ` in ${formatDuration(view.elapsed)}`;
  const nothing = unread.length === 0 ? 'No packages: nothing of a known kind was recognised' : 'No packages';
  const found = count === 0 ? nothing : `${plural(count, 'package')} from ${plural(lists.length, 'file')}`;
  const end = unread.length === 0 ? '.' : ':';
  const lines = [`${found}. Looked at ${plural(seen, 'file')}${time}. Not readable: ${unread.length}${end}`];
  for (const problem of unread.slice(0, summaryLines)) {
    lines.push(`  ${paint('yellow', printable(formatLocation(problem.location)))}  ${printable(problem.message)}`);
  }
  if (unread.length > summaryLines) lines.push(`  ... and ${unread.length - summaryLines} more`);
  const skipped = describeSkipped(coverage);
  if (skipped !== '') lines.push(paint('dim', `Passed over: ${skipped}.`));
  return lines;
}
