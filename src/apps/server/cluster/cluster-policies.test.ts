// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  admission,
  broken,
  cleanups,
  clusterPolicy,
  configMaps,
  exceptions,
  imagePolicy,
  podWith,
  policy,
  sigstore,
  vap,
  vapBinding,
} from '../../../../test/support/installed-policies.ts';
import { clientOf, hurriedPace, namespaceKind, until } from '../../../../test/support/kube-client.ts';
import type { KubeObject } from '../../../../test/support/kube-server.ts';
import { KubeServer } from '../../../../test/support/kube-server.ts';
import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import { systemClock } from '../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../io/kube/client.ts';
import { createLogger } from '../../../io/log.ts';
import { requestFor } from '../../../policy/admission-policy/request.ts';
import type { EngineDocument } from '../../../policy/engine.ts';
import { PolicyHolder } from '../admission/policy-holder.ts';
import { ClusterData } from './cluster-data.ts';
import type { ClusterPoliciesOptions } from './cluster-policies.ts';
import { ClusterPolicies } from './cluster-policies.ts';
import { PolicyStatusWriter } from './policy-status.ts';

describe('policies that are installed in a cluster', () => {
  let server: KubeServer;
  let client: KubeClient;
  let data: ClusterData;
  let policies: ClusterPolicies;
  let holder: PolicyHolder;
  let status: PolicyStatusWriter;
  let files: EngineDocument[];
  let unread: boolean;
  const lines: string[] = [];
  const log = createLogger({ write: (text) => void lines.push(text), format: 'text', level: 'info', now: () => 0 });

  async function start(kinds: readonly KubeResource[]): Promise<void> {
    server = await new KubeServer([namespaceKind, ...kinds]).listen();
    server.initialEvents = 'answered';
    server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    client = clientOf(server.url, hurriedPace());
    const surroundings = { now: () => 0, random: () => 0 };
    data = new ClusterData({ client, clock: systemClock, log, surroundings, questionTime: 500 });
    holder = new PolicyHolder();
    status = new PolicyStatusWriter({ client, clock: systemClock, log, isLeader: () => true, acts: false });
    files = [];
    unread = false;
    lines.length = 0;
  }
  function follow(
    exceptionNamespaces: readonly string[] = [],
    settings: NonNullable<ClusterPoliciesOptions['settings']> = { namespace: 'cosign-system', presence: 'optional' },
  ): void {
    policies = new ClusterPolicies({
      client,
      origins: new Set(['cluster', 'admission-policies']),
      exceptionNamespaces: new Set(exceptionNamespaces),
      holder,
      data,
      log,
      compileOptions: { surroundings: { now: () => 0, random: () => 0 } },
      settings,
      files: () => (unread ? undefined : { documents: files, problems: [] }),
      compiled: (compilation, installed) => status.tell(compilation, installed),
      discoverEvery: 20,
      calm: 5,
    });
  }
  beforeEach(() => start([clusterPolicy, exceptions, cleanups, imagePolicy, vap, vapBinding]));
  afterEach(async () => {
    await policies.close();
    await status.idle();
    data.close();
    client.close();
    await server.close();
  });

  /** Messages of what refuses the Pod. */
  const refusals = (pod: JsonObject): readonly string[] => {
    const judged = holder.current?.judge(requestFor(pod), data.lookups(unasked));
    return (judged?.decisions ?? []).filter(({ outcome }) => outcome === 'fail').map(({ policy: name }) => name);
  };
  const generation = (number: number): Promise<void> => until(() => holder.status.generation >= number);
  const statusOf = async (name: string, kind = clusterPolicy): Promise<JsonObject> => {
    const found = await client.get(kind, name);
    return found.kind === 'found' ? (asObject(found.value['status']) ?? {}) : {};
  };
  const readyIs = async (name: string, wanted: string): Promise<JsonObject> => {
    for (;;) {
      const { conditions } = await statusOf(name);
      const [condition] = (conditions ?? []) as JsonObject[];
      if (condition?.['status'] === wanted) return condition;
      await new Promise((wake) => setTimeout(wake, 5));
    }
  };

  it('come into force, change, and go, while what lies in files stays', async () => {
    files.push(documentOf(policy('filed', 'filed')));
    server.put(policy('one', 'a'));
    follow();
    await generation(1);
    expect(refusals(podWith())).toEqual(['filed', 'one']);

    server.put(policy('one', 'b'));
    server.put(policy('two', 'c'));
    await until(() => refusals(podWith('a')).length === 3);
    expect(refusals(podWith('b'))).toEqual(['filed', 'two']);

    server.remove(policy('one', 'b'));
    await until(() => !refusals(podWith()).includes('one'));
    expect(refusals(podWith())).toEqual(['filed', 'two']);
  });

  it('keep their last good version, with the reason in their status, while the others go on', async () => {
    server.put(policy('one', 'a'));
    server.put(policy('two', 'b'));
    follow();
    await generation(1);
    await readyIs('one', 'True');

    server.put(broken('one'));
    server.put(policy('two', 'c'));
    await until(() => refusals(podWith('b')).includes('two') && holder.status.leftOut === 1);
    expect(refusals(podWith('c'))).toEqual(['one']);
    expect(await readyIs('one', 'False')).toMatchObject({
      type: 'Ready',
      reason: 'Failed',
      message: expect.stringMatching(/nonsense.*in force: the version before/s),
    });
    expect(lines.join('')).toMatch(/kyverno.io\/ClusterPolicy\/one is refused/);

    server.put(policy('one', 'd'));
    await readyIs('one', 'True');
    expect(refusals(podWith('a', 'c'))).toEqual(['one']);
    expect(holder.status.leftOut).toBe(0);
  });

  it('that are bad from the beginning stay out, and keep nobody else out', async () => {
    server.put(broken('bad'));
    server.put(policy('good', 'a'));
    follow();
    await generation(1);

    expect(refusals(podWith())).toEqual(['good']);
    expect(await readyIs('bad', 'False')).toMatchObject({ message: expect.stringContaining('in force: nothing') });
  });

  it('of kinds whose conditions stand elsewhere say there why they are not in force', async () => {
    server.put({
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'ImageValidatingPolicy',
      metadata: { name: 'images' },
      spec: {},
    });
    follow();
    await generation(1);
    await until(() => holder.status.leftOut === 1);
    await status.idle();

    expect(await statusOf('images', imagePolicy)).toMatchObject({
      conditionStatus: { conditions: [{ type: 'Ready', status: 'False' }] },
    });
  });

  it('that delete say what is wrong with them at once, and that they are only told', async () => {
    const cleanup = (name: string, schedule: string): KubeObject => ({
      apiVersion: 'kyverno.io/v2',
      kind: 'ClusterCleanupPolicy',
      metadata: { name },
      spec: { schedule, match: { any: [{ resources: { kinds: ['Pod'] } }] } },
    });
    server.put(cleanup('good', '0 12 * * *'));
    server.put(cleanup('bad', 'at noon'));
    follow();
    await generation(1);
    await until(() => server.requests.filter(({ method }) => method === 'PATCH').length === 2);
    await status.idle();
    const messages = await Promise.all(
      ['good', 'bad'].map(async (name) => JSON.stringify(await statusOf(name, cleanups))),
    );

    expect(messages[0]).toMatch(/"False".*only told/);
    expect(messages[1]).toMatch(/"False".*crontab.*in force: nothing/);
    expect(holder.status.leftOut).toBe(1);
  });

  it('are not taken as long as one kind of them cannot be read: half of the policies would be a hole', async () => {
    server.put(policy('one', 'a'));
    server.fault = ({ path }) => (path.includes('policyexceptions') ? { kind: 'status', status: 403 } : undefined);
    follow();
    await until(() => lines.some((line) => line.includes('policies wait until all are known')));
    await new Promise((wake) => setTimeout(wake, 100));

    expect(holder.current).toBeUndefined();
    expect(policies.missing).toMatch(/403|still being read/);
    server.fault = () => undefined;
    await generation(1);
    expect(refusals(podWith())).toEqual(['one']);
  });

  it('are not taken as long as the kinds of one of their groups cannot be asked: they would seem to be gone', async () => {
    server.put(policy('one', 'a'));
    server.fault = ({ path }) => (path === '/apis/kyverno.io/v1' ? { kind: 'status', status: 503 } : undefined);
    follow();
    await until(() => lines.some((line) => line.includes('which kinds kyverno.io/v1 has could not be asked')));
    await new Promise((wake) => setTimeout(wake, 100));
    expect(holder.current).toBeUndefined();

    server.fault = () => undefined;
    await generation(1);
    expect(refusals(podWith())).toEqual(['one']);
  });

  it('are not taken before those of files could be read: what is registered would shrink', async () => {
    server.put(policy('one', 'a'));
    unread = true;
    follow();
    await until(() => lines.some((line) => line.includes('policies of files are not read')));
    expect(holder.current).toBeUndefined();

    unread = false;
    policies.changed();
    await generation(1);
  });

  it('do not change when only their status does', async () => {
    server.put(policy('one', 'a'));
    follow();
    await generation(1);
    await readyIs('one', 'True');
    await new Promise((wake) => setTimeout(wake, 100));

    expect(holder.status.generation).toBe(1);
  });

  it('have exceptions only from the namespaces that were named', async () => {
    const exception = {
      apiVersion: 'kyverno.io/v2',
      kind: 'PolicyException',
      metadata: { name: 'e', namespace: 'shop' },
      spec: {
        exceptions: [{ policyName: 'one', ruleNames: ['label'] }],
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
      },
    };
    server.put(policy('one', 'a'));
    server.put(exception);
    follow();
    await generation(1);
    expect(refusals(podWith())).toEqual(['one']);
    expect(lines.join('')).toContain('kyverno.io/PolicyException/shop/e is no exception here');

    await policies.close();
    follow(['shop']);
    await until(() => refusals(podWith()).length === 0);
  });

  it('of the kind that the API server judges itself say nothing without a binding, as there', async () => {
    const spec = {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
      validations: [{ expression: 'false' }],
    };
    server.put({ apiVersion: admission, kind: vap.kind, metadata: { name: 'never' }, spec });
    follow();
    await generation(1);
    expect(refusals(podWith())).toEqual([]);

    server.put({
      apiVersion: admission,
      kind: vapBinding.kind,
      metadata: { name: 'b' },
      spec: { policyName: 'never', validationActions: ['Deny'] },
    });
    await until(() => refusals(podWith()).length === 1);
  });

  it('of that kind do not judge everything once their only binding is refused', async () => {
    const spec = {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
      validations: [{ expression: 'false' }],
    };
    server.put({ apiVersion: admission, kind: vap.kind, metadata: { name: 'never' }, spec });
    server.put({
      apiVersion: admission,
      kind: vapBinding.kind,
      metadata: { name: 'b' },
      spec: { policyName: 'never', validationActions: ['Nonsense'] },
    });
    follow();
    await generation(1);

    expect(holder.status.leftOut).toBe(1);
    expect(refusals(podWith())).toEqual([]);
  });

  describe("and policy-controller's ConfigMap", () => {
    const settings = (word: string, namespace = 'cosign-system'): KubeObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config-policy-controller', namespace },
      data: { 'no-match-policy': word },
    });
    const anew = async (): Promise<void> => {
      data.close();
      client.close();
      await server.close();
      await start([clusterPolicy, sigstore, configMaps]);
    };
    const asked = (): readonly string[] => [
      ...new Set(
        server.requests.flatMap(({ path, query }) =>
          path.includes('configmaps') ? [`${path} ${query.get('fieldSelector')}`] : [],
        ),
      ),
    ];

    it('it is read by its name, and followed; without it nothing is stated', async () => {
      await anew();
      follow();
      await generation(1);
      expect(refusals(podWith())).toEqual([]);

      server.put(settings('deny'));
      await until(() => refusals(podWith()).join() === 'no-match-policy');
      server.put(settings('allow'));
      await until(() => refusals(podWith()).length === 0);
      expect(asked()).toEqual(['/api/v1/namespaces/cosign-system/configmaps metadata.name=config-policy-controller']);
    });

    it('nothing is taken as long as it cannot be read', async () => {
      await anew();
      server.put(policy('one', 'a'));
      server.put(settings('deny'));
      server.fault = ({ path }) => (path.includes('configmaps') ? { kind: 'status', status: 403 } : undefined);
      follow();
      await until(() => lines.some((line) => line.includes('policies wait until all are known')));
      await new Promise((wake) => setTimeout(wake, 100));
      expect(holder.current).toBeUndefined();

      server.fault = () => undefined;
      await generation(1);
      expect(refusals(podWith())).toEqual(['no-match-policy', 'one']);
    });

    it('nothing is taken without it where its namespace was named, and it stays in force when it goes', async () => {
      await anew();
      follow([], { namespace: 'images', presence: 'required' });
      await until(() => lines.some((line) => line.includes('ConfigMap images/config-policy-controller is not there')));
      expect(holder.current).toBeUndefined();

      server.put(settings('deny', 'images'));
      await generation(1);
      server.remove(settings('deny', 'images'));
      await until(() => policies.missing !== undefined);
      expect(refusals(podWith())).toEqual(['no-match-policy']);
    });

    it('nobody asks for it where no image policies are installed', async () => {
      server.put(policy('one', 'a'));
      follow();
      await generation(1);
      expect(asked()).toEqual([]);
    });
  });

  it('that change together are compiled once', async () => {
    for (let index = 0; index < 50; index += 1) server.put(policy(`p-${index}`, 'a'));
    follow();
    await generation(1);
    for (let index = 0; index < 50; index += 1) server.put(policy(`p-${index}`, 'b'));
    await until(() => refusals(podWith('a')).length === 50);

    expect(holder.status.generation).toBeLessThan(5);
  });
});

/** Nothing is looked up here that is not watched. */
const unasked = () => ({ kind: 'failed', message: 'not asked' }) as const;

function documentOf(object: JsonObject): EngineDocument {
  const location = { path: 'policies/filed.yaml' };
  return { object, locate: () => location, locateValue: () => location };
}
