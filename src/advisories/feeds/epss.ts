// SPDX-License-Identifier: Apache-2.0
// EPSS scores as FIRST gives them out: a CSV file with the model and date in a comment, then `cve,epss,percentile`; or the objects of
// its API, one per record.
import { asArray, asObject } from '../../formats/document.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { cveOf, dateTimeOf } from '../feed-facts.ts';

export const epss = defineFeed({
  id: 'epss',
  title: 'Exploit prediction scores (EPSS), CSV or JSON',
  recognises: ({ value }) => (typeof value === 'string' ? isTable(value) : isScores(value)),
  read: readRecord,
});

function isTable(text: string): boolean {
  return /^(?:#[^\n]*\n)?\s*"?cve"?,"?epss"?,"?percentile"?/i.test(text.slice(0, 500));
}

/** `{cve, epss, percentile, date}`, or a page of them. */
function isScores(value: unknown): boolean {
  const record = asObject(value);
  const first = asObject(asArray(record?.['data'])[0]) ?? record;
  return first !== undefined && 'cve' in first && 'epss' in first && 'percentile' in first;
}

function readScores(value: unknown, path: string, output: FeedOutput): void {
  const page = asArray(asObject(value)?.['data']);
  for (const item of page.length > 0 ? page : [value]) {
    const entry = asObject(item) ?? {};
    const cve = cveOf(entry['cve']);
    const score = probabilityOf(entry['epss']);
    const percentile = probabilityOf(entry['percentile']);
    if (cve === undefined || score === undefined || percentile === undefined) {
      output.malformed(path, 'not a score: it has no cve, epss or percentile');
      continue;
    }
    output.addContext(cve, { epss: { score, percentile } });
    output.noteContextSource('epss', (dateTimeOf(entry['date']) ?? '').slice(0, 10));
  }
}

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  if (typeof value !== 'string') {
    readScores(value, path, output);
    return;
  }
  const date = dateTimeOf(/score_date:([0-9T:.+Z-]{10,40})/.exec(value.slice(0, 500))?.[1]?.slice(0, 10)) ?? '';
  let line = 0;
  for (let start = 0; start < value.length; ) {
    const newline = value.indexOf('\n', start);
    const end = newline === -1 ? value.length : newline;
    const text = value.slice(start, end).trim();
    start = end + 1;
    line += 1;
    if (text === '' || text.startsWith('#') || /^"?cve"?,/i.test(text)) continue;
    readLine(text.replaceAll('"', ''), { path, line, output });
  }
  output.noteContextSource('epss', date.slice(0, 10));
}

function readLine(
  text: string,
  place: { readonly path: string; readonly line: number; readonly output: FeedOutput },
): void {
  const [name, score, percentile] = text.split(',', 4);
  const cve = cveOf(name);
  const values = [probability(score), probability(percentile)] as const;
  if (cve === undefined || values[0] === undefined || values[1] === undefined) {
    const message = 'not a line of cve,epss,percentile';
    place.output.problem({
      kind: 'schema',
      message,
      location: { path: place.path, line: place.line },
      hidesFindings: false,
    });
    return;
  }
  place.output.addContext(cve, { epss: { score: values[0], percentile: values[1] } });
}

/** The interface writes numbers as texts. */
function probabilityOf(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? probability(String(value)) : undefined;
}

/** A number from 0 to 1; undefined for anything else: a missing score is unknown, not 0. */
function probability(text: string | undefined): number | undefined {
  const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return number >= 0 && number <= 1 ? number : undefined;
}
