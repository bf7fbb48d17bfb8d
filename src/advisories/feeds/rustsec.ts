// SPDX-License-Identifier: Apache-2.0
// RustSec's own form: a page of Markdown per advisory whose TOML front matter states patched and unaffected versions.
// Its `osv` branch and osv.dev's export are read by the feed `osv`.

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings } from '../../formats/document.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage, dateTimeOf, otherIds, severitiesOf, severityOfVector } from '../feed-facts.ts';
import type { IntervalSet } from '../interval-set.ts';
import { complementOf, everyVersion, intervalsOfSet, setOfAlternatives, unionOf } from '../interval-set.ts';
import { parseRange } from '../version-text/semver-range.ts';
import { cargo } from '../versions/cargo.ts';

export const rustsec = defineFeed({
  id: 'rustsec',
  title: 'RustSec advisories, Markdown with TOML front matter',
  recognises: ({ value }) => asString(asObject(asObject(value)?.['advisory'])?.['id'])?.startsWith('RUSTSEC-') === true,
  read: readRecord,
});

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const advisory = asObject(asObject(value)?.['advisory']);
  const id = asString(advisory?.['id']);
  const name = asString(advisory?.['package']);
  if (advisory === undefined || id === undefined) {
    output.skip('not an advisory');
    return;
  }
  // `informational` advisories (unmaintained, notice) are no vulnerabilities except `unsound`.
  const informational = asString(advisory['informational']);
  if (informational !== undefined && informational !== 'unsound') {
    output.skip('not security');
    return;
  }
  const versions = asObject(asObject(value)?.['versions']) ?? {};
  const affected = affectedPackage({
    ecosystem: 'crates.io',
    name: name ?? '',
    ranges: intervalsOfSet(affectedSet(versions, path, output), cargo),
  });
  if (affected === undefined) {
    output.skip('no package');
    return;
  }
  const published = dateTimeOf(asText(advisory['date']));
  const withdrawn = dateTimeOf(asText(advisory['withdrawn']));
  output.replace({
    id,
    aliases: otherIds(id, asStrings(advisory['aliases'])),
    source: 'rustsec',
    ...(published === undefined ? {} : { published }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
    severities: severitiesOf([severityOfVector(advisory['cvss'], 'rustsec')]),
    cwes: [],
    affected: [affected],
  });
}

/** TOML dates come as date objects or as text. */
function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined;
}

function affectedSet(versions: JsonObject, path: string, output: FeedOutput): IntervalSet {
  const safe: IntervalSet[] = [];
  for (const requirement of [...asStrings(versions['patched']), ...asStrings(versions['unaffected'])]) {
    const alternatives = parseRange(requirement, { bare: 'caret', caretOfZero: 'leftmost' });
    if (alternatives === undefined) output.malformed(path, `"${requirement.slice(0, 80)}" is no version requirement`);
    else safe.push(setOfAlternatives(alternatives, cargo));
  }
  return safe.length === 0 ? everyVersion : complementOf(unionOf(safe, cargo));
}
