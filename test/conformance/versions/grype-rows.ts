// SPDX-License-Identifier: Apache-2.0
// Runs one row of Grype's version tables.

import {
  holdsComparator,
  type Operator,
  parseComparator,
  splitExpression,
  unquote,
} from '../../../src/advisories/version-text/constraint.ts';
import { epochOf, withEpochOf } from '../../../src/advisories/version-text/epoch.ts';
import { withoutLeadingV } from '../../../src/advisories/version-text/leading-v.ts';
import { isSemverLike } from '../../../src/advisories/versions/fuzzy.ts';
import { orderOf } from '../../../src/advisories/versions/index.ts';
import { modernJavaVersion } from '../../../src/advisories/versions/jvm.ts';
import { withoutJavaRuntime } from '../../../src/advisories/versions/maven.ts';
import { compareInstalled, type VersionOrder } from '../../../src/advisories/versions/order.ts';
import { canonicalGemSegments, type GemSegment, gemSegments } from '../../../src/advisories/versions/rubygems.ts';
import { type CaseResult, expectEqual } from '../pack.ts';
import { argumentsOf, has, type Row, testOf, textOf } from './rows.ts';

const ordersOfFormats: Readonly<Record<string, string>> = {
  SemanticFormat: 'semver',
  ApkFormat: 'apk',
  DebFormat: 'dpkg',
  RpmFormat: 'rpm',
  MavenFormat: 'maven',
  GolangFormat: 'golang',
  PythonFormat: 'pep440',
  GemFormat: 'rubygems',
  KBFormat: 'kb',
  PortageFormat: 'portage',
  JVMFormat: 'jvm',
  BitnamiFormat: 'bitnami',
  PacmanFormat: 'pacman',
};

const ordersOfFiles: Readonly<Record<string, string>> = {
  apk: 'apk',
  bitnami: 'bitnami',
  deb: 'dpkg',
  fuzzy: 'fuzzy',
  gem: 'rubygems',
  golang: 'golang',
  jvm: 'jvm',
  kb: 'kb',
  maven: 'maven',
  pacman: 'pacman',
  pep440: 'pep440',
  portage: 'portage',
  rpm: 'rpm',
};

/** Unnamed formats (`iota` is Grype's "unknown") and files about no format in particular compare as semver. */
function orderFor(name: string): VersionOrder {
  const order = orderOf(ordersOfFormats[name] ?? ordersOfFiles[name.split('_')[0] ?? ''] ?? 'semver');
  if (order === undefined) throw new Error(`no version order for ${name}`);
  return order;
}

/** What Landwaiter has no equivalent of; each has a reason in versions.skips.yaml. */
const internals = /^Test\w*(?:_String|VersionString|NewSet|CombineConstraints|Satisfied_WithErrors)$/;

/** Runs the row through what its fields state; the names of its fields are Grype's. */
export function grypeRow(row: Row, file: string): CaseResult {
  const order = orderFor(file);
  const test = testOf(row);
  if (internals.test(test)) return { outcome: 'skipped', reason: 'about a Go type of Grype' };
  if (test === 'TestPseudoSemverPattern')
    return expectEqual(row['valid'] ?? false, isSemverLike(textOf(row, 'version')));
  if (/Invalid(?:Inputs)?$/.test(test))
    return expectEqual(false, order.isValid(textOf(row, has(row, 'input') ? 'input' : 'version')));
  if (has(row, 'phrase')) return expressionRow(row, test);
  if (has(row, 'left') || has(row, 'operator')) return operatorRow(row);
  if (has(row, 'wantValue')) return combinedRow(row);
  if (has(row, 'strategy')) return epochRow(row);
  if (has(row, 'wantNil'))
    return expectEqual(row['wantNil'] === true ? undefined : row['expected'], epochOf(textOf(row, 'version')));
  if (has(row, 'constraint')) return constraintRow(row, order);
  if (has(row, 'otherFormat')) return formatRow(row, order);
  if (has(row, 'v1', 'v2') || has(row, 'a', 'b') || has(row, 'version1', 'version2'))
    return compareRow(row, { order, test });
  if (has(row, 'wantErr')) return validityRow(row, order);
  if (order.id === 'rubygems') return gemRow(row);
  return textRow(row, { order, test });
}

function constraintRow(row: Row, order: VersionOrder): CaseResult {
  const version = has(row, 'versionStr') ? textOf(row, 'versionStr') : textOf(row, 'version');
  const expected = row['satisfied'] ?? row['expectedResult'] ?? row['expected'] ?? false;
  const format = textOf(row, 'constraintFmt');
  const chosen = format === '' ? order : orderFor(format);
  const actual = chosen.affects(version, textOf(row, 'constraint'));
  // Grype reports an error where we say that the constraint cannot be read.
  const mayFail = Object.keys(row).some((key) => /err/i.test(key) && row[key] !== false);
  return expectEqual(expected, mayFail ? (actual ?? false) : actual);
}

function compareRow(row: Row, { order, test }: { order: VersionOrder; test: string }): CaseResult {
  const left = textOf(row, has(row, 'v1') ? 'v1' : has(row, 'a') ? 'a' : 'version1');
  const right = textOf(row, has(row, 'v2') ? 'v2' : has(row, 'b') ? 'b' : 'version2');
  const words: Readonly<Record<string, number>> = { less: -1, equal: 0, greater: 1 };
  const stated =
    row['want'] ?? row['expected'] ?? row['result'] ?? row['ret'] ?? row['expectedResult'] ?? row['expect'] ?? 0;
  const expected = typeof stated === 'string' ? words[stated] : stated;
  if (row['wantErr'] === true) return expectEqual(true, !order.isValid(left) || !order.isValid(right));
  return expectEqual(expected, Math.sign(compareLikeGrype(order, { left, right, test })) + 0);
}

/** Grype's rpm comparison leaves out epochs that one side does not state; its fuzzy function compares texts as they are. */
function compareLikeGrype(
  order: VersionOrder,
  { left, right, test }: { left: string; right: string; test: string },
): number {
  if (order.id === 'rpm') return order.compare(withEpochOf(left, right), withEpochOf(right, left));
  if (order.id === 'fuzzy' && test.startsWith('TestFuzzyVersionComparison')) return order.compare(left, right);
  return compareInstalled(order, left, right);
}

function epochRow(row: Row): CaseResult {
  const format = textOf(row, 'format');
  const order = orderFor(format === '' ? row.id.replace(/^.*\/(\w+)_version_test.*$/, '$1_version') : format);
  const version = textOf(row, has(row, 'pkg') ? 'pkg' : 'version');
  const other = textOf(row, 'other');
  const strategy = textOf(row, 'strategy');
  const left = strategy === 'zero' ? version : withEpochOf(version, other);
  const right = strategy === '' ? withEpochOf(other, version) : other;
  return expectEqual(row['want'] ?? row['wantCmp'] ?? 0, Math.sign(order.compare(left, right)) + 0);
}

/** The rows state only whether the comparison fails, and some its result. */
function formatRow(row: Row, order: VersionOrder): CaseResult {
  const left = textOf(row, 'thisVersion');
  const right = textOf(row, 'otherVersion');
  if (row['expectError'] === true) return expectEqual(true, !order.isValid(right));
  const result = compareInstalled(order, left, right);
  if (has(row, 'expectResult')) return expectEqual(row['expectResult'], Math.sign(result) + 0);
  return expectEqual(true, order.isValid(left) && Number.isFinite(result));
}

function validityRow(row: Row, order: VersionOrder): CaseResult {
  const version = textOf(row, has(row, 'input') ? 'input' : 'version');
  return expectEqual(row['wantErr'] === 'require.NoError' || row['wantErr'] === false, order.isValid(version));
}

function operatorRow(row: Row): CaseResult {
  const [left = '', format = ''] = argumentsOf(row['version'] ?? row['left']);
  const other = row['other'] ?? row['right'];
  if (other === null || other === undefined) return { outcome: 'skipped', reason: 'about a Go type of Grype' };
  const [right = ''] = argumentsOf(other);
  const operator = (textOf(row, 'operator') || '=') as Operator;
  return expectEqual(
    row['expected'] ?? false,
    holdsComparator(operator, compareInstalled(orderFor(format), left, right)),
  );
}

/** Alternatives that Grype keeps as objects are one constraint text here. */
function combinedRow(row: Row): CaseResult {
  const operands = (row['constraint'] as { OrOperands?: readonly unknown[] }).OrOperands ?? [];
  const [version = '', format = ''] = argumentsOf(row['version']);
  const joined = operands.map((operand) => argumentsOf(operand)[0] ?? '').join(' || ');
  if (row['version'] === null || operands.length === 0)
    return { outcome: 'skipped', reason: 'about a Go type of Grype' };
  const actual = { value: joined, satisfied: orderFor(format).affects(version, joined) };
  return expectEqual({ value: row['wantValue'], satisfied: row['wantSatisfied'] }, actual);
}

function expressionRow(row: Row, test: string): CaseResult {
  const phrase = textOf(row, 'phrase');
  if (test === 'TestScanExpression') {
    const actual = splitExpression(phrase);
    if (has(row, 'wantErr')) return expectEqual(undefined, actual);
    return expectEqual(row['expected'] ?? [], actual);
  }
  const expected = row['expected'];
  const actual = parseComparator(phrase);
  if (expected === null || expected === undefined) return expectEqual(undefined, actual);
  const unit = expected as { Operator?: string; Version?: string };
  return expectEqual({ operator: unit.Operator, version: unit.Version }, actual);
}

function gemRow(row: Row): CaseResult {
  const plain = (segments: readonly GemSegment[]) => segments.map((one) => (typeof one === 'object' ? one.word : one));
  if (has(row, 'version', 'want')) return expectEqual(row['want'], plain(canonicalGemSegments(textOf(row, 'version'))));
  const segments = gemSegments(textOf(row, 'input'));
  return expectEqual(
    { segments: row['expectedSegments'], prerelease: row['expectedPrerelease'] ?? false },
    { segments: plain(segments), prerelease: segments.some((one) => typeof one === 'object') },
  );
}

function textRow(row: Row, { order, test }: { order: VersionOrder; test: string }): CaseResult {
  const input = textOf(row, has(row, 'in') ? 'in' : 'input');
  const expected = row['want'] ?? row['expected'];
  if (test === 'TestTrimQuotes') return expectEqual(row['err'] === true ? undefined : expected, unquote(input));
  if (order.id === 'maven') return expectEqual(expected, withoutJavaRuntime(input));
  if (order.id === 'jvm') return expectEqual(expected, modernJavaVersion(input));
  if (order.id === 'golang') return expectEqual(true, order.isValid(input));
  return expectEqual(expected, withoutLeadingV(input));
}
