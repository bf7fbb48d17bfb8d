// SPDX-License-Identifier: Apache-2.0
// Our chart installed, upgraded, rolled back and removed by the real Helm on a real API server, with the real controllers, in a namespace that admits only the
// restricted profile. Jobs run as processes (test/support/kubelet.ts). Run by `npm run e2e` only; skipped with a reason where Go is missing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chartFolder } from '../../scripts/chart-manifests.ts';
import type { JsonObject } from '../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../src/formats/document.ts';
import { findClusterAccess } from '../../src/io/kube/access.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import { openKubeClient } from '../../src/io/kube/open-client.ts';
import { chartValues } from '../support/chart-values.ts';
import { inventoryOf } from '../support/cluster-inventory.ts';
import type { ControlPlane } from '../support/control-plane.ts';
import { startControlPlane } from '../support/control-plane.ts';
import { controlPlanePrograms } from '../support/control-plane-build.ts';
import { helmTemplate, valuesFile } from '../support/helm-comparison.ts';
import type { Helm, HelmRun } from '../support/helm-program.ts';
import { helmProgram, openHelm } from '../support/helm-program.ts';
import type { Kubelet } from '../support/kubelet.ts';
import { startKubelet } from '../support/kubelet.ts';
import { definitionOf } from '../support/policy-definitions.ts';
import { eventually, messageOf } from '../support/registered-webhook.ts';

const isWanted = process.env['LANDWAITER_E2E'] === '1';
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const programs = isWanted ? await controlPlanePrograms(say) : undefined;
const program = programs?.kind === 'built' ? await helmProgram(say) : undefined;
const missing = [programs, program].find((part) => part?.kind === 'missing');
if (missing?.kind === 'missing') say(`test/e2e/helm-install.test.ts is skipped: ${missing.reason}`);
const path = program?.kind === 'built' ? program.path : '';

const isFourth = program?.kind === 'built' && program.version.startsWith('v4.');
const chart = resolve(chartFolder);
const namespace = 'landwaiter-system';
const registration = 'admissionregistration.k8s.io/v1';
const validating = { apiVersion: registration, kind: 'ValidatingWebhookConfiguration' } as const;
const secretKind = { apiVersion: 'v1', kind: 'Secret' } as const;
const deploymentKind = { apiVersion: 'apps/v1', kind: 'Deployment' } as const;
const secretName = 'landwaiter-admission-tls';

/** Namespaces that values name. */
const own = ['shop', 'ci'];

/** Kinds of others that the chart makes objects of. */
const others = [
  { group: 'cert-manager.io', version: 'v1', kind: 'Certificate', plural: 'certificates', scope: 'Namespaced' },
  {
    group: 'monitoring.coreos.com',
    version: 'v1',
    kind: 'ServiceMonitor',
    plural: 'servicemonitors',
    scope: 'Namespaced',
  },
] as const;

const plainPod = (name: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'a', image: 'a:1' }] },
});

describe.skipIf(path === '')('our chart, installed by the real Helm', { timeout: 180_000 }, () => {
  let plane: ControlPlane;
  let client: KubeClient;
  let helm: Helm;
  let kubelet: Kubelet;
  let folder = '';
  let before: ReadonlySet<string> = new Set();
  /** Whether the registration and the Deployment were there when a Job of this name began. */
  const seen = new Map<string, readonly [registration: string, deployment: string]>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'landwaiter-e2e-helm-'));
    plane = await startControlPlane({ programs: programs?.kind === 'built' ? programs.folder : '', controllers: 'on' });
    helm = openHelm(path, plane.kubeconfig);
    client = openKubeClient({
      access: findClusterAccess({ environment: {}, home: undefined, kubeconfig: plane.kubeconfig }),
      environment: {},
    });
    const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: restricted } });
    for (const name of own) await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    for (const kind of others) await apply(definitionOf(kind));
    // Accounts and certificates of a new namespace are made by controllers.
    await eventually(async () => {
      for (const name of [...own, namespace, 'default', 'kube-system', 'kube-public', 'kube-node-lease']) {
        const found = await client.get({ apiVersion: 'v1', kind: 'ServiceAccount' }, 'default', { namespace: name });
        const authority = await client.get({ apiVersion: 'v1', kind: 'ConfigMap' }, 'kube-root-ca.crt', {
          namespace: name,
        });
        expect([found.kind, authority.kind]).toEqual(['found', 'found']);
      }
    }, 60_000);
    before = await settledInventory();
    kubelet = startKubelet({
      client,
      plane,
      namespace,
      before: async (job) => {
        const registered = await client.get(validating, 'landwaiter-validate');
        const deployed = await client.get(deploymentKind, 'landwaiter-admission', { namespace });
        seen.set(job, [registered.kind, deployed.kind]);
      },
    });
  }, 240_000);
  afterAll(async () => {
    await kubelet?.stop();
    client?.close();
    helm?.close();
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function apply(object: JsonObject): Promise<void> {
    expect(messageOf(await client.apply(object, { fieldManager: 'e2e', force: true }))).toBe('done');
  }

  async function valueOf(
    kind: { readonly apiVersion: string; readonly kind: string },
    name: string,
  ): Promise<JsonObject> {
    const found = await client.get(kind, name, { namespace });
    if (found.kind !== 'found') throw new Error(`${kind.kind} ${name}: ${JSON.stringify(found)}`);
    return found.value;
  }

  /** Twice the same, since the system still makes what it needs. */
  async function settledInventory(): Promise<ReadonlySet<string>> {
    let last = await inventoryOf(client);
    await eventually(
      async () => {
        const now = await inventoryOf(client);
        const isSame = now.size === last.size && [...now].every((name) => last.has(name));
        last = now;
        expect(isSame).toBe(true);
      },
      30_000,
      1_500,
    );
    return last;
  }

  const helmDone = (run: HelmRun): void => expect([run.status, run.status === 0 ? '' : run.stderr]).toEqual([0, '']);

  function change(word: 'install' | 'upgrade', values: JsonObject, ...words: readonly string[]): Promise<HelmRun> {
    const file = valuesFile(folder, values);
    return helm.run(
      word,
      'landwaiter',
      chart,
      '--namespace',
      namespace,
      '--values',
      file,
      '--timeout',
      '90s',
      ...words,
    );
  }

  async function certificates(): Promise<readonly unknown[]> {
    return [
      (await valueOf(secretKind, secretName))['data'],
      (await valueOf(secretKind, `${secretName}-authority`))['data'],
    ];
  }

  async function authorityOfRegistration(): Promise<unknown> {
    const [webhook] = asArray((await valueOf(validating, 'landwaiter-validate'))['webhooks']);
    return asObject(asObject(webhook)?.['clientConfig'])?.['caBundle'];
  }

  /** All Pods that are wanted are there and ready: nothing refused them. */
  async function allReady(...names: readonly string[]): Promise<void> {
    await eventually(async () => {
      for (const name of names) {
        const deployment = await valueOf(deploymentKind, name);
        const { readyReplicas, replicas, updatedReplicas } = asObject(deployment['status']) ?? {};
        const wanted = asObject(deployment['spec'])?.['replicas'];
        expect([name, readyReplicas, replicas, updatedReplicas]).toEqual([name, wanted, wanted, wanted]);
      }
    }, 60_000);
  }

  async function left(): Promise<readonly string[]> {
    const now = await inventoryOf(client);
    return [...now].filter((name) => !before.has(name)).sort();
  }

  async function removeSecrets(): Promise<void> {
    for (const name of [secretName, `${secretName}-authority`]) await client.delete(secretKind, name, { namespace });
  }

  const createPod = (name: string): Promise<string> =>
    client.create(plainPod(name), { namespace: 'default', dryRun: true }).then(messageOf);

  test.each(Object.entries(chartValues))(
    'what it renders is taken by the API server, which knows every field: %s',
    async (_, values) => {
      const rendered = await helmTemplate(helm, { chart, values, release: { name: 'landwaiter', namespace }, folder });
      if (rendered.kind === 'refused') throw new Error(rendered.message);
      for (const object of rendered.objects) {
        const name = `${asString(object['kind'])} ${asString(asObject(object['metadata'])?.['name'])}`;
        const options = { fieldManager: 'e2e', force: true, fieldValidation: 'Strict', dryRun: true } as const;
        const taken = await client.apply(object, options);
        expect([name, messageOf(taken), taken.kind === 'done' ? taken.warnings : []]).toEqual([name, 'done', []]);
      }
    },
  );

  test('is installed, and waits until its certificate is there and its Pods are ready', async () => {
    helmDone(
      await change(
        'install',
        { webhooks: { failurePolicy: 'Fail' }, image: { registry: 'registry.example' } },
        '--wait',
        '--wait-for-jobs',
      ),
    );

    await allReady('landwaiter-admission');
    expect(kubelet.runs.map(({ job, status, output }) => [job, status === 0 ? 0 : output])).toEqual([
      ['landwaiter-certificates-1', 0],
    ]);
    const [serving] = await certificates();
    expect(await authorityOfRegistration()).toBe(asObject(serving)?.['ca.crt']);
    // The webhook is registered, and nobody answers here: what is judged before it is stored is refused.
    await eventually(async () =>
      expect(await createPod('refused')).toContain('failed calling webhook "validate.landwaiter.dev"'),
    );
  });

  test('an upgrade keeps the certificates and the authority in the registration', async () => {
    const kept = await certificates();
    const authority = await authorityOfRegistration();
    const values = {
      webhooks: { failurePolicy: 'Fail', timeoutSeconds: 3, exemptNamespaces: ['ci'] },
      admission: { replicas: 2, mode: 'warn' },
    };

    helmDone(await change('upgrade', values, '--wait', '--wait-for-jobs'));

    expect(await certificates()).toEqual(kept);
    expect(await authorityOfRegistration()).toBe(authority);
    await allReady('landwaiter-admission');
    expect(kubelet.runs.at(-1)).toMatchObject({ job: 'landwaiter-certificates-2', status: 0 });
    const [webhook] = asArray((await valueOf(validating, 'landwaiter-validate'))['webhooks']);
    expect(webhook).toMatchObject({ timeoutSeconds: 3 });
  });

  test('an upgrade to what horizontal scaling and the network need is taken as well', async () => {
    helmDone(
      await change('upgrade', {
        webhooks: { failurePolicy: 'Fail' },
        autoscaling: { enabled: true },
        serviceMonitor: { enabled: true },
      }),
    );

    await allReady('landwaiter-admission');
  });

  test('an upgrade by comparison, as older versions of Helm do it, keeps the authority too', async () => {
    const authority = await authorityOfRegistration();

    helmDone(
      await change(
        'upgrade',
        { webhooks: { failurePolicy: 'Fail', timeoutSeconds: 7 } },
        // Helm 3 knows no other way.
        ...(isFourth ? ['--server-side=false'] : []),
        '--wait',
      ),
    );

    const [webhook] = asArray((await valueOf(validating, 'landwaiter-validate'))['webhooks']);
    expect(webhook).toMatchObject({ timeoutSeconds: 7, clientConfig: { caBundle: authority } });
  });

  test('goes back to what was installed first, with the certificates that are in use', async () => {
    const kept = await certificates();

    helmDone(
      await helm.run(
        'rollback',
        'landwaiter',
        '1',
        '--namespace',
        namespace,
        '--wait',
        '--wait-for-jobs',
        '--timeout',
        '90s',
      ),
    );

    expect(await certificates()).toEqual(kept);
    expect(await authorityOfRegistration()).toBe(asObject(kept[0])?.['ca.crt']);
    await allReady('landwaiter-admission');
    expect(asObject((await valueOf(deploymentKind, 'landwaiter-admission'))['spec'])?.['replicas']).toBe(3);
    const found = await client.get(
      { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
      'landwaiter-admission',
      { namespace },
    );
    expect(found.kind).toBe('none');
  });

  test('before anything else is removed the registration is, and only the two Secrets stay', async () => {
    helmDone(await helm.run('uninstall', 'landwaiter', '--namespace', namespace, '--wait', '--timeout', '90s'));

    expect(kubelet.runs.at(-1)).toMatchObject({ job: 'landwaiter-unregister', status: 0 });
    expect(seen.get('landwaiter-unregister')).toEqual(['found', 'found']);
    expect((await client.get(validating, 'landwaiter-validate')).kind).toBe('none');
    expect(await createPod('admitted')).toBe('done');
    await eventually(
      async () =>
        expect(await left()).toEqual([
          `Secret ${namespace}/${secretName}`,
          `Secret ${namespace}/${secretName}-authority`,
        ]),
      60_000,
      1_000,
    );
    expect(kubelet.faults).toEqual([]);
  });

  test('installed again it goes on with the Secrets that stayed', async () => {
    const kept = await certificates();

    helmDone(await change('install', {}, '--wait', '--wait-for-jobs'));

    expect(await certificates()).toEqual(kept);
    expect(await authorityOfRegistration()).toBe(asObject(kept[0])?.['ca.crt']);
  });

  test('policies of the cluster: the registration of the chart goes, its controller comes, and nothing stays at the end', async () => {
    helmDone(await change('upgrade', { ...chartValues['policies of the cluster'] }, '--wait'));

    await allReady('landwaiter-admission', 'landwaiter-controller');
    expect((await client.get(validating, 'landwaiter-validate')).kind).toBe('none');
    helmDone(await helm.run('uninstall', 'landwaiter', '--namespace', namespace, '--wait', '--timeout', '90s'));
    expect(kubelet.runs.at(-1)).toMatchObject({ job: 'landwaiter-unregister', status: 0 });
    await removeSecrets();
    await eventually(async () => expect(await left()).toEqual([]), 60_000, 1_000);
  });

  test('when the registration cannot be taken away nothing else is removed, and a second attempt removes it all', async () => {
    helmDone(await change('install', { webhooks: { failurePolicy: 'Fail' } }, '--wait', '--wait-for-jobs'));
    const binding = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding' };
    const { roleRef, subjects } = await valueOf(binding, 'landwaiter-certificates');
    await client.delete(binding, 'landwaiter-certificates');

    const run = await helm.run('uninstall', 'landwaiter', '--namespace', namespace, '--timeout', '20s');

    expect(run.status).not.toBe(0);
    expect((await client.get(deploymentKind, 'landwaiter-admission', { namespace })).kind).toBe('found');
    expect((await client.get(validating, 'landwaiter-validate')).kind).toBe('found');
    await apply({ ...binding, metadata: { name: 'landwaiter-certificates' }, roleRef, subjects });
    helmDone(await helm.run('uninstall', 'landwaiter', '--namespace', namespace, '--wait', '--timeout', '90s'));
    expect((await client.get(validating, 'landwaiter-validate')).kind).toBe('none');
    await removeSecrets();
    await eventually(async () => expect(await left()).toEqual([]), 60_000, 1_000);
  });
});
