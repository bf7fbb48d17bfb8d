// SPDX-License-Identifier: Apache-2.0
// Photon OS: `cve_data_photon5.0.json`, a list of CVE, package and the version that repairs it. The release stands in the name of the file,
// else in the mark of the build (`-4.ph5`).
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage, cveOf, severitiesOf, severityOfNumber } from '../feed-facts.ts';

export const photon = defineFeed({
  id: 'photon',
  title: 'Photon OS CVE data, JSON',
  recognises: ({ value }) => {
    const record = asObject(value);
    return typeof record?.['cve_id'] === 'string' && typeof record['pkg'] === 'string' && 'res_ver' in record;
  },
  read: readEntry,
});

function readEntry({ path, value }: FeedRecord, output: FeedOutput): void {
  const entry = asObject(value);
  const id = cveOf(entry?.['cve_id']);
  const name = asString(entry?.['pkg'])?.trim() ?? '';
  if (entry === undefined || id === undefined || name === '') {
    output.malformed(path, 'an entry of Photon OS without CVE or package');
    return;
  }
  const fixed = fixedVersion(entry);
  const release = releaseOf(entry, path, fixed);
  if (release === undefined) {
    output.skip('unknown release');
    return;
  }
  if (isUnaffected(entry)) {
    output.skip('not affected');
    return;
  }
  const affected = affectedPackage({
    ecosystem: `Photon OS:${release}`,
    name,
    ranges: [fixed === undefined ? {} : { fixed }],
    fixState: fixed === undefined ? 'not-fixed' : 'fixed',
  });
  if (affected === undefined) return;
  output.combine({
    id,
    aliases: [],
    source: 'photon',
    severities: severitiesOf([severityOfNumber(entry['cve_score'], 'photon')]),
    cwes: [],
    affected: [affected],
  });
}

function fixedVersion(entry: JsonObject): string | undefined {
  const version = asString(entry['res_ver'])?.trim() ?? '';
  return version === '' || !/\d/.test(version) ? undefined : version;
}

/** `aff_ver: NA` with nothing to repair it: the package never had the vulnerable code. */
function isUnaffected(entry: JsonObject): boolean {
  return /^(?:NA|None|Not affected)$/i.test(asString(entry['aff_ver'])?.trim() ?? '');
}

/** `5.0` from `cve_data_photon5.0.json`, from a member that collectors add, or from `.ph5`. */
function releaseOf(entry: JsonObject, path: string, fixed: string | undefined): string | undefined {
  const stated = asString(entry['os_version']) ?? /photon-?(\d{1,2}\.\d)(?!\d)/i.exec(path)?.[1];
  if (stated !== undefined) return stated;
  const mark = /\.ph(\d{1,2})(?!\d)/.exec(fixed ?? '')?.[1];
  return mark === undefined ? undefined : `${mark}.0`;
}
