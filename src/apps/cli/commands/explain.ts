// SPDX-License-Identifier: Apache-2.0
// `landwaiter explain ID|PACKAGE [TARGET]`: why something is in the result, or why it is not.
import { nearMisses } from '../../../advisories/near-miss.ts';
import { printable } from '../../../formats/text-table.ts';
import { reportTime } from '../../../io/clock.ts';
import { describeEpss } from '../../../model/epss.ts';
import { LandwaiterError } from '../../../model/error.ts';
import type { VulnerabilityFinding } from '../../../model/finding.ts';
import { formatLocation } from '../../../model/location.ts';
import type { VulnerabilityDecision } from '../../../model/projection.ts';
import { vulnerabilitiesOf } from '../../../model/projection.ts';
import { plural } from '../../../model/quantity.ts';
import type { Inspection } from '../../inspect.ts';
import { scanInspection } from '../../scan.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { openLookup } from '../database.ts';
import { readExceptions } from '../exceptions.ts';
import { inspectTarget } from '../inspect-target.ts';
import { plainOutput } from '../outputs.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [subject, target = '.', ...rest] = operands;
  if (subject === undefined || rest.length > 0) {
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'explain takes an id or a package, and a target',
      hint: 'landwaiter explain CVE-2021-23337 dir:.',
    });
  }
  const output = plainOutput(values, context, 'explain');
  const now = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  const inspection = await inspectTarget(context, target, values, now);
  const { ignores, vex, unapplied } = await readExceptions(context, inspection, values);
  const lookup = await openLookup(context, values);
  const { verdict } = scanInspection(inspection, {
    lookup,
    ignores,
    vex,
    unapplied,
    keep: () => true,
    threshold: undefined,
    now,
    tolerated: new Set(),
  });
  const { open, suppressed } = vulnerabilitiesOf(inspection.graph);
  const found = [...open, ...suppressed].filter(({ finding }) => concerns(finding, subject));
  if (output.form === 'json') {
    output.write(
      `${JSON.stringify(
        found.map(({ decision, finding }) => ({ ...finding, suppressed: decision.suppressed })),
        undefined,
        2,
      )}\n`,
    );
  } else if (found.length > 0) output.write(`${found.map(explain).join('\n\n')}\n`);
  else {
    const { text, isCertain } = notAffected(subject, inspection, lookup);
    output.write(text);
    return verdict.state === 'incomplete' && !isCertain ? 3 : 1;
  }
  return found.length > 0 ? 0 : 1;
}

/** By id or alias (any case), or by the package's name, name@version or purl. */
function concerns(finding: VulnerabilityFinding, subject: string): boolean {
  const wanted = subject.toUpperCase();
  if ([finding.id, ...finding.aliases].some((id) => id.toUpperCase() === wanted)) return true;
  const { name, version, purl } = finding.package;
  return name === subject || `${name}@${version}` === subject || purl === subject;
}

function explain({ decision, finding }: VulnerabilityDecision): string {
  const { name, version, path, scope } = finding.package;
  const names = finding.aliases.length === 0 ? '' : ` (${finding.aliases.join(', ')})`;
  const lines = [`${finding.id}${names}`, `${name} ${version} is affected:`];
  for (const match of finding.matches) {
    lines.push(
      `  ${match.advisory} (${match.source}): ${match.searched}, affected ${match.range}; ${version} lies in it by the order of ${match.order}`,
    );
  }
  const [first] = path;
  if (path.length > 1)
    lines.push(
      `It comes in by ${path.join(' > ')}${scope === 'runtime' ? '' : ` (${scope})`}. The direct dependency is ${first}.`,
    );
  else lines.push(`It is named directly${scope === 'runtime' ? '' : ` (${scope})`}.`);
  lines.push(...decision.locations.map((location) => `  ${formatLocation(location)}`));
  lines.push(rating(finding));
  if (finding.fixedVersions.length === 0) lines.push(`No fixed version is known (${finding.fixState}).`);
  else {
    const all =
      finding.clearedBy === undefined || finding.clearedBy === finding.fixedVersions[0]
        ? ''
        : `; ${finding.clearedBy} clears everything known of ${name}`;
    lines.push(`Fixed in ${finding.fixedVersions.join(', ')}${all}.`);
  }
  const { suppressed } = decision;
  if (suppressed !== undefined)
    lines.push(
      `It does not count: ${suppressed.status ?? suppressed.by} in ${suppressed.source}: ${suppressed.reason}`,
    );
  if (finding.urls.length > 0) lines.push(...finding.urls.map((url) => `  ${url}`));
  return lines.map(printable).join('\n');
}

function rating(finding: VulnerabilityFinding): string {
  const scores = finding.cvss.map((item) => `CVSS ${item.version} ${item.score.toFixed(1)} (${item.source})`);
  const epss = finding.epss === undefined ? 'EPSS unknown' : `EPSS ${describeEpss(finding.epss)}`;
  const exploited =
    finding.knownExploited === undefined
      ? ''
      : `, on the list of known exploited vulnerabilities since ${finding.knownExploited.added.slice(0, 10)}`;
  return `Severity ${finding.severity} (${finding.severitySource}), ${[...scores, epss].join(', ')}${exploited}. Risk ${finding.risk.toFixed(1)} of 100.`;
}

/** Certain when an advisory of that id names a package of the target and leaves its version out. */
function notAffected(
  subject: string,
  inspection: Inspection,
  lookup: Awaited<ReturnType<typeof openLookup>>,
): { readonly text: string; readonly isCertain: boolean } {
  let isCertain = false;
  const packages = inspection.lists.flatMap((list) =>
    list.packages.map((item) => ({ item, distribution: list.distribution })),
  );
  const lines = [`${inspection.target.target} is not affected by ${subject}, as far as the advisories here tell.`];
  for (const { item, distribution } of packages) {
    if (item.name === subject)
      lines.push(`  ${item.name} ${item.version || '(no version)'} is in it; no advisory here contains that version.`);
    for (const miss of nearMisses(item, subject, { lookup, distribution })) {
      isCertain = true;
      const why =
        miss.withdrawn === undefined
          ? `does not contain ${item.version}`
          : `was withdrawn on ${miss.withdrawn.slice(0, 10)}`;
      lines.push(
        `  ${item.name} ${item.version}: ${miss.advisory} (${miss.source}) affects ${miss.range}, which ${why}.`,
      );
    }
  }
  if (lines.length === 1)
    lines.push(`  None of its ${plural(packages.length, 'package')} is named by an advisory of that id.`);
  return { text: `${[...new Set(lines)].map(printable).join('\n')}\n`, isCertain };
}
