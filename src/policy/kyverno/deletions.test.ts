// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { noData } from '../data-provider.ts';
import type { Deletions } from './deletions.ts';
import { plannedDeletions } from './deletions.ts';
import { nextTime, parseSchedule } from './schedule.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

function pod(name: string, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', ...metadata }, spec: {} };
}

function plan(policies: string, objects: readonly JsonObject[], since?: number): Deletions {
  return plannedDeletions({
    policies: resourcesOf(parseKubernetesYaml(policies, 'p.yaml')).resources,
    objects,
    now,
    ...(since === undefined ? {} : { since }),
    data: noData,
    namespaceLabels: () => ({}),
  });
}

function names({ deleted }: Deletions): readonly unknown[] {
  return deleted.map(({ object }) => (object['metadata'] as JsonObject)['name']);
}

function cleanup(spec: string, kind = 'ClusterCleanupPolicy', metadata = '{name: old}'): string {
  return `apiVersion: kyverno.io/v2\nkind: ${kind}\nmetadata: ${metadata}\nspec:\n  schedule: "0 * * * *"\n${spec}`;
}

const pods = '  match: {any: [{resources: {kinds: [Pod]}}]}';
const old = `${pods}
  conditions:
    any:
      - key: "{{ time_since('', '{{ target.metadata.creationTimestamp }}', '') }}"
        operator: GreaterThan
        value: 24h`;

describe('what is deleted', () => {
  it('is what a cleanup policy matches and whose conditions hold', () => {
    const objects = [
      pod('aged', { creationTimestamp: '2026-02-01T00:00:00Z' }),
      pod('young', { creationTimestamp: '2026-03-01T11:00:00Z' }),
    ];

    const planned = plan(cleanup(old), objects);

    expect(names(planned)).toEqual(['aged']);
    expect(planned.deleted[0]?.because).toBe('ClusterCleanupPolicy old');
  });

  it('is in the namespace of a CleanupPolicy', () => {
    const policy = cleanup(pods, 'CleanupPolicy', '{name: old, namespace: shop}');

    expect(names(plan(policy, [pod('here'), pod('there', { namespace: 'other' })]))).toEqual(['here']);
  });

  it('is nothing between the times of the schedule', () => {
    expect(names(plan(cleanup(pods), [pod('a')], now - 60_000))).toEqual(['a']);
    expect(names(plan(cleanup(pods), [pod('a')], now))).toEqual([]);
  });

  it('is what a DeletingPolicy names', () => {
    const policy = `
apiVersion: policies.kyverno.io/v1
kind: DeletingPolicy
metadata: {name: test-pods}
spec:
  schedule: "0 0 * * *"
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: ["*"]}]
  conditions: [{name: test, expression: "object.metadata.name.startsWith('test-')"}]
`;

    expect(names(plan(policy, [pod('test-1'), pod('real')]))).toEqual(['test-1']);
  });

  it.each([
    ['1h', ['a']],
    ['25h', []],
    ['2026-02-28', ['a']],
    ['2026-03-01T115900Z', ['a']],
    ['2026-03-01T120100Z', []],
    ['soon', []],
  ])('is what its label gives an end: %s', (ttl, expected) => {
    const object = pod('a', { creationTimestamp: '2026-03-01T00:00:00Z', labels: { 'cleanup.kyverno.io/ttl': ttl } });

    expect(names(plan('', [object]))).toEqual(expected);
  });

  it('is not what nobody can judge', () => {
    const policy = cleanup(`${pods}\n  conditions: {all: [{key: "{{ target.none }}", operator: Equals, value: 1}]}`);

    const planned = plan(policy, [pod('a')]);

    expect(planned.deleted).toEqual([]);
    expect(planned.errors).toEqual([expect.stringContaining('none')]);
  });

  it.each([
    ['schedule', cleanup(pods).replace('0 * * * *', 'often')],
    ['match', cleanup('  conditions: {}')],
    ['kindz', cleanup('  match: {any: [{resources: {kindz: [Pod]}}]}')],
    ['conditionz', cleanup(`${pods}\n  conditionz: {}`)],
  ])('is nothing where %s is wrong', (word, policy) => {
    expect(plan(policy, [pod('a')])).toEqual({ deleted: [], errors: [expect.stringContaining(word)] });
  });
});

describe('schedules', () => {
  it.each([
    ['*/15 * * * *', '2026-03-01T12:15:00Z'],
    ['0 0 * * *', '2026-03-02T00:00:00Z'],
    ['30 6 * * mon-fri', '2026-03-02T06:30:00Z'],
    ['0 0 13 * fri', '2026-03-06T00:00:00Z'],
    ['0 0 29 2 *', '2028-02-29T00:00:00Z'],
    ['@hourly', '2026-03-01T13:00:00Z'],
    ['5,10 12 1 jan,mar *', '2026-03-01T12:05:00Z'],
    ['0 8 * * 7', '2026-03-08T08:00:00Z'],
  ])('%s comes next at %s', (text, expected) => {
    const schedule = parseSchedule(text);

    const next = schedule === undefined ? undefined : nextTime(schedule, now);

    expect(next === undefined ? undefined : new Date(next)).toEqual(new Date(expected));
  });

  it.each(['', '* * * *', '60 * * * *', '*/0 * * * *', '5-1 * * * *', 'a b c d e', '1/2/3 * * * *'])(
    'are not written %j',
    (text) => {
      expect(parseSchedule(text)).toBeUndefined();
    },
  );

  it('may never come', () => {
    const schedule = parseSchedule('0 0 31 2 *');

    expect(schedule === undefined ? 0 : nextTime(schedule, now)).toBeUndefined();
  });
});
