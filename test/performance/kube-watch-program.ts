// SPDX-License-Identifier: Apache-2.0
// What the benchmark kube-watch-memory measures, as a process of its own: watches the Pods of a server and prints how much memory they take.
// Arguments: address of the server, `projected` or `whole`. Run with --expose-gc.
import type { JsonObject } from '../../src/formats/document.ts';
import type { Projection } from '../../src/io/kube/client.ts';
import { openKubeClient } from '../../src/io/kube/open-client.ts';
import { projectPod } from '../../src/io/kube/pod-projection.ts';

const [server = '', mode] = process.argv.slice(2);
const client = openKubeClient({
  access: {
    server,
    authority: undefined,
    verification: 'on',
    client: undefined,
    token: undefined,
    namespace: 'default',
  },
  environment: {},
});
const collect = (globalThis as { gc?: () => void }).gc ?? ((): void => undefined);
collect();
const before = process.memoryUsage().heapUsed;
const started = performance.now();
let peak = 0;
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 50);
const whole: Projection<JsonObject> = (object) => object;
const pods = { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true } as const;
const watch =
  mode === 'whole'
    ? client.watch<unknown>(pods, { project: whole })
    : client.watch<unknown>(pods, { project: projectPod });
await watch.synced;
const seconds = (performance.now() - started) / 1_000;
clearInterval(timer);
collect();
const heap = process.memoryUsage().heapUsed - before;
process.stdout.write(JSON.stringify({ objects: watch.objects.size, heap, peak, seconds }));
client.close();
