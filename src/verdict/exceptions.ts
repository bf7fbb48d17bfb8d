// SPDX-License-Identifier: Apache-2.0
// Applies ignore entries to decisions. An expired entry does not apply; entries that matched nothing are reported, so that
// stale exceptions are seen.

import type { Decision } from '../model/decision.ts';
import type { Finding, PackageReference } from '../model/finding.ts';
import type { IgnoreRule } from '../model/ignore.ts';
import { formatLocation } from '../model/location.ts';
import type { PlacedFinding } from '../model/placed-finding.ts';
import { isPlaced, wordsOf } from '../model/placed-finding.ts';
import { purlCovers } from '../model/purl-match.ts';
import { nameTest, vulnerabilityTest } from './vulnerability-rule.ts';

export interface IgnoreResult {
  readonly decisions: readonly Decision[];
  /** Entries that took nothing out. */
  readonly unused: readonly IgnoreRule[];
  /** Entries past their date that would have matched or not: they no longer apply. */
  readonly expired: readonly IgnoreRule[];
}

export interface IgnoreOptions {
  /** RFC 3339; compared with the entries' dates. */
  readonly now: string;
  /** Compiles a glob over paths; handed in because the policy of globs belongs to the formats. */
  readonly compileGlob: (glob: string) => (path: string) => boolean;
}

export function applyIgnores(
  decisions: readonly Decision[],
  rules: readonly IgnoreRule[],
  options: IgnoreOptions,
): IgnoreResult {
  const expired = rules.filter(
    (rule) => rule.expires !== undefined && Date.parse(rule.expires) <= Date.parse(options.now),
  );
  const active = rules
    .filter((rule) => !expired.includes(rule))
    .map((rule) => ({ rule, applies: compileRule(rule, options), used: false }));
  const result = decisions.map((decision) => {
    const hits = active.filter((entry) => entry.applies(decision));
    for (const entry of hits) entry.used = true;
    const [hit] = hits;
    if (hit === undefined || decision.suppressed !== undefined || decision.outcome !== 'fail') return decision;
    const { rule } = hit;
    const expires = rule.expires === undefined ? {} : { expires: rule.expires };
    return {
      ...decision,
      suppressed: { by: 'ignore' as const, source: formatLocation(rule.location), reason: rule.reason, ...expires },
    };
  });
  return { decisions: result, unused: active.filter((entry) => !entry.used).map((entry) => entry.rule), expired };
}

function compileRule(rule: IgnoreRule, options: IgnoreOptions): (decision: Decision) => boolean {
  const paths = rule.paths.map(options.compileGlob);
  const name = rule.packageName === undefined ? undefined : nameTest(rule.packageName);
  const isSuch = vulnerabilityTest(rule);
  const isOnVulnerabilities = [rule.fixState, rule.upstreamName, rule.matchedBy, rule.namespace].some(
    (condition) => condition !== undefined,
  );
  const isOnPackages =
    rule.purls.length > 0 ||
    [name, rule.packageVersion, rule.packageType, rule.packageTypes].some((condition) => condition !== undefined);
  return (decision) => {
    const { finding } = decision;
    if (finding === undefined || (rule.scanner !== undefined && rule.scanner !== finding.kind)) return false;
    if (rule.ids.length > 0 && !rule.ids.some((id) => hasId(finding, id, rule.aliases))) return false;
    if (isOnVulnerabilities && !(finding.kind === 'vulnerability' && isSuch(finding))) return false;
    // What is about no package fits no entry that asks for one.
    if (isOnPackages && !('package' in finding && isOfPackage(rule, finding.package, name))) return false;
    return paths.length === 0 || decision.locations.some((location) => paths.some((matches) => matches(location.path)));
  };
}

function isOfPackage(
  rule: IgnoreRule,
  item: PackageReference,
  isNamed: ((name: string) => boolean) | undefined,
): boolean {
  if (isNamed !== undefined && !isNamed(item.name)) return false;
  if (rule.packageVersion !== undefined && rule.packageVersion !== item.version) return false;
  if (rule.packageType !== undefined && rule.packageType !== item.type) return false;
  if (rule.packageTypes !== undefined && !rule.packageTypes.includes(item.type)) return false;
  const { purl } = item;
  return rule.purls.length === 0 || (purl !== undefined && rule.purls.some((general) => purlCovers(general, purl)));
}

function hasId(finding: Finding, id: string, aliases: IgnoreRule['aliases']): boolean {
  const wanted = id.toUpperCase();
  if (finding.kind === 'license')
    return [finding.expression, finding.spdx, finding.category].some((name) => name?.toUpperCase() === wanted);
  if (finding.id.toUpperCase() === wanted) return true;
  if (aliases === 'exact' && finding.kind === 'vulnerability')
    return finding.matches.some((match) => match.advisory === id);
  const names = isPlaced(finding) ? namesOf(finding) : finding.aliases;
  return names.some((alias) => alias.toUpperCase() === wanted);
}

/** A fingerprint is a name too: an entry that holds it takes out this one secret or line, wherever it moves. */
function namesOf(finding: PlacedFinding): readonly string[] {
  const { aliases, fingerprint } = wordsOf(finding);
  return fingerprint === undefined || fingerprint === '' ? aliases : [...aliases, fingerprint];
}
