// SPDX-License-Identifier: Apache-2.0
// What `landwaiter manifests` prints: faults, or how secrets are managed, as a table or JSON.
import type { ConfigurationChecking } from '../../evidence/misconfiguration/check-configuration.ts';
import type { NamespaceAdoption, SecretsFinding } from '../../evidence/misconfiguration/secrets-management/audit.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import type { Decision } from '../../model/decision.ts';
import { formatLocation } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import { severityRank } from '../../model/severity.ts';
import { programName, version } from '../../model/version.ts';
import type { CheckReport } from './check-report.ts';
import { foldedRows } from './check-report.ts';

export interface ManifestReport extends CheckReport {
  readonly checking: ConfigurationChecking;
  /** Those that count: not suppressed, of the severities that are asked for. */
  readonly failed: readonly Decision[];
  readonly secrets: readonly SecretsFinding[];
}

/** Rows of one check that are shown one by one. */
const shownOfCheck = 5;

export function printManifestTable({ checking, failed, problems }: ManifestReport, width: number | undefined): string {
  const { objects, dockerfiles, composeFiles, charts, kustomizations } = checking.seen;
  const sorted = failed.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));
  const rows = foldedRows(sorted, {
    key: ({ rule }) => rule,
    shown: shownOfCheck,
    row: (item) => row(item, item.message, placeOf(item)),
    rest: (first, more) => row(first, remedyOf(first), more),
  });
  const columns = [
    { title: 'SEVERITY' },
    { title: 'CHECK', shrink: 'end' as const },
    { title: 'WHAT', shrink: 'end' as const },
    { title: 'WHERE', shrink: 'middle' as const },
  ];
  const fixable = failed.filter(
    ({ finding }) => finding?.kind === 'misconfiguration' && finding.fix !== undefined,
  ).length;
  return lines([
    ...(rows.length === 0 ? ['Nothing found.'] : layoutTable(columns, rows, width)),
    '',
    `Looked at ${objects} objects, ${charts} charts, ${kustomizations} kustomizations, ${dockerfiles} Dockerfiles, ${composeFiles} Compose files: ${failed.length} faults${fixable === 0 ? '' : `, ${fixable} can be fixed (--fix --unsafe-fixes)`}.`,
    ...notes(problems),
  ]);
}

function row({ severity, rule }: Decision, what: string, where: string): string[] {
  return [severity, rule.slice(rule.indexOf('/') + 1), printable(what), where];
}

function placeOf({ locations: [first] }: Decision): string {
  return first === undefined ? '' : formatLocation(first);
}

function remedyOf({ finding }: Decision): string {
  return finding?.kind === 'misconfiguration' ? finding.remediation : '';
}

export function printSecretsTable(report: ManifestReport, width: number | undefined): string {
  const { checking, secrets, problems } = report;
  const namespaces = checking.adoption.map((item) => [
    item.namespace,
    item.level ?? 'no secrets seen',
    item.managedPercent === undefined ? '' : `${item.managedPercent} %`,
    ...waysOf(item),
    `${item.delivery.environment} / ${item.delivery.files}`,
    item.by.join(', '),
  ]);
  const columns = [
    'NAMESPACE',
    'LEVEL',
    'MANAGED',
    'STATIC',
    'ENCRYPTED',
    'SYNCED',
    'MOUNTED',
    'IDENTITY',
    'ENV / FILES',
    'BY',
  ];
  const findings = secrets.flatMap(({ finding, location, migration }) => [
    `${finding.severity}  ${formatLocation(location)}  ${printable(finding.message)}`,
    `      -> ${migration.to}: ${printable(migration.step)}`,
  ]);
  return lines([
    ...(namespaces.length === 0
      ? ['No namespaces seen.']
      : layoutTable(
          columns.map((title) => (title === 'BY' ? { title, shrink: 'end' as const } : { title })),
          namespaces,
          width,
        )),
    '',
    ...(findings.length === 0 ? ['No secret stands readable in what was looked at.'] : findings),
    ...notes(problems),
  ]);
}

function waysOf({ counts }: NamespaceAdoption): readonly string[] {
  return Object.values(counts).map(String);
}

function notes(problems: readonly Problem[]): readonly string[] {
  const told = problems.filter(({ kind, hidesFindings }) => hidesFindings || kind === 'unsupported');
  const shown = told.slice(0, 10).map(({ hidesFindings, location, message }) => {
    const what = hidesFindings ? 'Could not look' : 'In part';
    return `${what}: ${formatLocation(location)}: ${printable(message)}`;
  });
  return told.length > shown.length
    ? [...shown, `and ${told.length - shown.length} more that could not be read`]
    : shown;
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

/** Schema `landwaiter.manifests/v1`. */
export function printManifestJson({ target, checking, failed, secrets, problems }: ManifestReport): string {
  return `${JSON.stringify(
    {
      schema: 'landwaiter.manifests/v1',
      producer: { name: programName, version },
      target,
      seen: checking.seen,
      faults: failed.map(({ finding, locations }) => ({ ...finding, locations })),
      secretsManagement: {
        adoption: checking.adoption,
        findings: secrets.map(({ finding, location, namespace, migration }) => ({
          ...finding,
          locations: [location],
          namespace,
          migration,
        })),
      },
      problems,
    },
    null,
    2,
  )}\n`;
}
