// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0 (OASIS) within the limits of GitHub code scanning: at most 5,000 results are shown and 25,000 taken per run, ten locations
// per result. Results are sorted by risk, so what is cut is the least important; how many were cut stands in the run's properties.
import { hash } from 'node:crypto';
import type { Decision } from '../model/decision.ts';
import type { LicenseFinding, VulnerabilityFinding } from '../model/finding.ts';
import { licenseName } from '../model/license-groups.ts';
import type { Location } from '../model/location.ts';
import type { LicenseDecision, VulnerabilityDecision } from '../model/projection.ts';
import { coverageOf, licensesOf, undecidedOf, vulnerabilitiesOf } from '../model/projection.ts';
import type { Severity } from '../model/severity.ts';
import type { ReportView } from './report.ts';
import { defineReport } from './report.ts';

const maximumResults = 5_000;
const maximumLocations = 10;

export const sarif = defineReport({
  id: 'sarif',
  aliases: [],
  title: 'SARIF 2.1.0 for code scanning pages',
  extension: 'sarif',
  commands: ['scan'],
  write: (view) => {
    const { open, suppressed } = vulnerabilitiesOf(view.graph);
    const licenses = licensesOf(view.graph);
    const all = [...open, ...licenses.open, ...suppressed, ...licenses.suppressed];
    const kept = all.slice(0, maximumResults);
    const byId = Map.groupBy(kept, ({ finding }) => ruleIdOf(finding));
    const ruleIndex = new Map([...byId.keys()].map((id, index) => [id, index]));
    const run = {
      tool: {
        driver: {
          name: view.tool.name,
          version: view.tool.version,
          informationUri: 'https://landwaiter.dev',
          rules: [...byId].map(([id, items]) =>
            ruleOf(
              id,
              items.map(({ finding }) => finding),
            ),
          ),
        },
      },
      invocations: [
        {
          executionSuccessful: view.verdict?.state !== 'incomplete',
          endTimeUtc: view.createdAt,
          toolExecutionNotifications: notifications(view),
        },
      ],
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { ROOTPATH: { description: { text: `root of ${view.target.target}` } } },
      results: kept.map((item) => resultOf(item, ruleIndex.get(ruleIdOf(item.finding)) ?? 0)),
      properties: { target: view.target.target, resultsCut: all.length - kept.length },
    };
    return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
  },
});

function ruleIdOf(finding: VulnerabilityFinding | LicenseFinding): string {
  return finding.kind === 'license' ? `license/${licenseName(finding)}` : finding.id;
}

/** All findings of a rule are of one kind: licences have ids of their own. */
function ruleOf(id: string, findings: readonly (VulnerabilityFinding | LicenseFinding)[]): unknown {
  const licensed = findings.find((finding) => finding.kind === 'license');
  return licensed === undefined
    ? vulnerabilityRule(
        id,
        findings.filter((finding) => finding.kind === 'vulnerability'),
      )
    : licenseRule(id, licensed);
}

function licenseRule(id: string, finding: LicenseFinding): unknown {
  const name = licenseName(finding).slice(0, 900);
  return {
    id,
    name: 'LicencePolicy',
    shortDescription: { text: `Licence ${name}` },
    fullDescription: { text: `Packages under ${name}, of the class ${finding.category}` },
    help: { text: 'Allow it with --license-allow, or replace the package' },
    defaultConfiguration: { level: levelOf(finding.severity) },
    properties: { tags: ['license'], precision: 'high' },
  };
}

function vulnerabilityRule(id: string, findings: readonly VulnerabilityFinding[]): unknown {
  const [first] = findings;
  const score = Math.max(...findings.map((finding) => securitySeverity(finding)));
  const names = [...new Set(findings.map((finding) => finding.package.name))].join(', ');
  const aliases = first === undefined || first.aliases.length === 0 ? '' : ` (${first.aliases.join(', ')})`;
  return {
    id,
    name: 'KnownVulnerability',
    shortDescription: { text: `${id} in ${names}`.slice(0, 1000) },
    fullDescription: { text: `${id}${aliases}: known vulnerability in ${names}`.slice(0, 1000) },
    ...(first?.urls[0] === undefined ? {} : { helpUri: first.urls[0] }),
    help: { text: `Run: landwaiter explain ${id}` },
    defaultConfiguration: { level: levelOf(first?.severity ?? 'unknown') },
    properties: {
      tags: [
        'vulnerability',
        'security',
        ...(first?.cwes ?? []).map((cwe) => `external/cwe/${cwe.toLowerCase()}`),
      ].slice(0, 20),
      'security-severity': score.toFixed(1),
      precision: 'very-high',
    },
  };
}

/** CVSS base score where there is one, else the middle of the severity's band: GitHub groups by it. */
function securitySeverity(finding: VulnerabilityFinding): number {
  const rated = finding.cvss.map((rating) => rating.score);
  if (rated.length > 0) return Math.max(...rated);
  return { critical: 9.5, high: 8, medium: 5.5, low: 2, negligible: 0.1, unknown: 0 }[finding.severity];
}

function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'note';
}

function resultOf({ decision, finding }: VulnerabilityDecision | LicenseDecision, ruleIndex: number): unknown {
  const { version, subject } = finding.package;
  const { suppressed } = decision;
  const ruleId = ruleIdOf(finding);
  return {
    ruleId,
    ruleIndex,
    level: levelOf(finding.severity),
    message: { text: messageOf(decision, finding) },
    locations: (decision.locations.length === 0 ? [{ path: '.' }] : decision.locations)
      .slice(0, maximumLocations)
      .map(locationOf),
    partialFingerprints: {
      'landwaiterFinding/v1': hash('sha256', `${ruleId}\n${subject}\n${decision.locations[0]?.path ?? ''}`),
    },
    properties: {
      purl: finding.package.purl ?? '',
      installedVersion: version,
      ...(finding.kind === 'vulnerability' ? { risk: finding.risk } : { category: finding.category }),
    },
    ...(suppressed === undefined
      ? {}
      : {
          suppressions: [
            { kind: 'external', status: 'accepted', justification: `${suppressed.reason} (${suppressed.source})` },
          ],
        }),
  };
}

function messageOf(decision: Decision, finding: VulnerabilityFinding | LicenseFinding): string {
  if (finding.kind === 'license') return `${decision.message}.`;
  const { name, version } = finding.package;
  const fix =
    finding.fixedVersions.length === 0 ? 'No fixed version is known.' : `Fixed in ${finding.fixedVersions.join(', ')}.`;
  return `${name} ${version} is affected by ${finding.id}. ${fix}`;
}

function locationOf(location: Location): unknown {
  const region =
    location.line === undefined
      ? {}
      : {
          region: {
            startLine: location.line,
            ...(location.endLine === undefined ? {} : { endLine: Math.max(location.line, location.endLine) }),
          },
        };
  const uri = location.path.split('/').map(encodeURIComponent).join('/');
  return { physicalLocation: { artifactLocation: { uri, uriBaseId: 'ROOTPATH' }, ...region } };
}

/** What could not be looked at is part of the result. */
function notifications(view: ReportView): unknown[] {
  const problems = coverageOf(view.graph)
    .flatMap((coverage) => coverage.problems)
    .map((problem) => ({
      level: problem.hidesFindings ? 'error' : 'note',
      message: { text: problem.message },
      locations: [locationOf(problem.location)],
    }));
  const undecided = undecidedOf(view.graph).map((decision) => ({
    level: 'error',
    message: { text: decision.message },
  }));
  return [...problems, ...undecided];
}
