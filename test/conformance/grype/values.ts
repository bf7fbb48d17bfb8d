// SPDX-License-Identifier: Apache-2.0
// Grype's tables on single values: severities, CVSS, EPSS, risk, times, names of images; and on behaviour that has no counterpart here.
import { cwesOf, dateTimeOf, severityOfVector, severityOfWord } from '../../../src/advisories/feed-facts.ts';
import { sourceOfRecord } from '../../../src/advisories/feed-sources.ts';
import { fixedVersion } from '../../../src/advisories/feeds/vunnel-os.ts';
import { matchedGoSymbols, normaliseGoSymbol } from '../../../src/advisories/go-symbols.ts';
import { cvssRatings, rate } from '../../../src/advisories/ratings.ts';
import {
  exploitationFactor,
  impactOf,
  meanScore,
  riskOf,
  severityPoints,
  threatOf,
} from '../../../src/advisories/risk.ts';
import { parseCvss } from '../../../src/formats/cvss.ts';
import { isNamePattern } from '../../../src/formats/ignore-file.ts';
import type { AdvisorySeverity } from '../../../src/model/advisory.ts';
import { describeEpss } from '../../../src/model/epss.ts';
import { hubRepositoryUrl, imageProductNames, releaseProductNames } from '../../../src/model/image-names.ts';
import { formatPurl, parsePurl } from '../../../src/model/purl.ts';
import { parseSeverity, type Severity, severityOfScore, severityRank } from '../../../src/model/severity.ts';
import { type CaseResult, type ConformanceCase, expectEqual } from '../pack.ts';
import {
  casesFor,
  fields,
  list,
  plain,
  type Row,
  type Runners,
  rowFails,
  skipped,
  text,
  texts,
  timeOf,
} from './rows.ts';
import { severityOf } from './vocabulary.ts';

/** Words that we leave out count as `unknown`, which is what Grype calls them. */
function wordOf(value: unknown): Severity {
  return parseSeverity(text(value)) ?? 'unknown';
}

/** KEV entries and EPSS scores of a row as one vulnerability's facts. */
function factorsOf(metadata: Readonly<Record<string, unknown>>): Parameters<typeof riskOf>[0] {
  const epss = list(metadata['EPSS']).map((item) => Number(fields(item)['EPSS'] ?? 0));
  const exploited = list(metadata['KnownExploited']).map((item) => text(fields(item)['KnownRansomwareCampaignUse']));
  const ransomware = exploited.some((word) => word.toLowerCase() === 'known');
  return {
    severity: wordOf(metadata['Severity']),
    cvss: list(metadata['Cvss']).map((item) => ({ score: Number(fields(fields(item)['Metrics'])['BaseScore'] ?? 0) })),
    ...(epss.length === 0 ? {} : { epss: { score: Math.max(...epss), percentile: 0 } }),
    ...(exploited.length === 0 ? {} : { knownExploited: { added: '2024-01-01', ransomware } }),
  };
}

function expectNumber(expected: unknown, actual: number): CaseResult {
  return expectEqual(Number(expected).toFixed(4), actual.toFixed(4));
}

const risk: Runners = {
  'grype/vulnerability/metadata_test.go#TestRiskScore': (row) => {
    const metadata = fields(row['metadata']);
    if (metadata['risk'] !== undefined) return skipped('a risk that was computed before');
    return expectNumber(row['expected'], riskOf(factorsOf(metadata)));
  },
  'grype/vulnerability/metadata_test.go#TestSeverityToScore': (row) =>
    expectNumber(row['expected'], severityPoints[wordOf(row['severity'])]),
  'grype/vulnerability/metadata_test.go#TestAverageCVSS': (row) =>
    expectNumber(row['expected'], meanScore(factorsOf({ Cvss: row['cvss'] }).cvss)),
  'grype/vulnerability/metadata_test.go#TestThreat': (row) =>
    expectNumber(row['expected'], threatOf(factorsOf(fields(row['metadata'])))),
  'grype/vulnerability/metadata_test.go#TestImpact': (row) =>
    expectNumber(row['expected'], exploitationFactor(factorsOf(fields(row['metadata'])).knownExploited)),
  'grype/vulnerability/metadata_test.go#TestSeverity': (row) => {
    const { severity, cvss } = factorsOf(fields(row['metadata']));
    return expectNumber(row['expected'], impactOf(severity, cvss));
  },
};

const cvss: Runners = {
  'internal/cvss/metrics_test.go#TestParseMetricsFromVector': (row) => {
    const found = parseCvss(text(row['vector']));
    if (rowFails(row)) return expectEqual(undefined, found);
    const expected = fields(plain(row['expectedMetrics']));
    return expectEqual(
      {
        score: expected['BaseScore'] ?? 0,
        exploitability: expected['ExploitabilityScore'] ?? undefined,
        impact: expected['ImpactScore'] ?? undefined,
      },
      { score: found?.score, exploitability: found?.exploitability, impact: found?.impact },
    );
  },
  'internal/cvss/metrics_test.go#TestSeverityFromBaseScore': (row) =>
    expectEqual(severityOf(row['expected']), severityOfScore(Number(row['score'] ?? 0))),
  'grype/db/v6/build/transformers/osv/transform_test.go#Test_extractCVSSInfo': (row) => {
    const found = parseCvss(text(row['cvss']));
    if (rowFails(row)) return expectEqual(undefined, found);
    return expectEqual([row['wantVersion'], row['wantVector']], [found?.version, found?.vector]);
  },
};

/** What one rating makes of a vulnerability. */
function ratedAs(severities: readonly (AdvisorySeverity | undefined)[]): ReturnType<typeof rate> {
  const given = severities.filter((one) => one !== undefined);
  const affected = {
    ecosystem: 'npm',
    name: 'a',
    order: 'npm',
    ranges: [],
    versions: [],
    fixState: 'unknown',
  } as const;
  return rate([{ advisory: { id: 'X-1', aliases: [], source: 'nvd', severities: given, cwes: [] }, affected }]);
}

function ratingOf(value: unknown): AdvisorySeverity | undefined {
  return typeof value === 'string' ? severityOfWord(value, 'nvd') : severityOfVector(fields(value)['Vector'], 'nvd');
}

const severities: Runners = {
  'grype/db/v6/severity_test.go#TestExtractSeverity': (row) =>
    expectEqual(severityOf(row['expected']), ratedAs([ratingOf(row['input'])])?.severity ?? 'unknown'),
  'grype/db/v6/severity_test.go#TestExtractSeverities': (row) => {
    const given = list(fields(fields(row['input'])['BlobValue'])['Severities']).map((item) =>
      ratingOf(fields(item)['Value']),
    );
    const found = given.filter((one) => one !== undefined);
    const affected = {
      ecosystem: 'npm',
      name: 'a',
      order: 'npm',
      ranges: [],
      versions: [],
      fixState: 'unknown',
    } as const;
    const ratings = cvssRatings([
      { advisory: { id: 'X-1', aliases: [], source: 'nvd', severities: found, cwes: [] }, affected },
    ]);
    const expected = list(plain(row['expectedCVSS'])).map(fields);
    return expectEqual(
      {
        severity: severityOf(row['expectedSev']),
        cvss: expected.map((one) => [one['Vector'], one['Version'], fields(one['Metrics'])['BaseScore']]),
      },
      {
        severity: ratedAs(given)?.severity ?? 'unknown',
        cvss: ratings.map((one) => [one.vector, one.version, one.score]),
      },
    );
  },
  'grype/db/v6/build/writer_test.go#TestFilterUnknownSeverities': (row) =>
    expectEqual(
      list(row['expected']).map((item) => fields(item)['Value']),
      list(row['input'])
        .map((item) => severityOfWord(fields(item)['Value'], 'x')?.value)
        .filter((word) => word !== undefined),
    ),
  'grype/db/v6/build/writer_test.go#TestIsKnownSeverity': (row) => {
    const { Value: value } = fields(row['severity']);
    const known =
      typeof value === 'number' ? severityOfScore(value) !== 'unknown' : severityOfWord(value, 'x') !== undefined;
    return expectEqual(row['expected'] ?? false, known);
  },
  'grype/db/v6/build/writer_test.go#TestFillInMissingSeverity': missingSeverity,
  'grype/presenter/models/sort_test.go#TestSeverityPriority': (row) => {
    // Grype counts from 1 and puts what it does not know at 100.
    const rank = severityRank(wordOf(row['severity'])) + 1;
    return expectEqual(row['expected'], rank > 5 ? 100 : rank);
  },
};

/** An advisory without a rating takes that of the NVD on one of its CVEs: the cache of the row is the NVD. */
function missingSeverity(row: Row): CaseResult {
  const handle = fields(fields(row['handle'])['BlobValue']);
  if (handle['ID'] === undefined) return skipped('a nil pointer of Go');
  const own = list(handle['Severities']).map((item) => ratingOf(fields(item)['Value']));
  const names = [text(handle['ID']), ...texts(handle['Aliases'])].map((name) => name.toLowerCase());
  const cache = fields(row['severityCache']);
  const inherited = names.map((name) => ratingOf(fields(cache[name])['Value'])).filter((one) => one !== undefined);
  const found = ratedAs([...own, ...inherited])?.severity;
  return expectEqual(fields(list(row['expected'])[0])['Value'], found);
}

const goSymbols: Runners = {
  'grype/pkg/golang_symbol_test.go#Test_normalizeGoSymbol': (row) =>
    expectEqual(row['want'], normaliseGoSymbol(text(row['symbol']))),
  'grype/pkg/qualifier/gosymbols/qualifier_test.go#TestGoSymbolsQualifier_MatchedSymbols': (row) => {
    const imports = list(row['imports']).map(fields);
    const held = fields(fields(fields(row['pkg'])['Metadata'])['Symbols']) as Record<string, string[]>;
    return expectEqual(
      texts(row['want']),
      matchedGoSymbols(
        imports.map((one) => ({ path: text(one['Path']), symbols: texts(one['Symbols']) })),
        held,
      ),
    );
  },
};

const images: Runners = {
  'grype/vex/openvex/implementation_test.go#TestIdentifiersFromDigests': (row) =>
    expectEqual(texts(row['expected']).map(canonical), imageProductNames(text(row['sut'])).map(canonical)),
  'grype/vex/openvex/implementation_test.go#TestNormalizeDockerHubRepositoryURL': (row) =>
    expectEqual(row['expected'], hubRepositoryUrl(text(row['input']))),
  'grype/vex/openvex/implementation_test.go#TestProductIdentifiersFromContext': (row) => {
    const source = fields(fields(row['pkgContext'])['Source']);
    const metadata = fields(source['Metadata']);
    const references = [...texts(metadata['Tags']), ...texts(metadata['RepoDigests'])];
    const names =
      references.length > 0
        ? references.flatMap(imageProductNames)
        : releaseProductNames(text(source['Name']), text(source['Version']));
    return expectEqual(texts(row['want']).map(canonical), names.map(canonical));
  },
};

/** Package URLs in one spelling: which characters are percent-encoded is up to the writer. */
function canonical(name: string): string {
  const parts = parsePurl(name);
  return parts === undefined ? name : (formatPurl(parts) ?? name);
}

/** What our database leaves out on purpose: links to pages, prose, and when a fix came out. */
function notKept(row: Row): CaseResult {
  return expectEqual(row['expected'] ?? row['want'], undefined);
}

/** Behaviour of Grype that has no counterpart here yet. */
function missing(row: Row): CaseResult {
  return expectEqual(
    row['expected'] ?? row['want'] ?? row['expectedVulns'] ?? row['wantName'] ?? row['wantNil'],
    'not there',
  );
}

const lacking: Runners = {
  'grype/db/v6/vulnerability_provider_test.go#Test_DataSource': notKept,
  'grype/db/v6/build/transformers/nvd/transform_test.go#TestGetReferences': notKept,
  'grype/db/v6/build/transformers/os/transform_test.go#TestGetFixWithDetail': notKept,
  'grype/presenter/models/vulnerability_test.go#Test_getFixAvailable': (row) =>
    expectEqual(row['expected'] ?? null, null),
  'grype/presenter/sarif/presenter_test.go#Test_findDescription': notKept,
  'grype/presenter/sarif/presenter_test.go#Test_helpURI': missing,
  'grype/presenter/sarif/presenter_test.go#Test_locationPath': missing,
  'grype/presenter/sarif/presenter_test.go#Test_cvssScore': missing,
  'grype/pkg/provider_test.go#Test_shouldWarnMissingGoSymbols': (row) => expectEqual(row['want'] ?? false, 'not there'),
  'grype/db/v6/build/transformers/csafvex/transform_test.go#TestTransform_OSFromCPE': missing,
  'grype/db/v6/build/transformers/msrc/transform_test.go#TestParseMSRCEntry': missing,
};

const small: Runners = {
  'grype/presenter/table/presenter_test.go#TestEPSS_String': (row) =>
    expectEqual(
      row['expected'],
      describeEpss({ score: Number(row['score'] ?? 0), percentile: Number(row['percentile'] ?? 0) }),
    ),
  'grype/db/v6/build/transformers/osv/transform_cg_test.go#TestChainguardStrategy_Matches': (row) =>
    expectEqual(row['want'] ?? false, sourceOfRecord(text(row['row_id']), '', 'osv') === 'chainguard'),
  'grype/db/v6/build/transformers/osv/transform_rootio_test.go#TestRootioStrategy_Matches': (row) =>
    expectEqual(row['want'] ?? false, sourceOfRecord(text(row['row_id']), '', 'osv') === 'rootio'),
  'grype/match/ignore_test.go#TestIsRegex': (row) => {
    const expected = row['expected'] ?? false;
    return expectEqual(expected, isNamePattern(text(row['input'])));
  },
  'grype/db/v6/description_test.go#TestTime_JSONUnmarshalling': (row) => {
    const found = dateTimeOf(text(row['jsonData']).replaceAll('"', ''));
    if (rowFails(row)) return expectEqual(undefined, found);
    return expectEqual(timeOf(fields(row['expectedTime'])['time.Time']), found);
  },
  'grype/db/v6/build/transformers/internal/time_test.go#TestParseTime': (row) =>
    expectEqual(timeOf(row['expected']), dateTimeOf(text(row['input']))),
  'grype/db/v6/build/writer_test.go#TestIsFixVersion': (row) =>
    expectEqual(row['expected'] ?? false, fixedVersion(row['version']) !== undefined),
  'grype/db/v6/build/transformers/nvd/transform_test.go#TestIsValidCWE': (row) => {
    const cwe = text(row['cwe']);
    return expectEqual(row['expected'] ?? false, cwesOf([cwe]).includes(cwe));
  },
};

export function cases(root: string): readonly ConformanceCase[] {
  return casesFor(root, { ...risk, ...cvss, ...severities, ...goSymbols, ...images, ...small, ...lacking });
}
