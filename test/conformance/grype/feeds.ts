// SPDX-License-Identifier: Apache-2.0
// Grype's tables on what its database makes of a publisher's records: our feeds read the same records.
import type { Feed } from '../../../src/advisories/feed.ts';
import { epss } from '../../../src/advisories/feeds/epss.ts';
import { kev } from '../../../src/advisories/feeds/kev.ts';
import { nvd } from '../../../src/advisories/feeds/nvd.ts';
import { openvex } from '../../../src/advisories/feeds/openvex.ts';
import { osv } from '../../../src/advisories/feeds/osv.ts';
import { vunnelGithub } from '../../../src/advisories/feeds/vunnel-github.ts';
import { vunnelOs } from '../../../src/advisories/feeds/vunnel-os.ts';
import { type Cpe, formatCpe } from '../../../src/formats/cpe.ts';
import type { AffectedPackage } from '../../../src/model/advisory.ts';
import { type CaseResult, type ConformanceCase, expectEqual, expectSameSet } from '../pack.ts';
import {
  compareEntries,
  compareRanges,
  cpeOf,
  dateOf,
  disagreements,
  entriesIn,
  entryOf,
  type Fields,
  handleOf,
  keyOf,
  merged,
  ownFixes,
  ownHandle,
  type Range,
  rangesIn,
  readInputs,
  readValues,
  transformRow,
} from './feed-records.ts';
import {
  type Context,
  callOf,
  casesFor,
  fields,
  list,
  plain,
  type Row,
  type Runners,
  skipped,
  text,
  texts,
} from './rows.ts';

/** One OSV record around what a row gives. */
function osvRecord(ecosystem: string, parts: Readonly<Record<string, unknown>>): unknown {
  return {
    id: 'TEST-2024-0001',
    modified: '2024-01-01T00:00:00Z',
    affected: [{ package: { ecosystem, name: 'a' }, ...parts }],
  };
}

function eventsOf(value: unknown): readonly unknown[] {
  return list(value).map((event) =>
    Object.fromEntries(
      Object.entries(fields(event)).map(([key, version]) => [
        key === 'LastAffected' ? 'last_affected' : key.toLowerCase(),
        version,
      ]),
    ),
  );
}

function rangeRow(ecosystem: string, turned: boolean): (row: Row) => CaseResult {
  return (row) => {
    const range = fields(row['rnge']);
    const events = eventsOf(row['events'] ?? range['Events']);
    const type = text(range['Type']) || 'SEMVER';
    const output = readValues(osv, [osvRecord(ecosystem, { ranges: [{ type, events }] })]);
    return compareRanges(rangesIn({ Ranges: row['want'] }), [...output.advisories][0]?.affected[0], turned);
  };
}

/** Constraints in short (`<0.17.7`) and the ranges of a module. */
function customRow(row: Row, context: Context): CaseResult {
  const own = [...readInputs(osv, row, context).advisories].flatMap((advisory) => advisory.affected);
  const want = Array.isArray(row['want']) ? { [own[0]?.name ?? '']: row['want'] } : fields(row['want']);
  const differences = Object.entries(want).flatMap(([name, constraints]): unknown[] => {
    const item = own.find((one) => one.name === name);
    const ranges = texts(constraints).map(
      (constraint): Range => ({ constraint, format: 'go', state: 'fixed', fix: '' }),
    );
    return item === undefined ? [{ missing: name }] : disagreements(ranges, item).map((version) => ({ name, version }));
  });
  return expectEqual([], differences);
}

const osvRows: Runners = {
  'grype/db/v6/build/transformers/osv/transform_alma_test.go#TestAlmaTransform': (row, context) =>
    transformRow(osv, row, context, { turned: true }),
  'grype/db/v6/build/transformers/osv/transform_alma_test.go#TestAlmaRangeConversion': rangeRow('AlmaLinux:8', true),
  'grype/db/v6/build/transformers/osv/transform_alma_test.go#Test_extractRpmModularity': (row) => {
    const specific = fields(fields(row['affected'])['EcosystemSpecific']);
    const range = { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1' }] };
    const output = readValues(osv, [osvRecord('AlmaLinux:8', { ranges: [range], ecosystem_specific: specific })]);
    return expectEqual(text(row['want']), [...output.advisories][0]?.affected[0]?.modularity ?? '');
  },
  'grype/db/v6/build/transformers/osv/transform_bitnami_test.go#TestBitnamiTransform': (row, context) =>
    transformRow(osv, row, context),
  'grype/db/v6/build/transformers/osv/transform_bitnami_test.go#TestBitnamiRangeConversion': rangeRow('Bitnami', false),
  'grype/db/v6/build/transformers/osv/transform_cg_test.go#TestChainguardTransform': (row, context) =>
    transformRow(osv, row, context),
  'grype/db/v6/build/transformers/osv/transform_cg_test.go#TestCgGetQualifiers': (row) => {
    const purl = text(fields(fields(row['affected'])['Package'])['Purl']);
    const record = {
      id: 'CGA-2024-0001',
      modified: '',
      affected: [{ package: { ecosystem: 'Wolfi', name: 'a', purl }, versions: ['1'] }],
    };
    const found = [...readValues(osv, [record]).advisories][0]?.affected[0]?.architectures;
    return expectEqual(fields(plain(row['want']))['Architecture'] ?? undefined, found?.[0]);
  },
  'grype/db/v6/build/transformers/osv/transform_go_vuln_db_test.go#TestEventsToRanges': rangeRow('Go', false),
  'grype/db/v6/build/transformers/osv/transform_go_vuln_db_test.go#TestGoVulnDB_CustomRangesOnRealRecords': customRow,
  'grype/db/v6/build/transformers/osv/transform_go_vuln_db_test.go#TestGoVulnDB_PseudoVersionReplacementContext':
    customRow,
  'grype/db/v6/build/transformers/osv/transform_rootio_test.go#TestRootioTransform': (row, context) => {
    const advisory = [...readInputs(osv, row, context).advisories][0];
    const affected = advisory?.affected[0];
    return expectEqual(
      [row['expectedCVE'], row['expectedPkgName'], row['expectedFixVersion']],
      [
        advisory?.aliases.find((id) => id.startsWith('CVE-')),
        affected?.name,
        affected === undefined ? undefined : ownFixes(affected)[0],
      ],
    );
  },
  'grype/db/v6/build/transformers/osv/transform_go_vuln_db_test.go#TestGoVulnDB_PseudoVersionReplacementRejectionGuards':
    (row) => {
      const rangesOf = (value: unknown): readonly unknown[] =>
        list(value).flatMap((item) => {
          const call = callOf(item);
          return call === undefined
            ? []
            : [{ type: call.name === 'eco' ? 'ECOSYSTEM' : 'SEMVER', events: eventsOf(call.args) }];
        });
      const record = osvRecord('Go', {
        ranges: rangesOf(row['standard']),
        ecosystem_specific: { custom_ranges: rangesOf(row['custom']) },
      });
      const affected = [...readValues(osv, [record]).advisories][0]?.affected[0];
      const ends = affected?.ranges.map((range) => range.fixed ?? '') ?? [];
      const windows = texts(row['wantWindowed']).map((one) => one.replace(/^.*</, ''));
      return expectSameSet(
        [text(row['wantFix']), ...windows].filter((one) => one !== ''),
        ends,
      );
    },
};

function nvdAffected(matches: readonly unknown[]): AffectedPackage | undefined {
  const cve = {
    id: 'CVE-2020-0001',
    vulnStatus: 'Analyzed',
    configurations: [{ nodes: [{ operator: 'OR', cpeMatch: matches }] }],
  };
  return [...readValues(nvd, [{ cve }]).advisories][0]?.affected[0];
}

const boundNames = [
  'VersionStartIncluding',
  'VersionStartExcluding',
  'VersionEndIncluding',
  'VersionEndExcluding',
] as const;

/** Grype's range of a product as a match of the NVD. */
function matchOf(range: Fields, cpe: Cpe = { part: 'a', vendor: 'v', product: 'p' }): unknown {
  const bounds = boundNames
    .map((name) => [name.replace(/^V/, 'v'), text(plain(range[name]))] as const)
    .filter(([, version]) => version !== '');
  const [version, update] = [text(range['ExactVersion']), text(range['ExactUpdate'])];
  const criteria = formatCpe({ ...cpe, ...(version === '' ? {} : { version }), ...(update === '' ? {} : { update }) });
  return { vulnerable: true, criteria, ...Object.fromEntries(bounds) };
}

const nvdRows: Runners = {
  'grype/db/v6/build/transformers/nvd/transform_test.go#TestTransform': (row, context) =>
    transformRow(nvd, row, context),
  'grype/db/v6/build/transformers/nvd/affected_range_test.go#Test_AffectedCPERange_String': (row) =>
    compareWithoutFix(text(row['expected']), nvdAffected([matchOf(fields(row['input']))])),
  'grype/db/v6/build/transformers/nvd/affected_range_test.go#Test_newAffectedRange': (row) => {
    const expected = nvdAffected([matchOf(fields(row['expected']))]);
    return expectEqual(expected?.ranges, nvdAffected([matchOf(fields(row['match']))])?.ranges);
  },
  'grype/db/v6/build/transformers/nvd/node_test.go#TestDeduplicateCandidates': (row) => {
    const products = (value: unknown): unknown => {
      const matches = list(value).flatMap((item) => {
        const given = fields(item);
        const cpe = { ...cpeOf(fields(given['VulnerableCPE'])), ...versionsOf(fields(given['VulnerableCPE'])) };
        const ranges = callOf(given['Ranges'])?.args ?? [];
        return ranges.length === 0 ? [matchOf({}, cpe)] : ranges.map((range) => matchOf(fields(range), cpe));
      });
      const cve = {
        id: 'CVE-2020-0001',
        vulnStatus: 'Analyzed',
        configurations: [{ nodes: [{ operator: 'OR', cpeMatch: matches }] }],
      };
      return [...readValues(nvd, [{ cve }]).advisories][0]?.affected.map(({ cpes, ranges }) => [cpes, ranges]);
    };
    return expectEqual(products(row['expected']), products(row['input']));
  },
  'grype/db/v6/enumerations_test.go#TestParseVulnerabilityStatus': (row) => {
    const cve = { id: 'CVE-2020-0001', vulnStatus: row['input'], configurations: [] };
    const advisory = [...readValues(nvd, [{ cve }]).advisories][0];
    return expectEqual(text(row['expected']) === 'rejected', advisory?.withdrawn !== undefined);
  },
};

function versionsOf(given: Fields): Cpe {
  const [version, update] = [text(given['Version']), text(given['Update'])];
  return { ...(version === '' ? {} : { version }), ...(update === '' ? {} : { update }) };
}

function compareWithoutFix(constraint: string, affected: AffectedPackage | undefined): CaseResult {
  const ranges = [{ constraint, format: '', state: 'unknown', fix: '' }];
  return affected === undefined ? expectEqual(constraint, 'nothing') : expectEqual([], disagreements(ranges, affected));
}

const githubRows: Runners = {
  'grype/db/v6/build/transformers/github/transform_test.go#TestTransform': (row, context) => {
    const own = [...readInputs(vunnelGithub, row, context).advisories];
    const counts = fields(row['wantCounts']);
    return expectEqual(
      [counts['vulnerabilityCount'], counts['affectedPackageCount']],
      // One statement per branch here, one per package with all its branches there.
      [own.length, own.flatMap((advisory) => advisory.affected).length],
    );
  },
  'grype/db/v6/build/transformers/github/transform_test.go#TestGetVulnerability': (row, context) => {
    const own = [...readInputs(vunnelGithub, row, context).advisories];
    return expectSameSet(
      list(row['expected']).map((one) => handleOf(fields(one))),
      own.map(ownHandle),
    );
  },
  'grype/db/v6/build/transformers/github/transform_test.go#TestGetAffectedPackage': (row, context) => {
    const own = [...readInputs(vunnelGithub, row, context).advisories].flatMap((advisory) => advisory.affected);
    return expectEqual([], compareEntries(row['expected'], own));
  },
  'grype/db/v6/build/transformers/github/transform_test.go#TestGetRanges': (row, context) => {
    const own = merged([...readInputs(vunnelGithub, row, context).advisories].flatMap((advisory) => advisory.affected));
    return compareRanges(rangesIn({ Ranges: row['expectedRanges'] }), [...own.values()][0]);
  },
  'grype/db/v6/build/transformers/github/transform_test.go#TestGetFix': (row, context) =>
    fixDatesRow(vunnelGithub, row, context),
  'grype/db/v6/build/transformers/github/transform_test.go#TestGetFixAvailability': (row, context) =>
    fixDatesRow(vunnelGithub, row, context),
};

/** On which day a fix became available is not kept. */
function fixDatesRow(feed: Feed, row: Row, context: Context): CaseResult {
  const own = [...readInputs(feed, row, context).advisories].flatMap((advisory) => advisory.affected);
  return expectEqual(row['expected'], Object.fromEntries(own.flatMap(ownFixes).map((fix) => [fix, {}])));
}

const osRows: Runners = {
  'grype/db/v6/build/transformers/os/transform_test.go#TestTransform': (row, context) =>
    transformRow(vunnelOs, row, context),
  'grype/db/v6/build/transformers/os/transform_test.go#TestGetFixAvailability': (row, context) =>
    fixDatesRow(vunnelOs, row, context),
  'grype/db/v6/build/transformers/os/transform_test.go#TestGetFixWithDetailFixtures': (row, context) =>
    fixDatesRow(vunnelOs, row, context),
};

const contextRows: Runners = {
  'grype/db/v6/build/transformers/kev/transform_test.go#TestTransform': (row, context) => {
    const given = list(row['want'])
      .flatMap((entry) => entriesIn(fields(entry)['Related']))
      .map((one) => fields(one['BlobValue']));
    const own = readInputs(kev, row, context).context;
    const expected = given.map((one) => [
      one['Cve'],
      dateOf(one['DateAdded'])?.slice(0, 10),
      text(one['KnownRansomwareCampaignUse']) === 'known',
    ]);
    return expectSameSet(
      expected,
      [...own].map(([id, facts]) => [id, facts.knownExploited?.added, facts.knownExploited?.ransomware]),
    );
  },
  'grype/db/v6/build/transformers/epss/transform_test.go#TestTransform': (row, context) => {
    const given = list(row['want']).flatMap((entry) => entriesIn(fields(entry)['Related']));
    const own = readInputs(epss, row, context).context;
    return expectSameSet(
      given.map((one) => [one['Cve'], one['Epss'], one['Percentile']]),
      [...own].map(([id, facts]) => [id, facts.epss?.score, facts.epss?.percentile]),
    );
  },
};

const statuses: Readonly<Record<string, string>> = {
  StatusAffected: 'affected',
  StatusNotAffected: 'not_affected',
  StatusFixed: 'fixed',
  StatusUnderInvestigation: 'under_investigation',
};

/** A statement of Go's library in the form of a document. */
function vexDocument(value: unknown): unknown {
  const given = fields(value);
  const vulnerability = fields(given['Vulnerability']);
  const products = list(given['Products']).map((product) => ({
    '@id': text(Object.values(fields(fields(fields(product)['Component'])['Identifiers']))[0]) || 'nothing',
  }));
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    statements: [
      {
        vulnerability: {
          name: text(vulnerability['Name']) || 'CVE-2020-0001',
          aliases: texts(vulnerability['Aliases']),
        },
        products,
        status: statuses[text(given['Status']).replace(/^.*\./, '')],
      },
    ],
  };
}

function openVexRow(row: Row, related: unknown): CaseResult {
  const output = readValues(openvex, [vexDocument(row['vuln'])]);
  if (row['wantErr'] === true) return expectEqual(true, output.problemCount > 0);
  const own = [...output.advisories].flatMap((advisory) => advisory.affected);
  const wanted = entriesIn(related).map((given) => {
    const entry = entryOf(given);
    const isFree = entry?.ranges.some((range) => ['fixed', 'not-affected'].includes(range.state)) ?? false;
    return [entry?.key, entry?.ranges.map((range) => range.constraint.replace(/^= /, '')), isFree];
  });
  return expectSameSet(
    wanted,
    own.map((one) => [keyOf(one), one.versions, one.fixState === 'not-affected']),
  );
}

const openVexRows: Runners = {
  'grype/db/v6/build/transformers/openvex/transform_test.go#TestOpenVEXTransform': (row) =>
    openVexRow(row, fields(row['want'])['Related']),
  'grype/db/v6/build/transformers/openvex/transform_test.go#Test_GetPackageHandles': (row) =>
    openVexRow(row, row['want']),
};

const elsewhere: Runners = {
  'grype/db/v6/build/transformers/osv/transform_go_vuln_db_test.go#TestGoVulnDB_MalformedEcosystemSpecificDegrades':
    () => skipped('the record is not in the row'),
  'grype/db/v6/build/transformers/osv/transform_go_vuln_db_test.go#TestGovulndbRanges_OpenEndedFloorGraftsOntoCustom':
    () => skipped('the record is not in the row'),
};

export function cases(root: string): readonly ConformanceCase[] {
  return casesFor(root, {
    ...osvRows,
    ...nvdRows,
    ...githubRows,
    ...osRows,
    ...contextRows,
    ...openVexRows,
    ...elsewhere,
  });
}
