// SPDX-License-Identifier: Apache-2.0
// The lines about what policies would do besides judging: objects they change, make and delete. Nothing is done by saying so.
import type { Column } from '../../formats/text-table.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import { formatLocation } from '../../model/location.ts';
import type { PlannedChange, PolicyRun } from '../../model/policy-run.ts';
import { countResults, describeReference } from '../../model/policy-run.ts';
import { plural } from '../../model/quantity.ts';
import type { TableStyle } from './image.ts';

/** Rows shown before the rest is counted; the other formats have all. */
const listed = 20;
/** Width of a headline, so that the counts of all parts stand under each other. */
const headWidth = 18;

/** Nothing where the policies only judge. */
export function plannedLines({ changes, writes, deletions }: PolicyRun, style: TableStyle): string[] {
  const rows = [
    ...changes.map((change) => [
      'change',
      describeReference(change.object),
      placesOf(change),
      formatLocation(change.location),
    ]),
    ...writes.map(({ kind, object, policy, rule, because }) => [
      kind,
      describeReference(object),
      `by ${rule === '' ? policy : `${policy}/${rule}`}`,
      `for ${describeReference(because)}`,
    ]),
    ...deletions.map(({ object, because, location }) => [
      'delete',
      describeReference(object),
      `by ${because}`,
      formatLocation(location),
    ]),
  ];
  if (rows.length === 0) return [];
  const changed = changes.length + writes.filter(({ kind }) => kind === 'change').length;
  const counts = [
    ...(changed === 0 ? [] : [`${changed} to change`]),
    ...(writes.length + changes.length === changed ? [] : [`${writes.length + changes.length - changed} to make`]),
    ...(deletions.length === 0 ? [] : [`${deletions.length} to delete`]),
  ];
  const columns: Column[] = [
    { title: 'WOULD' },
    { title: 'OBJECT', shrink: 'middle' },
    { title: 'HOW', shrink: 'end' },
    { title: 'WHERE', shrink: 'middle' },
  ];
  const shown = rows.slice(0, listed).map((row) => row.map(printable));
  return [
    `${style.paint('bold', 'Planned')}${' '.repeat(headWidth - 'Planned'.length)}${counts.join('  ')}`,
    ...layoutTable(columns, shown, style.width).map((line) => `  ${line}`),
    ...(rows.length > listed ? [`  ... and ${rows.length - listed} more (--format json or objects has all)`] : []),
  ];
}

/** `/spec/replicas`, and how many more places. */
function placesOf({ patch }: PlannedChange): string {
  const paths = patch.map(({ path }) => path);
  const more = paths.length > 1 ? ` and ${plural(paths.length - 1, 'more place')}` : '';
  return `at ${paths[0] ?? '/'}${more}`;
}

/** `22 policies judged 1 object: 5 passed, 11 failed.` */
export function judgedLine({ policies, objects, results }: PolicyRun): string {
  const { pass, fail, skip, error } = countResults(results);
  const parts = [
    `${pass} passed`,
    `${fail} failed`,
    ...(skip === 0 ? [] : [`${skip} skipped`]),
    ...(error === 0 ? [] : [`${error} could not be judged`]),
  ];
  return `${plural(policies, 'policy', 'policies')} judged ${plural(objects, 'object')}: ${parts.join(', ')}.`;
}
