// SPDX-License-Identifier: Apache-2.0
// Events of the cluster, where `--events` asks for them.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { findClusterAccess } from '../../io/kube/access.ts';
import type { KubeClient } from '../../io/kube/client.ts';
import { openKubeClient } from '../../io/kube/open-client.ts';
import { systemPace } from '../../io/kube/pace.ts';
import { messageOf } from '../../model/error.ts';
import type { ClusterEvent } from '../server/cluster/events/cluster-event.ts';
import { EventRecorder } from '../server/cluster/events/event-recorder.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

export interface AdmissionEvents {
  /** Never throws: whatever happens to an Event, the review it is about was answered. */
  tell(events: () => readonly ClusterEvent[]): void;
  /** Lines of metrics. */
  metrics(): readonly string[];
  close(): Promise<void>;
}

/** `client`: of a cluster that is open already. Undefined: nobody asked for events. Throws CONFIG_INVALID when no cluster is configured. */
export function admissionEvents(
  { environment, clock, log }: CommandContext,
  values: FlagValues,
  { client, component }: { readonly client: KubeClient | undefined; readonly component: 'admission' | 'controller' },
): AdmissionEvents | undefined {
  if (!values.isSet('events')) return undefined;
  const own =
    client === undefined
      ? openKubeClient({ access: findClusterAccess({ environment, home: environment['HOME'] }), environment })
      : undefined;
  const recorder = new EventRecorder({
    client: client ?? (own as KubeClient),
    clock,
    log,
    controller: `landwaiter.dev/${component}`,
    instance: environment['POD_NAME'] ?? hostname(),
    newId: () => randomBytes(8).toString('hex'),
    pause: systemPace.pause,
  });
  return {
    tell: (events) => {
      try {
        for (const event of events()) recorder.offer(event);
      } catch (error) {
        log.error(`events: ${messageOf(error)}`);
      }
    },
    metrics: () => [
      '# TYPE landwaiter_events_total counter',
      ...Object.entries(recorder.counts).map(
        ([outcome, count]) => `landwaiter_events_total{outcome="${outcome}"} ${count}`,
      ),
    ],
    close: async () => {
      await recorder.close();
      own?.close();
    },
  };
}
