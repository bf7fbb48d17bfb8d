// SPDX-License-Identifier: Apache-2.0
// The Debian security tracker's JSON (`tracker/data/json`): package -> CVE -> release codename -> status and fixed version.

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import type { FixState } from '../../model/finding.ts';
import { debianRelease } from '../debian-releases.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage, isIdentifier, severityOfWord } from '../feed-facts.ts';

export const debianTracker = defineFeed({
  id: 'debian-tracker',
  title: 'Debian security tracker, JSON',
  recognises: ({ value }) => {
    const [, first] = entriesOf(value)[0] ?? [];
    const [id, issue] = entriesOf(first)[0] ?? [];
    return id !== undefined && /^(?:CVE|TEMP)-/.test(id) && asObject(asObject(issue)?.['releases']) !== undefined;
  },
  read: ({ path, value }: FeedRecord, output: FeedOutput) => {
    if (asObject(value) === undefined) output.malformed(path, 'not the JSON of the Debian security tracker');
    for (const [name, issues] of entriesOf(value)) {
      for (const [id, issue] of entriesOf(issues)) readIssue(output, { path, name, id, issue: asObject(issue) ?? {} });
    }
  },
});

interface Issue {
  readonly path: string;
  readonly name: string;
  readonly id: string;
  readonly issue: JsonObject;
}

function readIssue(output: FeedOutput, { path, name, id, issue }: Issue): void {
  if (!isIdentifier(id)) {
    output.malformed(path, `"${id.slice(0, 40)}" is no id of a vulnerability`);
    return;
  }
  for (const [codename, entry] of entriesOf(issue['releases'])) {
    const release = debianRelease(codename);
    const state = asObject(entry);
    if (release === undefined || state === undefined) output.skip('unknown release');
    else readRelease(output, { id, name, release, state });
  }
}

interface ReleaseState {
  readonly id: string;
  readonly name: string;
  readonly release: string;
  readonly state: JsonObject;
}

function readRelease(output: FeedOutput, { id, name, release, state }: ReleaseState): void {
  const status = asString(state['status']);
  const fixed = asString(state['fixed_version'])?.trim();
  // Version 0 in a resolved entry means that the release never had the vulnerable code.
  if (fixed === '0' || (status !== 'resolved' && status !== 'open') || (status === 'resolved' && fixed === undefined)) {
    output.skip('not affected');
    return;
  }
  const urgency = asString(state['urgency'])?.replace(/\*+$/, '').trim();
  const severity = severityOfWord(urgency, '')?.value;
  const affected = affectedPackage({
    ecosystem: release,
    name,
    ranges: [status === 'resolved' && fixed !== undefined ? { fixed } : {}],
    fixState: status === 'resolved' ? 'fixed' : openState(state, urgency),
    ...(severity === undefined ? {} : { severity }),
  });
  if (affected !== undefined)
    output.combine({ id, aliases: [], source: 'debian', severities: [], cwes: [], affected: [affected] });
}

/** `nodsa_reason` says what Debian plans: ignored = no fix will come, postponed = with a later update. */
function openState(state: JsonObject, urgency: string | undefined): FixState {
  if (urgency === 'end-of-life') return 'end-of-life';
  const reason = asString(state['nodsa_reason']);
  if (reason === 'ignored') return 'will-not-fix';
  return reason === 'postponed' ? 'fix-deferred' : 'not-fixed';
}
