// SPDX-License-Identifier: Apache-2.0
// The lines about an image on the screen: what it is built on and how it runs.
import type { styleText } from 'node:util';
import { printable } from '../../formats/text-table.ts';
import type { EvidenceGraph } from '../../model/graph.ts';
import { describeBase, describeOrigins, imageOf, packageOrigins } from '../../model/image-projection.ts';
import { plural } from '../../model/quantity.ts';
import type { Severity } from '../../model/severity.ts';

export interface TableStyle {
  readonly width: number | undefined;
  readonly paint: (style: Parameters<typeof styleText>[0], text: string) => string;
  readonly severityWord: (severity: Severity) => string;
}

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
