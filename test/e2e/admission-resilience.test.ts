// SPDX-License-Identifier: Apache-2.0
// What clusters do to a webhook: several replicas that come and go, policies that change under load, an API server that is restarted, requests to
// connect to Pods, and controllers that make ten thousand Pods at once. LANDWAITER_E2E=1 asks for it; everything is on loopback.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeAuthority, makeServingCertificate } from '../../src/apps/server/admission/certificates.ts';
import type { JsonObject } from '../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../src/formats/document.ts';
import { findClusterAccess } from '../../src/io/kube/access.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import { openKubeClient } from '../../src/io/kube/open-client.ts';
import type { Balancer } from '../support/balancer.ts';
import { startBalancer } from '../support/balancer.ts';
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
const podsOfNamespace = 20;
const namespaces = 500;

/** `extra`: a policy more, which no Pod of these tests breaks. */
const policies = (extra: 'with' | 'without' = 'without'): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: images }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods] }]
  validations:
    - { expression: 'object.spec.containers.all(c, c.image.startsWith("good:"))', message: only good images run here }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: no-shell }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CONNECT], resources: [pods/exec] }]
  validations:
    - { expression: '!object.command.exists(word, word.endsWith("sh"))', message: nobody opens a shell }
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: no-forwarding }
spec:
  validationFailureAction: Enforce
  background: false
  rules:
    - name: ports
      match: { any: [{ resources: { kinds: [Pod/portforward, Pod/attach], operations: [CONNECT] } }] }
      validate: { message: nobody reaches into a Pod, deny: {} }
${
  extra === 'without'
    ? ''
    : `---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: extra }
spec:
  validationFailureAction: Enforce
  background: false
  rules:
    - name: host
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate: { message: not on the host, pattern: { spec: { '=(hostNetwork)': false } } }
`
}`;

function pod(name: string, image: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'a', image }] },
  };
}

describe.skipIf(reason !== '')(
  `the webhook when clusters do what they do${reason === '' ? '' : ` (skipped: ${reason})`}`,
  () => {
    let folder: string;
    let plane: ControlPlane;
    let client: KubeClient;
    let balancer: Balancer;
    let replicas: WebhookProcess[] = [];
    let serial = 0;
    const place = (name: string): string => join(folder, name);

    beforeAll(async () => {
      if (programs?.kind !== 'built') return;
      folder = mkdtempSync(join(tmpdir(), 'landwaiter-e2e-'));
      mkdirSync(place('policies'));
      replaceFile(place('policies/all.yaml'), policies());
      const authority = makeAuthority('e2e', validity);
      writeServing(folder, makeServingCertificate(authority, ['localhost'], validity));
      replaceFile(place('ca.crt'), authority.certificate);
      plane = await startControlPlane({
        programs: programs.folder,
        controllers: 'on',
        // The defaults hold a controller to twenty requests a second.
        controllerArguments: ['--kube-api-qps=2000', '--kube-api-burst=4000', '--concurrent-replicaset-syncs=20'],
        serverArguments: ['--max-mutating-requests-inflight=400'],
      });
      client = openKubeClient({
        access: findClusterAccess({ environment: { KUBECONFIG: plane.kubeconfig }, home: undefined }),
        environment: {},
      });
      replicas = [await startWebhook(folder, 0), await startWebhook(folder, 0)];
      balancer = await startBalancer(replicas.map(({ port }) => port));
      await registerWebhooks(client, { folder, port: balancer.port, failurePolicy: 'Fail' });
      await eventually(async () => expect(await verdict('bad:1')).toContain('only good images'));
      await eventually(async () => expect(await verdict('good:1')).toBe('done'), 30_000);
    }, 240_000);

    afterAll(async () => {
      client?.close();
      await Promise.all(replicas.map((replica) => replica.end()));
      await balancer?.close();
      await plane?.stop();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    async function verdict(image: string): Promise<string> {
      const object = pod(`pod-${(serial += 1)}`, image);
      return messageOf(await client.create(object, { namespace: 'default', dryRun: true }));
    }

    /** Asks without a pause while something happens, and gives the answers that are wrong. */
    async function whileAsking(happens: () => Promise<void>): Promise<{ asked: number; wrong: readonly string[] }> {
      const over = new AbortController();
      const wrong: string[] = [];
      let asked = 0;
      const ask = async (): Promise<void> => {
        while (!over.signal.aborted) {
          const [good, bad] = await Promise.all([verdict('good:1'), verdict('bad:1')]);
          if (good !== 'done') wrong.push(good);
          if (!bad.includes('only good images')) wrong.push(`bad image: ${bad}`);
          asked += 2;
        }
      };
      const asking = Promise.all([ask(), ask(), ask(), ask()]);
      await happens();
      over.abort();
      await asking;
      return { asked, wrong };
    }

    test('requests to connect to Pods are judged', async () => {
      expect(messageOf(await client.create(pod('web', 'good:1'), { namespace: 'default' }))).toBe('done');
      const connect = async (path: string): Promise<string> => {
        const answer = await client.raw({ method: 'POST', path: `/api/v1/namespaces/default/pods/web/${path}` });
        return 'kind' in answer ? answer.reason : `${answer.status} ${answer.body.toString('utf8')}`;
      };

      expect(await connect('exec?container=a&command=/bin/sh')).toContain('nobody opens a shell');
      expect(await connect('portforward?ports=80')).toContain('nobody reaches into a Pod');
      expect(await connect('attach?container=a')).toContain('nobody reaches into a Pod');
      // Nothing runs the Pod, so that the API server itself finds nobody to talk to.
      const admitted = await connect('exec?container=a&command=/bin/date');
      expect(admitted).not.toContain('landwaiter');
      expect(admitted).toMatch(/host|not running|assigned/);
    });

    test('policies are swapped while Pods come, without a wrong verdict', async () => {
      const { asked, wrong } = await whileAsking(async () => {
        for (const [round, extra] of (['with', 'without', 'with', 'without'] as const).entries()) {
          replaceFile(place('policies/all.yaml'), policies(extra));
          await Promise.all(replicas.map((replica) => replica.said(new RegExp(`generation ${round + 2}\\b`))));
        }
      });

      expect(wrong).toEqual([]);
      expect(asked).toBeGreaterThan(50);
    }, 120_000);

    test('a replica ends and another comes while Pods come, and nobody notices', async () => {
      const [first, second] = replicas;
      if (first === undefined || second === undefined) throw new Error('there are no replicas');
      const { asked, wrong } = await whileAsking(async () => {
        // Kubernetes sends the signal when it begins to take the Pod out of the endpoints, which takes a while to get around.
        const ended = first.end();
        await new Promise((wake) => setTimeout(wake, 1_500));
        balancer.setServers([second.port]);
        expect(await ended).toBe(0);
        const third = await startWebhook(folder, 0);
        replicas = [second, third];
        balancer.setServers([third.port, second.port]);
        await new Promise((wake) => setTimeout(wake, 1_000));
      });

      expect(wrong).toEqual([]);
      expect(asked).toBeGreaterThan(20);
    }, 60_000);

    test('a replica that dies at once costs nobody an admission that policies refuse', async () => {
      const [first, second] = replicas;
      if (first === undefined || second === undefined) throw new Error('there are no replicas');
      const { wrong } = await whileAsking(async () => {
        await first.kill();
        balancer.setServers([second.port]);
        await new Promise((wake) => setTimeout(wake, 500));
      });
      replicas = [second, await startWebhook(folder, 0)];
      balancer.setServers(replicas.map(({ port }) => port));

      // Requests that were under way may fail, as failurePolicy Fail says; none may be let in.
      expect(wrong.filter((answer) => answer === 'bad image: done')).toEqual([]);
      expect(await verdict('good:1')).toBe('done');
    }, 60_000);

    test('the API server is restarted, and judges by the webhook from its first request', async () => {
      await plane.stopServer();
      await plane.startServer();

      await eventually(async () => expect(await verdict('bad:1')).toContain('only good images'));
      expect(await verdict('good:1')).toBe('done');
    }, 120_000);

    test(`the controller manager fills ${namespaces} namespaces with ${podsOfNamespace} Pods each, and only good ones are there`, async () => {
      const spaces = Array.from({ length: namespaces }, (_, index) => `space-${index}`);
      const isBad = (index: number): boolean => index % 50 === 49;
      await inTurns(spaces, async (name) => {
        await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      });
      await inTurns(spaces, async (namespace, index) => {
        const labels = { app: 'web' };
        const template = {
          metadata: { labels },
          spec: { containers: [{ name: 'a', image: isBad(index) ? 'bad:1' : 'good:1' }] },
        };
        const spec = { replicas: podsOfNamespace, selector: { matchLabels: labels }, template };
        const made = await client.create(
          { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace }, spec },
          { namespace },
        );
        expect(messageOf(made)).toBe('done');
      });
      const wanted = spaces.filter((_, index) => !isBad(index)).length * podsOfNamespace;

      await eventually(async () => expect(await replicasThere()).toBe(wanted), 900_000, 3_000);
      expect(await imagesOfSpaces()).toEqual({ 'good:1': wanted });
      expect(await verdict('bad:1')).toContain('only good images');
    }, 1_200_000);

    /** So many requests at once as a controller would send. */
    async function inTurns(
      items: readonly string[],
      act: (item: string, index: number) => Promise<void>,
    ): Promise<void> {
      let next = 0;
      const worker = async (): Promise<void> => {
        for (;;) {
          const index = next++;
          const item = items[index];
          if (item === undefined) return;
          await act(item, index);
        }
      };
      await Promise.all(Array.from({ length: 16 }, worker));
    }

    /** Replicas that Deployments say they have: a list of all Pods each second would be most of the load. */
    async function replicasThere(): Promise<number> {
      let sum = 0;
      for await (const object of client.list({ apiVersion: 'apps/v1', kind: 'Deployment' }))
        sum += Number(asObject(object['status'])?.['replicas'] ?? 0);
      return sum;
    }

    async function imagesOfSpaces(): Promise<Readonly<Record<string, number>>> {
      const counts: Record<string, number> = {};
      for await (const object of client.list({ apiVersion: 'v1', kind: 'Pod' })) {
        const namespace = asString(asObject(object['metadata'])?.['namespace']) ?? '';
        if (!namespace.startsWith('space-')) continue;
        const [container] = asArray(asObject(object['spec'])?.['containers']);
        const image = asString(asObject(container)?.['image']) ?? '';
        counts[image] = (counts[image] ?? 0) + 1;
      }
      return counts;
    }
  },
);
