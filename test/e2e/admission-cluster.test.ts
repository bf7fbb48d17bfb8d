// SPDX-License-Identifier: Apache-2.0
// Policies that live in a cluster, before a real API server: LANDWAITER_E2E=1 vitest run test/e2e/admission-cluster.test.ts. What the controller does in the background
// is in admission-background.test.ts.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { clusterManifestPath } from '../../scripts/chart-manifests.ts';
import type { JsonObject } from '../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../src/formats/document.ts';
import { runCommand } from '../support/command-line.ts';
import { controlPlanePrograms } from '../support/control-plane-build.ts';
import type { InstalledAdmission } from '../support/installed-admission.ts';
import {
  clusterPolicy,
  e2eManager,
  inTime,
  needsLabel,
  pod,
  registration,
  startInstalledAdmission,
} from '../support/installed-admission.ts';
import { messageOf } from '../support/registered-webhook.ts';
import { replaceFile } from '../support/webhook-process.ts';

const isAsked = process.env['LANDWAITER_E2E'] === '1';
const programs = isAsked ? await controlPlanePrograms((line) => console.error(line)) : undefined;
const reason =
  programs === undefined ? 'LANDWAITER_E2E=1 asks for it' : programs.kind === 'missing' ? programs.reason : '';

describe.skipIf(reason !== '')(`policies in a real cluster${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  let at: InstalledAdmission;

  beforeAll(async () => {
    if (programs?.kind !== 'built') return;
    at = await startInstalledAdmission(programs.folder);
  }, 180_000);

  afterAll(() => at?.stop());

  test('what the chart renders is taken by the API server, which knows every field of it', async () => {
    const options = { ...e2eManager, fieldValidation: 'Strict', dryRun: true } as const;
    for (const document of parseAllDocuments(readFileSync(clusterManifestPath, 'utf8'))) {
      const object = document.toJSON() as JsonObject;
      const name = asString(asObject(object['metadata'])?.['name']);
      expect([object['kind'], name, messageOf(await at.client.apply(object, options))]).toEqual([
        object['kind'],
        name,
        'done',
      ]);
    }
  });

  test('the registration is made with the kinds that policies need, and grows with them', async () => {
    const rules = async (): Promise<string> => {
      const [first] = asArray((await at.get(registration, 'landwaiter-validate'))['webhooks']);
      return JSON.stringify(asObject(first)?.['rules']);
    };
    expect(await rules()).not.toContain('services');

    await at.apply(needsLabel('services', 'owner', { match: { any: [{ resources: { kinds: ['Service'] } }] } }));
    await inTime(async () => expect(await rules()).toContain('services'));
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 1 }] } };
    await inTime(async () => expect(messageOf(await at.create(service, 'dry'))).toContain('needs owner'));
    await at.client.delete(clusterPolicy, 'services');
    await inTime(async () => expect(await rules()).not.toContain('services'));
  });

  test('the registration is put back when somebody narrows it or takes it away', async () => {
    const patched = await at.client.patch(registration, 'landwaiter-validate', {
      type: 'json',
      value: [{ op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' }],
    });
    expect(messageOf(patched)).toBe('done');
    await inTime(async () => {
      const [first] = asArray((await at.get(registration, 'landwaiter-validate'))['webhooks']);
      expect(asObject(first)?.['failurePolicy']).toBe('Fail');
    });
    await at.controller.said(/had been changed by somebody else/);
    expect(messageOf(await at.client.delete(registration, 'landwaiter-validate'))).toBe('done');
    await inTime(async () =>
      expect(await at.client.get(registration, 'landwaiter-validate')).toMatchObject({ kind: 'found' }),
    );
    await inTime(async () => expect(messageOf(await at.create(pod(at.unique()), 'dry'))).toContain('needs team'));
  });

  test('a changed policy is in force within seconds, and its status says so', async () => {
    await at.apply(needsLabel('team', 'squad'));
    await inTime(async () => {
      expect(messageOf(await at.create(pod(at.unique(), { team: 'a' }), 'dry'))).toContain('needs squad');
      expect(messageOf(await at.create(pod(at.unique(), { squad: 'a' }), 'dry'))).toBe('done');
    });
    await inTime(async () => expect(await at.readyOf('team')).toMatchObject({ type: 'Ready', status: 'True' }));
    await at.apply(needsLabel('team', 'team'));
    await inTime(async () => expect(messageOf(await at.create(pod(at.unique(), { team: 'a' }), 'dry'))).toBe('done'));
  });

  test('a bad version says so in its status, and the version before stays in force', async () => {
    await at.apply(needsLabel('team', 'team', { validate: { message: 'bad', nonsense: true } }));

    await inTime(async () => expect(await at.readyOf('team')).toMatchObject({ status: 'False', reason: 'Failed' }));
    expect((await at.readyOf('team'))['message']).toMatch(/nonsense/);
    expect(messageOf(await at.create(pod(at.unique()), 'dry'))).toContain('a Pod needs team');
    expect(messageOf(await at.create(pod(at.unique(), { team: 'a' }), 'dry'))).toBe('done');

    await inTime(async () =>
      expect(await at.eventsOf('team', 'PolicyError')).toMatchObject([
        { action: 'Policy Refused', note: expect.stringMatching(/the version before.*nonsense/) },
      ]),
    );

    await at.apply(needsLabel('team', 'team'));
    await inTime(async () => expect(await at.readyOf('team')).toMatchObject({ status: 'True' }));
  });

  test('what is refused, and what is admitted all the same, is told in Events', async () => {
    await at.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'told' } });
    const audited = needsLabel('audited', 'owner');
    const match = { any: [{ resources: { kinds: ['Pod'], namespaces: ['told'] } }] };
    const [rule] = asArray(asObject(audited['spec'])?.['rules']);
    await at.apply({
      ...audited,
      spec: { ...asObject(audited['spec']), validationFailureAction: 'Audit', rules: [{ ...asObject(rule), match }] },
    });
    await new Promise((wake) => setTimeout(wake, 1_500));
    const { uid } = asObject((await at.get(clusterPolicy, 'audited'))['metadata']) ?? {};
    const nameless = { ...pod('', {}, 'a:1', 'told'), metadata: { generateName: 'many-', namespace: 'told' } };
    for (let round = 1; round <= 5; round += 1)
      expect(messageOf(await at.create(nameless))).toContain('a Pod needs team');
    expect(messageOf(await at.create(pod('owned', { team: 'a' }, 'a:1', 'told')))).toBe('done');
    expect(messageOf(await at.create(pod('dry', { team: 'a' }, 'a:1', 'told'), 'dry'))).toBe('done');

    await inTime(async () =>
      expect(await at.eventsOf('owned', 'PolicyViolation', 'told')).toMatchObject([
        {
          type: 'Warning',
          action: 'Resource Passed',
          related: { kind: 'ClusterPolicy', name: 'audited', uid },
          reportingController: 'landwaiter.dev/admission',
          note: 'policy audited/label is broken: validation error: a Pod needs owner. rule label failed at path /metadata/labels/owner/',
        },
      ]),
    );
    const refused = (await at.eventsOf('team', 'PolicyViolation')).filter(
      ({ related }) => asObject(related)?.['namespace'] === 'told',
    );
    // Five attempts, each with a name of its own, are one Event.
    expect(refused).toMatchObject([{ action: 'Resource Blocked', related: { kind: 'Pod' } }]);
    expect(asObject(refused[0]?.['related'])?.['name']).toBeUndefined();
    const audit = await at.eventsOf('audited', 'PolicyViolation');
    const told = audit.map(({ action, related }) => [action, asObject(related)?.['name']]);
    expect(told.toSorted(([one], [other]) => String(one).localeCompare(String(other)))).toEqual([
      ['Resource Blocked', undefined],
      ['Resource Passed', 'owned'],
    ]);
    expect(await at.eventsOf('dry', 'PolicyViolation', 'told')).toEqual([]);
    await at.client.delete(clusterPolicy, 'audited');
  }, 120_000);

  test('a policy reads a ConfigMap, and follows it', async () => {
    const allowed = (images: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'allowed', namespace: 'default' },
      data: { images },
    });
    await at.apply(allowed('["a:1"]'));
    await at.apply(
      needsLabel('images', 'x', {
        context: [{ name: 'allowed', configMap: { name: 'allowed', namespace: 'default' } }],
        validate: {
          message: 'this image is not allowed',
          deny: {
            conditions: {
              any: [
                {
                  key: '{{ request.object.spec.containers[].image }}',
                  operator: 'AnyNotIn',
                  value: '{{ allowed.data.images | parse_json(@) }}',
                },
              ],
            },
          },
        },
      }),
    );
    const good = { team: 'a' };
    await inTime(async () =>
      expect(messageOf(await at.create(pod(at.unique(), good, 'b:1'), 'dry'))).toContain('this image is not allowed'),
    );
    expect(messageOf(await at.create(pod(at.unique(), good, 'a:1'), 'dry'))).toBe('done');
    await at.apply(allowed('["a:1", "b:1"]'));
    await inTime(async () => expect(messageOf(await at.create(pod(at.unique(), good, 'b:1'), 'dry'))).toBe('done'));

    await at.client.delete({ apiVersion: 'v1', kind: 'ConfigMap' }, 'allowed', { namespace: 'default' });
    await inTime(async () =>
      expect(messageOf(await at.create(pod(at.unique(), good, 'a:1'), 'dry'))).toMatch(/images\/label.*does not exist/),
    );
    await at.client.delete(clusterPolicy, 'images');
    await inTime(async () => expect(messageOf(await at.create(pod(at.unique(), good), 'dry'))).toBe('done'));
  });

  test('a policy asks the API server while the request waits, and what it may not ask is refused', async () => {
    const counting = (path: string): JsonObject =>
      needsLabel('few', 'x', {
        context: [{ name: 'count', apiCall: { urlPath: path, jmesPath: 'items | length(@)' } }],
        validate: {
          message: 'there are enough of them',
          deny: { conditions: { any: [{ key: '{{ count }}', operator: 'GreaterThanOrEquals', value: 1 }] } },
        },
      });
    const own = '/api/v1/namespaces/{{ request.namespace }}/configmaps';
    await at.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'counted' } });
    await at.apply(counting(own));
    const good = pod(at.unique(), { team: 'a' }, 'a:1', 'counted');
    await new Promise((wake) => setTimeout(wake, 1_500));
    expect(messageOf(await at.create(good, 'dry'))).toBe('done');
    await at.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace: 'counted' }, data: {} });
    expect(messageOf(await at.create(good, 'dry'))).toContain('there are enough of them');

    await at.apply(counting('/api/v1/namespaces/{{ request.namespace }}/secrets'));
    await inTime(async () => expect(messageOf(await at.create(good, 'dry'))).toMatch(/few\/label.*forbidden/));
    await at.client.delete(clusterPolicy, 'few');
    await inTime(async () => expect(messageOf(await at.create(good, 'dry'))).toBe('done'));
  });

  test('roles that somebody has by bindings decide, and so does what the global context keeps', async () => {
    await at.apply(
      needsLabel('admins', 'admin', {
        match: { any: [{ resources: { kinds: ['Pod'] }, clusterRoles: ['cluster-admin'] }] },
      }),
    );
    const good = (): JsonObject => pod(at.unique(), { team: 'a' });
    // The administrator is one by the binding of system:masters.
    await inTime(async () => expect(messageOf(await at.create(good(), 'dry'))).toContain('needs admin'));
    await at.apply(
      needsLabel('admins', 'admin', {
        match: { any: [{ resources: { kinds: ['Pod'] }, clusterRoles: ['nobody-has-this'] }] },
      }),
    );
    await inTime(async () => expect(messageOf(await at.create(good(), 'dry'))).toBe('done'));
    await at.client.delete(clusterPolicy, 'admins');

    await at.apply({
      apiVersion: 'kyverno.io/v2',
      kind: 'GlobalContextEntry',
      metadata: { name: 'maps' },
      spec: {
        kubernetesResource: { version: 'v1', resource: 'configmaps', namespace: 'default' },
        projections: [{ name: 'names', jmesPath: '[].metadata.name' }],
      },
    });
    await at.apply(
      needsLabel('open', 'x', {
        context: [{ name: 'names', globalReference: { name: 'maps.names' } }],
        validate: {
          message: 'closed for today',
          deny: { conditions: { any: [{ key: 'closed', operator: 'AnyIn', value: '{{ names }}' }] } },
        },
      }),
    );
    const closed = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'closed', namespace: 'default' },
      data: {},
    };
    await at.apply(closed);
    await inTime(async () => expect(messageOf(await at.create(good(), 'dry'))).toContain('closed for today'));
    await at.client.delete({ apiVersion: 'v1', kind: 'ConfigMap' }, 'closed', { namespace: 'default' });
    await inTime(async () => expect(messageOf(await at.create(good(), 'dry'))).toBe('done'));
    await at.client.delete(clusterPolicy, 'open');
  }, 120_000);

  test('policies of files count beside those of the cluster, and ask the API server who may do what', async () => {
    await at.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'guarded' } });
    const asks = (condition: string): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: may }
spec:
  matchConstraints:
    namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: guarded } }
    resourceRules:
      - { apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }
  validations:
    - expression: ${condition}authorizer.group('').resource('secrets').namespace('default').check('get').allowed()
      message: whether secrets may be read
`;
    replaceFile(at.place('policies/may.yaml'), asks('false == '));
    const guarded = (): JsonObject => pod(at.unique(), { team: 'a' }, 'a:1', 'guarded');
    await inTime(async () =>
      expect(messageOf(await at.create(guarded(), 'dry'))).toContain('whether secrets may be read'),
    );
    expect(messageOf(await at.create(pod(at.unique(), { team: 'a' }), 'dry'))).toBe('done');
    replaceFile(at.place('policies/may.yaml'), asks('true == '));
    await inTime(async () => expect(messageOf(await at.create(guarded(), 'dry'))).toBe('done'));
    replaceFile(at.place('policies/may.yaml'), '');
  }, 120_000);

  test('labels of a namespace decide from its first moment on', async () => {
    await at.apply(
      needsLabel('strict', 'strict', {
        match: {
          any: [{ resources: { kinds: ['Pod'], namespaceSelector: { matchLabels: { level: 'strict' } } } }],
        },
      }),
    );
    await at.webhook.said(/policies are in force/);
    await new Promise((wake) => setTimeout(wake, 1_500));
    for (let round = 1; round <= 5; round += 1) {
      const namespace = `fresh-${round}`;
      await at.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace, labels: { level: 'strict' } },
      });
      expect(messageOf(await at.create(pod(at.unique(), { team: 'a' }, 'a:1', namespace), 'dry'))).toContain(
        'needs strict',
      );
    }
    await at.client.delete(clusterPolicy, 'strict');
  });

  test('a webhook that is strict closes what policies of Kyverno leave open', async () => {
    await at.apply(
      needsLabel('blue', 'x', {
        match: { any: [{ resources: { kinds: ['Pod'], namespaces: ['strictly'] } }] },
        validate: {
          message: 'one of the teams',
          deny: {
            conditions: {
              any: [{ key: '{{ request.object.metadata.annotations.of }}', operator: 'AnyNotIn', value: ['blue'] }],
            },
          },
        },
      }),
    );
    await at.apply({
      apiVersion: 'kyverno.io/v2',
      kind: 'PolicyException',
      metadata: { name: 'red', namespace: 'default' },
      spec: {
        exceptions: [{ policyName: 'blue', ruleNames: ['label'] }],
        match: { any: [{ resources: { kinds: ['Pod'], annotations: { of: 'red' } } }] },
      },
    });
    await at.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'strictly' } });
    const outcome = async (of: string): Promise<string> => {
      const plain = pod(at.unique(), { team: 'a' }, 'a:1', 'strictly');
      return messageOf(
        await at.create({ ...plain, metadata: { ...asObject(plain['metadata']), annotations: { of } } }, 'dry'),
      );
    };
    await inTime(async () => expect(await outcome('red')).toContain('one of the teams'));
    expect(await outcome('*')).toBe('done');

    const strict = await at.serveBeside(['--strict', '--exceptions-from', 'default']);
    const [first] = asArray((await at.get(registration, 'landwaiter-validate'))['webhooks']);
    const { clientConfig, ...rest } = asObject(first) ?? {};
    const webhook = {
      ...rest,
      name: 'strict.landwaiter.dev',
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'strictly' } },
      clientConfig: { ...asObject(clientConfig), url: `https://localhost:${strict.port}/validate` },
    };
    await at.apply({ ...registration, metadata: { name: 'strict' }, webhooks: [webhook] });
    await inTime(async () => expect(await outcome('*')).toMatch(/strict\.landwaiter\.dev.*one of the teams/s));
    expect(await outcome('blue')).toBe('done');
    // The exception counts here, and in the webhook that takes none it does not.
    expect(await outcome('red')).not.toContain('strict.landwaiter.dev');
    expect(await outcome('red')).toContain('one of the teams');

    await at.client.delete(registration, 'strict');
    await at.client.delete(clusterPolicy, 'blue');
    await strict.end();
  }, 120_000);

  test("policy-controller's ConfigMap says what becomes of images that no policy is about", async () => {
    const settings = (word: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config-policy-controller', namespace: 'cosign-system' },
      data: { 'no-match-policy': word },
    });
    const good = (): JsonObject => pod(at.unique(), { team: 'a' });
    expect(messageOf(await at.create(good(), 'dry'))).toBe('done');
    await at.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cosign-system' } });
    await at.apply(settings('deny'));
    await inTime(async () =>
      expect(messageOf(await at.create(good(), 'dry'))).toContain('no image policy is about it'),
    );
    await at.apply(settings('allow'));
    await inTime(async () => expect(messageOf(await at.create(good(), 'dry'))).toBe('done'));
    await at.client.delete({ apiVersion: 'v1', kind: 'ConfigMap' }, 'config-policy-controller', {
      namespace: 'cosign-system',
    });
  }, 120_000);

  test('everything comes back after the API server was away', async () => {
    await at.plane.stopServer();
    await new Promise((wake) => setTimeout(wake, 500));
    await at.plane.startServer();

    await at.apply(needsLabel('later', 'later'));
    await inTime(async () =>
      expect(messageOf(await at.create(pod(at.unique(), { team: 'a' }), 'dry'))).toContain('needs later'),
    );
    await at.client.delete(clusterPolicy, 'later');
    await inTime(async () => expect(messageOf(await at.create(pod(at.unique(), { team: 'a' }), 'dry'))).toBe('done'));
  }, 120_000);

  test('before an uninstallation the registration goes, and the controller does not put it back', async () => {
    const { status } = await runCommand(['admission', 'unregister'], {
      cwd: at.folder,
      environment: { KUBECONFIG: at.plane.kubeconfig },
      now: Date.now(),
    });
    await new Promise((wake) => setTimeout(wake, 3_000));

    expect(status).toBe(0);
    expect(await at.client.get(registration, 'landwaiter-validate')).toEqual({ kind: 'none' });
  }, 60_000);

  test('both programs end as they are asked to', async () => {
    expect(await at.webhook.end()).toBe(0);
    expect(await at.controller.end()).toBe(0);
  });
});
