// SPDX-License-Identifier: Apache-2.0
// One HTML file that needs no network and no script to be read; a small script adds filtering. The content security policy allows
// nothing but that script and the styles, by their digests.
import { createHash } from 'node:crypto';
import { escapeXml } from '../formats/xml-print.ts';
import { skippedWords } from '../model/coverage.ts';
import type { Decision } from '../model/decision.ts';
import { describeEpss } from '../model/epss.ts';
import { countOrigins, describeOrigins, imageOf, originOfDecision, originWords } from '../model/image-projection.ts';
import { groupLicenses, licenseName, packagesOfGroup } from '../model/license-groups.ts';
import { formatLocation } from '../model/location.ts';
import type { PlacedFinding } from '../model/placed-finding.ts';
import { placedOf, wordsOf } from '../model/placed-finding.ts';
import type { VulnerabilityDecision } from '../model/projection.ts';
import {
  coverageOf,
  licensesOf,
  notAppliedOf,
  packageListsOf,
  undecidedOf,
  vulnerabilitiesOf,
} from '../model/projection.ts';
import { formatCount, plural } from '../model/quantity.ts';
import type { Severity } from '../model/severity.ts';
import { severities } from '../model/severity.ts';
import { upgradePlan } from '../model/upgrade-plan.ts';
import { imageSection } from './html/image.ts';
import { htmlScript, htmlStyle } from './html/page.ts';
import { placedSection } from './html/placed.ts';
import { plannedSection } from './html/planned.ts';
import { targetPart, targetsTable } from './html/several.ts';
import type { CombinedView, ReportView } from './report.ts';
import { defineReport, looksFor, sectionsLookedFor } from './report.ts';

export const html = defineReport({
  id: 'html',
  aliases: [],
  title: 'Self-contained HTML page',
  extension: 'html',
  commands: ['scan', 'policy'],
  write: (view) => pageOf(view.target.target, [header(view), '<main>', sectionsOf(view), '</main>', footer(view)]),
  writeAll: (all) => {
    const [first] = all.views;
    const parts = all.views.map((view, index) => targetPart(view, sectionsOf(view), index));
    const body = [combinedHeader(all), '<main>', targetsTable(all), ...parts, '</main>'];
    return pageOf(`${all.views.length + all.notOpened.length} targets`, [
      ...body,
      ...(first === undefined ? [] : [footer(first)]),
    ]);
  },
});

function sectionsOf(view: ReportView): string {
  return [
    looksFor(view, 'vuln') ? findings(view) : '',
    upgrades(view),
    ...sectionsLookedFor(view).map((section) => placedSection(view.graph, section, mark)),
    looksFor(view, 'license') ? licenses(view) : '',
    view.policyRun === undefined ? '' : plannedSection(view.policyRun),
    imageSection(view.graph),
    notLooked(view),
    passedOver(view),
    suppressed(view),
    inputs(view),
  ].join('\n');
}

function pageOf(name: string, body: readonly string[]): string {
  const policy = `default-src 'none'; style-src '${sourceDigest(htmlStyle)}'; script-src '${sourceDigest(htmlScript)}'; base-uri 'none'; form-action 'none'`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<title>${escapeXml(`Landwaiter: ${name}`)}</title>`,
    `<style>${htmlStyle}</style>`,
    '</head>',
    '<body>',
    ...body,
    `<script>${htmlScript}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function combinedHeader(all: CombinedView): string {
  const { state, reason } = all.verdict;
  const total = all.views.length + all.notOpened.length;
  return `<header class="${state}"><p class="target">${plural(total, 'target')}</p><h1>${words[state]}</h1>
<p class="reason">${escapeXml(reason)}</p><nav><a href="#targets">all targets</a></nav></header>`;
}

function sourceDigest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

const words = { clean: 'Clean', empty: 'Nothing recognised', findings: 'Findings', incomplete: 'Incomplete' } as const;

function header(view: ReportView): string {
  const vulnerabilities = vulnerabilitiesOf(view.graph);
  const licensed = licensesOf(view.graph);
  const placed = placedOf(view.graph);
  const open = [...vulnerabilities.open, ...licensed.open, ...placed.open];
  const out = [...vulnerabilities.suppressed, ...licensed.suppressed, ...placed.suppressed];
  const packages = packageListsOf(view.graph).reduce((sum, list) => sum + list.packages.length, 0);
  const state = view.verdict?.state ?? 'clean';
  const unread =
    coverageOf(view.graph)
      .flatMap((item) => item.problems)
      .filter((problem) => problem.hidesFindings).length + undecidedOf(view.graph).length;
  const counts = severities
    .map((severity) => ({ severity, count: open.filter(({ finding }) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(
      ({ severity, count }) =>
        `<a class="count ${severity}" href="#${severity}">${mark(severity)} <b>${count}</b> ${severity}</a>`,
    );
  const links = [
    `<a href="#inputs">${formatCount(packages)} packages</a>`,
    ...(unread === 0 ? [] : [`<a href="#not-looked-at">${unread} could not be looked at</a>`]),
    ...(out.length === 0 ? [] : [`<a href="#suppressed">${out.length} suppressed</a>`]),
  ];
  return `<header class="${state}"><p class="target">${escapeXml(view.target.target)}</p><h1>${words[state]}</h1>
<p class="reason">${escapeXml(view.verdict?.reason ?? '')}</p><nav>${counts.join('')}</nav><nav>${links.join('')}</nav></header>`;
}

/** Shape and word carry the severity; colour only repeats it. */
function mark(severity: Severity): string {
  return `<span class="mark" aria-hidden="true">${{ critical: '◆', high: '▲', medium: '●', low: '▽', negligible: '·', unknown: '?' }[severity]}</span>`;
}

function findings(view: ReportView): string {
  const { open } = vulnerabilitiesOf(view.graph);
  if (open.length === 0)
    return '<section class="vulnerabilities" id="findings"><h2>Vulnerabilities</h2><p>None found.</p></section>';
  const image = imageOf(view.graph);
  const origins = describeOrigins(countOrigins(open.map(({ decision }) => originOfDecision(decision, image))));
  const fromOf = ({ decision }: VulnerabilityDecision): string => {
    const origin = originOfDecision(decision, image);
    return origin === undefined ? '' : `<br><small>${originWords[origin]}</small>`;
  };
  const seen = new Set<Severity>();
  const rows = open.map((item) => {
    const { severity } = item.finding;
    const anchor = seen.has(severity) ? '' : ` id="${severity}"`;
    seen.add(severity);
    return row(item, anchor, fromOf(item));
  });
  return `<section class="vulnerabilities" id="findings"><h2>Vulnerabilities</h2>${origins === '' ? '' : `<p>${escapeXml(origins)}.</p>`}
<p class="filter" hidden><label>Filter <input type="search" placeholder="id, package, path"></label> <output></output></p>
<div class="scroll"><table><thead><tr><th class="number">Risk</th><th>Id</th><th>Severity</th><th>Package</th><th>Installed</th><th>Fixed</th><th>Where</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div></section>`;
}

function row({ decision, finding }: VulnerabilityDecision, anchor: string, from: string): string {
  const exploited =
    finding.knownExploited === undefined
      ? ''
      : ` <abbr title="known exploited since ${escapeXml(finding.knownExploited.added)}">KEV</abbr>`;
  const via =
    finding.package.path.length > 1
      ? `<br><small>via ${escapeXml(finding.package.path.slice(0, -1).join(' › '))}</small>`
      : '';
  const [first, ...more] = decision.locations;
  const where =
    first === undefined
      ? ''
      : `<code>${escapeXml(formatLocation(first))}</code>${more.length === 0 ? '' : `<br><small>and ${plural(more.length, 'more place')}</small>`}`;
  return `<tr${anchor} class="${finding.severity}"><td class="number">${finding.risk.toFixed(finding.risk < 10 ? 1 : 0)}</td>
<td><details><summary>${escapeXml(finding.id)}${exploited}</summary>${details(decision, finding)}</details></td>
<td>${mark(finding.severity)} ${finding.severity}</td><td>${escapeXml(finding.package.name)}${finding.package.scope === 'runtime' ? '' : ` <small>${finding.package.scope}</small>`}${via}</td>
<td>${escapeXml(finding.package.version)}</td><td>${escapeXml(finding.fixedVersions.join(', ') || finding.fixState)}</td><td>${where}${from}</td></tr>`;
}

function licenses(view: ReportView): string {
  const { open, allowed } = licensesOf(view.graph);
  const note = allowed.length === 0 ? '' : `<p>${plural(allowed.length, 'licence')} allowed.</p>`;
  if (open.length === 0) return `<section id="licences"><h2>Licences</h2><p>Nothing against them.</p>${note}</section>`;
  const rows = groupLicenses(open).map(
    (group) =>
      `<tr class="${group.severity}"><td>${mark(group.severity)} ${group.severity}</td><td>${escapeXml(group.license)}</td><td>${group.category}</td><td>${escapeXml(packagesOfGroup(group, 20))}</td><td>${escapeXml(group.reason)}</td></tr>`,
  );
  return `<section id="licences"><h2>Licences</h2>
<div class="scroll"><table><thead><tr><th>Severity</th><th>Licence</th><th>Class</th><th>Packages</th><th>Why</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>${note}</section>`;
}

function details(decision: VulnerabilityDecision['decision'], finding: VulnerabilityDecision['finding']): string {
  const facts: [string, string][] = [
    ['Also known as', escapeXml(finding.aliases.join(', '))],
    [
      'Why it matched',
      finding.matches
        .map(
          (match) =>
            `${escapeXml(match.advisory)} (${escapeXml(match.source)}): ${escapeXml(match.searched)} ${escapeXml(match.range)}`,
        )
        .join('<br>'),
    ],
    ['Rated by', escapeXml(finding.severitySource)],
    [
      'CVSS',
      finding.cvss
        .map(
          (rating) => `${rating.score.toFixed(1)} <code>${escapeXml(rating.vector)}</code> ${escapeXml(rating.source)}`,
        )
        .join('<br>'),
    ],
    ['EPSS', finding.epss === undefined ? 'unknown' : escapeXml(describeEpss(finding.epss))],
    ['CWE', escapeXml(finding.cwes.join(', '))],
    ['Published', escapeXml(finding.published?.slice(0, 10) ?? '')],
    ['Clears all of this package', escapeXml(finding.clearedBy ?? '')],
    ['Package', escapeXml(finding.package.purl ?? finding.package.subject)],
    [
      'Places',
      decision.locations.map((location) => `<code>${escapeXml(formatLocation(location))}</code>`).join('<br>'),
    ],
    [
      'More',
      finding.urls
        .filter((url) => url.startsWith('https://'))
        .map((url) => `<a rel="noreferrer" href="${escapeXml(url)}">${escapeXml(url)}</a>`)
        .join('<br>'),
    ],
  ];
  return `<dl>${facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`)
    .join('')}</dl>`;
}

function upgrades(view: ReportView): string {
  const { open } = vulnerabilitiesOf(view.graph);
  const steps = upgradePlan(open.map(({ finding }) => finding));
  if (steps.length === 0) return '';
  const items = steps.map(
    (step) =>
      `<li><b>${escapeXml(step.name)}</b> ${escapeXml(step.installed)} → ${escapeXml(step.version)} <small>clears ${step.clears}</small></li>`,
  );
  return `<section id="upgrades"><h2>Smallest changes</h2><ol>${items.join('')}</ol></section>`;
}

function notLooked(view: ReportView): string {
  const problems = coverageOf(view.graph).flatMap((item) => item.problems);
  const items = [
    ...problems
      .filter((problem) => problem.hidesFindings)
      .map(
        (problem) =>
          `<li><code>${escapeXml(formatLocation(problem.location))}</code> ${escapeXml(problem.message)}</li>`,
      ),
    ...undecidedOf(view.graph).map((decision) => `<li>${escapeXml(decision.message)}</li>`),
  ];
  return items.length === 0
    ? ''
    : `<section id="not-looked-at"><h2>Could not look</h2><ul>${items.join('')}</ul></section>`;
}

/** What was seen and neither read nor applied. */
function passedOver(view: ReportView): string {
  const entries = coverageOf(view.graph)
    .flatMap((item) => item.skipped)
    .map(({ reason, count, examples }) => {
      const more = count > examples.length ? `<li>and ${formatCount(count - examples.length)} more</li>` : '';
      const paths = examples.map((path) => `<li><code>${escapeXml(path)}</code></li>`).join('');
      return `<li><details><summary>${formatCount(count)} ${skippedWords(reason, count)}</summary><ul>${paths}${more}</ul></details></li>`;
    });
  const files = notAppliedOf(view.graph).map((decision) => `<li>${escapeXml(decision.message)}</li>`);
  const items = [...files, ...entries];
  return items.length === 0 ? '' : `<section id="passed-over"><h2>Passed over</h2><ul>${items.join('')}</ul></section>`;
}

function suppressed(view: ReportView): string {
  const items = [
    ...vulnerabilitiesOf(view.graph).suppressed.map((item) => ({ ...item, name: item.finding.id })),
    ...licensesOf(view.graph).suppressed.map((item) => ({ ...item, name: licenseName(item.finding) })),
    ...placedOf(view.graph).suppressed.map((item) => ({ ...item, name: item.finding.id })),
  ];
  if (items.length === 0) return '';
  const rows = items.map(
    ({ decision, finding, name }) =>
      `<tr><td>${escapeXml(name)}</td><td>${escapeXml('package' in finding ? `${finding.package.name} ${finding.package.version}` : placeOf(finding, decision))}</td><td>${escapeXml(decision.suppressed?.status ?? decision.suppressed?.by ?? '')}</td><td>${escapeXml(decision.suppressed?.reason ?? '')}</td><td>${escapeXml(decision.suppressed?.source ?? '')}</td></tr>`,
  );
  return `<section id="suppressed"><h2>Suppressed</h2><div class="scroll"><table><thead><tr><th>Id</th><th>What</th><th>By</th><th>Reason</th><th>Source</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function placeOf(finding: PlacedFinding, { locations }: Decision): string {
  return wordsOf(finding).resource || (locations[0] === undefined ? '' : formatLocation(locations[0]));
}

function inputs(view: ReportView): string {
  const rows = packageListsOf(view.graph).map(
    (list) =>
      `<tr><td><code>${escapeXml(list.path)}</code></td><td class="number">${formatCount(list.packages.length)}</td><td>${escapeXml(list.ecosystem)}</td><td>${list.kind}</td></tr>`,
  );
  const seen = coverageOf(view.graph).reduce((sum, item) => sum + item.filesSeen, 0);
  return `<section id="inputs"><h2>What was looked at</h2><p>${plural(seen, 'file')} seen; these held packages:</p>
<div class="scroll"><table><thead><tr><th>File</th><th class="number">Packages</th><th>Ecosystem</th><th>Kind</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function footer(view: ReportView): string {
  const { database } = view;
  const advisories =
    database === undefined
      ? ''
      : ` Advisories: ${formatCount(database.advisories)}, newest ${escapeXml(database.newest.slice(0, 10))}${database.stale ? ' (expired)' : ''}${database.partial.length === 0 ? '' : `; only a selection for ${escapeXml(database.partial.join(', '))}`}.`;
  return `<footer>${escapeXml(view.tool.name)} ${escapeXml(view.tool.version)}, ${escapeXml(view.createdAt)}.${advisories}</footer>`;
}
