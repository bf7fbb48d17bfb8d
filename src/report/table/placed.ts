// SPDX-License-Identifier: Apache-2.0
// The lines about findings at places (secrets, pipelines, configuration, code) on the screen.
import type { Column } from '../../formats/text-table.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import type { FindingGroup } from '../../model/finding-groups.ts';
import { describeGroup, groupFindings, remediationsOf } from '../../model/finding-groups.ts';
import type { EvidenceGraph } from '../../model/graph.ts';
import type { ImageView } from '../../model/image-projection.ts';
import { countOrigins, describeOrigins, imageOf, originOfDecision, originWords } from '../../model/image-projection.ts';
import { formatLocation } from '../../model/location.ts';
import type { PlacedSection } from '../../model/placed-finding.ts';
import { placedOf } from '../../model/placed-finding.ts';
import type { TableStyle } from './image.ts';

/** Things named in one row, and places. */
const named = 3;
/** Width of a headline, so that the counts of all parts stand under each other. */
const headWidth = 18;

/** One row per finding or group of them, then the fix of each check. */
export function placedLines(
  graph: EvidenceGraph,
  { kind, title }: PlacedSection,
  style: TableStyle & { readonly counts: string; readonly none: string },
): string[] {
  const { open } = placedOf(graph, kind);
  const { paint, width, counts, none } = style;
  const head = `${paint('bold', title)}${' '.repeat(headWidth - title.length)}`;
  if (open.length === 0) return [`${head}${none}`];
  const image = imageOf(graph);
  const origins = describeOrigins(countOrigins(open.map(({ decision }) => originOfDecision(decision, image))));
  const columns: Column[] = [
    { title: 'SEVERITY', styled: true },
    { title: headOf(kind) },
    ...(kind === 'policy' ? [{ title: 'OBJECT', shrink: 'middle' } as const] : []),
    { title: 'WHAT', shrink: 'end' },
    { title: 'WHERE', shrink: 'middle' },
    ...(image === undefined ? [] : [{ title: 'FROM' }]),
  ];
  const rows = groupFindings(open).map((group) => row(group, { kind, image }, style));
  const fixes = [...remediationsOf(open)].map(([id, text]) => `  fix ${id}: ${printable(text)}`);
  // Every secret is dealt with alike: that is said once.
  const told =
    kind === 'secret' ? fixes.slice(0, 1).map((line) => line.replace(/^ {2}fix [^:]{1,200}: /, '  ')) : fixes;
  return [
    `${head}${counts}${origins === '' ? '' : `      (${origins})`}`,
    ...layoutTable(columns, rows, width).map((line) => `  ${line}`),
    ...told.map((line) => paint('dim', line)),
  ];
}

function headOf(kind: PlacedSection['kind']): string {
  if (kind === 'policy') return 'POLICY';
  return kind === 'secret' || kind === 'code' ? 'RULE' : 'CHECK';
}

interface RowContext {
  readonly kind: PlacedSection['kind'];
  readonly image: ImageView | undefined;
}

function row(group: FindingGroup, { kind, image }: RowContext, style: TableStyle): string[] {
  const { told, items } = group;
  const origins = [...new Set(items.map(({ decision }) => originOfDecision(decision, image)))];
  const words = origins.map((origin) => (origin === undefined ? '' : originWords[origin]));
  const [first] = items.flatMap(({ decision }) => decision.locations);
  const more = items.length > 1 ? ` +${items.length - 1}` : '';
  // What policies say is about an object that the place does not name; of several the first speaks for all.
  const what =
    kind === 'policy'
      ? [`${told.resource}${more}`, items.length > 1 ? `${items.length} × ${told.message}` : told.message]
      : [describeGroup(group, named)];
  return [
    style.severityWord(told.severity),
    told.id,
    ...what.map(printable),
    first === undefined ? '' : `${printable(formatLocation(first))}${more}`,
    ...(image === undefined ? [] : [words.filter((word) => word !== '').join(', ')]),
  ];
}
