// SPDX-License-Identifier: Apache-2.0
// Uploads of Debian packages and the CVEs that their changelog entries name, one JSON record per upload. Only uploads to a release or
// its security archive say which version of that release is fixed.
import { asObject, asString, asStrings } from '../../formats/document.ts';
import { debianRelease } from '../debian-releases.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage, cveOf, dateTimeOf } from '../feed-facts.ts';

export const debianChangelog = defineFeed({
  id: 'debian-changelog',
  title: 'CVEs named in changelogs of Debian packages, JSON lines',
  recognises: ({ value }) => {
    const record = asObject(value);
    return record !== undefined && 'source' in record && 'distribution' in record && Array.isArray(record['cves']);
  },
  read: readRecord,
});

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = asObject(value);
  const name = asString(record?.['source']);
  const version = asString(record?.['version']);
  if (name === undefined || version === undefined) {
    output.malformed(path, 'an upload has no source or no version');
    return;
  }
  const release = debianRelease(asString(record?.['distribution']) ?? '');
  const affected =
    release === undefined ? undefined : affectedPackage({ ecosystem: release, name, ranges: [{ fixed: version }] });
  if (affected === undefined) {
    output.skip('unknown release');
    return;
  }
  const published = uploadDate(asString(record?.['date']));
  for (const cve of asStrings(record?.['cves']).map(cveOf)) {
    if (cve === undefined) continue;
    output.combine({
      id: cve,
      aliases: [],
      source: 'debian-changelog',
      ...(published === undefined ? {} : { published }),
      severities: [],
      cwes: [],
      affected: [affected],
    });
  }
}

/** RFC 5322, as deb-changelog(5) has it: `Sat, 05 Apr 2025 16:09:38 +0200`. */
function uploadDate(text: string | undefined): string | undefined {
  const milliseconds = Date.parse(text ?? '');
  return Number.isNaN(milliseconds) ? undefined : dateTimeOf(new Date(milliseconds).toISOString());
}
