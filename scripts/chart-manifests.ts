// SPDX-License-Identifier: Apache-2.0
// Makes deploy/manifests/, the chart for people without Helm: with its default values, and with policies that are installed in the cluster. `node
// scripts/chart-manifests.ts`. The chart is rendered by the reader that the scanner uses; what it could not know would be an error here. Hooks of Helm are left out.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { JsonObject } from '../src/formats/document.ts';
import { asObject } from '../src/formats/document.ts';
import type { ChartReading } from '../src/formats/helm/chart.ts';
import { readChart } from '../src/formats/helm/chart.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
export const chartFolder = 'deploy/helm/landwaiter';
export const manifestPath = 'deploy/manifests/landwaiter.yaml';
export const clusterManifestPath = 'deploy/manifests/landwaiter-cluster.yaml';
/** By path: the values that they are rendered with. */
export const manifests: Readonly<Record<string, JsonObject>> = {
  [manifestPath]: {},
  [clusterManifestPath]: { policiesFrom: { cluster: true } },
};
const namespace = 'landwaiter-system';

/** The chart as it would be installed as `landwaiter` in the namespace `landwaiter-system`. */
export function renderChart(values: JsonObject = {}): ChartReading {
  const files = readdirSync(join(root, chartFolder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:ya?ml|tpl|json)$/.test(path))
    .sort()
    .map((path) => ({ path: `${chartFolder}/${path}`, text: readFileSync(join(root, chartFolder, path), 'utf8') }));
  return readChart(chartFolder, files, { values, release: { name: 'landwaiter', namespace } });
}

/** Throws when a part of the chart could not be rendered. */
export function chartManifests(path: string = manifestPath): string {
  const { resources, problems } = renderChart(manifests[path]);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${problem.location.path}: ${problem.message}`);
  const objects = resources.map(({ object }) => object).filter((object) => !isHook(object));
  const own: JsonObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  };
  const head = `# SPDX-License-Identifier: Apache-2.0\n# Made by scripts/chart-manifests.ts from ${chartFolder}: kubectl apply -f ${path}\n# To remove it, delete the webhook configurations landwaiter-validate and landwaiter-mutate first.\n`;
  const text = [own, ...objects].map((object) => stringify(object, { lineWidth: 0 })).join('---\n');
  return head + text.replaceAll(registrationRule, `${acceptance}$&`);
}

/** The rights that the chart accepts with a reason; comments of templates do not survive the rendering. */
const registrationRule = /^ {2}- apiGroups:\n {6}- admissionregistration\.k8s\.io$/gm;
const acceptance =
  '  # landwaiter:ignore=role-webhooks by name (creating has none): the jobs write the caBundle of this registration and take it away, the controller keeps it\n';

function isHook({ metadata }: JsonObject): boolean {
  return asObject(asObject(metadata)?.['annotations'])?.['helm.sh/hook'] !== undefined;
}

if (import.meta.main) for (const path of Object.keys(manifests)) writeFileSync(join(root, path), chartManifests(path));
