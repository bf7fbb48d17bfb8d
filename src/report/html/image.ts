// SPDX-License-Identifier: Apache-2.0
// The parts of the page about an image: what it is built on, its layers, and what is wrong with its configuration.
import { escapeXml } from '../../formats/xml-print.ts';
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
import type { MisconfigurationDecision } from '../../model/projection.ts';
import { misconfigurationsOf, packageListsOf } from '../../model/projection.ts';
import { formatCount } from '../../model/quantity.ts';
import type { Severity } from '../../model/severity.ts';

/** Shape and word of a severity. */
export type SeverityMark = (severity: Severity) => string;

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

export function misconfigurationSection(graph: EvidenceGraph, mark: SeverityMark): string {
  const { open } = misconfigurationsOf(graph);
  if (open.length === 0) return '<section id="configuration"><h2>Configuration</h2><p>Nothing found.</p></section>';
  const image = imageOf(graph);
  const origins = describeOrigins(countOrigins(open.map(({ decision }) => originOfDecision(decision, image))));
  return `<section id="configuration"><h2>Configuration</h2>${origins === '' ? '' : `<p>${escapeXml(origins)}.</p>`}
<div class="scroll"><table><thead><tr><th>Severity</th><th>Check</th><th>What</th><th>Where</th><th>From</th></tr></thead>
<tbody>${open.map((item) => row(item, image, mark)).join('\n')}</tbody></table></div></section>`;
}

function row(
  { decision, finding }: MisconfigurationDecision,
  image: ImageView | undefined,
  mark: SeverityMark,
): string {
  const origin = originOfDecision(decision, image);
  const places = decision.locations.map((location) => {
    const layer = image?.facts.layers.findIndex(({ digest }) => digest === location.layer) ?? -1;
    const number = layer === -1 ? '' : `<br><small>layer ${layer + 1}</small>`;
    return `<code>${escapeXml(formatLocation(location))}</code>${number}`;
  });
  const urls = finding.urls.filter((url) => url.startsWith('https://'));
  const facts: readonly (readonly [string, string])[] = [
    ['Check', escapeXml(finding.title)],
    ['Fix', escapeXml(finding.remediation)],
    ['Also known as', escapeXml(finding.aliases.join(', '))],
    ['More', urls.map((url) => `<a rel="noreferrer" href="${escapeXml(url)}">${escapeXml(url)}</a>`).join('<br>')],
  ];
  const details = facts.filter(([, value]) => value !== '').map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`);
  return `<tr class="${finding.severity}"><td>${mark(finding.severity)} ${finding.severity}</td><td><details><summary>${escapeXml(finding.id)}</summary><dl>${details.join('')}</dl></details></td><td>${escapeXml(finding.message)}</td><td>${places.join('<br>')}</td><td>${origin === undefined ? '' : originWords[origin]}</td></tr>`;
}
