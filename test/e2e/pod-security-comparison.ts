// SPDX-License-Identifier: Apache-2.0
// The Pods of the pss pack in namespaces with the labels of their level and version, on a real API server and in our engine.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/formats/document.ts';
import { asObject } from '../../src/formats/document.ts';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import { noData } from '../../src/policy/data-provider.ts';
import { podSecurityEngine } from '../../src/policy/pod-security/engine.ts';
import { askServer, createRequest, eachOf } from '../support/admission-comparison.ts';

export interface PodSecurityResult {
  readonly compared: number;
  readonly denied: number;
  /** Pods that this server does not take in any namespace: fields that it does not have, or that contradict each other. */
  readonly notTaken: number;
  readonly differences: readonly string[];
}

interface PodCase {
  readonly id: string;
  readonly level: string;
  readonly version: string;
  readonly pod: JsonObject;
}

/** Every `step`-th Pod, of versions that the server knows; each alone and inside a Deployment, which is only warned of. */
export async function comparePodSecurity(client: KubeClient, root: string, step: number): Promise<PodSecurityResult> {
  const version = await client.version();
  const newest = version.kind === 'found' ? version.value.minor : 0;
  const cases = readCases(root, newest).filter((_, index) => index % step === 0);
  const namespaces = new Map(cases.map((test) => [namespaceFor(test), labelsFor(test)]));
  const plain = 'pss-plain';
  for (const [name, labels] of [...namespaces, [plain, {}] as const])
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }, { fieldManager: 'e2e' });
  const engine = podSecurityEngine.compile([], { unbound: 'ignore' });
  const differences: string[] = [];
  let [compared, denied, notTaken] = [0, 0, 0];
  await eachOf(cases, async (test) => {
    const before = await askServer(client, inNamespace(test.pod, plain));
    if (before.object === undefined) {
      notTaken += 1;
      return;
    }
    compared += 1;
    const namespace = namespaceFor(test);
    const labels = namespaces.get(namespace) ?? {};
    const cluster = {
      objects: () => undefined,
      namespace: () => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }),
    };
    const subjects = [inNamespace(test.pod, namespace), inNamespace(deploymentOf(test.pod), namespace)];
    for (const [index, subject] of subjects.entries()) {
      const answer = await askServer(client, subject);
      // The template of a Deployment has rules of its own beyond those of a Pod (restartPolicy); a Pod was taken above.
      if (index > 0 && !answer.allowed) continue;
      const base = index === 0 ? inNamespace(before.object, namespace) : (answer.object ?? subject);
      const { decisions } = engine.judge(createRequest(base), { cluster, provider: noData });
      const failed = decisions.filter(({ outcome }) => outcome === 'fail');
      const ours = {
        denial: failed.find(({ effect }) => effect === 'deny')?.message ?? '',
        warnings: failed
          .filter(({ effect }) => effect === 'warn')
          .map(({ message }) => message.replace('violates', 'would violate')),
      };
      const warnings = answer.warnings.filter((text) => text.includes('PodSecurity'));
      if (!answer.allowed) denied += 1;
      const theirs = { denial: answer.allowed ? '' : answer.message, warnings };
      // A denied request is not warned of as well.
      const wanted = ours.denial === '' ? ours : { ...ours, warnings: [] };
      if (reasonsOf(wanted) !== reasonsOf(theirs))
        differences.push(`${test.id}\n  server ${JSON.stringify(theirs)}\n  ours   ${JSON.stringify(wanted)}`);
    }
  });
  return { compared, denied, notTaken, differences };
}

/** Level, version and the reasons in their order. What stands in parentheses is each one's own wording: ours names the field. */
function reasonsOf(words: object): string {
  let depth = 0;
  return Array.from(JSON.stringify(words))
    .filter((character) => {
      if (character === '(') depth += 1;
      else if (character === ')') depth -= 1;
      else return depth === 0;
      return false;
    })
    .join('');
}

function readCases(root: string, newest: number): readonly PodCase[] {
  const folder = join(root, 'testdata');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((id): readonly PodCase[] => {
      const [level = '', version = ''] = id.split('/');
      if (Number(version.slice('v1.'.length)) > newest) return [];
      const pod = asObject(parseKubernetesYaml(readFileSync(join(folder, id), 'utf8'), id)[0]?.value);
      return pod === undefined ? [] : [{ id, level, version, pod }];
    });
}

function namespaceFor({ level, version }: PodCase): string {
  return `pss-${level}-${version.replace('.', '-')}`;
}

function labelsFor({ level, version }: PodCase): Readonly<Record<string, string>> {
  const prefix = 'pod-security.kubernetes.io/';
  return {
    [`${prefix}enforce`]: level,
    [`${prefix}enforce-version`]: version,
    [`${prefix}warn`]: level,
    [`${prefix}warn-version`]: version,
  };
}

function inNamespace(object: JsonObject, namespace: string): JsonObject {
  return { ...object, metadata: { name: 'subject', ...asObject(object['metadata']), namespace } };
}

function deploymentOf(pod: JsonObject): JsonObject {
  const metadata = asObject(pod['metadata']);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'subject' },
    spec: {
      selector: { matchLabels: { app: 'subject' } },
      template: {
        metadata: { labels: { app: 'subject' }, annotations: metadata?.['annotations'] ?? {} },
        spec: pod['spec'],
      },
    },
  };
}
