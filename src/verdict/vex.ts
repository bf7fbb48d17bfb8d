// SPDX-License-Identifier: Apache-2.0
// Applies VEX statements to decisions about vulnerabilities (OpenVEX specification 0.2, "Product" and "Subcomponents").
// `not_affected` and `fixed` take a finding out; `affected` and `under_investigation` leave it. Of several statements that match, the
// latest counts. A statement without a product is about nothing that could be scanned. Statements that matched nothing are reported
// with the reason, never dropped in silence.
import type { Decision } from '../model/decision.ts';
import type { VulnerabilityFinding } from '../model/finding.ts';
import type { EvidenceGraph } from '../model/graph.ts';
import { comparableImagePurl } from '../model/image-names.ts';
import { formatLocation } from '../model/location.ts';
import { purlCovers } from '../model/purl-match.ts';
import type { VexProduct, VexStatement } from '../model/vex.ts';

export interface VexOptions {
  readonly graph: EvidenceGraph;
  /** Purls, digests and names by which statements may call the target itself. */
  readonly targetNames: readonly string[];
}

export interface VexResult {
  readonly decisions: readonly Decision[];
  readonly unused: readonly UnusedVexStatement[];
}

export interface UnusedVexStatement {
  readonly statement: VexStatement;
  /** Completes "matched nothing: ". */
  readonly reason: string;
}

export function applyVex(
  decisions: readonly Decision[],
  statements: readonly VexStatement[],
  options: VexOptions,
): VexResult {
  const used = new Set<VexStatement>();
  const ancestors = ancestorIndex(options.graph);
  const byVulnerability = indexByVulnerability(statements);
  const result = decisions.map((decision) => {
    const { finding } = decision;
    if (finding?.kind !== 'vulnerability') return decision;
    const candidates = new Set(
      [finding.id, ...finding.aliases].flatMap((id) => byVulnerability.get(id.toUpperCase()) ?? []),
    );
    const hits = [...candidates].filter((statement) => concerns(statement, finding, options, ancestors));
    for (const hit of hits) used.add(hit);
    const latest = hits.toSorted((a, b) => timeOf(a) - timeOf(b) || 0).at(-1);
    if (latest === undefined || decision.suppressed !== undefined) return decision;
    if (latest.status !== 'not_affected' && latest.status !== 'fixed') return decision;
    const reason = [latest.justification ?? latest.originalJustification, latest.statement]
      .filter((part) => part !== undefined && part !== '')
      .join(': ');
    return {
      ...decision,
      suppressed: { by: 'vex' as const, source: formatLocation(latest.location), reason, status: latest.status },
    };
  });
  const unused = statements.filter((statement) => !used.has(statement));
  const found = new Set(
    decisions
      .flatMap(({ finding }) => (finding?.kind === 'vulnerability' ? [finding.id, ...finding.aliases] : []))
      .map((id) => id.toUpperCase()),
  );
  return { decisions: result, unused: unused.map((statement) => ({ statement, reason: reasonOf(statement, found) })) };
}

/** `found`: ids of all vulnerabilities of the target, in capitals. */
function reasonOf(statement: VexStatement, found: ReadonlySet<string>): string {
  if (statement.products.length === 0) return 'it names no product, so it applies to none';
  if (!statement.vulnerabilities.some((id) => found.has(id.toUpperCase())))
    return 'the vulnerability was not found here';
  return 'the vulnerability was found, but in none of the products it names';
}

/** Milliseconds. A statement that does not say when it was made is older than all that do. */
function timeOf(statement: VexStatement): number {
  const time = Date.parse(statement.timestamp ?? '');
  return Number.isNaN(time) ? 0 : time;
}

function indexByVulnerability(statements: readonly VexStatement[]): Map<string, VexStatement[]> {
  const index = new Map<string, VexStatement[]>();
  for (const statement of statements) {
    for (const id of statement.vulnerabilities) {
      const list = index.get(id.toUpperCase());
      if (list === undefined) index.set(id.toUpperCase(), [statement]);
      else list.push(statement);
    }
  }
  return index;
}

type Ancestors = (subject: string) => ReadonlySet<string>;

function concerns(
  statement: VexStatement,
  finding: VulnerabilityFinding,
  options: VexOptions,
  ancestors: Ancestors,
): boolean {
  return statement.products.some((product) => {
    const inside =
      product.subcomponents.length === 0
        ? isPackage(product, finding)
        : product.subcomponents.some((part) => isPackage(part, finding));
    if (product.subcomponents.length === 0) return inside || isTarget(product, options);
    if (!inside) return false;
    return (
      isTarget(product, options) ||
      isPackage(product, finding) ||
      [...ancestors(finding.package.subject)].some((purl) => names(product, purl))
    );
  });
}

function isPackage(product: VexProduct, finding: VulnerabilityFinding): boolean {
  if (product.versions !== undefined && !product.versions.includes(finding.package.version)) return false;
  const { purl, subject } = finding.package;
  return (
    (purl !== undefined && names(product, purl)) ||
    product.id === subject ||
    product.id === subject.replace(/^package:/, '')
  );
}

function isTarget(product: VexProduct, options: VexOptions): boolean {
  return options.targetNames.some((name) => names(product, name));
}

function names(product: VexProduct, name: string): boolean {
  if (name === '') return false;
  if (product.id === name) return true;
  return product.kind === 'purl' && purlCovers(comparableImagePurl(product.id), comparableImagePurl(name));
}

/** Purls of everything that depends on a package, directly or not; computed once per package that is asked for. */
function ancestorIndex(graph: EvidenceGraph): Ancestors {
  let parents: Map<string, string[]> | undefined;
  const known = new Map<string, ReadonlySet<string>>();
  return (subject) => {
    parents ??= parentsOf(graph);
    const cached = known.get(subject);
    if (cached !== undefined) return cached;
    const seen = new Set<string>();
    const queue = [...(parents.get(subject) ?? [])];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...(parents.get(next) ?? []));
    }
    const purls = new Set([...seen].map((id) => id.replace(/^package:/, '')));
    known.set(subject, purls);
    return purls;
  };
}

function parentsOf(graph: EvidenceGraph): Map<string, string[]> {
  const parents = new Map<string, string[]>();
  for (const relation of graph.relations) {
    if (relation.kind !== 'depends-on') continue;
    const list = parents.get(relation.to);
    if (list === undefined) parents.set(relation.to, [relation.from]);
    else list.push(relation.from);
  }
  return parents;
}
