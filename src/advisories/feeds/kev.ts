// SPDX-License-Identifier: Apache-2.0
// CISA's catalog of known exploited vulnerabilities: the official JSON document, or its entries one per record.

import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { cveOf, dateTimeOf } from '../feed-facts.ts';

export const kev = defineFeed({
  id: 'kev',
  title: 'Known exploited vulnerabilities (CISA), JSON',
  recognises: ({ value }) => {
    const record = asObject(value);
    return record !== undefined && ('cveID' in record || ('catalogVersion' in record && 'vulnerabilities' in record));
  },
  read: readRecord,
});

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = asObject(value) ?? {};
  if (!('vulnerabilities' in record)) {
    readEntry(record, path, output);
    return;
  }
  for (const entry of asArray(record['vulnerabilities'])) readEntry(asObject(entry) ?? {}, path, output);
}

function readEntry(entry: JsonObject, path: string, output: FeedOutput): void {
  const cve = cveOf(entry['cveID']);
  const added = dateTimeOf(entry['dateAdded'])?.slice(0, 10);
  if (cve === undefined || added === undefined) {
    output.malformed(path, 'an entry of the catalog has no cveID or dateAdded');
    return;
  }
  output.addContext(cve, {
    knownExploited: {
      added,
      ransomware: asString(entry['knownRansomwareCampaignUse'])?.trim().toLowerCase() === 'known',
    },
  });
  output.noteContextSource('kev', added);
}
