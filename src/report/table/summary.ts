// SPDX-License-Identifier: Apache-2.0
// The first screen of a report on several targets: one line for each, and what could not be opened.
import type { Column } from '../../formats/text-table.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import { formatLocation } from '../../model/location.ts';
import { plural } from '../../model/quantity.ts';
import type { Severity } from '../../model/severity.ts';
import { withShortDigests } from '../../model/short-digest.ts';
import { summarise } from '../../model/target-summary.ts';
import type { CombinedView, ReportView } from '../report.ts';
import { looksFor, sectionsLookedFor } from '../report.ts';
import type { TableStyle } from './image.ts';

const shown: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
/** Rows about files that could not be read. */
const listed = 20;

export function summaryLines(all: CombinedView, { width, paint }: TableStyle): string[] {
  const total = all.views.length + all.notOpened.length;
  const isConfigured = all.views.some((view) => sectionsLookedFor(view).length > 0);
  const isLicensed = all.views.some((view) => looksFor(view, 'license'));
  const columns: Column[] = [
    { title: 'TARGET', shrink: 'middle' },
    { title: 'PACKAGES', align: 'right' },
    ...shown.map((severity): Column => ({ title: severity.toUpperCase(), align: 'right' })),
    ...(isConfigured ? [{ title: 'CONFIG', align: 'right' } as const] : []),
    ...(isLicensed ? [{ title: 'LICENCES', align: 'right' } as const] : []),
    { title: 'BASE / YOURS', align: 'right' },
    { title: 'RESULT', styled: true },
  ];
  const rows = all.views.map((view) => row(view, { isConfigured, isLicensed, paint }));
  const gaps = columns.slice(2).map(() => '');
  const failed = all.notOpened.map(({ target }) => [
    withShortDigests(target),
    '',
    ...gaps.slice(0, -1),
    paint('yellow', 'not opened'),
  ]);
  return [
    paint('bold', plural(total, 'target')),
    ...(total === 0 ? [] : layoutTable(columns, [...rows, ...failed], width).map((line) => `  ${line}`)),
    ...all.notOpened.map(
      ({ target, message }) =>
        `${paint('yellow', 'Could not look:')} ${withShortDigests(printable(`${target}: ${message}`))}`,
    ),
    ...all.problems
      .slice(0, listed)
      .map(
        ({ location, message }) =>
          `${paint('yellow', 'Could not look:')} ${printable(`${formatLocation(location)}: ${message}`)}`,
      ),
    ...(all.problems.length > listed ? [`... and ${all.problems.length - listed} more`] : []),
  ];
}

interface RowOptions extends Pick<TableStyle, 'paint'> {
  readonly isConfigured: boolean;
  readonly isLicensed: boolean;
}

function row(view: ReportView, { isConfigured, isLicensed, paint }: RowOptions): string[] {
  const summary = summarise(view.graph);
  const { base, own } = summary.origins;
  const state = view.verdict?.state ?? 'clean';
  const color = ({ clean: 'green', empty: 'yellow', findings: 'red', incomplete: 'yellow' } as const)[state];
  const count = (value: number): string => (value === 0 ? '-' : String(value));
  const isMatched = looksFor(view, 'vuln');
  return [
    withShortDigests(view.target.target),
    String(summary.packages),
    ...shown.map((severity) => (isMatched ? count(summary.vulnerabilities[severity]) : '')),
    ...(isConfigured ? [sectionsLookedFor(view).length > 0 ? count(summary.placed) : ''] : []),
    ...(isLicensed ? [looksFor(view, 'license') ? count(summary.licenses) : ''] : []),
    base + own === 0 ? '' : `${base} / ${own}`,
    paint(color, state),
  ];
}

/** The line above the report of one of them. */
export function headingLines(view: ReportView, { paint }: TableStyle): string[] {
  const places = (view.target.namedBy ?? []).map(formatLocation);
  const more = places.length > 3 ? ` and ${places.length - 3} more` : '';
  return [
    paint(['bold', 'underline'], printable(view.target.target)),
    ...(places.length === 0 ? [] : [paint('dim', `named by ${printable(places.slice(0, 3).join(', '))}${more}`)]),
  ];
}
