// SPDX-License-Identifier: Apache-2.0
// Policies that live in a cluster, before a real API server: LANDWAITER_E2E=1 vitest run test/e2e/admission-cluster.test.ts. The webhook and the controller run as two
// processes with two accounts, with the rights that the chart gives them and no others.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { clusterManifestPath, renderChart } from '../../scripts/chart-manifests.ts';
import { makeAuthority, makeServingCertificate } from '../../src/apps/server/admission/certificates.ts';
import type { JsonObject } from '../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../src/formats/document.ts';
import { findClusterAccess } from '../../src/io/kube/access.ts';
import type { KindName, KubeClient } from '../../src/io/kube/client.ts';
import { openKubeClient } from '../../src/io/kube/open-client.ts';
import type { KubeChange } from '../../src/io/kube/outcome.ts';
import { runCommand } from '../support/command-line.ts';
import type { ControlPlane } from '../support/control-plane.ts';
import { startControlPlane } from '../support/control-plane.ts';
import { controlPlanePrograms } from '../support/control-plane-build.ts';
import { definitionOf, policyDefinitions, reportDefinitions } from '../support/policy-definitions.ts';
import type { RunningProgram } from '../support/webhook-process.ts';
import { replaceFile, startProgram, writeServing } from '../support/webhook-process.ts';

const isAsked = process.env['LANDWAITER_E2E'] === '1';
const programs = isAsked ? await controlPlanePrograms((line) => console.error(line)) : undefined;
const reason =
  programs === undefined ? 'LANDWAITER_E2E=1 asks for it' : programs.kind === 'missing' ? programs.reason : '';

const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };
const registration: KindName = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
};
const clusterPolicy: KindName = { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy' };
const system = 'landwaiter-system';

/** Pods need a label. */
const needsLabel = (name: string, label: string, rule: JsonObject = {}): JsonObject => ({
  ...clusterPolicy,
  metadata: { name },
  spec: {
    validationFailureAction: 'Enforce',
    background: true,
    rules: [
      {
        name: 'label',
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
        validate: { message: `a Pod needs ${label}`, pattern: { metadata: { labels: { [label]: '?*' } } } },
        ...rule,
      },
    ],
  },
});
const pod = (name: string, labels: JsonObject = {}, image = 'a:1', namespace = 'default'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: { containers: [{ name: 'a', image }] },
});

function messageOf(change: KubeChange<JsonObject>): string {
  if (change.kind === 'done') return 'done';
  return change.kind === 'refused' ? change.message : change.reason;
}

describe.skipIf(reason !== '')(`policies in a real cluster${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  let folder: string;
  let plane: ControlPlane;
  let client: KubeClient;
  let webhook: RunningProgram;
  let controller: RunningProgram;
  let serial = 0;
  const unique = (): string => `pod-${(serial += 1)}`;
  const place = (name: string): string => join(folder, name);

  beforeAll(async () => {
    if (programs?.kind !== 'built') return;
    folder = mkdtempSync(join(tmpdir(), 'landwaiter-e2e-cluster-'));
    mkdirSync(place('policies'));
    const authority = makeAuthority('e2e', validity);
    writeServing(folder, makeServingCertificate(authority, ['localhost'], validity));
    replaceFile(place('ca.crt'), authority.certificate);
    plane = await startControlPlane({ programs: programs.folder });
    client = openKubeClient({
      access: findClusterAccess({ environment: { KUBECONFIG: plane.kubeconfig }, home: undefined }),
      environment: {},
    });
    for (const definition of [...policyDefinitions, ...reportDefinitions]) await apply(definitionOf(definition));
    await grantRights();
    await eventually(async () =>
      expect(messageOf(await client.apply(needsLabel('team', 'team'), manager))).toBe('done'),
    );
    const serving = ['--tls-certificate', place('tls.crt'), '--tls-key', place('tls.key')];
    await prepareCleanup();
    const files = ['--policies', place('policies')];
    webhook = await startProgram(
      ['admission', 'serve', '--listen', '127.0.0.1:0', ...serving, '--policies-from', 'cluster', ...files],
      { ready: /listens on https:\/\/127\.0\.0\.1:(\d+)/, environment: { KUBECONFIG: accountOf('admission') } },
    );
    controller = await startController();
    await webhook.said(/policies are in force \(generation 1\)/);
    await eventually(async () => expect(messageOf(await create(pod(unique()), 'dry'))).toContain('a Pod needs team'));
  }, 180_000);

  afterAll(async () => {
    client?.close();
    await webhook?.end();
    await controller?.end();
    await plane?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const manager = { fieldManager: 'e2e', force: true } as const;

  /** Cleaned up within the minute or two that the other tests take. */
  async function prepareCleanup(): Promise<void> {
    const matchLabels = { old: 'yes' };
    for (const [name, labels] of [
      ['dead', matchLabels],
      ['alive', { old: 'no' }],
    ] as const)
      await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', labels }, data: {} });
    await apply({
      apiVersion: 'kyverno.io/v2',
      kind: 'ClusterCleanupPolicy',
      metadata: { name: 'old' },
      spec: {
        schedule: '* * * * *',
        match: { any: [{ resources: { kinds: ['ConfigMap'], selector: { matchLabels } } }] },
      },
    });
  }

  function startController(): Promise<RunningProgram> {
    return startProgram(
      [
        'admission',
        'control',
        '--listen',
        '127.0.0.1:0',
        '--ca-bundle',
        place('ca.crt'),
        '--webhook-url',
        `https://localhost:${webhook.port}`,
        '--webhook-timeout',
        '5',
        '--act',
        '--policies',
        place('policies'),
      ],
      { ready: /answers on http:\/\/127\.0\.0\.1:(\d+)/, environment: { KUBECONFIG: accountOf('controller') } },
    );
  }

  /** Roles and bindings of the chart, given to users of the names of its service accounts. */
  async function grantRights(): Promise<void> {
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: system } });
    const { resources } = renderChart({
      policiesFrom: {
        cluster: true,
        lookups: [
          { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] },
          {
            apiGroups: ['rbac.authorization.k8s.io'],
            resources: ['rolebindings', 'clusterrolebindings'],
            verbs: ['get', 'list', 'watch'],
          },
          { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
        ],
      },
      controller: {
        act: true,
        acts: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'create', 'patch', 'delete'] }],
      },
    });
    for (const { object } of resources) {
      const kind = asString(object['kind']) ?? '';
      if (kind === 'Role' || kind === 'ClusterRole') await apply(object);
      if (!kind.endsWith('RoleBinding') && kind !== 'RoleBinding') continue;
      const subjects = asArray(object['subjects']).map((item) => ({
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'User',
        name: asObject(item)?.['name'],
      }));
      await apply({ ...object, subjects });
    }
  }

  /** A file for KUBECONFIG. */
  function accountOf(component: 'admission' | 'controller'): string {
    const { certificate, key } = plane.client(`landwaiter-${component}`);
    const coded = (text: string): string => Buffer.from(text).toString('base64');
    const path = place(`${component}.kubeconfig`);
    const configuration = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'test', cluster: { server: plane.server, 'certificate-authority-data': coded(plane.authority) } },
      ],
      users: [
        {
          name: 'test',
          user: { 'client-certificate-data': coded(certificate), 'client-key-data': coded(key) },
        },
      ],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      'current-context': 'test',
    };
    writeFileSync(path, JSON.stringify(configuration), { mode: 0o600 });
    return path;
  }

  async function apply(object: JsonObject): Promise<void> {
    expect([asObject(object['metadata'])?.['name'], messageOf(await client.apply(object, manager))]).toEqual([
      asObject(object['metadata'])?.['name'],
      'done',
    ]);
  }

  function create(object: JsonObject, run: 'dry' | 'real' = 'real'): Promise<KubeChange<JsonObject>> {
    const namespace = asString(asObject(object['metadata'])?.['namespace']) ?? 'default';
    return client.create(object, { namespace, ...(run === 'dry' ? { dryRun: true } : {}) });
  }

  async function get(kind: KindName, name: string, namespace?: string): Promise<JsonObject> {
    const found = await client.get(kind, name, namespace === undefined ? {} : { namespace });
    if (found.kind !== 'found') throw new Error(`${kind.kind} ${name}: ${JSON.stringify(found)}`);
    return found.value;
  }

  async function readyOf(name: string): Promise<JsonObject> {
    const { conditions } = asObject((await get(clusterPolicy, name))['status']) ?? {};
    return asObject(asArray(conditions)[0]) ?? {};
  }

  test('what the chart renders is taken by the API server, which knows every field of it', async () => {
    const options = { ...manager, fieldValidation: 'Strict', dryRun: true } as const;
    for (const document of parseAllDocuments(readFileSync(clusterManifestPath, 'utf8'))) {
      const object = document.toJSON() as JsonObject;
      const name = asString(asObject(object['metadata'])?.['name']);
      expect([object['kind'], name, messageOf(await client.apply(object, options))]).toEqual([
        object['kind'],
        name,
        'done',
      ]);
    }
  });

  test('the registration is made with the kinds that policies need, and grows with them', async () => {
    const rules = async (): Promise<string> => {
      const [first] = asArray((await get(registration, 'landwaiter-validate'))['webhooks']);
      return JSON.stringify(asObject(first)?.['rules']);
    };
    expect(await rules()).not.toContain('services');

    await apply(needsLabel('services', 'owner', { match: { any: [{ resources: { kinds: ['Service'] } }] } }));
    await eventually(async () => expect(await rules()).toContain('services'));
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 1 }] } };
    await eventually(async () => expect(messageOf(await create(service, 'dry'))).toContain('needs owner'));
    await client.delete(clusterPolicy, 'services');
    await eventually(async () => expect(await rules()).not.toContain('services'));
  });

  test('the registration is put back when somebody narrows it or takes it away', async () => {
    const patched = await client.patch(registration, 'landwaiter-validate', {
      type: 'json',
      value: [{ op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' }],
    });
    expect(messageOf(patched)).toBe('done');
    await eventually(async () => {
      const [first] = asArray((await get(registration, 'landwaiter-validate'))['webhooks']);
      expect(asObject(first)?.['failurePolicy']).toBe('Fail');
    });
    await controller.said(/had been changed by somebody else/);
    expect(messageOf(await client.delete(registration, 'landwaiter-validate'))).toBe('done');
    await eventually(async () =>
      expect(await client.get(registration, 'landwaiter-validate')).toMatchObject({ kind: 'found' }),
    );
    await eventually(async () => expect(messageOf(await create(pod(unique()), 'dry'))).toContain('needs team'));
  });

  test('a changed policy is in force within seconds, and its status says so', async () => {
    await apply(needsLabel('team', 'squad'));
    await eventually(async () => {
      expect(messageOf(await create(pod(unique(), { team: 'a' }), 'dry'))).toContain('needs squad');
      expect(messageOf(await create(pod(unique(), { squad: 'a' }), 'dry'))).toBe('done');
    });
    await eventually(async () => expect(await readyOf('team')).toMatchObject({ type: 'Ready', status: 'True' }));
    await apply(needsLabel('team', 'team'));
    await eventually(async () => expect(messageOf(await create(pod(unique(), { team: 'a' }), 'dry'))).toBe('done'));
  });

  test('a bad version says so in its status, and the version before stays in force', async () => {
    await apply(needsLabel('team', 'team', { validate: { message: 'bad', nonsense: true } }));

    await eventually(async () => expect(await readyOf('team')).toMatchObject({ status: 'False', reason: 'Failed' }));
    expect((await readyOf('team'))['message']).toMatch(/nonsense/);
    expect(messageOf(await create(pod(unique()), 'dry'))).toContain('a Pod needs team');
    expect(messageOf(await create(pod(unique(), { team: 'a' }), 'dry'))).toBe('done');

    await apply(needsLabel('team', 'team'));
    await eventually(async () => expect(await readyOf('team')).toMatchObject({ status: 'True' }));
  });

  test('a policy reads a ConfigMap, and follows it', async () => {
    const allowed = (images: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'allowed', namespace: 'default' },
      data: { images },
    });
    await apply(allowed('["a:1"]'));
    await apply(
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
    await eventually(async () =>
      expect(messageOf(await create(pod(unique(), good, 'b:1'), 'dry'))).toContain('this image is not allowed'),
    );
    expect(messageOf(await create(pod(unique(), good, 'a:1'), 'dry'))).toBe('done');
    await apply(allowed('["a:1", "b:1"]'));
    await eventually(async () => expect(messageOf(await create(pod(unique(), good, 'b:1'), 'dry'))).toBe('done'));

    await client.delete({ apiVersion: 'v1', kind: 'ConfigMap' }, 'allowed', { namespace: 'default' });
    await eventually(async () =>
      expect(messageOf(await create(pod(unique(), good, 'a:1'), 'dry'))).toMatch(/images\/label.*does not exist/),
    );
    await client.delete(clusterPolicy, 'images');
    await eventually(async () => expect(messageOf(await create(pod(unique(), good), 'dry'))).toBe('done'));
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
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'counted' } });
    await apply(counting(own));
    const good = pod(unique(), { team: 'a' }, 'a:1', 'counted');
    await new Promise((wake) => setTimeout(wake, 1_500));
    expect(messageOf(await create(good, 'dry'))).toBe('done');
    await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace: 'counted' }, data: {} });
    expect(messageOf(await create(good, 'dry'))).toContain('there are enough of them');

    await apply(counting('/api/v1/namespaces/{{ request.namespace }}/secrets'));
    await eventually(async () => expect(messageOf(await create(good, 'dry'))).toMatch(/few\/label.*forbidden/));
    await client.delete(clusterPolicy, 'few');
    await eventually(async () => expect(messageOf(await create(good, 'dry'))).toBe('done'));
  });

  test('roles that somebody has by bindings decide, and so does what the global context keeps', async () => {
    await apply(
      needsLabel('admins', 'admin', {
        match: { any: [{ resources: { kinds: ['Pod'] }, clusterRoles: ['cluster-admin'] }] },
      }),
    );
    const good = (): JsonObject => pod(unique(), { team: 'a' });
    // The administrator is one by the binding of system:masters.
    await eventually(async () => expect(messageOf(await create(good(), 'dry'))).toContain('needs admin'));
    await apply(
      needsLabel('admins', 'admin', {
        match: { any: [{ resources: { kinds: ['Pod'] }, clusterRoles: ['nobody-has-this'] }] },
      }),
    );
    await eventually(async () => expect(messageOf(await create(good(), 'dry'))).toBe('done'));
    await client.delete(clusterPolicy, 'admins');

    await apply({
      apiVersion: 'kyverno.io/v2',
      kind: 'GlobalContextEntry',
      metadata: { name: 'maps' },
      spec: {
        kubernetesResource: { version: 'v1', resource: 'configmaps', namespace: 'default' },
        projections: [{ name: 'names', jmesPath: '[].metadata.name' }],
      },
    });
    await apply(
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
    await apply(closed);
    await eventually(async () => expect(messageOf(await create(good(), 'dry'))).toContain('closed for today'));
    await client.delete({ apiVersion: 'v1', kind: 'ConfigMap' }, 'closed', { namespace: 'default' });
    await eventually(async () => expect(messageOf(await create(good(), 'dry'))).toBe('done'));
    await client.delete(clusterPolicy, 'open');
  }, 120_000);

  test('policies of files count beside those of the cluster, and ask the API server who may do what', async () => {
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'guarded' } });
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
    replaceFile(place('policies/may.yaml'), asks('false == '));
    const guarded = (): JsonObject => pod(unique(), { team: 'a' }, 'a:1', 'guarded');
    await eventually(async () =>
      expect(messageOf(await create(guarded(), 'dry'))).toContain('whether secrets may be read'),
    );
    expect(messageOf(await create(pod(unique(), { team: 'a' }), 'dry'))).toBe('done');
    replaceFile(place('policies/may.yaml'), asks('true == '));
    await eventually(async () => expect(messageOf(await create(guarded(), 'dry'))).toBe('done'));
    replaceFile(place('policies/may.yaml'), '');
  }, 120_000);

  test('labels of a namespace decide from its first moment on', async () => {
    await apply(
      needsLabel('strict', 'strict', {
        match: {
          any: [{ resources: { kinds: ['Pod'], namespaceSelector: { matchLabels: { level: 'strict' } } } }],
        },
      }),
    );
    await webhook.said(/policies are in force/);
    await new Promise((wake) => setTimeout(wake, 1_500));
    for (let round = 1; round <= 5; round += 1) {
      const namespace = `fresh-${round}`;
      await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { level: 'strict' } } });
      expect(messageOf(await create(pod(unique(), { team: 'a' }, 'a:1', namespace), 'dry'))).toContain('needs strict');
    }
    await client.delete(clusterPolicy, 'strict');
  });

  test('what runs is told in a report for each namespace, and followed', async () => {
    const report = { apiVersion: 'openreports.io/v1alpha1', kind: 'Report' };
    const reported = async (): Promise<JsonObject> => get(report, 'landwaiter', 'reported');
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'reported' } });
    for (const [name, owner] of [
      ['one', {}],
      ['two', {}],
      ['three', { owner: 'a' }],
    ] as const)
      expect(messageOf(await create(pod(name, { team: 'a', ...owner }, 'a:1', 'reported')))).toBe('done');
    const audited = needsLabel('owners', 'owner');
    await apply({ ...audited, spec: { ...asObject(audited['spec']), validationFailureAction: 'Audit' } });

    await eventually(async () =>
      expect(await reported()).toMatchObject({
        summary: { fail: 2, error: 0 },
        results: [{ policy: 'owners', rule: 'label', result: 'fail', resources: [{ name: 'one' }, { name: 'two' }] }],
      }),
    );
    const labelled = { type: 'merge', value: { metadata: { labels: { owner: 'b' } } } } as const;
    await client.patch({ apiVersion: 'v1', kind: 'Pod' }, 'one', labelled, { namespace: 'reported' });
    await eventually(async () => expect(await reported()).toMatchObject({ summary: { fail: 1 } }));
    await client.delete({ apiVersion: 'v1', kind: 'Pod' }, 'two', { namespace: 'reported', gracePeriodSeconds: 0 });
    await eventually(async () => expect(await reported()).toMatchObject({ summary: { fail: 0 } }));
    await client.delete(clusterPolicy, 'owners');
  }, 120_000);

  test('what could not be scanned is an error in the report of the cluster', async () => {
    await apply(needsLabel('hidden', 'x', { match: { any: [{ resources: { kinds: ['Secret'] } }] } }));
    const report = { apiVersion: 'openreports.io/v1alpha1', kind: 'ClusterReport' };
    await eventually(async () =>
      expect(JSON.stringify((await get(report, 'landwaiter'))['results'])).toMatch(
        /secrets could not be read.*forbidden/,
      ),
    );
    await client.delete(clusterPolicy, 'hidden');
  }, 120_000);

  test('what a policy generates is written, and kept as it says', async () => {
    await apply({
      ...clusterPolicy,
      metadata: { name: 'generated' },
      spec: {
        rules: [
          {
            name: 'defaults',
            match: { any: [{ resources: { kinds: ['Namespace'] } }] },
            generate: {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              name: 'defaults',
              namespace: '{{ request.object.metadata.name }}',
              synchronize: true,
              data: { data: { size: 'small' } },
            },
          },
        ],
      },
    });
    await new Promise((wake) => setTimeout(wake, 1_500));
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'generating' } });
    const made = { apiVersion: 'v1', kind: 'ConfigMap' };
    await eventually(async () =>
      expect(await get(made, 'defaults', 'generating')).toMatchObject({ data: { size: 'small' } }),
    );
    // Namespaces that were there before are none of its business.
    expect(await client.get(made, 'defaults', { namespace: 'default' })).toEqual({ kind: 'none' });
    await client.delete(clusterPolicy, 'generated');
    await eventually(async () =>
      expect(await client.get(made, 'defaults', { namespace: 'generating' })).toEqual({ kind: 'none' }),
    );
  }, 120_000);

  test('what a policy generates goes with the object that it was generated for', async () => {
    const map = (name: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default', labels: { derive: 'yes' } },
      data: {},
    });
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap' };
    const isThere = async (name: string): Promise<boolean> => {
      const { kind } = await client.get(configMap, name, { namespace: 'default' });
      return kind === 'found';
    };
    await apply({
      ...clusterPolicy,
      metadata: { name: 'derived' },
      spec: {
        rules: [
          {
            name: 'derived',
            match: {
              any: [{ resources: { kinds: ['ConfigMap'], selector: { matchLabels: { derive: 'yes' } } } }],
            },
            generate: {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              name: 'of-{{ request.object.metadata.name }}',
              namespace: 'default',
              synchronize: true,
              data: { data: { size: 'small' } },
            },
          },
        ],
      },
    });
    await new Promise((wake) => setTimeout(wake, 1_500));
    await apply(map('one'));
    await apply(map('two'));
    await eventually(async () => expect([await isThere('of-one'), await isThere('of-two')]).toEqual([true, true]));
    await client.delete(configMap, 'one', { namespace: 'default' });
    await eventually(async () => expect([await isThere('of-one'), await isThere('of-two')]).toEqual([false, true]));
    await client.delete(configMap, 'two', { namespace: 'default' });
    await client.delete(clusterPolicy, 'derived');
    await eventually(async () => expect(await isThere('of-two')).toBe(false));
  }, 180_000);

  test("policy-controller's ConfigMap says what becomes of images that no policy is about", async () => {
    const settings = (word: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config-policy-controller', namespace: 'cosign-system' },
      data: { 'no-match-policy': word },
    });
    const good = (): JsonObject => pod(unique(), { team: 'a' });
    expect(messageOf(await create(good(), 'dry'))).toBe('done');
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cosign-system' } });
    await apply(settings('deny'));
    await eventually(async () =>
      expect(messageOf(await create(good(), 'dry'))).toContain('no image policy is about it'),
    );
    await apply(settings('allow'));
    await eventually(async () => expect(messageOf(await create(good(), 'dry'))).toBe('done'));
    await client.delete({ apiVersion: 'v1', kind: 'ConfigMap' }, 'config-policy-controller', {
      namespace: 'cosign-system',
    });
  }, 120_000);

  test('everything comes back after the API server was away', async () => {
    await plane.stopServer();
    await new Promise((wake) => setTimeout(wake, 500));
    await plane.startServer();

    await apply(needsLabel('later', 'later'));
    await eventually(async () =>
      expect(messageOf(await create(pod(unique(), { team: 'a' }), 'dry'))).toContain('needs later'),
    );
    await client.delete(clusterPolicy, 'later');
    await eventually(async () => expect(messageOf(await create(pod(unique(), { team: 'a' }), 'dry'))).toBe('done'));
  }, 120_000);

  test('what a policy cleans up is deleted when its time has come, and nothing else', async () => {
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap' };
    await eventually(async () =>
      expect(await client.get(configMap, 'dead', { namespace: 'default' })).toEqual({ kind: 'none' }),
    );
    expect(await client.get(configMap, 'alive', { namespace: 'default' })).toMatchObject({ kind: 'found' });
    await controller.said(/ClusterCleanupPolicy old has deleted ConfigMap default\/dead/);
  }, 120_000);

  test('before an uninstallation the registration goes, and the controller does not put it back', async () => {
    const { status } = await runCommand(['admission', 'unregister'], {
      cwd: folder,
      environment: { KUBECONFIG: plane.kubeconfig },
      now: Date.now(),
    });
    await new Promise((wake) => setTimeout(wake, 3_000));

    expect(status).toBe(0);
    expect(await client.get(registration, 'landwaiter-validate')).toEqual({ kind: 'none' });
  }, 60_000);

  test('both programs end as they are asked to', async () => {
    expect(await webhook.end()).toBe(0);
    expect(await controller.end()).toBe(0);
  });
});

async function eventually(check: () => Promise<void>): Promise<void> {
  const end = Date.now() + 45_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((wake) => setTimeout(wake, 200));
    }
  }
}
