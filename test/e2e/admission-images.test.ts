// SPDX-License-Identifier: Apache-2.0
// Images verified inside the reviews of a real API server: LANDWAITER_E2E=1 vitest run test/e2e/admission-images.test.ts. Where Go is missing, which builds
// the API server, it says so and skips. Everything is on loopback; the registry is one in memory that can fail in every way.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeAuthority, makeServingCertificate } from '../../src/apps/server/admission/certificates.ts';
import type { JsonObject } from '../../src/formats/document.ts';
import { asObject, asString } from '../../src/formats/document.ts';
import { findClusterAccess } from '../../src/io/kube/access.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import { openKubeClient } from '../../src/io/kube/open-client.ts';
import type { KubeChange } from '../../src/io/kube/outcome.ts';
import { writableRepository } from '../../src/io/registry/writable-store.ts';
import { podOf } from '../../src/policy/pod-security/pod.ts';
import type { ControlPlane } from '../support/control-plane.ts';
import { startControlPlane } from '../support/control-plane.ts';
import { controlPlanePrograms } from '../support/control-plane-build.ts';
import { eventually, messageOf, registerWebhooks } from '../support/registered-webhook.ts';
import { reference, testClient } from '../support/registry/client.ts';
import type { TestManifest } from '../support/registry/content.ts';
import { imageOf } from '../support/registry/content.ts';
import type { FaultEffect } from '../support/registry/faults.ts';
import type { TestRegistry } from '../support/registry/test-registry.ts';
import { startRegistry } from '../support/registry/test-registry.ts';
import { world } from '../support/signing/attempt.ts';
import { ecKeys } from '../support/signing/certificates.ts';
import { writable } from '../support/signing/image-proofs.ts';
import { publicPem, signOlder } from '../support/signing/key-signatures.ts';
import { trustedRootJson } from '../support/signing/sigstore.ts';
import type { RunningProgram } from '../support/webhook-process.ts';
import { replaceFile, startProgram, writeServing } from '../support/webhook-process.ts';

const isAsked = process.env['LANDWAITER_E2E'] === '1';
const programs = isAsked ? await controlPlanePrograms((line) => console.error(line)) : undefined;
const reason =
  programs === undefined ? 'LANDWAITER_E2E=1 asks for it' : programs.kind === 'missing' ? programs.reason : '';

const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };
const [keys, strangers] = [ecKeys(), ecKeys()];
const org = 'your_org';

/** As people write it, for any key: the version of its API and the older fields included. */
const original = (host: string, name: string): JsonObject => ({
  apiVersion: 'policy.kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name },
  spec: {
    validationFailureAction: 'Enforce',
    rules: [
      {
        name: 'verify-signature',
        match: { resources: { kinds: ['Pod'] } },
        verifyImages: [{ image: `${host}/${org}/*`, key: publicPem(keys) }],
      },
    ],
  },
});

/** The key lies in a Secret beside the policies. */
const bySecret = (host: string): readonly JsonObject[] => [
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'signer', namespace: 'keys' },
    stringData: { 'cosign.pub': publicPem(keys) },
  },
  {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'by-secret' },
    spec: {
      validationFailureAction: 'Enforce',
      rules: [
        {
          name: 'by-secret',
          match: { any: [{ resources: { kinds: ['Pod'] } }] },
          verifyImages: [
            {
              imageReferences: [`${host}/by-secret/*`],
              attestors: [{ entries: [{ keys: { publicKeys: 'k8s://keys/signer' } }] }],
            },
          ],
        },
      ],
    },
  },
];

const sigstore = (host: string): JsonObject => ({
  apiVersion: 'policy.sigstore.dev/v1beta1',
  kind: 'ClusterImagePolicy',
  metadata: { name: 'beside' },
  spec: { images: [{ glob: `${host}/beside/**` }], authorities: [{ key: { data: publicPem(keys) } }] },
});

/** A workload with one image, by the kind of its object. */
const workloads: Readonly<Record<string, (name: string, image: string) => JsonObject>> = {
  Pod: (name, image) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'a', image }] },
  }),
  Deployment: (name, image) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'a', image }] } },
    },
  }),
  CronJob: (name, image) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace: 'default' },
    spec: {
      schedule: '0 0 * * *',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image }] } } },
      },
    },
  }),
};

describe.skipIf(reason !== '')(`images before a real API server${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  let folder: string;
  let plane: ControlPlane;
  let client: KubeClient;
  let webhook: RunningProgram;
  let registry: TestRegistry;
  /** Tells nobody anything who has no credentials. */
  let closed: TestRegistry;
  let serial = 0;
  const place = (name: string): string => join(folder, name);
  const unique = (): string => `w-${(serial += 1)}`;

  beforeAll(async () => {
    if (programs?.kind !== 'built') return;
    folder = mkdtempSync(join(tmpdir(), 'landwaiter-e2e-'));
    mkdirSync(place('policies'));
    registry = await startRegistry();
    closed = await startRegistry({ access: { kind: 'basic', username: 'shop', password: 'hunter2' } });
    const policies = [
      original('your_registry.com', 'original'),
      original(registry.host, 'loopback'),
      original(closed.host, 'closed'),
      ...bySecret(registry.host),
      sigstore(registry.host),
    ];
    replaceFile(place('policies/all.yaml'), policies.map((policy) => JSON.stringify(policy)).join('\n---\n'));
    replaceFile(place('root.json'), JSON.stringify(trustedRootJson(world)));
    // No host has this name; the configuration of registries leads it here, as it leads to a mirror elsewhere.
    replaceFile(
      place('registries.conf'),
      `[[registry]]\nprefix = "your_registry.com"\nlocation = "${registry.host}"\ninsecure = true\n`,
    );
    const authority = makeAuthority('e2e', validity);
    writeServing(folder, makeServingCertificate(authority, ['localhost'], validity));
    replaceFile(place('ca.crt'), authority.certificate);
    plane = await startControlPlane({ programs: programs.folder });
    client = openKubeClient({
      access: findClusterAccess({ environment: { KUBECONFIG: plane.kubeconfig }, home: undefined }),
      environment: {},
    });
    const files = [
      '--policies',
      place('policies'),
      '--tls-certificate',
      place('tls.crt'),
      '--tls-key',
      place('tls.key'),
    ];
    const limits = ['--image-budget', '9', '--max-workers', '4'];
    const loopback = [registry, closed].flatMap(({ host }) => ['--insecure-registry', host]);
    const trust = ['--trusted-root', place('root.json'), '--pull-secrets'];
    webhook = await startProgram(
      ['admission', 'serve', '--listen', '127.0.0.1:0', ...files, ...limits, ...loopback, ...trust],
      {
        ready: /listens on https:\/\/127\.0\.0\.1:(\d+)/,
        environment: { CONTAINERS_REGISTRIES_CONF: place('registries.conf'), KUBECONFIG: plane.kubeconfig },
      },
    );
    await registerWebhooks(client, {
      folder,
      port: webhook.port,
      failurePolicy: 'Fail',
      remarks: /policy\.kyverno\.io/,
      timeout: 4,
    });
    const unsigned = put('warming', 'v1', imageOf({ layers: ['warming'] }));
    for (const kind of Object.keys(workloads))
      await eventually(async () => expect(await tried(kind, unsigned, 'dry')).not.toBe('done'));
    await eventually(async () =>
      expect(await tried('Pod', put('warming', 'v1', imageOf(), 'beside'), 'dry')).not.toBe('done'),
    );
  }, 240_000);

  afterAll(async () => {
    client?.close();
    await webhook?.end();
    await plane?.stop();
    await registry?.close();
    await closed?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => registry.mend());

  /** The image's name in the loopback registry. */
  function put(name: string, tag: string, image: TestManifest, team = org): string {
    registry.put(`${team}/${name}`, image, tag);
    return `${registry.host}/${team}/${name}:${tag}`;
  }

  async function signed(
    name: string,
    signer = keys,
    team = org,
  ): Promise<{ readonly image: TestManifest; readonly named: string }> {
    const image = imageOf({ layers: [`program ${(serial += 1)}`] });
    const named = put(name, 'v1', image, team);
    await signOlder(writable(registry, `${team}/${name}`), image, { keys: signer, log: 'logged' });
    return { image, named };
  }

  function create(kind: string, image: string, run: 'dry' | 'real' = 'real'): Promise<KubeChange<JsonObject>> {
    const object = workloads[kind]?.(unique(), image) ?? {};
    return client.create(object, { namespace: 'default', ...(run === 'dry' ? { dryRun: true } : {}) });
  }

  async function tried(kind: string, image: string, run: 'dry' | 'real' = 'real'): Promise<string> {
    return messageOf(await create(kind, image, run));
  }

  function imagesOf(change: KubeChange<JsonObject>): readonly unknown[] {
    const containers = change.kind === 'done' ? (podOf(change.value)?.pod.containers ?? []) : [];
    return containers.map(({ container }) => container['image']);
  }

  describe.each(['Pod', 'Deployment', 'CronJob'])('a %s', (kind) => {
    /** Tags are believed for a moment, so each test has its own. */
    const own = (name: string): string => `${name}-${kind.toLowerCase()}`;

    test('with a signed image is there, with the digest that was verified', async () => {
      const { image, named } = await signed(own('good'));

      const change = await create(kind, named);

      expect(messageOf(change)).toBe('done');
      expect(imagesOf(change)).toEqual([`${named}@${image.digest}`]);
    });

    test('with a signed image of the registry of the original policy is there too', async () => {
      const { image } = await signed(own('original'));
      const named = `your_registry.com/${org}/${own('original')}:v1`;

      const change = await create(kind, named);

      expect(messageOf(change)).toBe('done');
      expect(imagesOf(change)).toEqual([`${named}@${image.digest}`]);
    });

    test('with an unsigned image is refused', async () => {
      const named = put(own('unsigned'), 'v1', imageOf({ layers: [`unsigned ${kind}`] }));

      expect(await tried(kind, named)).toMatch(/there is no signature/);
      expect(await tried(kind, `your_registry.com/${org}/${own('unsigned')}:v1`)).toMatch(/there is no signature/);
    });

    test('with an image that another key signed is refused', async () => {
      const { named } = await signed(own('strange'), strangers);

      expect(await tried(kind, named)).toMatch(/no signature counts/);
    });

    test('with a tag that was moved after signing is refused', async () => {
      const { named } = await signed(own('moved'));
      put(own('moved'), 'v1', imageOf({ layers: [`what was put there later ${kind}`] }));

      expect(await tried(kind, named)).toMatch(/there is no signature/);
    });

    test('with an image of a policy of Sigstore is pinned and verified beside', async () => {
      const { image, named } = await signed(own('app'), keys, 'beside');
      const unsigned = put(own('other'), 'v1', imageOf({ layers: [`beside ${kind}`] }), 'beside');

      const change = await create(kind, named);

      expect(messageOf(change)).toBe('done');
      expect(imagesOf(change)).toEqual([`${named}@${image.digest}`]);
      expect(await tried(kind, unsigned)).toMatch(/beside: .*there is no signature/);
    });
  });

  test('a container for debugging is verified and pinned like every other', async () => {
    const { named } = await signed('host');
    const { image, named: tool } = await signed('tool');
    const unsigned = put('bad-tool', 'v1', imageOf({ layers: ['a bad tool'] }));
    const pod = await create('Pod', named);
    expect(messageOf(pod)).toBe('done');
    const name = asString(asObject(pod.kind === 'done' ? pod.value['metadata'] : undefined)?.['name']) ?? '';
    const debug = (text: string): Promise<KubeChange<JsonObject>> =>
      client.patch(
        { apiVersion: 'v1', kind: 'Pod' },
        name,
        { type: 'strategic', value: { spec: { ephemeralContainers: [{ name: unique(), image: text }] } } },
        { namespace: 'default', subresource: 'ephemeralcontainers' },
      );

    expect(messageOf(await debug(unsigned))).toMatch(/there is no signature/);
    const good = await debug(tool);

    expect(messageOf(good)).toBe('done');
    expect(imagesOf(good)).toContain(`${tool}@${image.digest}`);
  });

  test('the key may lie in a Secret beside the policies', async () => {
    const { image, named } = await signed('app', keys, 'by-secret');
    const { named: strange } = await signed('strange', strangers, 'by-secret');

    const change = await create('Pod', named);

    expect(messageOf(change)).toBe('done');
    expect(imagesOf(change)).toEqual([`${named}@${image.digest}`]);
    expect(await tried('Pod', strange)).toMatch(/no signature counts/);
  });

  test('an image of a registry that wants to know who asks is verified with the pull Secrets of the workload, or of its service account', async () => {
    const access = { username: 'shop', password: 'hunter2' };
    const image = imageOf({ layers: ['for members only'] });
    closed.put(`${org}/members`, image, 'v1');
    const credentials = { find: async () => ({ credential: { kind: 'basic' as const, ...access }, remarks: [] }) };
    const store = writableRepository(testClient({ credentials }), reference(`${closed.host}/${org}/members`));
    await signOlder(store, image, { keys, log: 'logged' });
    const configuration = JSON.stringify({ auths: { [closed.host]: access } });
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'pull', namespace: 'default' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': Buffer.from(configuration).toString('base64') },
    };
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'member', namespace: 'default' },
      imagePullSecrets: [{ name: 'pull' }],
    };
    for (const object of [secret, account])
      expect(messageOf(await client.apply(object, { fieldManager: 'e2e', namespace: 'default' }))).toBe('done');
    const named = `${closed.host}/${org}/members:v1`;
    const podWith = (more: JsonObject): JsonObject => {
      const pod = workloads['Pod']?.(unique(), named) ?? {};
      return { ...pod, spec: { ...asObject(pod['spec']), ...more } };
    };
    const tryPod = (more: JsonObject): Promise<KubeChange<JsonObject>> =>
      client.create(podWith(more), { namespace: 'default' });

    const without = messageOf(await tryPod({}));
    const withSecret = await tryPod({ imagePullSecrets: [{ name: 'pull' }] });
    const withAccount = await tryPod({ serviceAccountName: 'member' });

    expect(without).toMatch(/could not look: REGISTRY_UNAUTHORIZED/);
    expect(without).not.toContain('hunter2');
    for (const change of [withSecret, withAccount]) {
      expect(messageOf(change)).toBe('done');
      expect(imagesOf(change)).toEqual([`${named}@${image.digest}`]);
    }
  });

  test.each<readonly [string, FaultEffect]>([
    ['down', { kind: 'cut', bytes: -1 }],
    ['slow', { kind: 'stall', bytes: -1 }],
    ['dripping', { kind: 'slow', bytes: 1, pause: 400 }],
    ['throttling', { kind: 'answer', status: 429, headers: { 'retry-after': '1' } }],
    ['broken', { kind: 'answer', status: 500 }],
  ])('while the registry is %s nothing new is admitted, with the reason and within the time', async (word, effect) => {
    const { named } = await signed(`fault-${word}`);
    const { image, named: known } = await signed(`known-${word}`);
    expect(await tried('Pod', known)).toBe('done');
    registry.fail({ path: new RegExp(`fault-${word}`), effect });
    const started = performance.now();

    const said = await tried('Pod', named);

    expect(said).toMatch(/could not look/);
    expect(said).not.toMatch(/there is no signature|failed calling webhook|deadline/);
    expect(performance.now() - started).toBeLessThan(4_000);
    // What was verified before needs no registry.
    expect(await tried('Pod', `${known}@${image.digest}`)).toBe('done');
    registry.mend();
    await eventually(async () => expect(await tried('Pod', named)).toBe('done'), 20_000);
  });
});
