// SPDX-License-Identifier: Apache-2.0
// ruby-advisory-db: one YAML file per gem and vulnerability that says what is patched and what never was affected; the affected
// versions are all others. Files under `rubies` speak of interpreters instead of gems.

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings } from '../../formats/document.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage, cveOf, dateTimeOf, otherIds, severitiesOf, severityOfNumber } from '../feed-facts.ts';
import { gemRequirement } from '../gem-requirement.ts';
import type { IntervalSet } from '../interval-set.ts';
import { complementOf, everyVersion, intervalsOfSet, setOfAlternatives, unionOf } from '../interval-set.ts';
import { rubygems } from '../versions/rubygems.ts';

export const rubysec = defineFeed({
  id: 'rubysec',
  title: 'Ruby Advisory Database, YAML or JSON',
  recognises: ({ value }) => {
    const record = asObject(value);
    return record !== undefined && ('gem' in record || 'engine' in record) && 'title' in record && 'date' in record;
  },
  read: readRecord,
});

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = asObject(value) ?? {};
  const gem = asString(record['gem']);
  const engine = asString(record['engine']);
  if (gem === undefined && engine === undefined) {
    output.skip('not an advisory');
    return;
  }
  const id = idOf(record);
  if (id === undefined) {
    output.skip('no identifier');
    return;
  }
  const affected = affectedPackage({
    ecosystem: gem === undefined ? 'Ruby' : 'RubyGems',
    name: gem ?? engine ?? '',
    order: rubygems.id,
    ranges: intervalsOfSet(affectedSet(record, path, output), rubygems),
  });
  if (affected === undefined) {
    output.skip('not affected');
    return;
  }
  const published = dateTimeOf(record['date']);
  output.combine({
    id,
    aliases: otherIds(id, [ghsaOf(record['ghsa'])]),
    source: 'rubysec',
    ...(published === undefined ? {} : { published }),
    // The newest version of CVSS that is given counts, as everywhere else.
    severities: severitiesOf(
      [['cvss_v4'], ['cvss_v3'], ['cvss_v2']]
        .map(([key = '']) => severityOfNumber(record[key], 'rubysec'))
        .filter((item) => item !== undefined)
        .slice(0, 1),
    ),
    cwes: [],
    affected: [affected],
  });
}

function idOf(record: JsonObject): string | undefined {
  const osvdb = record['osvdb'];
  return (
    cveOf(record['cve']) ??
    ghsaOf(record['ghsa']) ??
    (/^\d{1,9}$/.test(String(osvdb)) ? `OSVDB-${String(osvdb)}` : undefined)
  );
}

function ghsaOf(value: unknown): string | undefined {
  const rest =
    typeof value === 'string' ? /^(?:GHSA-)?([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})$/.exec(value.trim())?.[1] : undefined;
  return rest === undefined ? undefined : `GHSA-${rest}`;
}

function affectedSet(record: JsonObject, path: string, output: FeedOutput): IntervalSet {
  const safe: IntervalSet[] = [];
  for (const requirement of [...asStrings(record['patched_versions']), ...asStrings(record['unaffected_versions'])]) {
    const alternatives = gemRequirement(requirement);
    if (alternatives === undefined) output.malformed(path, `"${requirement.slice(0, 80)}" is no requirement of a gem`);
    else safe.push(setOfAlternatives(alternatives, rubygems));
  }
  return safe.length === 0 ? everyVersion : complementOf(unionOf(safe, rubygems));
}
