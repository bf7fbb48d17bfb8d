// SPDX-License-Identifier: Apache-2.0
// CleanupPolicy and ClusterCleanupPolicy (kyverno.io v2, v2beta1), and the label `cleanup.kyverno.io/ttl`: whether an object is one that is deleted.
// Not here: deleting it, and when somebody looks (schedule.ts).
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { DataProvider } from '../data-provider.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import type { Conditions } from './conditions.ts';
import { compileConditions } from './conditions.ts';
import { contextEntries, contextFaults } from './context-entries.ts';
import { EvaluationContext } from './evaluation-context.ts';
import type { MatchTarget } from './match.ts';
import { compileMatch } from './match.ts';
import { matchShape } from './policy-shape.ts';
import type { Queries } from './queries.ts';
import type { Schedule } from './schedule.ts';
import { parseSchedule } from './schedule.ts';
import { checkShape } from './shape.ts';

export interface CleanupPolicy {
  readonly kind: 'CleanupPolicy' | 'ClusterCleanupPolicy';
  readonly name: string;
  /** Empty for a ClusterCleanupPolicy. */
  readonly namespace: string;
  readonly schedule: Schedule;
  readonly matches: (target: MatchTarget) => boolean;
  readonly context: unknown;
  readonly conditions: Conditions;
}

export type CompiledCleanup =
  | { readonly kind: 'policy'; readonly policy: CleanupPolicy }
  | { readonly kind: 'invalid'; readonly message: string };

const members: readonly string[] = [
  'schedule',
  'match',
  'exclude',
  'conditions',
  'context',
  'deletionPropagationPolicy',
];

export function isCleanupPolicy(object: JsonObject): boolean {
  const isKind = object['kind'] === 'CleanupPolicy' || object['kind'] === 'ClusterCleanupPolicy';
  return isKind && /^kyverno\.io\/v2(?:alpha1|beta1)?$/.test(asString(object['apiVersion']) ?? '');
}

/** Reads one policy. Never throws. */
export function compileCleanupPolicy(object: JsonObject): CompiledCleanup {
  const metadata = asObject(object['metadata']) ?? {};
  const spec = asObject(object['spec']) ?? {};
  const kind = object['kind'] === 'CleanupPolicy' ? 'CleanupPolicy' : 'ClusterCleanupPolicy';
  const invalid = (message: string): CompiledCleanup => ({ kind: 'invalid', message });
  const unknown = Object.keys(spec).find((key) => !members.includes(key));
  if (unknown !== undefined) return invalid(`spec.${unknown}: unknown field`);
  const match = asObject(spec['match']);
  if (match === undefined) return invalid('spec.match is required');
  for (const part of ['match', 'exclude']) {
    const [fault] = checkShape(spec[part], matchShape, ['spec', part]);
    if (fault !== undefined) return invalid(`${fault.path.join('.')}: ${fault.message}`);
  }
  const schedule = parseSchedule(asString(spec['schedule']) ?? '');
  if (schedule === undefined) return invalid('spec.schedule: five fields as in a crontab are required');
  const conditions = compileConditions(spec['conditions']);
  if (conditions.kind === 'invalid') return invalid(`spec.conditions: ${conditions.message}`);
  const [fault] = contextFaults(spec['context']);
  if (fault !== undefined) return invalid(`spec.context: ${fault}`);
  return {
    kind: 'policy',
    policy: {
      kind,
      name: asString(metadata['name']) ?? '',
      namespace: kind === 'CleanupPolicy' ? (asString(metadata['namespace']) ?? 'default') : '',
      schedule,
      matches: compileMatch(match, asObject(spec['exclude'])),
      context: spec['context'],
      conditions: conditions.evaluate,
    },
  };
}

export type Deletion =
  | { readonly kind: 'delete' }
  | { readonly kind: 'keep' }
  /** Nobody can tell; it is kept. */
  | { readonly kind: 'error'; readonly message: string };

export interface CleanupSituation {
  readonly queries: Queries;
  readonly data: DataProvider;
  readonly namespaceLabels: JsonObject;
}

/** What the policy says of an object when its time has come. */
export function evaluateCleanup(policy: CleanupPolicy, object: JsonObject, situation: CleanupSituation): Deletion {
  const { queries, data, namespaceLabels } = situation;
  const namespace = asString(asObject(object['metadata'])?.['namespace']) ?? '';
  if (policy.namespace !== '' && namespace !== policy.namespace) return { kind: 'keep' };
  const apiVersion = asString(object['apiVersion']) ?? '';
  const slash = apiVersion.indexOf('/');
  const kind = {
    group: slash === -1 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind: asString(object['kind']) ?? '',
    subresource: '',
  };
  if (!policy.matches({ object, kind, operation: 'DELETE', namespaceLabels, requester: undefined }))
    return { kind: 'keep' };
  const values = { target: object, request: { object, namespace, operation: 'CREATE' } };
  const context = new EvaluationContext(values, { queries, operation: 'CREATE' });
  const holds = policy.conditions(context.extend(contextEntries(policy.context, data)));
  if (holds instanceof JmespathFault) return { kind: 'error', message: holds.message };
  return { kind: holds.holds ? 'delete' : 'keep' };
}

const ttlLabel = 'cleanup.kyverno.io/ttl';
const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** When the label of an object has it deleted, in milliseconds since 1970; undefined without the label, or when it is none. */
export function endOfLife(object: JsonObject): number | undefined {
  const metadata = asObject(object['metadata']);
  const text = asString(asObject(metadata?.['labels'])?.[ttlLabel]);
  if (text === undefined) return undefined;
  // Labels hold no colons, so times are written without them: 2026-03-01, 2026-03-01T120000Z.
  const [, date, hours, minutes, seconds] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?$/.exec(text) ?? [];
  if (date !== undefined) {
    const time = Date.parse(`${date}T${hours ?? '00'}:${minutes ?? '00'}:${seconds ?? '00'}Z`);
    return Number.isNaN(time) ? undefined : time;
  }
  const created = Date.parse(asString(metadata?.['creationTimestamp']) ?? '');
  if (Number.isNaN(created) || !/^(?:\d{1,9}[smhdw]){1,5}$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d{1,9})([smhdw])/g)];
  return parts.reduce(
    (sum, [, amount = '0', unit = 's']) => sum + Number(amount) * (units[unit] ?? 0) * 1_000,
    created,
  );
}
