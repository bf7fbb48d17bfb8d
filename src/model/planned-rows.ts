// SPDX-License-Identifier: Apache-2.0
// What policies would do besides judging, in the words of every report for people: objects they change, make and delete.
import { formatLocation } from './location.ts';
import type { PlannedChange, PolicyRun } from './policy-run.ts';
import { countResults, describeReference } from './policy-run.ts';
import { plural } from './quantity.ts';

export interface PlannedRow {
  readonly would: 'change' | 'make' | 'delete';
  readonly object: string;
  readonly how: string;
  readonly where: string;
}

/** Changes of what was handed in, then other objects, then deletions. */
export function plannedRows({ changes, writes, deletions }: PolicyRun): readonly PlannedRow[] {
  return [
    ...changes.map((change) => ({
      would: 'change' as const,
      object: describeReference(change.object),
      how: placesOf(change),
      where: formatLocation(change.location),
    })),
    ...writes.map(({ kind, object, policy, rule, because }) => ({
      would: kind,
      object: describeReference(object),
      how: `by ${rule === '' ? policy : `${policy}/${rule}`}`,
      where: `for ${describeReference(because)}`,
    })),
    ...deletions.map(({ object, because, location }) => ({
      would: 'delete' as const,
      object: describeReference(object),
      how: `by ${because}`,
      where: formatLocation(location),
    })),
  ];
}

/** `/spec/replicas`, and how many more places. */
function placesOf({ patch }: PlannedChange): string {
  const more = patch.length > 1 ? ` and ${plural(patch.length - 1, 'more place')}` : '';
  return `at ${patch[0]?.path ?? '/'}${more}`;
}

/** `2 to change  1 to make` */
export function countPlanned(rows: readonly PlannedRow[]): string {
  return (['change', 'make', 'delete'] as const)
    .map((word) => ({ word, count: rows.filter(({ would }) => would === word).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} to ${word}`)
    .join('  ');
}

export interface ExceptedRow {
  readonly object: string;
  /** `<policy>`, or `<policy>/<rule>`. */
  readonly policy: string;
  /** The exceptions. */
  readonly by: string;
}

/** Rules that exceptions took out: who looks at a report must see what nobody judged. */
export function exceptedRows({ results }: Pick<PolicyRun, 'results'>): readonly ExceptedRow[] {
  return results.flatMap(({ object, policy, rule, exceptions = [] }) =>
    exceptions.length === 0
      ? []
      : [
          {
            object: describeReference(object),
            policy: rule === '' || rule === 'exception' ? policy : `${policy}/${rule}`,
            by: exceptions.join(', '),
          },
        ],
  );
}

/** `22 policies judged 1 object: 5 passed, 11 failed.` */
export function judgedSentence({ policies, objects, results }: PolicyRun): string {
  const { pass, fail, skip, error } = countResults(results);
  const parts = [
    `${pass} passed`,
    `${fail} failed`,
    ...(skip === 0 ? [] : [`${skip} skipped`]),
    ...(error === 0 ? [] : [`${error} could not be judged`]),
  ];
  return `${plural(policies, 'policy', 'policies')} judged ${plural(objects, 'object')}: ${parts.join(', ')}.`;
}
