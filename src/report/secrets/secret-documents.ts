// SPDX-License-Identifier: Apache-2.0
// Secrets for programs: our JSON, SARIF 2.1.0, GitLab's secret detection report (schema 15), JUnit XML.
import { escapeXml } from '../../formats/xml-print.ts';
import { formatLocation } from '../../model/location.ts';
import type { SecretFinding } from '../../model/secret-finding.ts';
import type { Severity } from '../../model/severity.ts';
import type { ReportedSecret, SecretReportView } from './secret-report.ts';

export const secretReportSchema = 'https://landwaiter.dev/schema/secrets/v1';

export function secretJson(view: SecretReportView): string {
  const document = {
    schema: secretReportSchema,
    tool: view.tool,
    createdAt: view.createdAt,
    target: view.target,
    secrets: view.secrets.map(({ finding, isBlocking, suppressed }) => ({
      ...finding,
      blocking: isBlocking,
      ...(suppressed === undefined ? {} : { suppressed }),
    })),
    problems: view.problems,
    counts: view.counts,
    rules: view.rules,
    unusedIgnores: view.unused,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Results that GitHub takes of one run; those that are shown are 5,000. */
const mostResults = 5_000;

export function secretSarif(view: SecretReportView): string {
  const kept = view.secrets.slice(0, mostResults);
  const ids = [...new Set(kept.map(({ finding }) => finding.id))];
  const run = {
    tool: {
      driver: {
        name: view.tool.name,
        version: view.tool.version,
        informationUri: 'https://landwaiter.dev',
        rules: ids.map((id) => sarifRule(id, kept)),
      },
    },
    invocations: [
      {
        executionSuccessful: !view.problems.some(({ hidesFindings }) => hidesFindings),
        endTimeUtc: view.createdAt,
        toolExecutionNotifications: view.problems.map(({ message, location, hidesFindings }) => ({
          level: hidesFindings ? 'error' : 'note',
          message: { text: `${formatLocation(location)}: ${message}` },
        })),
      },
    ],
    results: kept.map((secret) => sarifResult(secret, ids.indexOf(secret.finding.id))),
    properties: { target: view.target, resultsCut: view.secrets.length - kept.length },
  };
  const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  negligible: '1.0',
  unknown: '0.0',
};

function sarifRule(id: string, secrets: readonly ReportedSecret[]): object {
  const finding = secrets.find((secret) => secret.finding.id === id)?.finding;
  return {
    id,
    shortDescription: { text: finding?.title ?? id },
    properties: {
      'security-severity': scores[finding?.severity ?? 'unknown'],
      precision: finding?.confidence ?? 'low',
      tags: ['security', 'secret', ...(finding?.tags ?? [])].slice(0, 10),
    },
  };
}

function sarifResult({ finding, isBlocking, suppressed }: ReportedSecret, ruleIndex: number): object {
  const { path, line, endLine, column } = finding.location;
  const region =
    line === undefined
      ? {}
      : {
          region: {
            startLine: line,
            ...(endLine === undefined ? {} : { endLine }),
            ...(column === undefined ? {} : { startColumn: column }),
          },
        };
  return {
    ruleId: finding.id,
    ruleIndex,
    level: isBlocking ? 'error' : 'warning',
    message: { text: `${finding.title}${finding.redacted === '' ? '' : ` (${finding.redacted})`}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) }, ...region } }],
    partialFingerprints: { 'landwaiter/secret/v1': finding.fingerprint },
    ...(suppressed === undefined
      ? {}
      : { suppressions: [{ kind: 'external', justification: `${suppressed.by}: ${suppressed.reason}` }] }),
    ...(finding.commit === undefined ? {} : { properties: { commit: finding.commit } }),
  };
}

function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

const gitlabSeverities: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  negligible: 'Info',
  unknown: 'Unknown',
};

/** Accepted secrets are left out: the schema has no place for them. */
export function secretGitlab(view: SecretReportView): string {
  const tool = { id: view.tool.name, name: 'Landwaiter', version: view.tool.version, vendor: { name: 'Landwaiter' } };
  const time = view.createdAt.slice(0, 19);
  const status = view.problems.some(({ hidesFindings }) => hidesFindings) ? 'failure' : 'success';
  const document = {
    version: '15.0.7',
    scan: { type: 'secret_detection', status, start_time: time, end_time: time, analyzer: tool, scanner: tool },
    vulnerabilities: openOf(view).map(({ finding }) => gitlabVulnerability(finding)),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function gitlabVulnerability(finding: SecretFinding): object {
  const { path, line, endLine } = finding.location;
  const { commit } = finding;
  return {
    id: `${finding.fingerprint}:${path}:${line ?? 0}`,
    name: finding.title.slice(0, 255),
    description: `${finding.title} found${finding.redacted === '' ? '' : ` (${finding.redacted})`}: take it out of the repository and make a new one.`,
    severity: gitlabSeverities[finding.severity],
    location: {
      file: path,
      ...(line === undefined ? {} : { start_line: line, end_line: endLine ?? line }),
      commit: {
        sha: commit?.id === undefined || commit.id === '' ? '0000000' : commit.id,
        ...(commit === undefined ? {} : { author: commit.author, date: commit.date, message: commit.message }),
      },
    },
    identifiers: [{ type: 'landwaiter_secret', name: finding.id, value: finding.id }],
  };
}

export function secretJunit(view: SecretReportView): string {
  const cases = openOf(view).map(({ finding }) => {
    const name = `${finding.title} in ${formatLocation(finding.location)}`;
    const text = `${finding.severity}, ${finding.confidence} confidence, ${finding.redacted} ${finding.fingerprint}`;
    return `    <testcase classname="${escapeXml(finding.location.path)}" name="${escapeXml(name)}"><failure message="${escapeXml(name)}" type="${escapeXml(finding.id)}">${escapeXml(text)}</failure></testcase>\n`;
  });
  const errors = view.problems
    .filter(({ hidesFindings }) => hidesFindings)
    .map(
      ({ message, location }) =>
        `    <testcase classname="${escapeXml(location.path)}" name="${escapeXml(formatLocation(location))}"><error message="${escapeXml(message)}" type="could not look"/></testcase>\n`,
    );
  const all = [...cases, ...errors];
  const body = all.length === 0 ? '    <testcase classname="secrets" name="no finding"/>\n' : all.join('');
  const head = `  <testsuite name="secrets" tests="${Math.max(1, all.length)}" failures="${cases.length}" errors="${errors.length}" skipped="0">\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeXml(`landwaiter ${view.target}`)}">\n${head}${body}  </testsuite>\n</testsuites>\n`;
}

function openOf(view: SecretReportView): readonly ReportedSecret[] {
  return view.secrets.filter(({ suppressed }) => suppressed === undefined);
}
