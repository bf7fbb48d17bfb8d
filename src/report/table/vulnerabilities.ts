// SPDX-License-Identifier: Apache-2.0
// Vulnerabilities on the screen: one row each, but for those that nobody rated and that one package has many of.
import type { Column } from '../../formats/text-table.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import type { FixState, VulnerabilityFinding } from '../../model/finding.ts';
import { countOrigins, describeOrigins, imageOf, originOfDecision, originWords } from '../../model/image-projection.ts';
import { formatLocation } from '../../model/location.ts';
import type { VulnerabilityDecision } from '../../model/projection.ts';
import { vulnerabilitiesOf } from '../../model/projection.ts';
import { formatCount } from '../../model/quantity.ts';
import type { Severity } from '../../model/severity.ts';
import { upgradePlan } from '../../model/upgrade-plan.ts';
import type { ReportOptions, ReportView } from '../report.ts';
import type { Paint } from './severity-words.ts';
import { severityCounts, severityWord } from './severity-words.ts';

type SeverityWords = Readonly<Record<Severity, string>>;

const fullWords: SeverityWords = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  negligible: 'negligible',
  unknown: 'unknown',
};

/** On a narrow screen four letters must do. */
const shortWords: SeverityWords = {
  critical: 'crit',
  high: 'high',
  medium: 'med',
  low: 'low',
  negligible: 'neg',
  unknown: 'unkn',
};

const narrowScreen = 100;

/** The block of the vulnerabilities: how many, the table, and the few upgrades that clear the most. */
export function vulnerabilityLines(view: ReportView, options: ReportOptions, paint: Paint): string[] {
  const { open } = vulnerabilitiesOf(view.graph);
  if (open.length === 0) return [`${paint('bold', 'Vulnerabilities')}   none found`];
  const withFix = open.filter(({ finding }) => finding.fixedVersions.length > 0).length;
  const exploited = open.filter(({ finding }) => finding.knownExploited !== undefined).length;
  const image = imageOf(view.graph);
  const origins = describeOrigins(countOrigins(open.map(({ decision }) => originOfDecision(decision, image))));
  const notes = [
    `${formatCount(withFix)} have a fix`,
    ...(exploited === 0 ? [] : [`${formatCount(exploited)} known exploited`]),
    ...(origins === '' ? [] : [origins]),
  ].join('; ');
  const head = `${paint('bold', 'Vulnerabilities')}   ${severityCounts(
    open.map(({ finding }) => finding),
    paint,
  )}      (${notes})`;
  const isNarrow = options.width !== undefined && options.width < narrowScreen;
  const columns: Column[] = [
    { title: 'RISK', align: 'right' },
    { title: 'ID', styled: true },
    { title: isNarrow ? 'SEV' : 'SEVERITY', styled: true },
    { title: 'PACKAGE', shrink: 'end' },
    { title: 'INSTALLED', shrink: 'end' },
    { title: 'FIXED', shrink: 'end' },
    { title: 'WHERE', shrink: 'middle' },
    ...(origins === '' ? [] : [{ title: 'FROM' }]),
  ];
  const { single, folded } = foldUnrated(open);
  const fromOf = (item: VulnerabilityDecision | undefined): string[] => {
    const origin = item === undefined ? undefined : originOfDecision(item.decision, image);
    return origins === '' ? [] : [origin === undefined ? '' : originWords[origin]];
  };
  const words = isNarrow ? shortWords : fullWords;
  const rows = [
    ...single.map((item) => [...row(item, paint, words), ...fromOf(item)]),
    ...folded.map((group) => [...foldedRow(group, paint, words), ...fromOf(group[0])]),
  ];
  return [
    head,
    ...layoutTable(columns, rows, options.width).map((line) => `  ${line}`),
    ...plan(
      open.map(({ finding }) => finding),
      options,
      paint,
    ),
  ];
}

/** More unrated findings of one package than this become one row: nobody acts on them one by one. */
const unratedRows = 3;

function foldUnrated(items: readonly VulnerabilityDecision[]): {
  single: VulnerabilityDecision[];
  folded: VulnerabilityDecision[][];
} {
  const isUnrated = ({ finding }: VulnerabilityDecision): boolean =>
    finding.severity === 'unknown' && finding.knownExploited === undefined;
  const groups = Map.groupBy(items.filter(isUnrated), ({ finding }) => finding.package.subject);
  const isFolded = (item: VulnerabilityDecision): boolean =>
    isUnrated(item) && (groups.get(item.finding.package.subject)?.length ?? 0) > unratedRows;
  return {
    single: items.filter((item) => !isFolded(item)),
    folded: [...groups.values()].filter((group) => group.length > unratedRows),
  };
}

/** `96 more`: the other formats have them one by one. */
function foldedRow(group: readonly VulnerabilityDecision[], paint: Paint, words: SeverityWords): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const cells = row(first, paint, words);
  const risk = Math.max(...group.map(({ finding }) => finding.risk));
  return [
    risk.toFixed(risk >= 10 ? 0 : 1),
    `${group.length} unrated`,
    cells[2] ?? '',
    cells[3] ?? '',
    cells[4] ?? '',
    first.finding.clearedBy ?? cells[5] ?? '',
    cells[6] ?? '',
  ];
}

function row({ decision, finding }: VulnerabilityDecision, paint: Paint, words: SeverityWords): string[] {
  const exploited = finding.knownExploited === undefined ? '' : ` ${paint(['red', 'bold'], 'KEV')}`;
  const via = finding.package.path.length > 1 ? ` (via ${nameOf(finding.package.path[0] ?? '')})` : '';
  const scope = finding.package.scope === 'runtime' ? '' : ` [${finding.package.scope}]`;
  const [first] = decision.locations;
  const more = decision.locations.length > 1 ? ` +${decision.locations.length - 1}` : '';
  return [
    finding.risk >= 10 ? finding.risk.toFixed(0) : finding.risk.toFixed(1),
    `${printable(finding.id)}${exploited}`,
    severityWord(finding.severity, paint, words[finding.severity]),
    `${finding.package.name}${via}${scope}`,
    finding.package.version,
    finding.fixedVersions[0] ?? fixWord(finding.fixState),
    first === undefined
      ? ''
      : `${formatLocation({ path: first.path, ...(first.line === undefined ? {} : { line: first.line }) })}${more}`,
  ];
}

/** `express@4.17.1` -> `express`; a leading @ belongs to the name. */
function nameOf(reference: string): string {
  const at = reference.lastIndexOf('@');
  return at > 0 ? reference.slice(0, at) : reference;
}

function fixWord(state: FixState): string {
  return {
    fixed: '',
    'not-fixed': 'none yet',
    'will-not-fix': "won't fix",
    'fix-deferred': 'deferred',
    'end-of-life': 'end of life',
    unknown: '-',
  }[state];
}

/** The few upgrades that clear the most. */
function plan(findings: readonly VulnerabilityFinding[], options: ReportOptions, paint: Paint): string[] {
  const steps = upgradePlan(findings);
  if (steps.length === 0) return [];
  const shown = steps.slice(0, 5);
  const cleared = shown.reduce((sum, step) => sum + step.clears, 0);
  const more = steps.length > shown.length ? `, and ${steps.length - shown.length} more` : '';
  const line = `  Smallest change that clears ${cleared} of ${findings.length}: ${shown.map((step) => printable(`${step.name} ${step.version}`)).join(', ')}${more}`;
  return [
    '',
    paint(
      'bold',
      options.width !== undefined && line.length > options.width ? `${line.slice(0, options.width - 1)}…` : line,
    ),
  ];
}
