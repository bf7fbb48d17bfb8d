// SPDX-License-Identifier: Apache-2.0
// Roave/SecurityAdvisories: per Composer package one constraint over all vulnerable versions, without any ids. It is a summary of other
// databases, so it only fills gaps: what another source covers is taken away when a database is built (database/gaps.ts).
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage } from '../feed-facts.ts';
import { intervalsOfSet, setOfAlternatives } from '../interval-set.ts';
import { parseConstraint } from '../version-text/constraint.ts';
import { packagist } from '../versions/packagist.ts';

export const roave = defineFeed({
  id: 'roave',
  title: 'Roave Security Advisories: composer.json with conflicts, or one record per package',
  recognises: ({ value }) => {
    const record = asObject(value);
    return (
      record?.['name'] === 'roave/security-advisories' ||
      (typeof record?.['package'] === 'string' &&
        typeof record['vulnerable'] === 'string' &&
        Object.keys(record).length === 2)
    );
  },
  read: readRecord,
});

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = asObject(value) ?? {};
  if (!('conflict' in record)) {
    readPackage(asString(record['package']), record['vulnerable'], { path, output });
    return;
  }
  for (const [name, constraint] of entriesOf(record['conflict'])) readPackage(name, constraint, { path, output });
}

function readPackage(
  name: string | undefined,
  constraint: unknown,
  place: { readonly path: string; readonly output: FeedOutput },
): void {
  const text = asString(constraint) ?? '';
  const alternatives =
    text === '' ? undefined : text === '*' ? [[]] : parseConstraint(text.split(/\|{1,2}/).join(' || '));
  if (name === undefined || alternatives === undefined) {
    place.output.malformed(place.path, `"${text.slice(0, 80)}" of ${name ?? 'no package'} is no constraint`);
    return;
  }
  const ranges = intervalsOfSet(setOfAlternatives(alternatives, packagist), packagist);
  const affected = affectedPackage({ ecosystem: 'Packagist', name, ranges });
  if (affected === undefined) return;
  place.output.replace({
    id: `ROAVE:${affected.name}`,
    aliases: [],
    source: 'roave',
    severities: [],
    cwes: [],
    affected: [affected],
  });
}
