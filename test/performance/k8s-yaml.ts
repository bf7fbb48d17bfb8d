// SPDX-License-Identifier: Apache-2.0
// Five megabytes of Deployments read with the place of every key and value, against the bare events of the YAML parser on the same text.
import { parseEvents } from 'js-yaml';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';

const documents = 6_600;
const rounds = 9;

export const k8sYaml: Bench = {
  name: 'k8s-yaml',
  title: 'a 5 MB stream of 6,600 manifests to values with positions, against the bare event parse',
  run: () => {
    const text = stream();
    const ours: number[] = [];
    const bare: number[] = [];
    let lines = 0;
    // Two rounds more, uncounted, while the code warms up.
    for (let round = -2; round < rounds; round += 1) {
      const parsed = timed(() => {
        const read = parseKubernetesYaml(text, 'stream.yaml');
        lines = read.at(-1)?.locate(['spec', 'template', 'spec', 'containers', 0, 'image']).line ?? 0;
      });
      const events = timed(() => parseEvents(text, {}));
      if (round < 0) continue;
      ours.push(parsed);
      bare.push(events);
    }
    const value = median(ours);
    const megabytes = Buffer.byteLength(text) / 1e6;
    return Promise.resolve({
      unit: 'ms',
      value,
      baseline: median(bare),
      detail: {
        megabytes,
        documents,
        lineOfLastImage: lines,
        megabytesPerSecond: Math.round(megabytes / (value / 1e3)),
      },
    });
  },
};

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function stream(): string {
  return Array.from({ length: documents }, (_, index) => manifest(index)).join('---\n');
}

function manifest(index: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-${index}
  namespace: team-${index % 40}
  labels:
    app.kubernetes.io/name: service-${index}
    tier: "backend"
spec:
  replicas: ${index % 7}
  selector:
    matchLabels: {app.kubernetes.io/name: service-${index}}
  template:
    metadata:
      labels: {app.kubernetes.io/name: service-${index}}
    spec:
      containers:
      - name: main
        image: registry.example/team/service:${index}
        args: ["--port", "8080", '--verbose']
        ports:
        - containerPort: 8080
        securityContext:
          runAsNonRoot: true
          allowPrivilegeEscalation: false
        resources:
          limits: {cpu: 500m, memory: 128Mi}
`;
}
