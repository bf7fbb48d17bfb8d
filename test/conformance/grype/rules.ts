// SPDX-License-Identifier: Apache-2.0
// Grype's tables on what takes findings out: ignore rules, built-in corrections, VEX documents, packages that others own.
import { isKnownError } from '../../../src/advisories/corrections.ts';
import { isSecondView } from '../../../src/advisories/ownership.ts';
import { compileGlob } from '../../../src/formats/glob.ts';
import { readIgnoreFile } from '../../../src/formats/ignore-file.ts';
import { readVex } from '../../../src/formats/vex.ts';
import type { Decision } from '../../../src/model/decision.ts';
import type { VulnerabilityFinding } from '../../../src/model/finding.ts';
import { imageProductNames } from '../../../src/model/image-names.ts';
import { packageOf } from '../../../src/model/package.ts';
import { applyIgnores } from '../../../src/verdict/exceptions.ts';
import { applyVex } from '../../../src/verdict/vex.ts';
import { type CaseResult, type ConformanceCase, expectEqual, expectSameSet } from '../pack.ts';
import { packageOfGrype, viaOf } from './advisories.ts';
import {
  type Context,
  callOf,
  casesFor,
  constant,
  fields,
  inputText,
  isUnresolved,
  list,
  type Row,
  type Runners,
  skipped,
  text,
  texts,
} from './rows.ts';
import { distributionId, fixStateOf, purlTypeOf } from './vocabulary.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A `match.Match` of Go as a finding, with what rules look at. */
function findingOf(value: unknown): VulnerabilityFinding {
  const given = fields(value);
  const item = packageOfGrype(given['Package']);
  const vulnerability = fields(given['Vulnerability']);
  const id = text(fields(vulnerability['Reference'])['ID']);
  const fix = fields(vulnerability['Fix']);
  const details = list(given['Details']);
  const sources = (item.sources ?? []).map((source) => source.name);
  return {
    kind: 'vulnerability',
    id,
    aliases: list(vulnerability['RelatedVulnerabilities']).map((one) => text(fields(one)['ID'])),
    package: {
      subject: item.purl === undefined ? item.id : `package:${item.purl}`,
      name: item.name,
      version: item.version,
      type: item.type,
      ...(item.purl === undefined ? {} : { purl: item.purl }),
      locations: item.locations,
      scope: 'runtime',
      ...(sources.length === 0 ? {} : { sources }),
      path: [],
    },
    severity: 'unknown',
    severitySource: 'none',
    cvss: [],
    risk: 0,
    fixState: fixStateOf(fix['State']) as VulnerabilityFinding['fixState'],
    fixedVersions: texts(fix['Versions']),
    cwes: [],
    matches: (details.length === 0 ? [{}] : details).map((detail) => {
      const via = viaOf(fields(detail)['Type']);
      return {
        advisory: id,
        source: 'x',
        searched: `x / ${item.name}`,
        ...(via === undefined ? {} : { via }),
        order: 'x',
        range: '',
      };
    }),
    urls: [],
  };
}

function decisionOf(finding: VulnerabilityFinding): Decision {
  const { subject, locations } = finding.package;
  return {
    rule: `vulnerability/${finding.id}`,
    subject,
    outcome: 'fail',
    severity: finding.severity,
    message: '',
    locations,
    evidence: [],
    finding,
  };
}

/** A Go expression over the example of the table: `exampleMatch.Package.Locations.ToSlice()[0].RealPath`. */
function referred(value: unknown, example: unknown): string {
  const written = text(value);
  if (!/^\w+\.(?:Package|Vulnerability)\./.test(written)) return written;
  const given = fields(example);
  const [, index] = /ToSlice\(\)\[(\d+)\]/.exec(written) ?? [];
  if (index !== undefined) return texts(fields(given['Package'])['Locations'])[Number(index)] ?? '';
  const field = written.slice(written.lastIndexOf('.') + 1);
  if (written.includes('.Vulnerability.')) return text(fields(fields(given['Vulnerability'])['Reference'])[field]);
  return text(fields(given['Package'])[field]);
}

/** The rule as a user writes it in `.grype.yaml` (JSON is YAML). */
function ruleText(rules: readonly unknown[], example: unknown): string {
  const entries = rules.map((rule) => {
    const given = fields(rule);
    const owner = fields(given['Package']);
    const of = (holder: Fields, key: string): string | undefined => referred(holder[key], example) || undefined;
    return {
      vulnerability: of(given, 'Vulnerability'),
      'include-aliases': given['IncludeAliases'] === true ? true : undefined,
      'fix-state': of(given, 'FixState'),
      namespace: of(given, 'Namespace'),
      'match-type': of(given, 'MatchType'),
      package: {
        name: of(owner, 'Name'),
        version: of(owner, 'Version'),
        type: owner['Type'] === undefined ? undefined : purlTypeOf(referred(owner['Type'], example)),
        language: owner['Language'] === undefined ? undefined : constant(owner['Language']).toLowerCase(),
        location: of(owner, 'Location'),
        'upstream-name': of(owner, 'UpstreamName'),
      },
    };
  });
  return JSON.stringify({ ignore: entries });
}

interface Sorted {
  readonly left: readonly string[];
  readonly ignored: readonly string[];
}

function label(finding: VulnerabilityFinding): string {
  return `${finding.id} ${finding.package.name} ${finding.package.locations.map((one) => one.path).join()}`;
}

function sortOut(decisions: readonly Decision[]): Sorted {
  const labels = (some: readonly Decision[]): readonly string[] =>
    some.flatMap(({ finding }) => (finding?.kind === 'vulnerability' ? [label(finding)] : [])).sort();
  return {
    left: labels(decisions.filter((one) => one.suppressed === undefined)),
    ignored: labels(decisions.filter((one) => one.suppressed !== undefined)),
  };
}

function applyRules(matches: readonly unknown[], rules: readonly unknown[]): Sorted {
  const { rules: read, problems } = readIgnoreFile(ruleText(rules, matches[0]), '.grype.yaml');
  const understood = problems.filter((problem) => !problem.message.includes('without any condition'));
  if (understood.length > 0) throw new Error(understood[0]?.message);
  const options = { now: '2026-01-01T00:00:00Z', compileGlob };
  return sortOut(applyIgnores(matches.map(findingOf).map(decisionOf), read, options).decisions);
}

/** Matches that a row expects, in full or as `allMatches[1]`: a place among those it gives. */
function expectedOf(left: unknown, ignored: unknown, given: readonly unknown[] = []): Sorted {
  const resolve = (one: unknown): unknown => {
    const [, index] = /^\w+\[(\d+)\]$/.exec(text(one)) ?? [];
    return index === undefined ? one : given[Number(index)];
  };
  const labels = (value: unknown): readonly string[] =>
    (callOf(value)?.args ?? list(value)).map((one) => label(findingOf(resolve(fields(one)['Match'] ?? one)))).sort();
  return { left: labels(left), ignored: labels(ignored) };
}

const ignoring: Runners = {
  'grype/match/ignore_test.go#TestShouldIgnore': (row) =>
    expectEqual(row['expected'] ?? false, applyRules([row['match']], [row['rule']]).ignored.length === 1),
  'grype/match/ignore_test.go#TestApplyIgnoreRules': (row) =>
    expectEqual(
      expectedOf(row['expectedRemainingMatches'], row['expectedIgnoredMatches'], list(row['allMatches'])),
      applyRules(list(row['allMatches']), list(row['ignoreRules'])),
    ),
  'grype/vulnerability_matcher_test.go#Test_matchIgnoreFiltering': (row) => {
    const matches = list(row['inputMatches']);
    const left = applyRules(matches, filtersOf(row)).left;
    return expectEqual(expectedOf(row['expected'], null, matches).left, left);
  },
  'grype/match/ignore_test.go#TestIgnoreRelatedPackage': () =>
    skipped('tests a Go type; what it does shows in TestVulnerabilityMatcher_APKNakByOwnership'),
};

/** Filters are rules, or calls that make rules of a place or a name and vulnerabilities. */
function filtersOf(row: Row): readonly unknown[] {
  const call = callOf(row['ignoreFilters']);
  if (call === undefined) return list(row['ignoreFilters']);
  const example = list(row['inputMatches'])[0];
  return Object.entries(fields(call.args[0])).flatMap(([key, ids]) => {
    // `pkg1_vuln1_loc1.Package.Name`: the name says which package it is.
    const name = /^\$?(pkg\d+)_/.exec(key)?.[1] ?? referred(key, example);
    const owner = call.name === 'ignoreByLocationAndVuln' ? { Location: key } : { Name: name };
    return texts(ids).map((id) => ({ Vulnerability: id, Package: owner }));
  });
}

const vex: Runners = {
  'grype/vex/processor_test.go#TestProcessor_ApplyVEX': async (row, context) => {
    const findings = [...expectedMatches(row['wantMatches']), ...expectedMatches(row['wantIgnoredMatches'])];
    const source = fields(fields(fields(row['args'])['pkgContext'])['Source']);
    const metadata = fields(source['Metadata']);
    const names = [...texts(metadata['Tags']), ...texts(metadata['RepoDigests'])].flatMap(imageProductNames);
    const statements = (await Promise.all(texts(row['inputs']).map((path) => statementsOf(context, path)))).flat();
    const graph = { relations: [], subjects: [], evidence: [], decisions: [] } as never;
    const { decisions } = applyVex(findings.map(decisionOf), statements, {
      graph,
      targetNames: [text(source['Name']), ...names],
    });
    return expectEqual(expectedOf(row['wantMatches'], row['wantIgnoredMatches']), sortOut(decisions));
  },
  'grype/vex/csaf/csaf_test.go#Test_advisories_matches': (row) =>
    isUnresolved(row['advisories'])
      ? skipped('the document of the row was left as a piece of Go syntax')
      : expectEqual(row['want'] ?? null, null),
  'grype/vex/csaf/csaf_test.go#Test_advisoryMatch_statement': () =>
    skipped('the document of the row was left as a piece of Go syntax'),
};

function expectedMatches(value: unknown): readonly VulnerabilityFinding[] {
  return (callOf(value)?.args ?? list(value)).map((one) => findingOf(fields(one)['Match'] ?? one));
}

async function statementsOf(context: Context, path: string) {
  const document = await readVex(inputText(context, path), path);
  return document?.statements ?? [];
}

/** `apk:node@19.2-r1` */
function packageOfLabel(written: string) {
  const [, type = '', name = '', version = ''] = /^([^:]*):(.*)@([^@]*)$/.exec(written) ?? [];
  return packageOf({ id: written, name, version, type: purlTypeOf(type) });
}

function overlapRow(row: Row): CaseResult {
  const outer = callOf(row['sbom']);
  const release = outer?.name === 'withLinuxRelease' ? text(outer.args[1]) : '';
  const call = outer?.name === 'withLinuxRelease' ? callOf(outer.args[0]) : outer;
  if (call?.name !== 'catalogWithOverlaps') return skipped('the SBOM of the row was left as another call');
  const owners = Map.groupBy(
    texts(call.args[1]).map((pair) => pair.split(' -> ')),
    ([, inner]) => inner ?? '',
  );
  const distribution =
    release === '' ? undefined : { id: distributionId(release), idLike: [], versionId: '', name: release };
  const left = texts(call.args[0]).filter((written) => {
    const own = (owners.get(written) ?? []).map(([owner]) => packageOfLabel(owner ?? ''));
    return !own.some((owner) => isSecondView(packageOfLabel(written), owner, distribution));
  });
  return expectSameSet(texts(row['expectedPackages']), left);
}

/** Matches by name on packages of one type, as matching by CPE would find them. */
function correctionRow(row: Row): CaseResult {
  const type = purlTypeOf(row['typ']);
  const given = list(row['matches']).map((one) => [text(fields(one)['pkg']), text(fields(one)['cve'])] as const);
  const wrong = given.filter(([name, id]) => isKnownError(type, name, [id]));
  const left = given.filter((one) => !wrong.includes(one));
  return expectEqual(
    [texts(row['expected']), texts(row['ignored'])],
    [left.map(([name]) => name), wrong.map(([name]) => name)],
  );
}

const owned: Runners = {
  'grype/match/explicit_ignores_test.go#Test_ApplyExplicitIgnoreRules': correctionRow,
  'grype/pkg/package_test.go#Test_RemovePackagesByOverlap': overlapRow,
};

export function cases(root: string): readonly ConformanceCase[] {
  return casesFor(root, { ...ignoring, ...vex, ...owned });
}
