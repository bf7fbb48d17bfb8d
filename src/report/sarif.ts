// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0 (OASIS) within the limits of GitHub code scanning: at most 5,000 results are shown and 25,000 taken per run, ten locations
// per result. Results are sorted by risk, so what is cut is the least important; how many were cut stands in the run's properties.
import { hash } from 'node:crypto';
import type { Decision } from '../model/decision.ts';
import type { LicenseFinding, VulnerabilityFinding } from '../model/finding.ts';
import type { ImageView } from '../model/image-projection.ts';
import { imageOf, originOfDecision } from '../model/image-projection.ts';
import { licenseName } from '../model/license-groups.ts';
import type { Location } from '../model/location.ts';
import type { PlacedDecision, PlacedFinding } from '../model/placed-finding.ts';
import { isPlaced, placedOf, wordsOf } from '../model/placed-finding.ts';
import type { Problem } from '../model/problem.ts';
import type { LicenseDecision, VulnerabilityDecision } from '../model/projection.ts';
import { coverageOf, licensesOf, undecidedOf, vulnerabilitiesOf } from '../model/projection.ts';
import type { Severity } from '../model/severity.ts';
import type { CombinedView, ReportView } from './report.ts';
import { defineReport } from './report.ts';

type ReportedFinding = VulnerabilityFinding | LicenseFinding | PlacedFinding;
type ReportedDecision = VulnerabilityDecision | LicenseDecision | PlacedDecision;

const maximumResults = 5_000;
const maximumLocations = 10;

export const sarif = defineReport({
  id: 'sarif',
  aliases: [],
  title: 'SARIF 2.1.0 for code scanning pages',
  extension: 'sarif',
  commands: ['scan', 'policy'],
  write: (view) => logOf([runOf(view)]),
  writeAll: (all) => logOf([...all.views.map(runOf), ...unopenedRuns(all)]),
});

function logOf(runs: readonly unknown[]): string {
  const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs }, undefined, 2)}\n`;
}

function runOf(view: ReportView): unknown {
  const { open, suppressed } = vulnerabilitiesOf(view.graph);
  const licenses = licensesOf(view.graph);
  const placed = placedOf(view.graph);
  const all = [...open, ...placed.open, ...licenses.open, ...suppressed, ...placed.suppressed, ...licenses.suppressed];
  const image = imageOf(view.graph);
  const kept = all.slice(0, maximumResults);
  const byId = Map.groupBy(kept, ({ finding }) => ruleIdOf(finding));
  const ruleIndex = new Map([...byId.keys()].map((id, index) => [id, index]));
  return {
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
    results: kept.map((item) => resultOf(item, ruleIndex.get(ruleIdOf(item.finding)) ?? 0, image)),
    properties: { target: view.target.target, resultsCut: all.length - kept.length },
  };
}

/** A run without results that failed, for what was not looked at: a log without it would read as if nothing had been there. */
function unopenedRuns({ notOpened, problems, tool, createdAt }: CombinedView): readonly unknown[] {
  const notes: readonly Notification[] = [
    ...notOpened.map(({ target, message, namedBy }) => ({
      level: 'error' as const,
      message: { text: `${target}: ${message}` },
      ...(namedBy.length === 0 ? {} : { locations: namedBy.slice(0, maximumLocations).map(locationOf) }),
    })),
    ...problems.map(notificationOf),
  ];
  if (notes.length === 0) return [];
  const executionSuccessful = notes.every(({ level }) => level !== 'error');
  return [
    {
      tool: { driver: { name: tool.name, version: tool.version, informationUri: 'https://landwaiter.dev', rules: [] } },
      invocations: [{ executionSuccessful, endTimeUtc: createdAt, toolExecutionNotifications: notes }],
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { ROOTPATH: { description: { text: 'where the command was run' } } },
      results: [],
    },
  ];
}

function ruleIdOf(finding: ReportedFinding): string {
  return finding.kind === 'license' ? `license/${licenseName(finding)}` : finding.id;
}

/** All findings of a rule are of one kind: licences have ids of their own. */
function ruleOf(id: string, findings: readonly ReportedFinding[]): unknown {
  const placed = findings.find(isPlaced);
  if (placed !== undefined) return placedRule(id, placed);
  const licensed = findings.find((finding) => finding.kind === 'license');
  return licensed === undefined
    ? vulnerabilityRule(
        id,
        findings.filter((finding) => finding.kind === 'vulnerability'),
      )
    : licenseRule(id, licensed);
}

const ruleNames: Readonly<Record<PlacedFinding['kind'], string>> = {
  policy: 'Policy',
  secret: 'Secret',
  pipeline: 'PipelineWeakness',
  misconfiguration: 'Misconfiguration',
  code: 'CodeWeakness',
};

function placedRule(id: string, finding: PlacedFinding): unknown {
  const { title, remediation, urls, aliases } = wordsOf(finding);
  return {
    id,
    name: ruleNames[finding.kind],
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: { text: remediation || title },
    ...(urls[0] === undefined ? {} : { helpUri: urls[0] }),
    defaultConfiguration: { level: levelOf(finding.severity) },
    properties: {
      tags: [finding.kind, 'security', ...aliases.map(tagOf)].slice(0, 20),
      'security-severity': severityScores[finding.severity].toFixed(1),
      precision: 'confidence' in finding ? finding.confidence : 'high',
    },
  };
}

/** GitHub shows weaknesses that are tagged so. */
function tagOf(alias: string): string {
  return alias.startsWith('CWE-') ? `external/cwe/${alias.toLowerCase()}` : alias;
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
  return severityScores[finding.severity];
}

const severityScores: Readonly<Record<Severity, number>> = {
  critical: 9.5,
  high: 8,
  medium: 5.5,
  low: 2,
  negligible: 0.1,
  unknown: 0,
};

function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'note';
}

function resultOf(item: ReportedDecision, ruleIndex: number, image: ImageView | undefined): unknown {
  const { decision, finding } = item;
  const subject = 'package' in finding ? finding.package.subject : decision.subject;
  const origin = originOfDecision(decision, image);
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
      'landwaiterFinding/v1': fingerprintOf(decision, finding, `${ruleId}\n${subject}`),
    },
    properties: { ...propertiesOf(finding), ...(origin === undefined ? {} : { origin }) },
    ...(suppressed === undefined
      ? {}
      : {
          suppressions: [
            { kind: 'external', status: 'accepted', justification: `${suppressed.reason} (${suppressed.source})` },
          ],
        }),
  };
}

function propertiesOf(finding: ReportedFinding): Readonly<Record<string, unknown>> {
  if (isPlaced(finding)) return { resource: wordsOf(finding).resource };
  const { purl = '', version } = finding.package;
  const own = finding.kind === 'vulnerability' ? { risk: finding.risk } : { category: finding.category };
  return { purl, installedVersion: version, ...own };
}

function messageOf(decision: Decision, finding: ReportedFinding): string {
  if (isPlaced(finding)) return sentencesOf(finding);
  if (finding.kind === 'license') return `${decision.message}.`;
  const { name, version } = finding.package;
  const fix =
    finding.fixedVersions.length === 0 ? 'No fixed version is known.' : `Fixed in ${finding.fixedVersions.join(', ')}.`;
  return `${name} ${version} is affected by ${finding.id}. ${fix}`;
}

function sentencesOf(finding: PlacedFinding): string {
  const { message, remediation } = wordsOf(finding);
  return remediation === '' ? `${message}.` : `${message}. ${remediation}.`;
}

function fingerprintOf(decision: Decision, finding: ReportedFinding, about: string): string {
  const own = isPlaced(finding) ? wordsOf(finding).fingerprint : undefined;
  return hash('sha256', `${about}\n${own ?? decision.locations[0]?.path ?? ''}`);
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
interface Notification {
  readonly level: 'error' | 'note';
  readonly message: { readonly text: string };
  readonly locations?: readonly unknown[];
}

function notificationOf({ hidesFindings, message, location }: Problem): Notification {
  return { level: hidesFindings ? 'error' : 'note', message: { text: message }, locations: [locationOf(location)] };
}

function notifications(view: ReportView): readonly unknown[] {
  const problems = coverageOf(view.graph)
    .flatMap((coverage) => coverage.problems)
    .map(notificationOf);
  const undecided = undecidedOf(view.graph).map((decision) => ({
    level: 'error',
    message: { text: decision.message },
  }));
  return [...problems, ...undecided];
}
