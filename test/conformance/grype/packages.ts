// SPDX-License-Identifier: Apache-2.0
// Grype's tables on where packages come from: package URLs, lists of them, SBOM documents, folders, and what is left out of them.

import { join } from 'node:path';
import { FeedOutput } from '../../../src/advisories/feed.ts';
import { nvd } from '../../../src/advisories/feeds/nvd.ts';
import { matcherOf } from '../../../src/advisories/matchers/index.ts';
import { isQueries } from '../../../src/advisories/matchers/matcher.ts';
import { compileExclusions } from '../../../src/apps/cli/exclusion.ts';
import { CatalogRun } from '../../../src/evidence/packages/catalog.ts';
import { catalogers } from '../../../src/evidence/packages/index.ts';
import { compileGlob } from '../../../src/formats/glob.ts';
import { readPurlList } from '../../../src/formats/purl-list.ts';
import { packageOfPurl } from '../../../src/formats/purl-package.ts';
import { readSyftJson } from '../../../src/formats/syft-json.ts';
import { localDisk } from '../../../src/io/disk.ts';
import { defaultLimits } from '../../../src/model/limits.ts';
import type { Distribution, Package } from '../../../src/model/package.ts';
import { directorySource } from '../../../src/sources/directory.ts';
import { type CaseResult, type ConformanceCase, expectEqual, expectSameSet } from '../pack.ts';
import { packageOfGrype } from './advisories.ts';
import {
  type Context,
  callOf,
  casesFor,
  fields,
  inputText,
  list,
  type Row,
  type Runners,
  skipped,
  text,
  texts,
} from './rows.ts';
import { distributionId, purlTypeOf } from './vocabulary.ts';

/** What both sides tell of a package. */
function facts(item: Package, distribution: Distribution | undefined): unknown {
  return {
    name: item.name,
    version: item.version,
    type: item.type,
    purl: item.purl,
    // Without a version of its own a source package has the package's.
    sources: (item.sources ?? []).map((one) => [one.name, one.version === '' ? item.version : one.version]),
    // Grype keeps none for Debian packages.
    architecture: item.type === 'deb' ? undefined : item.facts?.architecture,
    modularity: item.facts?.modularity,
    distribution:
      distribution === undefined
        ? undefined
        : [distribution.id, distribution.versionId, distribution.codename ?? '', distribution.channels ?? []],
  };
}

function expectedFacts(value: unknown): unknown {
  const given = fields(value);
  const distro = fields(given['Distro']);
  const item = packageOfGrype({ ...given, Metadata: { ...fields(given['Metadata']) } });
  const isSystem = ['apk', 'deb', 'rpm'].includes(item.type);
  const channels = callOf(distro['Channels'])?.args ?? [];
  const distribution: Distribution | undefined =
    distro['Type'] === undefined || !isSystem
      ? undefined
      : {
          id: distributionId(distro['Type']),
          idLike: [],
          versionId: text(distro['Version']),
          name: '',
          codename: text(distro['Codename']),
          channels: channels.map(text),
        };
  const { purl: _purl, ...rest } = facts(item, distribution) as Record<string, unknown>;
  return { ...rest, purl: given['PURL'] };
}

/** Versions of rpm packages carry an epoch of 0 or none. */
function withoutZeroEpoch(found: unknown): unknown {
  const given = fields(found);
  return { ...given, version: text(given['version']).replace(/^0:/, '') };
}

function purlsRow(row: Row, lines: readonly string[]): CaseResult {
  const document = readPurlList(lines.join('\n'), 'purls.txt');
  const read = document.lists.flatMap((some) => some.packages.map((item) => facts(item, some.distribution)));
  const wanted = list(row['wantPkgs']).map(expectedFacts);
  const context = fields(fields(row['wantContext'])['Distro']);
  const isOne =
    new Set(document.lists.map((some) => JSON.stringify(some.distribution)).filter((one) => one !== undefined)).size <=
    1;
  const shared = isOne ? document.distribution : undefined;
  return expectEqual(
    [wanted.map(withoutZeroEpoch), context['Type'] === undefined ? undefined : distributionId(context['Type'])],
    [
      read.map(withoutZeroEpoch),
      row['wantContext'] === undefined || context['Type'] === undefined ? undefined : shared?.id,
    ],
  );
}

const purls: Runners = {
  'grype/pkg/purl_provider_test.go#Test_PurlProvider': (row) => {
    const input = text(row['userInput']);
    if (row['wantErr'] !== undefined && row['wantErr'] !== null) return expectEqual(undefined, packageOfPurl(input));
    return purlsRow(row, [input]);
  },
  'grype/pkg/syft_sbom_provider_test.go#Test_PurlList': (row) => {
    if (row['wantErr'] !== undefined && row['wantErr'] !== null)
      return skipped('the file of the row is not in the pack');
    // The file holds the package URLs that come out, one on a line.
    return purlsRow(
      row,
      list(row['wantPkgs']).map((one) => text(fields(one)['PURL'])),
    );
  },
};

function excludedBy(patterns: readonly string[]): (path: string) => boolean {
  return compileExclusions(patterns.map((pattern) => pattern.replace(/^\//, ''))) ?? (() => false);
}

function namesOf(text: string, path: string, excludes: readonly string[]): readonly string[] | undefined {
  const document = readSyftJson(text, path);
  if (document.problems.length > 0) return undefined;
  const isExcluded = excludedBy(excludes);
  return document.lists
    .flatMap((some) => some.packages)
    .filter((item) => !(item.locations.length > 0 && item.locations.every((one) => isExcluded(one.path))))
    .map((item) => item.name);
}

function sbomRow(row: Row, context: Context): CaseResult {
  const [path = ''] = texts(row['inputs']);
  const found = namesOf(inputText(context, path), path, texts(row['excludes']));
  if (row['wantErr'] !== undefined && row['wantErr'] !== null) return expectEqual(undefined, found);
  return expectSameSet(texts(row['expected']), found ?? []);
}

const documents: Runners = {
  'grype/pkg/provider_test.go#TestProviderLocationExcludes': sbomRow,
  'grype/pkg/provider_test.go#TestProvideFromReader': sbomRow,
  'grype/pkg/provider_test.go#TestSyftLocationExcludes': async (row, context) => {
    const root = join(context.root, 'inputs', texts(row['inputs'])[0] ?? '');
    const isExcluded = compileExclusions(texts(row['excludes']));
    const source = directorySource({ disk: localDisk, limits: defaultLimits, path: '.', root, isExcluded });
    const run = new CatalogRun(catalogers);
    await source.visit(run);
    // Grype lists the package of each package.json, we list what it needs as well.
    const own = run
      .finish()
      .lists.flatMap((some) => some.packages)
      .filter((item) => item.type === 'npm' && item.relationship !== 'direct');
    return expectSameSet(
      texts(row['expected']),
      own.map((item) => item.name),
    );
  },
  'grype/pkg/provider_test.go#Test_filterPackageExclusions': (row) => {
    const isExcluded = excludedBy(texts(row['exclusions']));
    // A package goes when all of its places are left out.
    const left = list(row['locations']).filter(
      (places) => !texts(places).every((place) => isExcluded(place.replace(/^\//, ''))),
    );
    return expectEqual(row['expected'] ?? 0, left.length);
  },
  'grype/pkg/provider_test.go#Test_matchesLocation': (row) => {
    const matches = compileGlob(text(row['match']));
    return expectEqual(
      row['expected'] ?? false,
      [row['realPath'], row['virtualPath']].some((path) => text(path) !== '' && matches(text(path))),
    );
  },
};

const others: Runners = {
  'grype/pkg/upstream_package_test.go#TestUpstreamPackages': (row) => {
    const item = { ...packageOfGrype(row['pkg']), type: 'deb' };
    const answer = matcherOf('deb')?.queries(item, { id: 'debian', idLike: [], versionId: '12', name: 'Debian' }) ?? [];
    const queries = isQueries(answer) ? answer : [];
    const expected = list(row['expected']).map((one) => [text(fields(one)['Name']), text(fields(one)['Version'])]);
    return expectEqual(
      expected,
      queries.filter((query) => query.via === 'source').map((query) => [query.name, query.version]),
    );
  },
  'grype/pkg/java_metadata_test.go#TestIsJvmPackage': (row) => {
    const given = fields(row['pkg']);
    if (purlTypeOf(given['Type']) !== 'generic') {
      // Facts of an installation are not looked at.
      return expectEqual(row['expected'] ?? false, false);
    }
    // Advisories on a product of this name compare its versions as those of Java.
    const output = new FeedOutput();
    const criteria = `cpe:2.3:a:v:${text(given['Name'])}:*:*:*:*:*:*:*:*`;
    const configurations = [{ nodes: [{ cpeMatch: [{ vulnerable: true, criteria, versionEndExcluding: '17.0.1' }] }] }];
    nvd.read({ path: 'x', value: { cve: { id: 'CVE-2020-0001', vulnStatus: '', configurations } } }, output);
    const order = [...output.advisories][0]?.affected[0]?.order;
    return expectEqual(row['expected'] ?? false, order === 'jvm');
  },
};

export function cases(root: string): readonly ConformanceCase[] {
  return casesFor(root, { ...purls, ...documents, ...others });
}
