// SPDX-License-Identifier: Apache-2.0
// Which of the given objects would be deleted: by cleanup policies and DeletingPolicies whose time has come, and by the label that ends a life. A pure
// question; nothing is deleted here, and the clock is the caller's.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { requestFor } from '../admission-policy/request.ts';
import type { DataProvider } from '../data-provider.ts';
import { compileDeletingPolicy, evaluateDeletingPolicy, isDeletingPolicy } from './cel/deleting-policy.ts';
import type { CelException } from './cel/exceptions.ts';
import type { Deletion } from './cleanup-policy.ts';
import { compileCleanupPolicy, endOfLife, evaluateCleanup, isCleanupPolicy } from './cleanup-policy.ts';
import type { PolicySource } from './policy.ts';
import { Queries } from './queries.ts';
import type { Schedule } from './schedule.ts';
import { nextTime, parseSchedule } from './schedule.ts';

export interface DeletionQuestion {
  readonly policies: readonly PolicySource[];
  readonly objects: readonly JsonObject[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When somebody looked last: policies count whose schedule has fired since. Absent: all count, whatever their schedule. */
  readonly since?: number;
  readonly data: DataProvider;
  readonly namespaceLabels: (namespace: string) => JsonObject;
  readonly exceptions?: readonly CelException[];
}

export interface PlannedDeletion {
  readonly object: JsonObject;
  /** `ClusterCleanupPolicy old-pods`, or `label cleanup.kyverno.io/ttl`. */
  readonly because: string;
}

export interface Deletions {
  readonly deleted: readonly PlannedDeletion[];
  /** What could not be told; those objects are kept. */
  readonly errors: readonly string[];
}

interface Judge {
  readonly name: string;
  readonly schedule: Schedule | undefined;
  readonly judge: (object: JsonObject) => Deletion;
}

/** Each object once, with the first reason. Never throws. */
export function plannedDeletions(question: DeletionQuestion): Deletions {
  const errors: string[] = [];
  const judges = question.policies.flatMap((source) => judgeOf(source, question, errors));
  const due = judges.filter(({ schedule }) => isDue(schedule, question));
  const deleted: PlannedDeletion[] = [];
  for (const object of question.objects) {
    const end = endOfLife(object);
    if (end !== undefined && end <= question.now) {
      deleted.push({ object, because: 'label cleanup.kyverno.io/ttl' });
      continue;
    }
    for (const { name, judge } of due) {
      const said = judge(object);
      if (said.kind === 'error') errors.push(`${name}: ${said.message}`);
      if (said.kind !== 'delete') continue;
      deleted.push({ object, because: name });
      break;
    }
  }
  return { deleted, errors: [...new Set(errors)] };
}

function isDue(schedule: Schedule | undefined, { now, since }: DeletionQuestion): boolean {
  if (since === undefined || schedule === undefined) return since === undefined;
  const next = nextTime(schedule, since);
  return next !== undefined && next <= now;
}

function judgeOf(source: PolicySource, question: DeletionQuestion, errors: string[]): readonly Judge[] {
  const { object } = source;
  const name = `${asString(object['kind']) ?? ''} ${asString(asObject(object['metadata'])?.['name']) ?? ''}`;
  const { data, now, namespaceLabels, exceptions = [] } = question;
  const labelsFor = (each: JsonObject): JsonObject =>
    namespaceLabels(asString(asObject(each['metadata'])?.['namespace']) ?? '');
  if (isCleanupPolicy(object)) {
    const compiled = compileCleanupPolicy(object);
    if (compiled.kind === 'invalid') {
      errors.push(`${name}: ${compiled.message}`);
      return [];
    }
    const queries = new Queries({ now: () => now, random: () => 0, addressesOf: (host) => data.addressesOf(host) });
    const { policy } = compiled;
    const judge = (each: JsonObject): Deletion =>
      evaluateCleanup(policy, each, { queries, data, namespaceLabels: labelsFor(each) });
    return [{ name, schedule: policy.schedule, judge }];
  }
  if (!isDeletingPolicy(object)) return [];
  const { policy, problems } = compileDeletingPolicy(source);
  const schedule = policy === undefined ? undefined : parseSchedule(policy.schedule);
  if (policy === undefined || schedule === undefined) {
    errors.push(`${name}: ${problems[0]?.message ?? `schedule: five fields as in a crontab are required`}`);
    return [];
  }
  const judge = (each: JsonObject): Deletion => {
    const request = requestFor(each, 'CREATE');
    const said = evaluateDeletingPolicy(policy, {
      request,
      namespace: undefined,
      namespaceLabels: labelsFor(each),
      data,
      exceptions,
    });
    if (said?.status === 'error') return { kind: 'error', message: said.message };
    return { kind: said?.status === 'pass' ? 'delete' : 'keep' };
  };
  return [{ name, schedule, judge }];
}
