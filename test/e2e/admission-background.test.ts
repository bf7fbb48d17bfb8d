// SPDX-License-Identifier: Apache-2.0
// What the controller does in the background of a real cluster: reports, what policies generate, and what they clean up. LANDWAITER_E2E=1 vitest run
// test/e2e/admission-background.test.ts
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/formats/document.ts';
import { asObject } from '../../src/formats/document.ts';
import { controlPlanePrograms } from '../support/control-plane-build.ts';
import type { InstalledAdmission } from '../support/installed-admission.ts';
import { clusterPolicy, inTime, needsLabel, pod, startInstalledAdmission } from '../support/installed-admission.ts';
import { messageOf } from '../support/registered-webhook.ts';

const isAsked = process.env['LANDWAITER_E2E'] === '1';
const programs = isAsked ? await controlPlanePrograms((line) => console.error(line)) : undefined;
const reason =
  programs === undefined ? 'LANDWAITER_E2E=1 asks for it' : programs.kind === 'missing' ? programs.reason : '';

describe.skipIf(reason !== '')(
  `the controller in a real cluster${reason === '' ? '' : ` (skipped: ${reason})`}`,
  () => {
    let at: InstalledAdmission;

    beforeAll(async () => {
      if (programs?.kind !== 'built') return;
      at = await startInstalledAdmission(programs.folder);
      await prepareCleanup();
    }, 180_000);

    afterAll(() => at?.stop());

    /** Cleaned up within the minute or two that the other tests take. */
    async function prepareCleanup(): Promise<void> {
      const matchLabels = { old: 'yes' };
      for (const [name, labels] of [
        ['dead', matchLabels],
        ['alive', { old: 'no' }],
      ] as const)
        await at.apply({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name, namespace: 'default', labels },
          data: {},
        });
      await at.apply({
        apiVersion: 'kyverno.io/v2',
        kind: 'ClusterCleanupPolicy',
        metadata: { name: 'old' },
        spec: {
          schedule: '* * * * *',
          match: { any: [{ resources: { kinds: ['ConfigMap'], selector: { matchLabels } } }] },
        },
      });
    }

    test('what runs is told in a report for each namespace, and followed', async () => {
      const report = { apiVersion: 'openreports.io/v1alpha1', kind: 'Report' };
      const reported = async (): Promise<JsonObject> => at.get(report, 'landwaiter', 'reported');
      await at.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'reported' } });
      for (const [name, owner] of [
        ['one', {}],
        ['two', {}],
        ['three', { owner: 'a' }],
      ] as const)
        expect(messageOf(await at.create(pod(name, { team: 'a', ...owner }, 'a:1', 'reported')))).toBe('done');
      const audited = needsLabel('owners', 'owner');
      await at.apply({ ...audited, spec: { ...asObject(audited['spec']), validationFailureAction: 'Audit' } });

      await inTime(async () =>
        expect(await reported()).toMatchObject({
          summary: { fail: 2, error: 0 },
          results: [{ policy: 'owners', rule: 'label', result: 'fail', resources: [{ name: 'one' }, { name: 'two' }] }],
        }),
      );
      const labelled = { type: 'merge', value: { metadata: { labels: { owner: 'b' } } } } as const;
      await at.client.patch({ apiVersion: 'v1', kind: 'Pod' }, 'one', labelled, { namespace: 'reported' });
      await inTime(async () => expect(await reported()).toMatchObject({ summary: { fail: 1 } }));
      await at.client.delete({ apiVersion: 'v1', kind: 'Pod' }, 'two', {
        namespace: 'reported',
        gracePeriodSeconds: 0,
      });
      await inTime(async () => expect(await reported()).toMatchObject({ summary: { fail: 0 } }));
      await at.client.delete(clusterPolicy, 'owners');
    }, 120_000);

    test('what could not be scanned is an error in the report of the cluster', async () => {
      await at.apply(needsLabel('hidden', 'x', { match: { any: [{ resources: { kinds: ['Secret'] } }] } }));
      const report = { apiVersion: 'openreports.io/v1alpha1', kind: 'ClusterReport' };
      await inTime(async () =>
        expect(JSON.stringify((await at.get(report, 'landwaiter'))['results'])).toMatch(
          /secrets could not be read.*forbidden/,
        ),
      );
      await at.client.delete(clusterPolicy, 'hidden');
    }, 120_000);

    test('what a policy generates is written, and kept as it says', async () => {
      await at.apply({
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
      await at.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'generating' } });
      const made = { apiVersion: 'v1', kind: 'ConfigMap' };
      await inTime(async () =>
        expect(await at.get(made, 'defaults', 'generating')).toMatchObject({ data: { size: 'small' } }),
      );
      await inTime(async () => {
        expect(await at.eventsOf('generated', 'PolicyApplied')).toMatchObject([
          { action: 'Resource Generated', related: { kind: 'ConfigMap', namespace: 'generating', name: 'defaults' } },
        ]);
        expect(await at.eventsOf('defaults', 'PolicyApplied', 'generating')).toMatchObject([
          { note: 'generated by policy generated/defaults', reportingController: 'landwaiter.dev/controller' },
        ]);
      });
      const place = { namespace: 'generating' };
      await at.client.delete(made, 'defaults', place);
      await inTime(async () => expect(await at.client.get(made, 'defaults', place)).toMatchObject({ kind: 'found' }));
      await at.client.patch(made, 'defaults', { type: 'merge', value: { data: { size: 'huge' } } }, place);
      await inTime(async () =>
        expect(await at.get(made, 'defaults', 'generating')).toMatchObject({ data: { size: 'small' } }),
      );
      // Namespaces that were there before are none of its business.
      expect(await at.client.get(made, 'defaults', { namespace: 'default' })).toEqual({ kind: 'none' });
      await at.client.delete(clusterPolicy, 'generated');
      await inTime(async () =>
        expect(await at.client.get(made, 'defaults', { namespace: 'generating' })).toEqual({ kind: 'none' }),
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
        const { kind } = await at.client.get(configMap, name, { namespace: 'default' });
        return kind === 'found';
      };
      await at.apply({
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
      await at.apply(map('one'));
      await at.apply(map('two'));
      await inTime(async () => expect([await isThere('of-one'), await isThere('of-two')]).toEqual([true, true]));
      await at.client.delete(configMap, 'one', { namespace: 'default' });
      await inTime(async () => expect([await isThere('of-one'), await isThere('of-two')]).toEqual([false, true]));
      const changed = { type: 'merge', value: { metadata: { labels: { derive: 'no' } } } } as const;
      await at.client.patch(configMap, 'two', changed, { namespace: 'default' });
      await inTime(async () => expect(await isThere('of-two')).toBe(false));
      expect(await isThere('two')).toBe(true);
      await at.apply(map('two'));
      await inTime(async () => expect(await isThere('of-two')).toBe(true));
      await at.client.delete(configMap, 'two', { namespace: 'default' });
      await at.client.delete(clusterPolicy, 'derived');
      await inTime(async () => expect(await isThere('of-two')).toBe(false));
    }, 180_000);

    test('a copy goes with its source, and not with the policy', async () => {
      const configMap = { apiVersion: 'v1', kind: 'ConfigMap' };
      const source = (name: string): JsonObject => ({
        ...configMap,
        metadata: { name, namespace: 'default' },
        data: { size: 'large' },
      });
      const copy = async (name: string): Promise<JsonObject | undefined> => {
        const found = await at.client.get(configMap, name, { namespace: 'copying' });
        return found.kind === 'found' ? found.value : undefined;
      };
      const rule = (name: string): JsonObject => ({
        name,
        match: { any: [{ resources: { kinds: ['Namespace'], names: ['copying'] } }] },
        generate: {
          ...configMap,
          name,
          namespace: '{{ request.object.metadata.name }}',
          synchronize: true,
          clone: { namespace: 'default', name },
        },
      });
      for (const name of ['first', 'second']) await at.apply(source(name));
      await at.apply({
        ...clusterPolicy,
        metadata: { name: 'copied' },
        spec: { rules: [rule('first'), rule('second')] },
      });
      await new Promise((wake) => setTimeout(wake, 1_500));
      await at.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'copying' } });
      await inTime(async () => {
        expect(await copy('first')).toMatchObject({ data: { size: 'large' } });
        expect(await copy('second')).toMatchObject({ data: { size: 'large' } });
      });

      const changed = { type: 'merge', value: { data: { size: 'medium' } } } as const;
      await at.client.patch(configMap, 'second', changed, { namespace: 'default' });
      await inTime(async () => expect(await copy('second')).toMatchObject({ data: { size: 'medium' } }));
      await at.client.delete(configMap, 'first', { namespace: 'default' });
      await inTime(async () => expect(await copy('first')).toBeUndefined());
      expect(await copy('second')).toBeDefined();
      await at.client.delete(clusterPolicy, 'copied');
      await new Promise((wake) => setTimeout(wake, 1_500));
      await at.client.delete(configMap, 'second', { namespace: 'default' });
      await new Promise((wake) => setTimeout(wake, 15_000));
      expect(await copy('second')).toBeDefined();
    }, 180_000);

    test('one Secret is copied into a new namespace with the right to read that one, and no other can be', async () => {
      const secret = { apiVersion: 'v1', kind: 'Secret' };
      const value = (text: string): string => Buffer.from(text).toString('base64');
      const put = (name: string, text: string): Promise<void> =>
        at.apply({ ...secret, metadata: { name, namespace: 'default' }, data: { password: value(text) } });
      const rule = (name: string): JsonObject => ({
        name,
        match: { any: [{ resources: { kinds: ['Namespace'], names: ['pulling'] } }] },
        generate: {
          ...secret,
          name,
          namespace: '{{ request.object.metadata.name }}',
          synchronize: true,
          clone: { namespace: 'default', name },
        },
      });
      const copied = (name: string) => at.client.get(secret, name, { namespace: 'pulling' });
      await put('regcred', 'swordfish-1');
      await put('unreadable', 'swordfish-2');
      for (const name of ['regcred', 'unreadable'])
        await at.apply({ ...clusterPolicy, metadata: { name }, spec: { rules: [rule(name)] } });
      await new Promise((wake) => setTimeout(wake, 1_500));
      await at.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'pulling' } });
      const holds = async (text: string): Promise<void> =>
        expect(await copied('regcred')).toMatchObject({ value: { data: { password: value(text) } } });
      await inTime(() => holds('swordfish-1'));
      await inTime(async () => {
        const report = { apiVersion: 'openreports.io/v1alpha1', kind: 'ClusterReport' };
        expect(JSON.stringify((await at.get(report, 'landwaiter'))['results'])).toMatch(
          /secrets \\*"unreadable\\*" is forbidden/,
        );
      });
      expect(await copied('unreadable')).toEqual({ kind: 'none' });

      await put('regcred', 'swordfish-3');
      await inTime(() => holds('swordfish-3'));
      await at.client.delete(secret, 'regcred', { namespace: 'default' });
      await inTime(async () => expect(await copied('regcred')).toEqual({ kind: 'none' }));
      for (const name of ['regcred', 'unreadable']) await at.client.delete(clusterPolicy, name);
      for (const text of ['swordfish-1', 'swordfish-2', 'swordfish-3'])
        for (const shown of [text, value(text)]) expect(at.controller.lines().join('\n')).not.toContain(shown);
    }, 180_000);

    test('what a policy cleans up is deleted when its time has come, and nothing else', async () => {
      const configMap = { apiVersion: 'v1', kind: 'ConfigMap' };
      await inTime(async () =>
        expect(await at.client.get(configMap, 'dead', { namespace: 'default' })).toEqual({ kind: 'none' }),
      );
      expect(await at.client.get(configMap, 'alive', { namespace: 'default' })).toMatchObject({ kind: 'found' });
      await at.controller.said(/ClusterCleanupPolicy old has deleted ConfigMap default\/dead/);
    }, 120_000);
  },
);
