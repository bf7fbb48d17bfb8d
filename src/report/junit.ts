// SPDX-License-Identifier: Apache-2.0
// JUnit XML as Jenkins, GitLab and Azure read it: a suite per file, a case per finding; what could not be looked at is an error, not a pass.
import { escapeXml } from '../formats/xml-print.ts';
import type { Decision } from '../model/decision.ts';
import { licenseName } from '../model/license-groups.ts';
import { formatLocation } from '../model/location.ts';
import type { PlacedDecision } from '../model/placed-finding.ts';
import { placedOf } from '../model/placed-finding.ts';
import type { LicenseDecision, VulnerabilityDecision } from '../model/projection.ts';
import { coverageOf, licensesOf, packageListsOf, undecidedOf, vulnerabilitiesOf } from '../model/projection.ts';
import { defineReport } from './report.ts';

interface Case {
  readonly name: string;
  readonly body: string;
  readonly outcome: 'failure' | 'error' | 'skipped' | 'passed';
}

export const junit = defineReport({
  id: 'junit',
  aliases: [],
  title: 'JUnit XML for build servers',
  extension: 'xml',
  commands: ['scan', 'policy'],
  write: (view) => {
    const { open, suppressed } = vulnerabilitiesOf(view.graph);
    const suites = new Map<string, Case[]>(packageListsOf(view.graph).map((list) => [list.path, []]));
    const add = (path: string, item: Case): void => void suites.set(path, [...(suites.get(path) ?? []), item]);
    for (const item of open) add(pathOf(item), failureOf(item));
    for (const item of suppressed) add(pathOf(item), skippedOf(item.decision, vulnerabilityName(item)));
    const licenses = licensesOf(view.graph);
    for (const item of licenses.open) add(pathOf(item), licenseFailure(item));
    for (const item of licenses.suppressed) add(pathOf(item), skippedOf(item.decision, licenseCase(item)));
    const placed = placedOf(view.graph);
    for (const item of placed.open) add(pathOf(item), placedFailure(item));
    for (const item of placed.suppressed) add(pathOf(item), skippedOf(item.decision, placedCase(item)));
    for (const problem of coverageOf(view.graph).flatMap((coverage) => coverage.problems)) {
      if (problem.hidesFindings) add(problem.location.path, errorOf(formatLocation(problem.location), problem.message));
    }
    for (const decision of undecidedOf(view.graph)) add(view.target.target, errorOf(decision.rule, decision.message));
    const blocks = [...suites].map(([path, cases]) => suiteOf(path, cases.length === 0 ? [passedCase] : cases));
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeXml(`landwaiter ${view.target.target}`)}">\n${blocks.join('')}</testsuites>\n`;
  },
});

const passedCase: Case = { name: 'no finding', body: '', outcome: 'passed' };

function pathOf({ decision }: { readonly decision: Decision }): string {
  return decision.locations[0]?.path ?? '.';
}

function failureOf({ decision, finding }: VulnerabilityDecision): Case {
  const fix = finding.fixedVersions.length === 0 ? 'no fixed version' : `fixed in ${finding.fixedVersions.join(', ')}`;
  const text = `${finding.severity}, risk ${finding.risk}, ${fix}\n${decision.locations.map(formatLocation).join('\n')}\n${finding.urls.join('\n')}`;
  return failure(vulnerabilityName({ decision, finding }), finding.severity, text);
}

function licenseFailure(item: LicenseDecision): Case {
  const { decision, finding } = item;
  const text = `${finding.category}: ${finding.reason}\n${decision.locations.map(formatLocation).join('\n')}`;
  return failure(licenseCase(item), finding.severity, text);
}

function placedFailure(item: PlacedDecision): Case {
  const { decision, told } = item;
  const text = `${told.message}\n${told.remediation}\n${decision.locations.map(formatLocation).join('\n')}`;
  return failure(placedCase(item), told.severity, text);
}

function placedCase({ decision, told }: PlacedDecision): string {
  const [first] = decision.locations;
  const place = first === undefined ? '' : formatLocation(first);
  return `${told.resource || place}: ${told.id}`;
}

function failure(message: string, type: string, text: string): Case {
  return {
    name: message,
    outcome: 'failure',
    body: `<failure message="${escapeXml(message)}" type="${escapeXml(type)}">${escapeXml(text)}</failure>`,
  };
}

function vulnerabilityName({ finding }: VulnerabilityDecision): string {
  return `${finding.package.name} ${finding.package.version}: ${finding.id}`;
}

function licenseCase({ finding }: LicenseDecision): string {
  return `${finding.package.name} ${finding.package.version}: licence ${licenseName(finding)}`;
}

function skippedOf(decision: Decision, name: string): Case {
  const message = `${decision.suppressed?.by}: ${decision.suppressed?.reason}`;
  return {
    name,
    outcome: 'skipped',
    body: `<skipped message="${escapeXml(message)}"/>`,
  };
}

function errorOf(name: string, message: string): Case {
  return { name, outcome: 'error', body: `<error message="${escapeXml(message)}" type="could not look"/>` };
}

function suiteOf(path: string, cases: readonly Case[]): string {
  const count = (outcome: Case['outcome']): number => cases.filter((item) => item.outcome === outcome).length;
  const head = `  <testsuite name="${escapeXml(path)}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}">\n`;
  const lines = cases.map(
    (item) => `    <testcase classname="${escapeXml(path)}" name="${escapeXml(item.name)}">${item.body}</testcase>\n`,
  );
  return `${head}${lines.join('')}  </testsuite>\n`;
}
