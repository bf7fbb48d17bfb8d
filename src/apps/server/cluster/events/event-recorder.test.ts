// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, until } from '../../../../../test/support/kube-client.ts';
import { KubeServer } from '../../../../../test/support/kube-server.ts';
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject } from '../../../../formats/document.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import { createLogger } from '../../../../io/log.ts';
import type { ClusterEvent } from './cluster-event.ts';
import type { EventLimits } from './event-recorder.ts';
import { EventRecorder } from './event-recorder.ts';

const events: KubeResource = { apiVersion: 'events.k8s.io/v1', kind: 'Event', resource: 'events', namespaced: true };
const policy = { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', name: 'team', uid: 'p' };
const about = (name: string, more: Partial<ClusterEvent> = {}): ClusterEvent => ({
  type: 'Warning',
  reason: 'PolicyViolation',
  action: 'Resource Blocked',
  regarding: policy,
  related: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name },
  note: `refuses Pod shop/${name}`,
  family: 'team Pod shop',
  ...more,
});

describe('the recorder of events', () => {
  let server: KubeServer;
  let client: KubeClient;
  let recorder: EventRecorder;
  let now: number;
  let wake: () => void;
  let ids: number;
  const lines: string[] = [];
  const log = createLogger({ write: (text) => void lines.push(text), format: 'text', level: 'info', now: () => 0 });

  beforeEach(async () => {
    server = await new KubeServer([events]).listen();
    client = clientOf(server.url);
    lines.length = 0;
    now = 0;
    ids = 0;
  });
  afterEach(async () => {
    const closed = recorder.close();
    wake();
    await closed;
    client.close();
    await server.close();
  });
  function start(limits: Partial<EventLimits> = {}): void {
    recorder = new EventRecorder({
      client,
      clock: { now: () => Date.UTC(2026, 0, 1) + now, elapsed: () => now },
      log,
      controller: 'landwaiter.dev/admission',
      instance: 'replica-1',
      newId: () => String((ids += 1)),
      pause: () =>
        new Promise((resolve) => {
          wake = resolve;
        }),
      limits,
    });
  }
  /** One round of the writer, so many milliseconds after the last. */
  async function round(milliseconds = 1_000): Promise<void> {
    now += milliseconds;
    const before = wake;
    wake();
    await until(() => wake !== before);
  }
  const written = async (): Promise<JsonObject[]> => {
    const all: JsonObject[] = [];
    for await (const object of client.list(events)) all.push(object);
    return all;
  };
  const writes = (): number => server.requests.filter(({ method }) => method === 'PATCH').length;

  it('writes what it is told as an object of events.k8s.io, where what it is about has its place', async () => {
    start();
    recorder.offer(about('web'));
    expect(writes()).toBe(0);
    await round();

    expect(await written()).toEqual([
      {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name: 'team.1', namespace: 'default', resourceVersion: expect.anything() },
        eventTime: '2026-01-01T00:00:00.000000Z',
        reportingController: 'landwaiter.dev/admission',
        reportingInstance: 'replica-1',
        type: 'Warning',
        reason: 'PolicyViolation',
        action: 'Resource Blocked',
        regarding: policy,
        related: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' },
        note: 'refuses Pod shop/web',
      },
    ]);
  });

  it('lets no message forge lines, hide itself or grow: notes are one line of 1,024 bytes', async () => {
    start();
    recorder.offer(about('web', { note: `label team is "a\nNormal  Passed\u001B[2K\u202E"${'ü\t'.repeat(2_000)}` }));
    await round();
    const note = String((await written())[0]?.['note']);

    expect(note).toMatch(/^label team is "a Normal {2}Passed\?\[2K\?"ü ü.*…$/);
    expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1_024);
  });

  it('counts what happens again in one series, written once a minute at most', async () => {
    start();
    recorder.offer(about('web'));
    await round();
    for (let index = 0; index < 500; index += 1) recorder.offer(about('web'));
    await round();
    expect(writes()).toBe(1);
    await round(60_000);
    await round(60_000);

    expect(await written()).toMatchObject([
      { metadata: { name: 'team.1' }, series: { count: 501, lastObservedTime: '2026-01-01T00:00:01.000000Z' } },
    ]);
    expect(writes()).toBe(2);
  });

  it('tells many of a kind together', async () => {
    start({ alone: 2 });
    const { related: _related, family: _family, ...rest } = about('');
    const many = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop' };
    for (let index = 0; index < 100; index += 1)
      recorder.offer(
        about(`web-${index}`, { others: { ...rest, related: many, note: 'refuses Pod objects of shop' } }),
      );
    for (let index = 0; index < 100; index += 1) recorder.offer(about(`db-${index}`, { family: 'no others' }));
    await round();

    expect(await written()).toHaveLength(5);
    expect(await written()).toContainEqual(
      expect.objectContaining({ related: many, series: expect.objectContaining({ count: 98 }) }),
    );
    expect(recorder.counts).toEqual({ written: 5, dropped: 98, failed: 0 });
  });

  it('writes at a low pace, keeps little, and drops and counts the rest', async () => {
    start({ burst: 10, perSecond: 2, kept: 30 });
    for (let index = 0; index < 100; index += 1) recorder.offer(about(`web-${index}`, { family: `f ${index}` }));
    await round();
    expect(writes()).toBe(10);
    await round();
    expect(writes()).toBe(12);
    await round(20_000);
    await round(20_000);

    expect(await written()).toHaveLength(30);
    expect(recorder.counts).toEqual({ written: 30, dropped: 70, failed: 0 });
    recorder.offer(about('later', { family: 'later' }));
    await round();
    expect(await written()).toHaveLength(31);
  });

  it('waits for a server that is away, and gives up after some attempts', async () => {
    start();
    server.fault = ({ method }) => (method === 'PATCH' ? { kind: 'status', status: 500 } : undefined);
    recorder.offer(about('web'));
    await round();
    const tried = writes();
    await round();
    expect(writes()).toBe(tried);
    server.fault = () => undefined;
    await round(10_000);
    expect(await written()).toHaveLength(1);

    server.fault = ({ method }) => (method === 'PATCH' ? { kind: 'status', status: 500 } : undefined);
    recorder.offer(about('db'));
    for (let index = 0; index < 6; index += 1) await round(10_000);
    expect(recorder.counts).toEqual({ written: 1, dropped: 0, failed: 1 });
  });

  it('without the right to write it says so once, and rests', async () => {
    start();
    const body = { kind: 'Status', reason: 'Forbidden', message: 'events is forbidden', code: 403 };
    server.fault = ({ method }) => (method === 'PATCH' ? { kind: 'status', status: 403, body } : undefined);
    recorder.offer(about('web'));
    recorder.offer(about('db'));
    await round();
    await round(30_000);
    expect(writes()).toBe(1);
    await round(30_000);

    expect(writes()).toBe(2);
    expect(recorder.counts.failed).toBe(2);
    expect(lines.filter((line) => line.includes('is not written'))).toHaveLength(1);
  });

  it('has names and notes that the API server takes, whatever they are about', async () => {
    start();
    const regarding = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'system:..Node-.x:' };
    recorder.offer(about('a', { regarding, note: 'ü'.repeat(2_000) }));
    recorder.offer(about('b', { regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop' }, note: 'b' }));
    await round();
    const [named, unnamed] = await written();

    expect(asObject(named?.['metadata'])?.['name']).toBe('system.node.x.1');
    expect(Buffer.byteLength(String(named?.['note']))).toBeLessThanOrEqual(1_024);
    expect(String(named?.['note'])).toMatch(/^ü+…$/);
    expect(unnamed?.['metadata']).toMatchObject({ name: 'pod.2', namespace: 'shop' });
  });
});
