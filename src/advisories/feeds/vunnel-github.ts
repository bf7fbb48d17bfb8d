// SPDX-License-Identifier: Apache-2.0
// GitHub advisories in the form that the vunnel collectors write: ranges in words, one entry per package and branch.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import type { AffectedPackage } from '../../model/advisory.ts';
import { intervalsOfConstraint } from '../affected-range.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import {
  affectedPackage,
  dateTimeOf,
  ecosystemKey,
  isIdentifier,
  orderOrFuzzy,
  otherIds,
  severitiesOf,
  severityOfVector,
  severityOfWord,
} from '../feed-facts.ts';

export const vunnelGithub = defineFeed({
  id: 'vunnel-github',
  title: 'GitHub advisories as vunnel writes them, JSON',
  recognises: ({ value }) => typeof advisoryOf(value)?.['ghsaId'] === 'string',
  read: readRecord,
});

function advisoryOf(value: unknown): JsonObject | undefined {
  const record = asObject(value);
  return asObject((asObject(record?.['item']) ?? record)?.['Advisory']);
}

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = advisoryOf(value);
  const id = asString(record?.['ghsaId']);
  if (record === undefined || id === undefined || !isIdentifier(id)) {
    output.malformed(path, 'not a GitHub advisory: it has no ghsaId');
    return;
  }
  const affected = asArray(record['FixedIn'])
    .map((item) => readFix(asObject(item) ?? {}, { path, output }))
    .filter((item) => item !== undefined);
  if (affected.length === 0) return;
  const dates = { published: dateTimeOf(record['published']), modified: dateTimeOf(record['updated']) };
  const withdrawn = dateTimeOf(record['withdrawn']);
  output.replace({
    id,
    aliases: otherIds(id, asStrings(record['CVE'])),
    source: 'ghsa',
    ...(dates.published === undefined ? {} : { published: dates.published }),
    ...(dates.modified === undefined ? {} : { modified: dates.modified }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
    severities: severitiesOf([
      severityOfWord(record['Severity'], 'ghsa'),
      ...[record['CVSS'], ...asArray(record['cvss_severities'])].map((cvss) =>
        severityOfVector(asObject(cvss)?.['vector_string'] ?? asObject(cvss)?.['vector'], 'ghsa'),
      ),
    ]),
    cwes: [],
    affected,
  });
}

function readFix(
  fix: JsonObject,
  { path, output }: { readonly path: string; readonly output: FeedOutput },
): AffectedPackage | undefined {
  const ecosystem = ecosystemKey(asString(fix['ecosystem']) ?? '');
  const name = asString(fix['name']) ?? '';
  const stated = asString(fix['range']) ?? '';
  const ranges = intervalsOfConstraint(stated, orderOrFuzzy(ecosystem));
  if (ecosystem === '' || name === '' || ranges === undefined) {
    output.malformed(path, `a package has no ecosystem, name or range: ${name.slice(0, 100)} ${stated.slice(0, 100)}`);
    return undefined;
  }
  const fixed = asString(fix['identifier']) ?? '';
  return affectedPackage({ ecosystem, name, ranges, fixState: fixed === '' ? 'unknown' : 'fixed' });
}
