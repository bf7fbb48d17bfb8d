// SPDX-License-Identifier: Apache-2.0
// The parts of the page about findings at places: secrets, pipelines, configuration, code.
import { escapeXml } from '../../formats/xml-print.ts';
import type { EvidenceGraph } from '../../model/graph.ts';
import type { ImageView } from '../../model/image-projection.ts';
import { countOrigins, describeOrigins, imageOf, originOfDecision, originWords } from '../../model/image-projection.ts';
import { formatLocation } from '../../model/location.ts';
import type { PlacedDecision, PlacedSection } from '../../model/placed-finding.ts';
import { placedOf } from '../../model/placed-finding.ts';
import type { Severity } from '../../model/severity.ts';

/** Shape and word of a severity. */
export type SeverityMark = (severity: Severity) => string;

export function placedSection(
  graph: EvidenceGraph,
  { kind, title, member }: PlacedSection,
  mark: SeverityMark,
): string {
  const { open } = placedOf(graph, kind);
  const head = `<section id="${member}"><h2>${title}</h2>`;
  if (open.length === 0) return `${head}<p>Nothing found.</p></section>`;
  const image = imageOf(graph);
  const origins = describeOrigins(countOrigins(open.map(({ decision }) => originOfDecision(decision, image))));
  return `${head}${origins === '' ? '' : `<p>${escapeXml(origins)}.</p>`}
<div class="scroll"><table><thead><tr><th>Severity</th><th>Check</th><th>What</th><th>Where</th>${image === undefined ? '' : '<th>From</th>'}</tr></thead>
<tbody>${open.map((item) => row(item, image, mark)).join('\n')}</tbody></table></div></section>`;
}

function row({ decision, told }: PlacedDecision, image: ImageView | undefined, mark: SeverityMark): string {
  const origin = originOfDecision(decision, image);
  const places = decision.locations.map((location) => {
    const layer = image?.facts.layers.findIndex(({ digest }) => digest === location.layer) ?? -1;
    const number = layer === -1 ? '' : `<br><small>layer ${layer + 1}</small>`;
    return `<code>${escapeXml(formatLocation(location))}</code>${number}`;
  });
  const urls = told.urls.filter((url) => url.startsWith('https://'));
  const facts: readonly (readonly [string, string])[] = [
    ['Check', escapeXml(told.title)],
    ['Found in', escapeXml(told.resource)],
    ['Fix', escapeXml(told.remediation)],
    ['Also known as', escapeXml(told.aliases.join(', '))],
    ['More', urls.map((url) => `<a rel="noreferrer" href="${escapeXml(url)}">${escapeXml(url)}</a>`).join('<br>')],
  ];
  const details = facts.filter(([, value]) => value !== '').map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`);
  return `<tr class="${told.severity}"><td>${mark(told.severity)} ${told.severity}</td><td><details><summary>${escapeXml(told.id)}</summary><dl>${details.join('')}</dl></details></td><td>${escapeXml(told.message)}</td><td>${places.join('<br>')}</td>${image === undefined ? '' : `<td>${origin === undefined ? '' : originWords[origin]}</td>`}</tr>`;
}
