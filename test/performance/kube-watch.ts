// SPDX-License-Identifier: Apache-2.0
// Memory of a watch that keeps 100,000 Pods projected, against keeping them whole (10,000 of them, ten times counted). A Pod of the server has 8.6 kB.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench } from './bench.ts';

const program = fileURLToPath(new URL('./kube-watch-program.ts', import.meta.url));
const pods = 100_000;
const sample = 10_000;

interface Figures {
  readonly objects: number;
  readonly heap: number;
  readonly peak: number;
  readonly seconds: number;
}

export const kubeWatchMemory: Bench = {
  name: 'kube-watch-memory',
  title: 'heap of a watch of 100,000 projected Pods, against whole Pods; at most 120 MB',
  run: async () => {
    const projected = await measure(pods, 'projected');
    const whole = await measure(sample, 'whole');
    if (projected.objects !== pods) throw new Error(`${projected.objects} Pods are known`);
    return {
      unit: 'MB',
      value: projected.heap / 1e6,
      baseline: ((whole.heap / 1e6) * pods) / sample,
      detail: {
        bytesPerPod: Math.round(projected.heap / pods),
        wholeBytesPerPod: Math.round(whole.heap / sample),
        bytesOnTheWire: JSON.stringify(podAt(1)).length,
        peakRssMB: Math.round(projected.peak / 1e6),
        seconds: Number(projected.seconds.toFixed(1)),
      },
    };
  },
};

async function measure(count: number, mode: 'projected' | 'whole'): Promise<Figures> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://server');
    response.setHeader('content-type', 'application/json');
    if (url.searchParams.has('watch')) {
      // WatchList is refused, so that pages are what is measured; the stream that follows stays open.
      if (url.searchParams.has('sendInitialEvents')) response.writeHead(422).end('{}');
      else response.flushHeaders();
      return;
    }
    const from = Number(url.searchParams.get('continue') ?? 0);
    const end = Math.min(count, from + Number(url.searchParams.get('limit')));
    const items = Array.from({ length: end - from }, (_, index) => podAt(from + index));
    const metadata = { resourceVersion: '1', ...(end < count ? { continue: String(end) } : {}) };
    response.end(JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata, items }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, url, mode]);
  server.closeAllConnections();
  server.close();
  return JSON.parse(stdout) as Figures;
}

/** A Pod as a Deployment's would be: 200 namespaces, 2,000 workloads, 4,000 images. */
function podAt(index: number): object {
  const workload = index % 2_000;
  const digest = (part: number): string => (workload * 2 + part).toString(16).padStart(64, '0');
  const container = (part: number): object => ({
    name: part === 0 ? 'main' : 'proxy',
    image: `registry.example.com/team-${workload % 50}/service-${workload}-${part}:1.${workload % 30}.0`,
    ports: [{ name: 'http', containerPort: 8_080, protocol: 'TCP' }],
    env: Array.from({ length: 12 }, (_, item) => ({ name: `SETTING_${item}`, value: `value ${item} of ${workload}` })),
    resources: { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    volumeMounts: [{ name: `kube-api-access-${index}`, readOnly: true, mountPath: '/var/run/secrets/token' }],
    securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
    terminationMessagePath: '/dev/termination-log',
    imagePullPolicy: 'IfNotPresent',
  });
  const state = (part: number): object => ({
    name: part === 0 ? 'main' : 'proxy',
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: '2026-11-23T10:00:00Z' } },
    imageID: `registry.example.com/team/service@sha256:${digest(part)}`,
    containerID: `containerd://${index.toString(16).padStart(64, 'a')}`,
  });
  const managed = (manager: string): object => ({
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time: '2026-11-23T10:00:00Z',
    fieldsV1: Object.fromEntries(
      Array.from({ length: 40 }, (_, item) => [`f:field-${manager}-${item}`, { '.': {}, 'f:value': {} }]),
    ),
  });
  return {
    metadata: {
      name: `service-${workload}-7d9f8b6c5d-${index.toString(36).padStart(5, 'x')}`,
      namespace: `team-${workload % 200}`,
      uid: `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`,
      resourceVersion: String(1_000_000 + index),
      labels: { app: `service-${workload}`, 'pod-template-hash': '7d9f8b6c5d', team: `team-${workload % 50}` },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `service-${workload}-7d9f8b6c5d`,
          uid: `00000000-0000-4000-8000-${workload.toString(16).padStart(12, '0')}`,
          controller: true,
        },
      ],
      managedFields: [managed('kube-controller-manager'), managed('kubelet')],
    },
    spec: {
      containers: [container(0), container(1)],
      serviceAccountName: `service-${workload}`,
      nodeName: `node-${index % 1_000}.example.com`,
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }],
    },
    status: {
      phase: 'Running',
      podIP: `10.${index % 200}.${index % 250}.7`,
      containerStatuses: [state(0), state(1)],
      conditions: ['Ready', 'Initialized', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: '2026-11-23T10:00:00Z',
      })),
    },
  };
}
