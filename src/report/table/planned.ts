// SPDX-License-Identifier: Apache-2.0
// The lines about what policies would do besides judging. Nothing is done by saying so.
import type { Column } from '../../formats/text-table.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import { countPlanned, exceptedRows, plannedRows } from '../../model/planned-rows.ts';
import type { PolicyRun } from '../../model/policy-run.ts';
import { plural } from '../../model/quantity.ts';
import type { TableStyle } from './image.ts';

/** Rows shown before the rest is counted; the other formats have all. */
const listed = 20;
/** Width of a headline, so that the counts of all parts stand under each other. */
const headWidth = 18;

/** Nothing where the policies only judge. */
export function plannedLines(run: PolicyRun, { paint, width }: TableStyle): string[] {
  const rows = plannedRows(run);
  if (rows.length === 0) return [];
  const columns: Column[] = [
    { title: 'WOULD' },
    { title: 'OBJECT', shrink: 'middle' },
    { title: 'HOW', shrink: 'end' },
    { title: 'WHERE', shrink: 'middle' },
  ];
  const shown = rows
    .slice(0, listed)
    .map(({ would, object, how, where }) => [would, printable(object), printable(how), printable(where)]);
  return [
    headline('Planned', countPlanned(rows), paint),
    ...layoutTable(columns, shown, width).map((line) => `  ${line}`),
    ...(rows.length > listed ? [`  ... and ${rows.length - listed} more (--format json or objects has all)`] : []),
  ];
}

/** Rules that exceptions took out, one by one where that is asked for. */
export function exceptedLines(run: PolicyRun, { paint, width }: TableStyle, shown: 'counted' | 'listed'): string[] {
  const rows = exceptedRows(run);
  if (rows.length === 0) return [];
  const head = headline('Excepted', `${plural(rows.length, 'rule')} taken out by exceptions`, paint);
  if (shown === 'counted') return [`${head} (--show-suppressed lists them)`];
  const columns: Column[] = [
    { title: 'POLICY' },
    { title: 'OBJECT', shrink: 'middle' },
    { title: 'BY', shrink: 'end' },
  ];
  const cells = rows.map(({ policy, object, by }) => [policy, object, by].map(printable));
  return [head, ...layoutTable(columns, cells, width).map((line) => `  ${line}`)];
}

function headline(title: string, text: string, paint: TableStyle['paint']): string {
  return `${paint('bold', title)}${' '.repeat(headWidth - title.length)}${text}`;
}
