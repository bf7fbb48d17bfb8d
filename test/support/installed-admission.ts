// SPDX-License-Identifier: Apache-2.0
// The webhook and the controller in a real cluster, as two processes with two accounts that have the rights of the chart and no others. One policy is
// installed, by which every Pod needs the label `team`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { renderChart } from '../../scripts/chart-manifests.ts';
import { makeAuthority, makeServingCertificate } from '../../src/apps/server/admission/certificates.ts';
import type { JsonObject } from '../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../src/formats/document.ts';
import { findClusterAccess } from '../../src/io/kube/access.ts';
import type { KindName, KubeClient } from '../../src/io/kube/client.ts';
import { openKubeClient } from '../../src/io/kube/open-client.ts';
import type { KubeChange } from '../../src/io/kube/outcome.ts';
import type { ControlPlane } from './control-plane.ts';
import { startControlPlane } from './control-plane.ts';
import { definitionOf, policyDefinitions, reportDefinitions } from './policy-definitions.ts';
import { eventually, messageOf } from './registered-webhook.ts';
import type { RunningProgram } from './webhook-process.ts';
import { replaceFile, startProgram, writeServing } from './webhook-process.ts';

const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };
export const registration: KindName = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
};
export const clusterPolicy: KindName = { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy' };
const system = 'landwaiter-system';

/** Pods need a label. */
export const needsLabel = (name: string, label: string, rule: JsonObject = {}): JsonObject => ({
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
export const pod = (name: string, labels: JsonObject = {}, image = 'a:1', namespace = 'default'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: { containers: [{ name: 'a', image }] },
});

export const e2eManager = { fieldManager: 'e2e', force: true } as const;

/** Milliseconds: a restarted controller has to win its lease again. */
const patience = 45_000;

/** Tries until a controller that leads again has had its chance. */
export function inTime(check: () => Promise<void>): Promise<void> {
  return eventually(check, patience);
}

/** A cluster with the definitions of policies and reports, and everything that tests ask of it as its administrator. */
class TestCluster {
  readonly folder: string;
  readonly plane: ControlPlane;
  readonly client: KubeClient;
  #serial = 0;

  constructor(folder: string, plane: ControlPlane) {
    this.folder = folder;
    this.plane = plane;
    this.client = openKubeClient({
      access: findClusterAccess({ environment: { KUBECONFIG: plane.kubeconfig }, home: undefined }),
      environment: {},
    });
  }

  /** A name that no other Pod of the test has. */
  unique(): string {
    this.#serial += 1;
    return `pod-${this.#serial}`;
  }

  place(name: string): string {
    return join(this.folder, name);
  }

  async apply(object: JsonObject): Promise<void> {
    const name = asObject(object['metadata'])?.['name'];
    expect([name, messageOf(await this.client.apply(object, e2eManager))]).toEqual([name, 'done']);
  }

  create(object: JsonObject, run: 'dry' | 'real' = 'real'): Promise<KubeChange<JsonObject>> {
    const namespace = asString(asObject(object['metadata'])?.['namespace']) ?? 'default';
    return this.client.create(object, { namespace, ...(run === 'dry' ? { dryRun: true } : {}) });
  }

  async get(kind: KindName, name: string, namespace?: string): Promise<JsonObject> {
    const found = await this.client.get(kind, name, namespace === undefined ? {} : { namespace });
    if (found.kind !== 'found') throw new Error(`${kind.kind} ${name}: ${JSON.stringify(found)}`);
    return found.value;
  }

  /** Events with that reason that are shown with an object of the name. */
  async eventsOf(name: string, reason: string, namespace = 'default'): Promise<readonly JsonObject[]> {
    const found: JsonObject[] = [];
    for await (const event of this.client.list({ apiVersion: 'events.k8s.io/v1', kind: 'Event' }, { namespace }))
      if (asObject(event['regarding'])?.['name'] === name && event['reason'] === reason) found.push(event);
    return found;
  }

  /** The first condition in the status of a ClusterPolicy. */
  async readyOf(name: string): Promise<JsonObject> {
    const { conditions } = asObject((await this.get(clusterPolicy, name))['status']) ?? {};
    return asObject(asArray(conditions)[0]) ?? {};
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.plane.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class InstalledAdmission extends TestCluster {
  readonly webhook: RunningProgram;
  readonly controller: RunningProgram;

  constructor(
    { folder, plane }: TestCluster,
    programs: { readonly webhook: RunningProgram; readonly controller: RunningProgram },
  ) {
    super(folder, plane);
    this.webhook = programs.webhook;
    this.controller = programs.controller;
  }

  /** Another webhook with the account of the first; it ends with the test that asked for it. */
  serveBeside(flags: readonly string[]): Promise<RunningProgram> {
    return serve(this, flags);
  }

  override async stop(): Promise<void> {
    await this.webhook.end();
    await this.controller.end();
    await super.stop();
  }
}

/** `programs`: where those of the control plane are. Resolves when a Pod without its label is refused. */
export async function startInstalledAdmission(programs: string): Promise<InstalledAdmission> {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-e2e-cluster-'));
  mkdirSync(join(folder, 'policies'));
  const authority = makeAuthority('e2e', validity);
  writeServing(folder, makeServingCertificate(authority, ['localhost'], validity));
  replaceFile(join(folder, 'ca.crt'), authority.certificate);
  const cluster = new TestCluster(folder, await startControlPlane({ programs }));
  for (const definition of [...policyDefinitions, ...reportDefinitions]) await cluster.apply(definitionOf(definition));
  await grantRights(cluster);
  await inTime(async () =>
    expect(messageOf(await cluster.client.apply(needsLabel('team', 'team'), e2eManager))).toBe('done'),
  );
  const files = ['--policies', cluster.place('policies')];
  const webhook = await serve(cluster, []);
  const registering = ['--ca-bundle', cluster.place('ca.crt'), '--webhook-url', `https://localhost:${webhook.port}`];
  const controller = await startProgram(
    [
      'admission',
      'control',
      '--listen',
      '127.0.0.1:0',
      ...registering,
      '--webhook-timeout',
      '5',
      '--act',
      '--events',
      ...files,
    ],
    { ready: /answers on http:\/\/127\.0\.0\.1:(\d+)/, environment: { KUBECONFIG: accountOf(cluster, 'controller') } },
  );
  cluster.client.close();
  const installed = new InstalledAdmission(cluster, { webhook, controller });
  await webhook.said(/policies are in force \(generation 1\)/);
  await inTime(async () =>
    expect(messageOf(await installed.create(pod(installed.unique()), 'dry'))).toContain('a Pod needs team'),
  );
  return installed;
}

function serve(cluster: TestCluster, flags: readonly string[]): Promise<RunningProgram> {
  const serving = ['--tls-certificate', cluster.place('tls.crt'), '--tls-key', cluster.place('tls.key')];
  const policies = ['--policies-from', 'cluster', '--policies', cluster.place('policies')];
  return startProgram(
    ['admission', 'serve', '--listen', '127.0.0.1:0', '--events', ...serving, ...policies, ...flags],
    {
      ready: /listens on https:\/\/127\.0\.0\.1:(\d+)/,
      environment: { KUBECONFIG: accountOf(cluster, 'admission') },
    },
  );
}

/** Roles and bindings of the chart, given to users of the names of its service accounts. */
async function grantRights(cluster: TestCluster): Promise<void> {
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: system } });
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
    events: { enabled: true },
    controller: {
      act: true,
      acts: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'create', 'patch', 'delete'] }],
      secrets: { read: [{ namespace: 'default', name: 'regcred' }], write: ['regcred'] },
    },
  });
  for (const { object } of resources) {
    const kind = asString(object['kind']) ?? '';
    if (kind === 'Role' || kind === 'ClusterRole') await cluster.apply(object);
    if (!kind.endsWith('RoleBinding') && kind !== 'RoleBinding') continue;
    const subjects = asArray(object['subjects']).map((item) => ({
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'User',
      name: asObject(item)?.['name'],
    }));
    await cluster.apply({ ...object, subjects });
  }
}

/** A file for KUBECONFIG. */
function accountOf({ plane, folder }: TestCluster, component: 'admission' | 'controller'): string {
  const { certificate, key } = plane.client(`landwaiter-${component}`);
  const coded = (text: string): string => Buffer.from(text).toString('base64');
  const path = join(folder, `${component}.kubeconfig`);
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
