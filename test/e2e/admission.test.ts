// SPDX-License-Identifier: Apache-2.0
// The webhook before a real API server: LANDWAITER_E2E=1 vitest run test/e2e/admission.test.ts. Where Go is missing, which builds the API server, it says so
// and skips. Everything is on loopback.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { manifestPath } from '../../scripts/chart-manifests.ts';
import type { CertificateAuthority } from '../../src/apps/server/admission/certificates.ts';
import { caBundle, makeAuthority, makeServingCertificate } from '../../src/apps/server/admission/certificates.ts';
import type { JsonObject } from '../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../src/formats/document.ts';
import { findClusterAccess } from '../../src/io/kube/access.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import { openKubeClient } from '../../src/io/kube/open-client.ts';
import type { KubeChange } from '../../src/io/kube/outcome.ts';
import { runCommand } from '../support/command-line.ts';
import type { ControlPlane } from '../support/control-plane.ts';
import { startControlPlane } from '../support/control-plane.ts';
import { controlPlanePrograms } from '../support/control-plane-build.ts';
import { eventually, messageOf, registerWebhooks } from '../support/registered-webhook.ts';
import type { WebhookProcess } from '../support/webhook-process.ts';
import { replaceFile, startWebhook, writeServing } from '../support/webhook-process.ts';

const isAsked = process.env['LANDWAITER_E2E'] === '1';
const programs = isAsked ? await controlPlanePrograms((line) => console.error(line)) : undefined;
const reason =
  programs === undefined ? 'LANDWAITER_E2E=1 asks for it' : programs.kind === 'missing' ? programs.reason : '';

const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };
const registration = 'admissionregistration.k8s.io/v1';

/** Policies in Kyverno's form and as ValidatingAdmissionPolicy, side by side. */
const policies = (image: string): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: images }
spec:
  matchConstraints:
    resourceRules:
      - { apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods, pods/ephemeralcontainers] }
  validations:
    - expression: object.spec.containers.all(c, c.image == '${image}')
      message: only ${image} runs here
    - expression: object.spec.?ephemeralContainers.orValue([]).all(c, c.image == '${image}')
      message: only ${image} debugs here
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: team }
spec:
  validationFailureAction: Enforce
  background: false
  rules:
    - name: team
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate: { message: a Pod says whose it is, pattern: { metadata: { labels: { team: '?*' } } } }
`;

function pod(name: string, image: string, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { team: 'shop' }, ...asObject(more['metadata']) },
    spec: { containers: [{ name: 'a', image }] },
  };
}

describe.skipIf(reason !== '')(
  `the webhook before a real API server${reason === '' ? '' : ` (skipped: ${reason})`}`,
  () => {
    let folder: string;
    let plane: ControlPlane;
    let client: KubeClient;
    let webhook: WebhookProcess;
    let authority: CertificateAuthority;
    let serial = 0;
    const unique = (): string => `pod-${(serial += 1)}`;
    const place = (name: string): string => join(folder, name);
    const environment = (): Record<string, string | undefined> => ({ KUBECONFIG: plane.kubeconfig });

    beforeAll(async () => {
      if (programs?.kind !== 'built') return;
      folder = mkdtempSync(join(tmpdir(), 'landwaiter-e2e-'));
      mkdirSync(place('policies'));
      replaceFile(place('policies/all.yaml'), policies('good:1'));
      authority = makeAuthority('e2e', validity);
      writeServing(folder, makeServingCertificate(authority, ['localhost'], validity));
      replaceFile(place('ca.crt'), authority.certificate);
      plane = await startControlPlane({ programs: programs.folder });
      client = openKubeClient({
        access: findClusterAccess({ environment: environment(), home: undefined }),
        environment: {},
      });
      webhook = await startWebhook(folder, 0, ['--decision-log', place('decisions')]);
      await register('Fail');
    }, 180_000);

    afterAll(async () => {
      client?.close();
      await webhook?.end();
      await plane?.stop();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    async function register(failurePolicy: 'Fail' | 'Ignore'): Promise<void> {
      await registerWebhooks(client, { folder, port: webhook.port, failurePolicy });
      await eventually(async () => expect(messageOf(await create(pod(unique(), 'no:1'), 'dry'))).not.toBe('done'));
    }

    function create(object: JsonObject, run: 'dry' | 'real' = 'real'): Promise<KubeChange<JsonObject>> {
      const namespace = asString(asObject(object['metadata'])?.['namespace']) ?? 'default';
      return client.create(object, { namespace, ...(run === 'dry' ? { dryRun: true } : {}) });
    }

    test('a Pod that breaks policies is refused with their reasons, and one that keeps them is there', async () => {
      const bad = await create({ ...pod(unique(), 'bad:1'), metadata: { name: 'bad', namespace: 'default' } });
      const good = await create(pod('good', 'good:1'));

      expect(messageOf(bad)).toContain('only good:1 runs here');
      expect(messageOf(bad)).toContain('a Pod says whose it is');
      expect(messageOf(bad)).toContain('validate.landwaiter.dev');
      expect(messageOf(good)).toBe('done');
      expect(await client.get({ apiVersion: 'v1', kind: 'Pod' }, 'good', { namespace: 'default' })).toMatchObject({
        kind: 'found',
      });
      expect(await client.get({ apiVersion: 'v1', kind: 'Pod' }, 'bad', { namespace: 'default' })).toEqual({
        kind: 'none',
      });
    });

    test('a dry run is judged, leaves nothing behind, and is not written down', async () => {
      const name = unique();
      const before = decisions();

      expect(messageOf(await create(pod(name, 'bad:1'), 'dry'))).toContain('only good:1');
      expect(messageOf(await create(pod(name, 'good:1'), 'dry'))).toBe('done');
      expect(await client.get({ apiVersion: 'v1', kind: 'Pod' }, name, { namespace: 'default' })).toEqual({
        kind: 'none',
      });
      expect(decisions()).toBe(before);
    });

    test('a change is judged, and so is a container for debugging', async () => {
      const name = unique();
      await create(pod(name, 'good:1'));
      const change = { type: 'strategic', value: { spec: { containers: [{ name: 'a', image: 'bad:1' }] } } } as const;
      const debug = {
        type: 'strategic',
        value: { spec: { ephemeralContainers: [{ name: 'd', image: 'bad:1' }] } },
      } as const;
      const kind = { apiVersion: 'v1', kind: 'Pod' };

      expect(messageOf(await client.patch(kind, name, change, { namespace: 'default' }))).toContain('only good:1 runs');
      const debugged = await client.patch(kind, name, debug, {
        namespace: 'default',
        subresource: 'ephemeralcontainers',
      });
      expect(messageOf(debugged)).toContain('only good:1 debugs');
    });

    test('namespaces of the system are never judged', async () => {
      const object = pod(unique(), 'bad:1', { metadata: { namespace: 'kube-system' } });

      expect(messageOf(await create(object))).toBe('done');
    });

    test('other policies are in force within seconds, and one that cannot be read leaves the old ones there', async () => {
      replaceFile(place('policies/all.yaml'), policies('next:1'));
      await webhook.said(/generation 2/);
      expect(messageOf(await create(pod(unique(), 'next:1')))).toBe('done');
      expect(messageOf(await create(pod(unique(), 'good:1')))).toContain('only next:1');

      replaceFile(place('policies/all.yaml'), policies("'"));
      await webhook.said(/policies were not taken/);
      expect(messageOf(await create(pod(unique(), 'good:1')))).toContain('only next:1');

      replaceFile(place('policies/all.yaml'), policies('good:1'));
      await webhook.said(/generation 3/);
    });

    test('another authority takes over while Pods are created, and none is lost or wrongly admitted', async () => {
      const young = makeAuthority('young', validity);
      const over = new AbortController();
      const answers: string[] = [];
      const load = (async () => {
        while (!over.signal.aborted) {
          answers.push(messageOf(await create(pod(unique(), 'good:1'), 'dry')));
          answers.push(messageOf(await create(pod(unique(), 'bad:1'), 'dry')));
        }
      })();

      replaceFile(place('ca.crt'), caBundle(young, authority));
      await register('Fail');
      writeServing(folder, makeServingCertificate(young, ['localhost'], validity));
      await webhook.said(/another serving certificate is in use/);
      replaceFile(place('ca.crt'), young.certificate);
      await register('Fail');
      over.abort();
      await load;
      authority = young;

      expect(answers.length).toBeGreaterThan(10);
      expect(
        answers.filter((answer, index) => (index % 2 === 0 ? answer !== 'done' : !answer.includes('only good:1'))),
      ).toEqual([]);
    }, 60_000);

    test('with failurePolicy Fail nothing is admitted while the webhook is gone, and everything is well when it is back', async () => {
      const { port } = webhook;
      await webhook.kill();

      expect(messageOf(await create(pod(unique(), 'good:1')))).toMatch(/failed calling webhook/);
      expect(messageOf(await create(pod(unique(), 'good:1', { metadata: { namespace: 'kube-system' } })))).toBe('done');

      webhook = await startWebhook(folder, port, ['--decision-log', place('decisions')]);
      expect(messageOf(await create(pod(unique(), 'good:1')))).toBe('done');
      expect(messageOf(await create(pod(unique(), 'bad:1')))).toContain('only good:1');
    }, 60_000);

    test('with failurePolicy Ignore Pods are created while the webhook is gone, and judged again when it is back', async () => {
      const { port } = webhook;
      await register('Ignore');
      expect(messageOf(await create(pod(unique(), 'bad:1')))).toContain('only good:1');
      await webhook.kill();

      await eventually(async () => expect(messageOf(await create(pod(unique(), 'bad:1')))).toBe('done'));

      webhook = await startWebhook(folder, port, ['--decision-log', place('decisions')]);
      expect(messageOf(await create(pod(unique(), 'bad:1')))).toContain('only good:1');
      await register('Fail');
    }, 60_000);

    test('what the chart renders is taken by the API server, which knows every field of it', async () => {
      const [namespace, ...objects] = parseAllDocuments(readFileSync(manifestPath, 'utf8')).map(
        (document) => document.toJSON() as JsonObject,
      );
      const options = { fieldManager: 'e2e', force: true, fieldValidation: 'Strict' } as const;
      expect(messageOf(await client.apply(namespace ?? {}, options))).toBe('done');

      for (const object of objects)
        expect([object['kind'], messageOf(await client.apply(object, { ...options, dryRun: true }))]).toEqual([
          object['kind'],
          'done',
        ]);
    });

    test('certificates are kept in Secrets of the cluster, registrations learn of them, and are taken away at the end', async () => {
      await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'landwaiter-system' } });
      for (const name of ['landwaiter-validate', 'landwaiter-mutate'])
        await client.delete({ apiVersion: registration, kind: kindOf(name) }, name);
      const { stdout } = await runCommand(
        ['admission', 'webhooks', '--policies', place('policies'), '--ca-bundle', place('ca.crt')],
        { cwd: folder },
      );
      for (const document of parseAllDocuments(stdout))
        expect(messageOf(await client.apply(document.toJSON() as JsonObject, { fieldManager: 'e2e' }))).toBe('done');
      const words = ['admission', 'certificate', '--certificate-secret', 'landwaiter-admission-tls'];

      const made = await runCommand(words, { cwd: folder, environment: environment(), now: Date.now() });
      const secret = await client.get({ apiVersion: 'v1', kind: 'Secret' }, 'landwaiter-admission-tls', {
        namespace: 'landwaiter-system',
      });
      const told = await client.get(
        { apiVersion: registration, kind: 'ValidatingWebhookConfiguration' },
        'landwaiter-validate',
      );
      const again = await runCommand(words, { cwd: folder, environment: environment(), now: Date.now() });
      const gone = await runCommand(['admission', 'unregister'], { cwd: folder, environment: environment() });

      expect([made.status, again.status, gone.status]).toEqual([0, 0, 0]);
      if (secret.kind !== 'found' || told.kind !== 'found') throw new Error('what was written is not there');
      const data = asObject(secret.value['data']);
      const [first] = asArray(told.value['webhooks']);
      expect(asObject(asObject(first)?.['clientConfig'])?.['caBundle']).toBe(data?.['ca.crt']);
      expect(secret.value['type']).toBe('kubernetes.io/tls');
      expect(data).not.toHaveProperty('ca.key');
      expect(again.stderr).toContain('nothing changed');
      expect(
        await client.get({ apiVersion: registration, kind: 'ValidatingWebhookConfiguration' }, 'landwaiter-validate'),
      ).toEqual({ kind: 'none' });
      await eventually(async () => expect(messageOf(await create(pod(unique(), 'bad:1')))).toBe('done'));
    }, 60_000);

    test('the webhook ends as it is asked to', async () => {
      expect(await webhook.end()).toBe(0);
    });

    function decisions(): number {
      return readFileSync(place('decisions/decisions-00000001.jsonl'), 'utf8').split('\n').length;
    }
  },
);

function kindOf(name: string): string {
  return name.endsWith('mutate') ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration';
}
