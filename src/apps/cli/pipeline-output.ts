// SPDX-License-Identifier: Apache-2.0
// What `landwaiter pipeline` prints: findings as a table, JSON or SARIF.
import type { PipelineAudit } from '../../evidence/pipelines/audit.ts';
import type { OutsiderPath } from '../../evidence/pipelines/map/outsider-paths.ts';
import { ciSystems } from '../../evidence/pipelines/systems/index.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import { formatLocation } from '../../model/location.ts';
import type { PipelineFinding } from '../../model/pipeline-finding.ts';
import type { Problem } from '../../model/problem.ts';
import type { Severity } from '../../model/severity.ts';
import { severities } from '../../model/severity.ts';
import { programName, version } from '../../model/version.ts';
import type { CheckReport } from './check-report.ts';
import { foldedRows } from './check-report.ts';

export interface PipelineReport extends CheckReport {
  readonly audit: PipelineAudit;
  /** Those that count, after --severity. */
  readonly findings: readonly PipelineFinding[];
  readonly paths: readonly OutsiderPath[];
  readonly filesSeen: number;
  readonly elapsed: number;
  readonly exitCode: number;
  readonly threshold: Severity | undefined;
}

/** Findings of one check and severity that are shown one by one. */
const shownOfCheck = 3;

export function printPipelineTable(report: PipelineReport, width: number | undefined): string {
  const { findings, problems, paths } = report;
  const lines: string[] = [];
  for (const [system, count] of report.audit.counts)
    lines.push(
      `${(ciSystems.find(({ id }) => id === system)?.title ?? system).padEnd(28)} ${count} ${count === 1 ? 'file' : 'files'}`,
    );
  if (report.audit.counts.size > 0) lines.push('');
  if (paths.length > 0) {
    const [first] = paths;
    const place = first?.steps[0]?.location;
    lines.push(
      `Outsiders   ${paths.length} ${paths.length === 1 ? 'path' : 'paths'} to a secret or to production   ${place === undefined ? '' : formatLocation({ path: place.path, line: place.line ?? 1 })}   (landwaiter pipeline . --map)`,
      '',
    );
  }
  if (findings.length === 0)
    lines.push(report.audit.pipelines.length === 0 ? 'No pipelines found.' : 'Pipelines   nothing found');
  else lines.push(`Pipelines   ${countWords(findings)}`, ...layoutTable(columns, rowsOf(findings), width));
  lines.push('', ...footer(report, problems));
  return `${lines.join('\n')}\n`;
}

const columns = [
  { title: '  SEVERITY' },
  { title: 'CHECK', shrink: 'end' as const },
  { title: 'WHERE', shrink: 'middle' as const },
  { title: 'WHAT', shrink: 'end' as const },
];

function rowsOf(findings: readonly PipelineFinding[]): readonly (readonly string[])[] {
  return foldedRows(findings, {
    key: ({ id, severity }) => `${severity} ${id}`,
    shown: shownOfCheck,
    row: (finding) => [`  ${finding.severity}`, finding.id, placeOf(finding), finding.message],
    rest: ({ severity, id, remediation }, more) => [`  ${severity}`, id, more, remediation],
  });
}

function placeOf({ locations: [first] }: PipelineFinding): string {
  return first === undefined ? '' : formatLocation(first);
}

function countWords(findings: readonly PipelineFinding[]): string {
  const counts = Map.groupBy(findings, ({ severity }) => severity);
  const fixable = findings.filter(({ fix }) => fix !== undefined).length;
  const words = severities.flatMap((severity) =>
    counts.has(severity) ? [`${counts.get(severity)?.length} ${severity}`] : [],
  );
  return `${words.join('  ')}${fixable === 0 ? '' : `   (${fixable} can be fixed: --fix)`}`;
}

function footer(
  { audit, filesSeen, elapsed, exitCode, threshold }: PipelineReport,
  problems: readonly Problem[],
): string[] {
  const jobs = audit.pipelines.reduce((sum, pipeline) => sum + pipeline.jobs.length, 0);
  const unread = problems.filter(({ hidesFindings }) => hidesFindings);
  const silenced = audit.suppressed.filter(({ by }) => by !== 'persona').length;
  const lines = [
    `Looked at ${audit.pipelines.length} pipelines with ${jobs} jobs in ${filesSeen} files in ${(elapsed / 1000).toFixed(1)} s.${silenced === 0 ? '' : ` Ignored by comments or configuration: ${silenced}.`}`,
  ];
  for (const { location, message } of unread.slice(0, 10))
    lines.push(`Could not look: ${formatLocation(location)}: ${printable(message)}`);
  if (unread.length > 10) lines.push(`Could not look: and ${unread.length - 10} more`);
  const asked = audit.notLookedAt.map(({ check }) => check);
  if (asked.length > 0) lines.push(`Not run, because they want the network or a list: ${asked.join(', ')}.`);
  if (exitCode === 1) lines.push(`exit 1 (findings at or over "${threshold}")`);
  if (exitCode === 3) lines.push('exit 3 (something could not be looked at)');
  return lines;
}

/** Schema `landwaiter.pipeline/v1`. */
export function printPipelineJson(report: PipelineReport): string {
  const { target, findings, audit, problems, paths } = report;
  return `${JSON.stringify(
    {
      schema: 'landwaiter.pipeline/v1',
      target,
      findings,
      suppressed: audit.suppressed.filter(({ by }) => by !== 'persona'),
      paths: paths.map(({ target, kind, label, steps, guard }) => ({
        target,
        kind,
        label,
        steps,
        ...(guard === undefined ? {} : { guard }),
      })),
      notLookedAt: audit.notLookedAt,
      problems,
      pipelines: audit.pipelines.map(({ system, kind, path, name, jobs }) => ({
        system,
        kind,
        path,
        name,
        jobs: jobs.length,
      })),
    },
    undefined,
    2,
  )}\n`;
}

const levels: Readonly<Record<Severity, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  negligible: 'note',
  unknown: 'warning',
};
const mostResults = 5000;

/** SARIF 2.1.0; results are sorted by severity, so what is over the limit of code scanning pages is the least important. */
export function printPipelineSarif({ findings, problems }: PipelineReport): string {
  const kept = findings.slice(0, mostResults);
  const rules = [...new Map(kept.map((finding) => [finding.id, finding])).values()];
  const run = {
    tool: {
      driver: {
        name: programName,
        version,
        informationUri: 'https://landwaiter.dev',
        rules: rules.map((finding) => ({
          id: finding.id,
          name: 'PipelineWeakness',
          shortDescription: { text: finding.title },
          help: { text: finding.remediation },
          defaultConfiguration: { level: levels[finding.severity] },
          properties: {
            tags: ['security', 'pipeline', finding.principle, ...finding.aliases].slice(0, 20),
            precision: finding.confidence === 'high' ? 'high' : 'medium',
          },
        })),
      },
    },
    results: kept.map((finding) => ({
      ruleId: finding.id,
      ruleIndex: rules.findIndex(({ id }) => id === finding.id),
      level: levels[finding.severity],
      message: { text: `${finding.message}. ${finding.remediation}` },
      locations: finding.locations.slice(0, 1).map(sarifLocation),
      relatedLocations: finding.locations
        .slice(1, 10)
        .map((location, index) => ({ id: index + 1, ...sarifLocation(location) })),
    })),
    invocations: [
      {
        executionSuccessful: !problems.some(({ hidesFindings }) => hidesFindings),
        toolExecutionNotifications: problems.slice(0, 100).map(({ message, location }) => ({
          level: 'warning',
          message: { text: message },
          locations: [sarifLocation(location)],
        })),
      },
    ],
    ...(findings.length > kept.length ? { properties: { leftOut: findings.length - kept.length } } : {}),
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

function sarifLocation({ path, line, column, endLine }: PipelineFinding['locations'][number]): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(path) },
      ...(line === undefined
        ? {}
        : {
            region: {
              startLine: line,
              ...(column === undefined ? {} : { startColumn: column }),
              ...(endLine === undefined ? {} : { endLine }),
            },
          }),
    },
  };
}
