// SPDX-License-Identifier: Apache-2.0
// nodejs/security-wg: advisories of npm packages up to 2020 (`vuln/npm`), and of Node.js itself (`vuln/core`).

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings } from '../../formats/document.ts';
import type { AffectedPackage } from '../../model/advisory.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import {
  affectedPackage,
  aliasesOrFixes,
  cveOf,
  cwesOf,
  dateTimeOf,
  severitiesOf,
  severityOfVector,
  severityOfWord,
} from '../feed-facts.ts';
import type { IntervalSet } from '../interval-set.ts';
import { differenceOf, endAtFixes, intervalsOfSet, setOfAlternatives } from '../interval-set.ts';
import { parseRange } from '../version-text/semver-range.ts';
import { npm } from '../versions/npm.ts';

export const nodejs = defineFeed({
  id: 'nodejs',
  title: 'Node.js Security Working Group: npm packages (to 2020) and Node.js itself, JSON',
  recognises: ({ value }) => {
    const record = asObject(value);
    if (record === undefined) return false;
    return (
      ('module_name' in record && 'vulnerable_versions' in record) ||
      ('vulnerable' in record && 'patched' in record && 'cve' in record)
    );
  },
  read: readRecord,
});

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = asObject(value) ?? {};
  if ('module_name' in record) readPackage(record, path, output);
  else if ('vulnerable' in record) readCore(record, path, output);
  else output.skip('not an advisory');
}

function readPackage(record: JsonObject, path: string, output: FeedOutput): void {
  const number = record['id'];
  const name = asString(record['module_name']) ?? '';
  const vulnerable = rangeOf(record['vulnerable_versions']);
  if (!/^\d{1,9}$/.test(String(number)) || vulnerable === undefined) {
    output.malformed(path, 'an advisory of an npm package has no id or no vulnerable_versions');
    return;
  }
  const patched = rangeOf(record['patched_versions']) ?? [];
  const affected = affectedPackage({
    ecosystem: 'npm',
    name,
    ranges: intervalsOfSet(endAtFixes(vulnerable, patched, npm), npm),
  });
  addAdvisory(output, record, { id: `NSWG-ECO-${String(number)}`, cves: asStrings(record['cves']), affected });
}

function readCore(record: JsonObject, path: string, output: FeedOutput): void {
  const number = /(\d{1,9})\.json$/.exec(path)?.[1];
  const vulnerable = rangeOf(record['vulnerable']);
  if (number === undefined || vulnerable === undefined) {
    output.malformed(path, 'an advisory of Node.js has no number or no vulnerable versions');
    return;
  }
  // `vulnerable: 8.x`, `patched: ^8.1.4`: the first says the branch, the second where it is good again.
  const patched = rangeOf(record['patched']) ?? [];
  const set = differenceOf(vulnerable, patched, npm);
  const affected = affectedPackage({
    ecosystem: 'Node.js',
    name: 'node',
    order: npm.id,
    ranges: intervalsOfSet(set, npm),
  });
  addAdvisory(output, record, { id: `NSWG-CORE-${number}`, cves: asStrings(record['cve']), affected });
}

interface CommonParts {
  readonly id: string;
  readonly cves: readonly string[];
  readonly affected: AffectedPackage | undefined;
}

function addAdvisory(output: FeedOutput, record: JsonObject, { id, cves, affected }: CommonParts): void {
  if (affected === undefined) {
    output.skip('no versions');
    return;
  }
  const published = dateTimeOf(record['publish_date']);
  const modified = dateTimeOf(record['updated_at']);
  output.replace({
    id,
    ...aliasesOrFixes(id, cves.map(cveOf)),
    source: 'nodejs',
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    severities: severitiesOf([
      severityOfWord(record['severity'], 'nodejs'),
      severityOfVector(record['cvss_vector'] ?? record['cvss'], 'nodejs'),
    ]),
    cwes: cwesOf([record['type']]),
    affected: [affected],
  });
}

function rangeOf(value: unknown): IntervalSet | undefined {
  const text = asString(value)?.trim();
  if (text === undefined || text === '') return undefined;
  const alternatives = parseRange(text, { bare: 'equal', caretOfZero: 'leftmost' });
  return alternatives === undefined ? undefined : setOfAlternatives(alternatives, npm);
}
