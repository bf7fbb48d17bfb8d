// SPDX-License-Identifier: Apache-2.0
// retire.js: vulnerabilities of browser libraries (jsrepository). Only components that are npm packages become advisories; the others
// are known by their files, which this database does not look at.

import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import type { VersionInterval } from '../../model/advisory.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import {
  affectedPackage,
  cveOf,
  cwesOf,
  isVersionText,
  otherIds,
  severitiesOf,
  severityOfWord,
} from '../feed-facts.ts';

export const retirejs = defineFeed({
  id: 'retirejs',
  title: 'retire.js repository, JSON',
  recognises: ({ value }) => {
    const record = asObject(value);
    return record !== undefined && (('component' in record && 'vulnerabilities' in record) || isRepository(record));
  },
  read: readRecord,
});

function isRepository(record: JsonObject): boolean {
  return entriesOf(record).some(
    ([, component]) => 'extractors' in (asObject(component) ?? {}) && 'vulnerabilities' in (asObject(component) ?? {}),
  );
}

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = asObject(value) ?? {};
  if ('component' in record) readComponent(asString(record['component']) ?? '', record, { path, output });
  else
    for (const [name, component] of entriesOf(record)) readComponent(name, asObject(component) ?? {}, { path, output });
}

interface Place {
  readonly path: string;
  readonly output: FeedOutput;
}

function readComponent(component: string, record: JsonObject, place: Place): void {
  const vulnerabilities = asArray(record['vulnerabilities']);
  const name = asString(record['npmname']) ?? '';
  if (name === '') {
    place.output.skip('no package', vulnerabilities.length);
    return;
  }
  for (const item of vulnerabilities) readVulnerability(asObject(item) ?? {}, { ...place, name, component });
}

function readVulnerability(
  item: JsonObject,
  place: Place & { readonly name: string; readonly component: string },
): void {
  const cwes = cwesOf(asStrings(item['cwe']));
  // CWE-1104, unmaintained component: says that a branch has reached its end, not that something is wrong with it.
  if (cwes.length === 1 && cwes[0] === 'CWE-1104') {
    place.output.skip('not security');
    return;
  }
  const identifiers = asObject(item['identifiers']) ?? {};
  const cves = asStrings(identifiers['CVE'])
    .map(cveOf)
    .filter((cve) => cve !== undefined);
  const ghsa = asString(identifiers['githubID']);
  const id = idOf(identifiers, { ghsa, cves, component: place.component });
  if (id === undefined) {
    place.output.skip('no identifier');
    return;
  }
  const affected = affectedPackage({ ecosystem: 'npm', name: place.name, ranges: [intervalOf(item)] });
  if (affected === undefined) return;
  // One entry may stand for several CVEs, which are then vulnerabilities of their own.
  const names =
    cves.length > 1 ? { aliases: [], fixes: [...new Set(cves)].sort() } : { aliases: otherIds(id, [ghsa, ...cves]) };
  place.output.combine({
    id,
    ...names,
    source: 'retirejs',
    severities: severitiesOf([severityOfWord(item['severity'], 'retirejs')]),
    cwes,
    affected: [affected],
  });
}

interface Names {
  readonly ghsa: string | undefined;
  readonly cves: readonly string[];
  readonly component: string;
}

/** An id of its own when the entry has no public one: retid, issue or bug number of the component. */
function idOf(identifiers: JsonObject, { ghsa, cves, component }: Names): string | undefined {
  if (ghsa?.startsWith('GHSA-') === true) return ghsa;
  if (cves[0] !== undefined) return cves.length === 1 ? cves[0] : `RETIREJS:${cves.join('+')}`;
  for (const key of ['retid', 'issue', 'bug', 'PR', 'release']) {
    const text = asString(identifiers[key]);
    if (text !== undefined && /^[A-Za-z0-9._-]{1,40}$/.test(text))
      return `RETIREJS:${component.replaceAll(/[^A-Za-z0-9._-]/g, '-')}/${key}-${text}`;
  }
  return undefined;
}

/**
 * `below` is the first good version, but 999.999.999 stands for "no fix yet" and 2.999.999 for "all of 2": such an end is no version
 * that anybody could install as a fix.
 */
function intervalOf(item: JsonObject): VersionInterval {
  const from = asString(item['atOrAbove']);
  const below = asString(item['below']);
  const introduced = from === undefined || from === '0' || !isVersionText(from) ? {} : { introduced: from };
  if (below === undefined || below.startsWith('999') || !isVersionText(below)) return introduced;
  return { ...introduced, ...(/\.999(?:\.|$)/.test(below) ? { lastAffected: below } : { fixed: below }) };
}
