// SPDX-License-Identifier: Apache-2.0
// The parts of the page about an image: what it is built on, its layers.
import { escapeXml } from '../../formats/xml-print.ts';
import type { EvidenceGraph } from '../../model/graph.ts';
import { describeBase, describeOrigins, imageOf, originWords, packageOrigins } from '../../model/image-projection.ts';
import { packageListsOf } from '../../model/projection.ts';
import { formatCount } from '../../model/quantity.ts';

export function imageSection(graph: EvidenceGraph): string {
  const image = imageOf(graph);
  if (image === undefined) return '';
  const { platform, layers, user, base, created } = image.facts;
  const facts: readonly (readonly [string, string])[] = [
    ['Platform', platform],
    ['Runs as', user === '' ? 'root (no USER)' : user],
    ['Created', created?.slice(0, 10) ?? ''],
    ['Built on', describeBase(base, layers.length) ?? 'not known'],
    ['Packages', describeOrigins(packageOrigins(graph, image))],
  ];
  const list = facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `<dt>${name}</dt><dd>${escapeXml(value)}</dd>`);
  const packages = packagesByLayer(graph);
  const rows = layers.map(
    ({ digest, size, createdBy, origin }, index) =>
      `<tr><td class="number">${index + 1}</td><td>${origin === undefined ? '' : originWords[origin]}</td><td><code>${escapeXml(createdBy.slice(0, 300))}</code></td><td class="number">${formatCount(packages.get(digest) ?? 0)}</td><td class="number">${(size / 1e6).toFixed(1)} MB</td><td><code>${escapeXml(digest.slice(0, 19))}</code></td></tr>`,
  );
  return `<section id="image"><h2>Image</h2><dl>${list.join('')}</dl>
<details><summary>${layers.length} layers</summary><div class="scroll"><table><thead><tr><th class="number">Layer</th><th>From</th><th>Made by</th><th class="number">Packages</th><th class="number">Stored</th><th>Digest</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div></details></section>`;
}

function packagesByLayer(graph: EvidenceGraph): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of packageListsOf(graph).flatMap((list) => list.packages)) {
    const layer = item.locations[0]?.layer;
    if (layer !== undefined) counts.set(layer, (counts.get(layer) ?? 0) + 1);
  }
  return counts;
}
