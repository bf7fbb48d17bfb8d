// SPDX-License-Identifier: Apache-2.0
// Compares packages that a row wants with packages of ours. Both sides become sets keyed by name@version with: development,
// relationship, licences, lines, dependencies (as name@version). Equivalences, each because Trivy's model differs:
// - a root or workspace package of ours that the row does not list is dropped (most Trivy parsers give none), and so is a wanted
//   package without a name (the hash Trivy makes up as the root of a virtual workspace), each with the edges that lead to it;
// - several packages of one name and version are one: lines and dependencies are joined, the stronger scope wins;
// - `Dev` stands for our scopes development and test; relationship, licences and lines are compared where the row states them
//   (`RelationshipUnknown`, an empty licence list and no location state nothing);
// - Trivy cuts licence texts at `or`, `and` and commas and loses which it was: both sides are cut so before they are compared;
// - dependencies are compared when the row states any, or when other rows of the same table can (field present).
import type { Package, Relationship } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import { expectSameSet } from '../pack.ts';
import type { TrivyMapping } from './mapping.ts';
import type { Row } from './rows.ts';

/** ftypes.Package in the parts that are compared. */
export interface WantedPackage {
  readonly ID?: string;
  readonly Name?: string;
  readonly Version?: string;
  readonly Dev?: boolean;
  readonly Relationship?: string;
  readonly Licenses?: readonly string[] | null;
  readonly Locations?: readonly { readonly StartLine?: number; readonly EndLine?: number }[] | null;
  readonly DependsOn?: readonly string[] | null;
}

/** ftypes.Dependency. */
export interface WantedDependency {
  readonly ID?: string;
  readonly DependsOn?: readonly string[] | null;
}

interface Summary {
  key: string;
  development: boolean;
  relationship: string | undefined;
  licenses: string[];
  lines: string[];
  dependencies: string[];
}

export interface Comparison {
  readonly row: Row;
  readonly mapping: TrivyMapping;
  readonly dependencies: 'compared' | 'unstated';
}

/** Passes when both lists say the same under the rules in the header. */
export function comparePackages(
  wanted: readonly WantedPackage[],
  ours: readonly Package[],
  how: Comparison,
): CaseResult {
  const want = summariseWanted(wanted);
  const have = summariseOurs(ours, want, how);
  const left: unknown[] = [];
  const right: unknown[] = [];
  for (const key of new Set([...want.keys(), ...have.keys()])) {
    const expected = want.get(key);
    const actual = have.get(key);
    if (expected !== undefined) left.push(shown(expected, expected, how));
    if (actual !== undefined) right.push(shown(actual, expected, how));
  }
  return expectSameSet(left, right);
}

function shown(summary: Summary, expected: Summary | undefined, how: Comparison): unknown {
  const { mapping } = how;
  return {
    package: summary.key,
    ...(mapping.development === 'unstated' ? {} : { development: summary.development }),
    ...(expected?.relationship === undefined || mapping.relationship === 'unstated'
      ? {}
      : { relationship: relationshipLike(expected.relationship, summary.relationship) }),
    ...(expected === undefined || expected.licenses.length === 0 ? {} : { licenses: splitLicenses(summary.licenses) }),
    ...(expected === undefined || expected.lines.length === 0 ? {} : { lines: summary.lines.toSorted() }),
    ...(how.dependencies === 'unstated'
      ? {}
      : { dependencies: [...new Set(summary.dependencies.filter(hasVersion))].sort() }),
  };
}

function splitLicenses(licenses: readonly string[]): string[] {
  return [...new Set(licenses.flatMap((text) => text.split(/,?[_ ]+(?:or|and)[_ ]+|, */)))].sort();
}

/** Trivy's npm parser counts the workspaces of a project among its direct dependencies. */
function relationshipLike(expected: string, actual: string | undefined): string | undefined {
  return expected === 'direct' && actual === 'workspace' ? 'direct' : actual;
}

function summariseWanted(wanted: readonly WantedPackage[]): Map<string, Summary> {
  const keys = new Map(wanted.map((item) => [item.ID ?? '', keyOf(item.Name ?? '', item.Version ?? '')]));
  const found = new Map<string, Summary>();
  for (const item of wanted) {
    if (item.Name === undefined || item.Name === '') continue;
    merge(found, {
      key: keyOf(item.Name, item.Version ?? ''),
      development: item.Dev === true,
      relationship: relationshipOf(item.Relationship),
      licenses: [...(item.Licenses ?? [])],
      lines: (item.Locations ?? []).map((at) => `${at.StartLine ?? 0}-${at.EndLine ?? 0}`),
      dependencies: (item.DependsOn ?? []).map((id) => keys.get(id) ?? id).filter((key) => key !== '@'),
    });
  }
  return found;
}

function summariseOurs(ours: readonly Package[], want: Map<string, Summary>, how: Comparison): Map<string, Summary> {
  const { mapping } = how;
  const name = mapping.nameOf ?? ((text: string) => text);
  const ourKey = (item: Package): string => keyOf(name(item.name), mapping.versionOf?.(item, how.row) ?? item.version);
  const keys = new Map(ours.map((item) => [item.id, ourKey(item)]));
  const isOwn = (item: Package): boolean => item.relationship === 'root' || item.relationship === 'workspace';
  const isLeftOut = (item: Package): boolean =>
    (isOwn(item) || mapping.leavesOut?.(item) === true) && !want.has(ourKey(item));
  const leftOut = new Set(ours.filter(isLeftOut).map((item) => item.id));
  const found = new Map<string, Summary>();
  for (const item of ours.filter(mapping.keep ?? (() => true))) {
    const key = ourKey(item);
    const isDevelopment = item.scope === 'development' || item.scope === 'test';
    if (isDevelopment && mapping.development === 'left out' && !want.has(key)) continue;
    if (isLeftOut(item)) continue;
    merge(found, {
      key,
      development: isDevelopment,
      relationship: item.relationship,
      licenses: [...(mapping.licensesOf?.(item) ?? item.licenses)],
      lines: item.locations.map((at) => `${at.line ?? 0}-${at.endLine ?? at.line ?? 0}`),
      dependencies: item.dependsOn.filter((id) => !leftOut.has(id)).map((id) => keys.get(id) ?? id),
    });
  }
  return found;
}

function merge(found: Map<string, Summary>, next: Summary): void {
  const before = found.get(next.key);
  if (before === undefined) {
    found.set(next.key, next);
    return;
  }
  before.development &&= next.development;
  if (next.relationship !== undefined && next.relationship !== 'indirect') before.relationship = next.relationship;
  before.licenses = [...new Set([...before.licenses, ...next.licenses])];
  before.lines = [...new Set([...before.lines, ...next.lines])];
  before.dependencies.push(...next.dependencies);
}

/** Trivy has no edges to packages whose version it could not tell. */
function hasVersion(key: string): boolean {
  return !key.endsWith('@');
}

function keyOf(name: string, version: string): string {
  return `${name}@${version}`;
}

function relationshipOf(constant: string | undefined): Relationship | undefined {
  const word = constant?.replace(/^f?types\.Relationship/, '').toLowerCase();
  return word === 'root' || word === 'workspace' || word === 'direct' || word === 'indirect' ? word : undefined;
}
