// SPDX-License-Identifier: Apache-2.0
// In the place of kubelets, which the control plane of the tests does not have. It waits for what a Pod mounts, runs the container of a Job as a process on
// this machine, with a token of the Pod's service account and nothing else, and writes the status that a kubelet would. That Pods come from Deployments and
// Jobs, that Jobs end, and that all of it goes again, is the work of the real controllers. Pods of Deployments are only told to be ready.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../src/formats/document.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import type { ControlPlane } from './control-plane.ts';

const program = fileURLToPath(new URL('../../src/apps/cli/main.ts', import.meta.url));
const podKind = { apiVersion: 'v1', kind: 'Pod' } as const;

export interface JobRun {
  readonly job: string;
  readonly words: readonly string[];
  readonly status: number;
  readonly output: string;
}

export interface Kubelet {
  /** What was run for Jobs, in order. */
  readonly runs: readonly JobRun[];
  /** Faults of its own; a test expects none. */
  readonly faults: readonly string[];
  stop(): Promise<void>;
}

export interface KubeletOptions {
  readonly client: KubeClient;
  readonly plane: ControlPlane;
  readonly namespace: string;
  /** Called before the container of a Job runs. */
  readonly before?: (job: string) => Promise<void>;
}

export function startKubelet(options: KubeletOptions): Kubelet {
  const kubelet = new StandIn(options);
  const done = kubelet.loop();
  return {
    runs: kubelet.runs,
    faults: kubelet.faults,
    stop: async () => {
      kubelet.isStopped = true;
      await done;
    },
  };
}

class StandIn {
  readonly runs: JobRun[] = [];
  readonly faults: string[] = [];
  isStopped = false;
  readonly #options: KubeletOptions;
  readonly #taken = new Set<string>();

  constructor(options: KubeletOptions) {
    this.#options = options;
  }

  async loop(): Promise<void> {
    while (!this.isStopped) {
      try {
        await this.#round();
      } catch (error) {
        this.faults.push(String(error));
      }
      await new Promise((wake) => setTimeout(wake, 150));
    }
  }

  async #round(): Promise<void> {
    const { client, namespace } = this.#options;
    for await (const pod of client.list(podKind, { namespace })) {
      const { uid, deletionTimestamp } = asObject(pod['metadata']) ?? {};
      if (deletionTimestamp !== undefined || this.#taken.has(String(uid)) || !(await this.#canMount(pod))) continue;
      this.#taken.add(String(uid));
      const owner = asObject(asArray(asObject(pod['metadata'])?.['ownerReferences'])[0]) ?? {};
      if (owner['kind'] === 'Job') await this.#runJob(pod, asString(owner['name']) ?? '');
      else await this.#tell(pod, { phase: 'Running', isReady: true });
    }
  }

  /** Whether all Secrets and ConfigMaps of its volumes are there, with the keys that are asked for. */
  async #canMount(pod: JsonObject): Promise<boolean> {
    const { client, namespace } = this.#options;
    for (const volume of asArray(asObject(pod['spec'])?.['volumes'])) {
      for (const [kind, source] of [
        ['Secret', asObject(asObject(volume)?.['secret'])],
        ['ConfigMap', asObject(asObject(volume)?.['configMap'])],
      ] as const) {
        if (source === undefined) continue;
        const name = asString(source['secretName'] ?? source['name']) ?? '';
        const found = await client.get({ apiVersion: 'v1', kind }, name, { namespace });
        if (found.kind !== 'found') return false;
        const data = asObject(found.value['data']) ?? {};
        const keys = asArray(source['items']).map((item) => asString(asObject(item)?.['key']) ?? '');
        if (!keys.every((key) => Object.hasOwn(data, key))) return false;
      }
    }
    return true;
  }

  async #runJob(pod: JsonObject, job: string): Promise<void> {
    await this.#options.before?.(job);
    const spec = asObject(pod['spec']) ?? {};
    const [container] = asArray(spec['containers']).map((item) => asObject(item) ?? {});
    const words = asArray(container?.['args']).map(String);
    const folder = mkdtempSync(join(tmpdir(), 'landwaiter-kubelet-'));
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, await this.#account(asString(spec['serviceAccountName']) ?? 'default'), { mode: 0o600 });
    const run = await new Promise<JobRun>((resolve) => {
      const env = { PATH: '', HOME: folder, KUBECONFIG: kubeconfig };
      execFile(
        process.execPath,
        [program, ...words],
        { cwd: folder, env, timeout: 60_000 },
        (error, stdout, stderr) => {
          const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          resolve({ job, words, status, output: stdout + stderr });
        },
      );
    });
    rmSync(folder, { recursive: true, force: true });
    this.runs.push(run);
    await this.#tell(pod, { phase: run.status === 0 ? 'Succeeded' : 'Failed', exitCode: run.status });
  }

  /** A file for KUBECONFIG with a token as it is mounted into the Pod. */
  async #account(name: string): Promise<string> {
    const { client, plane, namespace } = this.#options;
    const answer = await client.raw({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 600 },
      }),
    });
    if ('kind' in answer || answer.status !== 201) throw new Error(`no token for ${name}`);
    const token = asObject(asObject(JSON.parse(answer.body.toString('utf8')))?.['status'])?.['token'];
    const authority = Buffer.from(plane.authority).toString('base64');
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'a', cluster: { server: plane.server, 'certificate-authority-data': authority } }],
      users: [{ name: 'a', user: { token } }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      'current-context': 'a',
    });
  }

  async #tell(
    pod: JsonObject,
    {
      phase,
      isReady = false,
      exitCode,
    }: { readonly phase: string; readonly isReady?: boolean; readonly exitCode?: number },
  ): Promise<void> {
    const { client, namespace } = this.#options;
    const now = new Date().toISOString().replace(/\.\d+/, '');
    const state =
      exitCode === undefined
        ? { running: { startedAt: now } }
        : { terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: now, finishedAt: now } };
    const containers = asArray(asObject(pod['spec'])?.['containers']).map((item) => asObject(item) ?? {});
    const condition = (type: string): JsonObject => ({
      type,
      status: isReady ? 'True' : 'False',
      lastTransitionTime: now,
    });
    const status: JsonObject = {
      phase,
      startTime: now,
      conditions: [condition('Ready'), condition('ContainersReady'), { ...condition('Initialized'), status: 'True' }],
      containerStatuses: containers.map(({ name, image }) => ({
        name,
        image,
        imageID: '',
        ready: isReady,
        started: isReady,
        restartCount: 0,
        state,
      })),
    };
    const name = asString(asObject(pod['metadata'])?.['name']) ?? '';
    const told = await client.patch(
      podKind,
      name,
      { type: 'merge', value: { status } },
      { namespace, subresource: 'status' },
    );
    // Between the list and this word it may have gone.
    if (told.kind !== 'done' && !(told.kind === 'refused' && told.status === 404))
      this.faults.push(`${name}: ${told.kind === 'refused' ? told.message : told.reason}`);
  }
}
