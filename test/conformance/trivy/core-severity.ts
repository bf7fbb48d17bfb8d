// SPDX-License-Identifier: Apache-2.0
// core/pkg_vulnerability.json: whose severity counts. A row gives a vulnerability, the feed it comes from, and what every vendor says of it.
// Texts, links and dates are not compared.
import { join } from 'node:path';
import { sourceOfTrivy } from '../../../src/advisories/trivy-buckets.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { packageOf } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import { expectSameSet } from '../pack.ts';
import type { Row, RowRunner } from './rows.ts';
import { folderOf } from './rows.ts';
import { inTrivysWords, scanPackages } from './scanned.ts';
import { readTrivyDatabase } from './trivy-db.ts';

export const severityRunners: readonly RowRunner[] = [
  { prefix: 'pkg/vulnerability/vulnerability_test.go#TestClient_FillInfo/', run: (row, root) => fillInfo(row, root) },
];

/** Constants of Trivy for feeds and vendors whose value is not their name in lower case. */
const sources: Readonly<Record<string, string>> = {
  OracleOVAL: 'oracle-oval',
  SuseCVRF: 'suse-cvrf',
  RootIO: 'rootio',
};

function sourceName(value: unknown): string {
  const word = (asString(value) ?? '').replace(/^vulnerability\./, '');
  return sourceOfTrivy(sources[word] ?? word.toLowerCase());
}

async function fillInfo(row: Row, root: string): Promise<CaseResult> {
  if (/VulnSeveritySources/.test(row.id))
    return { outcome: 'skipped', reason: 'chooses vendors by a flag that is not here' };
  const files = asStrings(row['fixtures']).map((file) => join(root, 'inputs', folderOf(row), file));
  const stated = asArray(row['vulns']).map((item) => asObject(item) ?? {});
  const records = stated.map((item, index) => {
    // A severity that the detector already knew stands in the record of the package.
    const word = asString(asObject(item['Vulnerability'])?.['Severity']);
    const source = sourceName(asObject(item['DataSource'])?.['ID'] ?? item['SeveritySource']);
    const base = asObject(item['DataSource'])?.['BaseID'];
    // Who patches packages of a distribution has buckets of that distribution.
    const original = base === undefined ? undefined : sourceName(base);
    const bucket =
      original === undefined ? `npm::${index}` : `root.io ${original} ${systems[original]?.versionId ?? ''}`;
    return { id: asString(item['VulnerabilityID']) ?? '', bucket, source, original, word };
  });
  const database = readTrivyDatabase(files, [
    {
      bucket: 'data-source',
      pairs: records.map(({ bucket, source, original }) => ({
        key: bucket,
        value: { ID: source, ...(original === undefined ? {} : { BaseID: original }) },
      })),
    },
    ...records.map(({ bucket, id, word }) => ({
      bucket,
      pairs: [
        {
          bucket: nameOf(bucket),
          pairs: [
            {
              key: id,
              value: { VulnerableVersions: ['>=0'], ...(word === undefined ? {} : { Severity: rankOf(word) }) },
            },
          ],
        },
      ],
    })),
  ]);
  const [patched] = records.flatMap(({ original }) => (original === undefined ? [] : [original]));
  const { type = 'npm', versionId = '' } = systems[patched ?? ''] ?? {};
  const item = packageOf({ name: patched === undefined ? 'a' : nameOf('root.io'), version: '1.0.0', type });
  const distribution = patched === undefined ? undefined : { id: patched, idLike: [], versionId, name: patched };
  const { open } = await scanPackages([item], distribution, database);
  const wanted = asArray(row['expectedVulnerabilities']).map((item) => asObject(item) ?? {});
  return expectSameSet(
    wanted.map((item) => ({
      id: item['VulnerabilityID'],
      severity: asObject(item['Vulnerability'])?.['Severity'],
      source: item['SeveritySource'] === undefined ? undefined : sourceName(item['SeveritySource']),
    })),
    open.map(({ finding }) => {
      const { severity, source } = inTrivysWords(finding);
      return { id: finding.id, severity, source };
    }),
  );
}

/** Packages that root.io patches are renamed. */
function nameOf(bucket: string): string {
  return bucket.startsWith('root.io') ? 'rootio-a' : 'a';
}

/** Distributions in the rows, with the kind of their packages. */
const systems: Readonly<Record<string, { readonly type: string; readonly versionId: string }>> = {
  alpine: { type: 'apk', versionId: '3.18' },
  debian: { type: 'deb', versionId: '12' },
};

function rankOf(word: string): number {
  return ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'].indexOf(word);
}
