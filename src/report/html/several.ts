// SPDX-License-Identifier: Apache-2.0
// The parts of a page about several targets: the table of all of them, and one folded part for each.
import { escapeXml } from '../../formats/xml-print.ts';
import { formatLocation } from '../../model/location.ts';
import { formatCount, plural } from '../../model/quantity.ts';
import type { Severity } from '../../model/severity.ts';
import { withShortDigests } from '../../model/short-digest.ts';
import { summarise } from '../../model/target-summary.ts';
import type { CombinedView, ReportView } from '../report.ts';

const shown: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** One row for each target, with a link to its part. */
export function targetsTable(all: CombinedView): string {
  const rows = all.views.map((view, index) => {
    const { packages, vulnerabilities, placed, licenses, origins, base } = summarise(view.graph);
    const counts = shown.map((severity) => `<td class="number ${severity}">${vulnerabilities[severity] || '-'}</td>`);
    const split = origins.base + origins.own === 0 ? '' : `${origins.base} / ${origins.own}`;
    const others = [placed, licenses].map((count) => `<td class="number">${count || '-'}</td>`);
    return `<tr><td><a href="#${anchorOf(index)}">${name(view.target.target)}</a></td><td class="number">${formatCount(packages)}</td>${counts.join('')}${others.join('')}<td class="number">${split}</td><td>${escapeXml(base ?? '')}</td><td>${view.verdict?.state ?? ''}</td></tr>`;
  });
  const failed = all.notOpened.map(
    ({ target, message }) =>
      `<tr><td>${name(target)}</td><td colspan="9">could not look: ${escapeXml(withShortDigests(message))}</td><td>not opened</td></tr>`,
  );
  return `<section id="targets"><h2>Targets</h2><div class="scroll"><table><thead><tr><th>Target</th><th class="number">Packages</th>${shown.map((severity) => `<th class="number">${severity}</th>`).join('')}<th class="number">Config</th><th class="number">Licences</th><th class="number">Base / yours</th><th>Base image</th><th>Result</th></tr></thead><tbody>${[...rows, ...failed].join('\n')}</tbody></table></div></section>${unread(all)}`;
}

function unread(all: CombinedView): string {
  const items = all.problems.map(
    ({ location, message }) => `<li><code>${escapeXml(formatLocation(location))}</code> ${escapeXml(message)}</li>`,
  );
  return items.length === 0 ? '' : `<section><h2>Could not look</h2><ul>${items.join('')}</ul></section>`;
}

/** `content` with names of its own for what links point to: every part has a list of findings. */
export function targetPart(view: ReportView, content: string, index: number): string {
  const prefix = anchorOf(index);
  // Text from outside has its quotes escaped, so these are the page's own.
  const own = content.replace(/ (id="|href="#)(?=[a-z])/g, ` $1${prefix}-`);
  const places = (view.target.namedBy ?? []).map(formatLocation);
  const named =
    places.length === 0
      ? ''
      : `<p class="target">named by ${escapeXml(places.slice(0, 10).join(', '))}${places.length > 10 ? ` and ${plural(places.length - 10, 'more place')}` : ''}</p>`;
  const isOpen = view.verdict?.state === 'findings' ? ' open' : '';
  return `<details class="part ${view.verdict?.state ?? ''}" id="${prefix}"${isOpen}><summary><b>${name(view.target.target)}</b> ${escapeXml(view.verdict?.reason ?? '')}</summary>${named}${own}</details>`;
}

function anchorOf(index: number): string {
  return `target-${index + 1}`;
}

function name(target: string): string {
  return `<span title="${escapeXml(target)}">${escapeXml(withShortDigests(target))}</span>`;
}
