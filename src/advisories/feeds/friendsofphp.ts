// SPDX-License-Identifier: Apache-2.0
// FriendsOfPHP/security-advisories: a YAML file per vulnerability and Composer package, with the affected versions of each branch.

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage, cveOf, dateTimeOf } from '../feed-facts.ts';
import type { IntervalSet } from '../interval-set.ts';
import { intervalsOfSet, setOfAlternatives, unionOf } from '../interval-set.ts';
import { parseConstraint } from '../version-text/constraint.ts';
import { packagist } from '../versions/packagist.ts';

export const friendsofphp = defineFeed({
  id: 'friendsofphp',
  title: 'PHP Security Advisories Database (FriendsOfPHP), YAML or JSON',
  recognises: ({ value }) => {
    const record = asObject(value);
    return (
      asString(record?.['reference'])?.startsWith('composer://') === true &&
      asObject(record?.['branches']) !== undefined
    );
  },
  read: readRecord,
});

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = asObject(value);
  const name = /^composer:\/\/(.{1,200})$/.exec(asString(record?.['reference']) ?? '')?.[1];
  if (record === undefined || name === undefined) {
    output.skip('not an advisory');
    return;
  }
  const affected = affectedPackage({
    ecosystem: 'Packagist',
    name,
    ranges: intervalsOfSet(affectedSet(record, path, output), packagist),
  });
  if (affected === undefined) {
    output.skip('no versions');
    return;
  }
  const published = firstDate(record);
  output.combine({
    id: cveOf(record['cve']) ?? idOfPath(path, name),
    aliases: [],
    source: 'friendsofphp',
    ...(published === undefined ? {} : { published }),
    severities: [],
    cwes: [],
    affected: [affected],
  });
}

/** Without a CVE the file's name tells advisories of one package apart: `2017-05-15`, `2020-07-27-1`. */
function idOfPath(path: string, name: string): string {
  const file = /([^/]{1,100}?)\.(?:ya?ml|json)$/i.exec(path)?.[1] ?? path.slice(-60);
  return `FOP:${name.toLowerCase()}/${file}`.replaceAll(/[^A-Za-z0-9._:+/@-]/g, '-');
}

/** A branch without a fix of its own ends where the next one begins: the union closes such gaps. */
function affectedSet(record: JsonObject, path: string, output: FeedOutput): IntervalSet {
  const sets: IntervalSet[] = [];
  for (const [, branch] of entriesOf(record['branches'])) {
    const constraint = asStrings(asObject(branch)?.['versions']).join(', ');
    const alternatives = constraint === '' ? undefined : parseConstraint(constraint);
    if (alternatives === undefined) output.malformed(path, `"${constraint.slice(0, 80)}" are no bounds of versions`);
    else sets.push(setOfAlternatives(alternatives, packagist));
  }
  return unionOf(sets, packagist);
}

/** When the first branch was fixed. */
function firstDate(record: JsonObject): string | undefined {
  const dates = entriesOf(record['branches']).map(([, branch]) => dateTimeOf(asObject(branch)?.['time']));
  return dates.filter((date) => date !== undefined).sort()[0];
}
