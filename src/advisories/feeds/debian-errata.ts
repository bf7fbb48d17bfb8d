// SPDX-License-Identifier: Apache-2.0
// Debian's lists of security announcements (`data/DSA/list`, `data/DLA/list`): as text, or as one JSON record per announcement.
import { asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { debianRelease } from '../debian-releases.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage, aliasesOrFixes, cveOf, dateTimeOf } from '../feed-facts.ts';

export const debianErrata = defineFeed({
  id: 'debian-errata',
  title: 'Debian DSA and DLA lists, text or JSON',
  recognises: ({ value }) => {
    if (typeof value === 'string') return /^\[\d{1,2} [A-Z][a-z]{2} \d{4}\] D[SLT]+A-\d/.test(value);
    const record = asObject(value);
    return /^D(?:S|L|TS)A-\d/.test(asString(record?.['id']) ?? '') && asObject(record?.['fixed']) !== undefined;
  },
  read: ({ path, value }: FeedRecord, output: FeedOutput) => {
    if (typeof value === 'string') readList(value, output);
    else readRecord(value, path, output);
  },
});

interface Erratum {
  readonly id: string;
  readonly date: string | undefined;
  readonly cves: string[];
  readonly fixed: { readonly codename: string; readonly name: string; readonly version: string }[];
}

function readRecord(value: unknown, path: string, output: FeedOutput): void {
  const record = asObject(value);
  const id = asString(record?.['id']);
  if (id === undefined) {
    output.malformed(path, 'not an announcement: it has no id');
    return;
  }
  const fixed = entriesOf(record?.['fixed']).flatMap(([codename, packages]) =>
    entriesOf(packages).flatMap(([name, version]) =>
      typeof version === 'string' ? [{ codename, name, version }] : [],
    ),
  );
  addErratum(output, { id, date: dateOf(asString(record?.['date'])), cves: [...asStrings(record?.['cves'])], fixed });
}

/**
 * `[29 Mar 2023] DSA-5380-1 xorg-server - security update`, then indented `{CVE-...}` and `[bullseye] - xorg-server 2:1.20...`.
 */
function readList(text: string, output: FeedOutput): void {
  let current: Erratum | undefined;
  for (const line of text.split('\n')) {
    const head = /^\[(\d{1,2} [A-Za-z]{3} \d{4})\] (D(?:S|L|TS)A-[0-9-]{1,20})\s/.exec(line);
    if (head !== null) {
      if (current !== undefined) addErratum(output, current);
      current = { id: head[2] ?? '', date: dateOf(head[1]), cves: [], fixed: [] };
      continue;
    }
    const cves = /^\s+\{([^}]{0,20000})\}/.exec(line)?.[1];
    if (cves !== undefined) current?.cves.push(...cves.split(/\s+/));
    const fix = /^\s+\[([a-z-]{1,40})\] - (\S{1,100}) (\S{1,200})/.exec(line);
    if (fix !== null) current?.fixed.push({ codename: fix[1] ?? '', name: fix[2] ?? '', version: fix[3] ?? '' });
  }
  if (current !== undefined) addErratum(output, current);
}

function addErratum(output: FeedOutput, { id, date, cves, fixed }: Erratum): void {
  const affected = fixed.flatMap(({ codename, name, version }) => {
    const release = debianRelease(codename);
    if (release === undefined) output.skip('unknown release');
    // `<end-of-life>`, `<not-affected>` stand where a version would.
    if (release === undefined || version.startsWith('<')) return [];
    const statement = affectedPackage({ ecosystem: release, name, ranges: [{ fixed: version }] });
    return statement === undefined ? [] : [statement];
  });
  if (affected.length === 0) {
    output.skip('no versions');
    return;
  }
  output.replace({
    id,
    ...aliasesOrFixes(id, cves.map(cveOf)),
    source: 'debian',
    ...(date === undefined ? {} : { published: date }),
    severities: [],
    cwes: [],
    affected,
  });
}

/** `01 Apr 2023` as an RFC 3339 date. */
function dateOf(text: string | undefined): string | undefined {
  const match = /^(\d{1,2}) ([A-Za-z]{3}) (\d{4})$/.exec(text ?? '');
  const month = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].indexOf(
    match?.[2]?.toLowerCase() ?? '',
  );
  if (match === null || month === -1) return undefined;
  return dateTimeOf(`${match[3]}-${String(month + 1).padStart(2, '0')}-${(match[1] ?? '').padStart(2, '0')}`);
}
