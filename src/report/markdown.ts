// SPDX-License-Identifier: Apache-2.0
// Markdown for merge request comments and job summaries: the verdict, a table of what matters most, the rest folded.
import { printable } from '../formats/text-table.ts';
import { describeGroup, groupFindings } from '../model/finding-groups.ts';
import { groupLicenses, packagesOfGroup } from '../model/license-groups.ts';
import { formatLocation } from '../model/location.ts';
import type { PlacedSection } from '../model/placed-finding.ts';
import { placedOf } from '../model/placed-finding.ts';
import { exceptedRows, judgedSentence, plannedRows } from '../model/planned-rows.ts';
import type { PolicyRun } from '../model/policy-run.ts';
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
import { severities } from '../model/severity.ts';
import { upgradePlan } from '../model/upgrade-plan.ts';
import type { ReportView } from './report.ts';
import { defineReport, looksFor, sectionsLookedFor } from './report.ts';

/** Rows before the fold; comments have a length limit and readers have less. */
const openRows = 25;
const foldedRows = 500;

export const markdown = defineReport({
  id: 'markdown',
  aliases: ['md'],
  title: 'Markdown for comments and job summaries',
  extension: 'md',
  commands: ['scan', 'policy'],
  write: (view) => {
    const { open, suppressed } = vulnerabilitiesOf(view.graph);
    const lines = [`## Landwaiter: ${escape(view.target.target)}`, ''];
    if (view.verdict !== undefined) lines.push(`**${view.verdict.state}**: ${escape(view.verdict.reason)}`, '');
    const counts = severities.map(
      (severity) => [severity, open.filter(({ finding }) => finding.severity === severity).length] as const,
    );
    if (open.length > 0)
      lines.push(
        counts
          .filter(([, count]) => count > 0)
          .map(([severity, count]) => `${count} ${severity}`)
          .join(', '),
        '',
      );
    if (looksFor(view, 'vuln')) lines.push(...tableOf(open.slice(0, openRows)));
    const folded = open.slice(openRows, openRows + foldedRows);
    if (folded.length > 0)
      lines.push(
        '',
        `<details><summary>${formatCount(open.length - openRows)} more</summary>`,
        '',
        ...tableOf(folded),
        '',
        '</details>',
      );
    if (open.length > openRows + foldedRows)
      lines.push('', `${formatCount(open.length - openRows - foldedRows)} are not shown here.`);
    const steps = upgradePlan(open.map(({ finding }) => finding)).slice(0, 10);
    if (steps.length > 0)
      lines.push(
        '',
        '### Upgrades',
        '',
        ...steps.map(
          (step) => `- ${code(step.name)} ${escape(step.installed)} → ${escape(step.version)} clears ${step.clears}`,
        ),
      );
    const sections = sectionsLookedFor(view).flatMap((section) => placedLines(view, section));
    lines.push(...sections, ...licenseLines(view), ...plannedLines(view));
    const unread = coverageOf(view.graph)
      .flatMap((item) => item.problems)
      .filter((problem) => problem.hidesFindings);
    const undecided = undecidedOf(view.graph);
    if (unread.length + undecided.length > 0) {
      lines.push('', '### Could not look', '');
      lines.push(...unread.map((problem) => `- ${code(formatLocation(problem.location))} ${escape(problem.message)}`));
      lines.push(...undecided.map((decision) => `- ${escape(decision.message)}`));
    }
    const packages = packageListsOf(view.graph).reduce((sum, list) => sum + list.packages.length, 0);
    const out = suppressed.length + licensesOf(view.graph).suppressed.length + placedOf(view.graph).suppressed.length;
    const note = out === 0 ? '' : ` ${plural(out, 'finding')} suppressed.`;
    const age =
      view.database === undefined
        ? ''
        : ` Advisories: ${formatCount(view.database.advisories)}, newest ${view.database.newest.slice(0, 10)}.`;
    const foreign = notAppliedOf(view.graph).map((decision) => `- ${escape(decision.message)}`);
    if (foreign.length > 0) lines.push('', '### Not applied', '', ...foreign);
    const looked =
      view.policyRun === undefined ? `Looked at ${plural(packages, 'package')}.` : judgedSentence(view.policyRun);
    lines.push('', `${looked}${note}${age}`);
    return `${lines.join('\n')}\n`;
  },
});

function placedLines(view: ReportView, { kind, title }: PlacedSection): string[] {
  const { open } = placedOf(view.graph, kind);
  const head = ['', `### ${title}`, ''];
  if (open.length === 0) return [...head, 'Nothing found.'];
  const rows = groupFindings(open)
    .slice(0, foldedRows)
    .map((group) => {
      const { id, severity, remediation } = group.told;
      const [first] = group.items.flatMap(({ decision }) => decision.locations);
      const where = first === undefined ? '' : code(formatLocation(first));
      // The place of an object does not say which it is.
      const { resource } = group.told;
      const about = kind === 'policy' && group.items.length === 1 ? `${escape(resource)}: ` : '';
      return [severity, code(id), `${about}${escape(describeGroup(group, 5))}`, where, escape(remediation)].join(' | ');
    });
  return [
    ...head,
    '| Severity | Check | What | Where | Fix |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ];
}

function plannedLines({ policyRun }: ReportView): string[] {
  if (policyRun === undefined) return [];
  const excepted = exceptedRows(policyRun).slice(0, foldedRows);
  const taken = excepted.map(({ policy, object, by }) => `| ${code(policy)} | ${escape(object)} | ${escape(by)} |`);
  const table = ['', '### Excepted', '', '| Policy | Object | By |', '|---|---|---|', ...taken];
  return [...plannedTable(policyRun), ...(taken.length === 0 ? [] : table)];
}

function plannedTable(policyRun: PolicyRun): string[] {
  const rows = plannedRows(policyRun);
  if (rows.length === 0) return [];
  const shown = rows
    .slice(0, foldedRows)
    .map(({ would, object, how, where }) => `| ${would} | ${escape(object)} | ${escape(how)} | ${escape(where)} |`);
  return ['', '### Planned', '', '| Would | Object | How | Where |', '|---|---|---|---|', ...shown];
}

function licenseLines(view: ReportView): string[] {
  if (!looksFor(view, 'license')) return [];
  const { open, allowed } = licensesOf(view.graph);
  const head = ['', '### Licences', ''];
  const rest = allowed.length === 0 ? [] : ['', `${plural(allowed.length, 'licence')} allowed.`];
  if (open.length === 0) return [...head, 'Nothing against them.', ...rest];
  const rows = groupLicenses(open)
    .slice(0, foldedRows)
    .map((group) =>
      [
        group.severity,
        code(group.license),
        group.category,
        escape(packagesOfGroup(group, 10)),
        escape(group.reason),
      ].join(' | '),
    );
  return [
    ...head,
    '| Severity | Licence | Class | Packages | Why |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    ...rest,
  ];
}

function tableOf(items: readonly VulnerabilityDecision[]): string[] {
  if (items.length === 0) return ['No known vulnerability.'];
  const rows = items.map(({ decision, finding }) =>
    [
      finding.risk.toFixed(0),
      `${link(finding.id, finding.urls[0])}${finding.knownExploited === undefined ? '' : ' **KEV**'}`,
      finding.severity,
      code(finding.package.name),
      escape(finding.package.version),
      escape(finding.fixedVersions.join(', ') || finding.fixState),
      code(decision.locations[0] === undefined ? '' : formatLocation(decision.locations[0])),
    ].join(' | '),
  );
  return [
    '| Risk | Id | Severity | Package | Installed | Fixed | Where |',
    '|---:|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ];
}

/** Foreign text must not become markup. */
function escape(text: string): string {
  return printable(text.replace(/[\r\n]+/g, ' ')).replace(/[\\`*_{}[\]<>#|~!@&]/g, (character) =>
    character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`,
  );
}

function code(text: string): string {
  return text === '' ? '' : `\`${printable(text).replace(/[`|]/g, '?')}\``;
}

function link(text: string, url: string | undefined): string {
  return url !== undefined && /^https:\/\/[^\s()<>]+$/.test(url) ? `[${escape(text)}](${url})` : escape(text);
}
