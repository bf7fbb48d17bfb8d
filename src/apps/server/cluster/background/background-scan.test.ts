// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace, namespaceKind } from '../../../../../test/support/kube-client.ts';
import type { KubeObject } from '../../../../../test/support/kube-server.ts';
import { KubeServer } from '../../../../../test/support/kube-server.ts';
import type { JsonObject } from '../../../../formats/document.ts';
import { asArray, asObject } from '../../../../formats/document.ts';
import { systemClock } from '../../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import { createLogger } from '../../../../io/log.ts';
import type { EngineDocument, PolicyWrite } from '../../../../policy/engine.ts';
import { policyEngines } from '../../../../policy/engines.ts';
import { compilePolicySet } from '../../../../policy/policy-set.ts';
import { Asking } from '../../admission/asking/asking.ts';
import { ClusterData } from '../cluster-data.ts';
import { BackgroundScan } from './background-scan.ts';
import { scanPoliciesOf } from './scan-policies.ts';
import { ScanReports } from './scan-reports.ts';
import { ScanResults } from './scan-results.ts';

const verbs = ['get', 'list', 'watch', 'create', 'delete'];
const kindOf = (kind: string, apiVersion: string, resource: string, namespaced = true): KubeResource => ({
  apiVersion,
  kind,
  resource,
  namespaced,
  verbs,
});
const pods = kindOf('Pod', 'v1', 'pods');
const services = kindOf('Service', 'v1', 'services');
const report = kindOf('Report', 'openreports.io/v1alpha1', 'reports');
const clusterReport = kindOf('ClusterReport', 'openreports.io/v1alpha1', 'clusterreports', false);

const needs = (name: string, kind: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: {
    validationFailureAction: 'Audit',
    rules: [
      {
        name: 'team',
        match: { any: [{ resources: { kinds: [kind] } }] },
        validate: { message: 'whose is it?', pattern: { metadata: { labels: { team: '?*' } } } },
      },
    ],
    ...more,
  },
});
const generating = (more: JsonObject = {}): JsonObject => ({
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name: 'make', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: {
    rules: [
      {
        name: 'map',
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
        generate: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: 'made',
          namespace: '{{ request.object.metadata.namespace }}',
          data: { data: { a: 'b' } },
          ...more,
        },
      },
    ],
  },
});
const pod = (name: string, labels: JsonObject = {}, more: JsonObject = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels, generation: 1, uid: `uid-${name}`, ...more },
  spec: { containers: [{ name: 'a', image: 'a' }] },
});
const documentOf = (object: JsonObject): EngineDocument => {
  const location = { path: 'p' };
  return { object, locate: () => location, locateValue: () => location };
};

describe('a scan of what is in the cluster', () => {
  let server: KubeServer;
  let client: KubeClient;
  let data: ClusterData;
  let scan: BackgroundScan;
  let results: ScanResults;
  let isLeader: boolean;
  let wanted: PolicyWrite[];
  let judged: { readonly name: string; readonly writes: number }[];
  let found: string[];
  let every: number;
  const lines: string[] = [];
  const log = createLogger({ write: (text) => void lines.push(text), format: 'text', level: 'info', now: () => 0 });
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((wake) => setTimeout(wake, Math.min(5, milliseconds)));

  beforeEach(async () => {
    server = await new KubeServer([namespaceKind, pods, services, report, clusterReport]).listen();
    server.initialEvents = 'answered';
    client = clientOf(server.url, hurriedPace());
    for (const name of ['shop', 'kube-system']) server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    isLeader = true;
    wanted = [];
    judged = [];
    found = [];
    every = 3_600_000;
    lines.length = 0;
    results = new ScanResults();
    data = new ClusterData({ client, clock: systemClock, log, surroundings: { now: () => 0, random: () => 0 } });
    await data.follow([], 2_000);
  });
  afterEach(async () => {
    await scan.close();
    data.close();
    client.close();
    await server.close();
  });

  function start(...policies: readonly JsonObject[]): void {
    const asking = new Asking({ waiting: 4, atOnce: 4, report: () => undefined });
    const shared = { client, clock: systemClock, log, isLeader: () => isLeader, pause };
    const reports = new ScanReports({ ...shared, results, gaps: () => scan.gaps });
    scan = new BackgroundScan({
      ...shared,
      asking,
      data: () => data.lookups((name, look) => asking.ask(name, look), 'background'),
      results,
      reports,
      exemptNamespaces: new Set(['kube-system']),
      every,
      calm: 0,
      wants: (write) => wanted.push(write),
      judged: ({ name }, { writes }) => judged.push({ name, writes: writes.length }),
      found: (request) => found.push(request.name ?? ''),
    });
    install(...policies);
  }
  function install(...policies: readonly JsonObject[]): void {
    const set = compilePolicySet(policies.map(documentOf), policyEngines, { unbound: 'apply' });
    expect(set.problems.filter(({ hidesFindings }) => hidesFindings)).toEqual([]);
    scan.setPolicies(scanPoliciesOf(set, {}));
  }
  const stored = async (kind: KubeResource, namespace?: string): Promise<JsonObject | undefined> => {
    const answer = await client.get(kind, 'landwaiter', namespace === undefined ? {} : { namespace });
    return answer.kind === 'found' ? answer.value : undefined;
  };
  const eventually = async (check: () => void | Promise<void>): Promise<void> => {
    const end = Date.now() + 5_000;
    for (;;)
      try {
        return await check();
      } catch (error) {
        if (Date.now() > end) throw error;
        await new Promise((wake) => setTimeout(wake, 10));
      }
  };
  const summary = async (): Promise<unknown> => (await stored(report, 'shop'))?.['summary'];

  it('is told in one report for each namespace, with the rules that are broken and by whom', async () => {
    server.put(pod('good', { team: 'a' }));
    server.put(pod('bad'));
    server.put(pod('worse'));
    server.put({ ...pod('unseen'), metadata: { ...pod('unseen').metadata, namespace: 'kube-system' } });
    start(needs('teams', 'Pod'));

    await eventually(async () => expect(await summary()).toEqual({ pass: 1, fail: 2, warn: 0, error: 0, skip: 0 }));
    const written = await stored(report, 'shop');
    expect(written).toMatchObject({
      source: 'landwaiter',
      scope: { kind: 'Namespace', name: 'shop' },
      results: [
        {
          policy: 'teams',
          rule: 'team',
          result: 'fail',
          message: expect.stringMatching(/^2 objects: .*whose is it/),
          resources: [{ kind: 'Pod', name: 'bad', namespace: 'shop', uid: 'uid-bad' }, { name: 'worse' }],
          timestamp: { nanos: 0 },
        },
      ],
    });
    expect(await stored(report, 'kube-system')).toBeUndefined();
    expect(found.sort()).toEqual(['bad', 'worse']);
  });

  it('follows objects that change, come and go, and writes reports only then', async () => {
    server.put(pod('web'));
    start(needs('teams', 'Pod'));
    await eventually(async () => expect(await summary()).toMatchObject({ fail: 1 }));
    await eventually(async () => expect(await stored(clusterReport)).toBeDefined());
    const writes = (): number => server.requests.filter(({ method }) => method !== 'GET').length;
    const before = writes();
    server.put({ ...pod('web'), status: { phase: 'Running' } });
    await new Promise((wake) => setTimeout(wake, 150));
    expect(writes()).toBe(before);

    server.put(pod('web', { team: 'a' }, { generation: 2 }));
    server.put(pod('api'));
    await eventually(async () => expect(await summary()).toMatchObject({ pass: 1, fail: 1 }));
    server.remove(pod('api'));
    await eventually(async () => expect(await summary()).toMatchObject({ pass: 1, fail: 0 }));
    server.remove(pod('web'));
    await eventually(async () => expect(await stored(report, 'shop')).toBeUndefined());
  });

  it('is done again with other policies, and leaves out those that are not for it', async () => {
    server.put(pod('web'));
    start(needs('teams', 'Pod'));
    await eventually(async () => expect(await summary()).toMatchObject({ fail: 1 }));

    install(needs('teams', 'Pod', { background: false }));
    await eventually(async () => expect(await summary()).toMatchObject({ fail: 0 }));
    install(needs('teams', 'Pod'), needs('more', 'Pod'));
    await eventually(async () => expect(await summary()).toMatchObject({ fail: 2 }));
  });

  it('says in the report of the cluster what could not be looked at, as an error', async () => {
    server.put(pod('web'));
    server.put({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'shop' } });
    server.fault = ({ path }) => (path.includes('services') ? { kind: 'status', status: 403 } : undefined);
    start(needs('teams', 'Pod'), needs('owners', 'Service'));

    await eventually(async () =>
      expect(await stored(clusterReport)).toMatchObject({
        summary: { error: 2 },
        results: expect.arrayContaining([
          expect.objectContaining({
            rule: 'coverage',
            result: 'error',
            message: expect.stringContaining('services could not be read'),
          }),
        ]),
      }),
    );
    expect(await summary()).toMatchObject({ fail: 1 });
  });

  it('is nobody else than the leader’s', async () => {
    server.put(pod('web'));
    isLeader = false;
    start(needs('teams', 'Pod'));
    await new Promise((wake) => setTimeout(wake, 200));
    expect(server.requests.filter(({ path }) => path.includes('pods'))).toEqual([]);

    isLeader = true;
    await eventually(async () => expect(await summary()).toMatchObject({ fail: 1 }));
    isLeader = false;
    await eventually(() => expect(results.objects).toBe(0));
  });

  it('takes reports away that a leader before has left about namespaces without objects', async () => {
    server.put({
      apiVersion: 'openreports.io/v1alpha1',
      kind: 'Report',
      metadata: {
        name: 'landwaiter',
        namespace: 'gone',
        labels: { 'app.kubernetes.io/managed-by': 'landwaiter' },
      },
    });
    start(needs('teams', 'Pod'));

    await eventually(async () => expect(await stored(report, 'gone')).toBeUndefined());
  });

  it('tells what policies make: for objects that are older than they only where they say so', async () => {
    server.put(pod('old', { team: 'a' }, { creationTimestamp: '2025-01-01T00:00:00Z' }));
    server.put(pod('young', { team: 'a' }, { creationTimestamp: '2026-02-01T00:00:00Z' }));
    start(generating());
    await eventually(() => expect(wanted.length).toBe(1));

    wanted.length = 0;
    install(generating({ generateExisting: true }));
    await eventually(() => expect(wanted.length).toBe(2));
    expect(wanted[0]).toMatchObject({ kind: 'make', policy: 'make', object: { kind: 'ConfigMap' } });

    wanted.length = 0;
    install(generating());
    await eventually(() => expect(wanted.length).toBe(1));
    server.put(pod('old', { team: 'b' }, { creationTimestamp: '2025-01-01T00:00:00Z', generation: 2 }));
    await eventually(() => expect(wanted.length).toBe(2));
  });

  it('judges an object again when somebody asks for it, though it has not changed', async () => {
    server.put(pod('old', {}, { creationTimestamp: '2025-01-01T00:00:00Z' }));
    start(generating());
    await eventually(() => expect(scan.age).toBeDefined());
    expect(wanted).toEqual([]);
    scan.again({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'old' });
    scan.again({ apiVersion: 'v1', kind: 'Unwatched', namespace: 'shop', name: 'old' });

    await eventually(() => expect(wanted).toMatchObject([{ policy: 'make', object: { metadata: { name: 'made' } } }]));
  });

  it('does not say that an object was judged where a look-up of a rule failed and the rule went on with its default', async () => {
    const listed = { name: 'listed', apiCall: { urlPath: '/api/v1/namespaces/shop/services/a', default: {} } };
    const policy = generating();
    const [rule] = asArray(asObject(policy['spec'])?.['rules']);
    const conditions = { all: [{ key: '{{ listed.kind || `no` }}', operator: 'Equals', value: 'Service' }] };
    const spec = { rules: [{ ...asObject(rule), context: [listed], preconditions: conditions }] };
    server.put({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'shop' } });
    start({ ...policy, spec });
    await eventually(() => expect(scan.age).toBeDefined());
    server.put(pod('web'));
    await eventually(() => expect(judged).toMatchObject([{ name: 'web', writes: 1 }]));

    server.fault = ({ path }) => (path.endsWith('/services/a') ? { kind: 'status', status: 403 } : undefined);
    server.put(pod('api'));
    await eventually(() => expect(server.requests.some(({ path }) => path.endsWith('/pods/api'))).toBe(true));
    await new Promise((wake) => setTimeout(wake, 100));
    server.fault = () => undefined;
    server.put(pod('last'));
    await eventually(() => expect(judged.map(({ name }) => name)).toContain('last'));

    expect(judged.map(({ name }) => name)).toEqual(['web', 'last']);
  });

  it('keeps results when a report cannot be written, and goes on', async () => {
    server.put(pod('web'));
    server.fault = ({ method }) => (method === 'PATCH' ? { kind: 'status', status: 403 } : undefined);
    start(needs('teams', 'Pod'));
    await eventually(() => expect(lines.join('')).toContain('is not written'));

    expect(asArray(results.broken('shop')).length).toBe(1);
    server.fault = () => undefined;
    server.put(pod('api'));
    await eventually(async () => expect(asObject(await summary())).toMatchObject({ fail: 2 }));
  });
});
