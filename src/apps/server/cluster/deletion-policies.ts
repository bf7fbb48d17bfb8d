// SPDX-License-Identifier: Apache-2.0
// Policies that delete in the background. No engine of requests compiles them, so what is wrong with one would only be found when its time has come.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import { compileDeletingPolicy, isDeletingPolicy } from '../../../policy/kyverno/cel/deleting-policy.ts';
import { compileCleanupPolicy, isCleanupPolicy } from '../../../policy/kyverno/cleanup-policy.ts';
import { parseSchedule } from '../../../policy/kyverno/schedule.ts';

export function isDeletionPolicy(object: JsonObject): boolean {
  return isCleanupPolicy(object) || isDeletingPolicy(object);
}

/** Why it could never delete anything; undefined: it can, or is no such policy. */
export function deletionFault(object: JsonObject, path: string): string | undefined {
  if (isCleanupPolicy(object)) {
    const compiled = compileCleanupPolicy(object);
    return compiled.kind === 'invalid' ? compiled.message : undefined;
  }
  if (!isDeletingPolicy(object)) return undefined;
  const { policy, problems } = compileDeletingPolicy({ object, locateValue: () => ({ path }) });
  if (policy === undefined) return problems[0]?.message ?? 'it cannot be compiled';
  const schedule = asString(asObject(object['spec'])?.['schedule']) ?? '';
  return parseSchedule(schedule) === undefined ? 'spec.schedule: five fields as in a crontab are required' : undefined;
}
