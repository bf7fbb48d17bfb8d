// SPDX-License-Identifier: Apache-2.0
// The lines about an image on the screen: what it is built on, and what is wrong with its configuration.
import type { styleText } from 'node:util';
import type { Column } from '../../formats/text-table.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import type { EvidenceGraph } from '../../model/graph.ts';
import type { ImageView } from '../../model/image-projection.ts';
import {
  countOrigins,
  describeBase,
  describeOrigins,
  imageOf,
  originOfDecision,
  originWords,
  packageOrigins,
} from '../../model/image-projection.ts';
import { formatLocation } from '../../model/location.ts';
import type { MisconfigurationGroup } from '../../model/misconfiguration-groups.ts';
import { describeGroup, groupMisconfigurations, remediationsOf } from '../../model/misconfiguration-groups.ts';
import { misconfigurationsOf } from '../../model/projection.ts';
import { plural } from '../../model/quantity.ts';
import type { Severity } from '../../model/severity.ts';

export interface TableStyle {
  readonly width: number | undefined;
  readonly paint: (style: Parameters<typeof styleText>[0], text: string) => string;
  readonly severityWord: (severity: Severity) => string;
}

/** Things named in one row. */
const named = 3;

/** Platform, layers, user and base of the image; nothing for other targets. */
export function imageLines(graph: EvidenceGraph, { paint }: TableStyle): string[] {
  const image = imageOf(graph);
  if (image === undefined) return [];
  const { platform, layers, user, base } = image.facts;
  const runs = user === '' ? 'runs as root' : `runs as ${printable(user)}`;
  const lines = [`${paint('bold', 'Image')}             ${platform}, ${plural(layers.length, 'layer')}, ${runs}`];
  const described = describeBase(base, layers.length);
  if (described !== undefined) lines.push(`  built on ${printable(described)}`);
  const packages = describeOrigins(packageOrigins(graph, image));
  if (packages !== '') lines.push(`  packages: ${packages}`);
  return lines;
}

/** One row per finding or group of them, then the fix of each check. */
export function misconfigurationLines(graph: EvidenceGraph, counts: string, style: TableStyle): string[] {
  const { open } = misconfigurationsOf(graph);
  const { paint, width } = style;
  const title = paint('bold', 'Configuration');
  if (open.length === 0) return [`${title}     nothing found`];
  const image = imageOf(graph);
  const origins = describeOrigins(countOrigins(open.map(({ decision }) => originOfDecision(decision, image))));
  const columns: Column[] = [
    { title: 'SEVERITY', styled: true },
    { title: 'CHECK' },
    { title: 'WHAT', shrink: 'end' },
    { title: 'WHERE', shrink: 'middle' },
    { title: 'FROM' },
  ];
  const rows = groupMisconfigurations(open).map((group) => row(group, image, style));
  const fixes = [...remediationsOf(open)].map(([id, text]) => paint('dim', `  fix ${id}: ${printable(text)}`));
  return [
    `${title}     ${counts}${origins === '' ? '' : `      (${origins})`}`,
    ...layoutTable(columns, rows, width).map((line) => `  ${line}`),
    ...fixes,
  ];
}

function row(group: MisconfigurationGroup, image: ImageView | undefined, style: TableStyle): string[] {
  const { finding, items } = group;
  const origins = [...new Set(items.map(({ decision }) => originOfDecision(decision, image)))];
  const words = origins.map((origin) => (origin === undefined ? '' : originWords[origin]));
  const [first] = items.flatMap(({ decision }) => decision.locations);
  const more = items.length > 1 ? ` +${items.length - 1}` : '';
  return [
    style.severityWord(finding.severity),
    finding.id,
    printable(describeGroup(group, named)),
    first === undefined ? '' : `${printable(formatLocation(first))}${more}`,
    words.filter((word) => word !== '').join(', '),
  ];
}
