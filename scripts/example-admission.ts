// SPDX-License-Identifier: Apache-2.0
// The last step of `npm start`: the webhook as a process on loopback, and the reviews that an API server would send it for the example. A cluster is not needed.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { parseKubernetesYaml } from '../src/formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../src/formats/kubernetes-yaml/resources.ts';
import { requestFor } from '../src/policy/admission-policy/request.ts';

export interface ExampleAdmission {
  /** Of the repository. */
  readonly root: string;
  /** Prints the command and runs it; its exit status. */
  readonly run: (does: string, words: readonly string[]) => number | null;
  readonly print: (text: string) => void;
}

type KubernetesObject = Readonly<Record<string, unknown>>;

const folders = { certificates: 'out/certificates', decisions: 'out/decisions' };
const policies = ['rules/policies', 'examples/supply-chain/policies'];
/** Names in the certificate: those of the Service. */
const servername = 'landwaiter-admission.landwaiter-system.svc';
const startTime = 20_000;
const pods = 500;

/** Whether everything went as it should. The webhook is ended in any case. */
export async function showAdmission({ root, run, print }: ExampleAdmission): Promise<boolean> {
  const made = run('A certificate for the admission webhook', [
    'admission',
    'certificate',
    '--certificate-folder',
    folders.certificates,
  ]);
  if (made !== 0) return false;
  const words = [
    'admission',
    'serve',
    ...policies.flatMap((folder) => ['--policies', folder]),
    '--listen',
    '127.0.0.1:0',
    '--tls-certificate',
    `${folders.certificates}/tls.crt`,
    '--tls-key',
    `${folders.certificates}/tls.key`,
    '--decision-log',
    folders.decisions,
    '--mode',
    'enforce',
  ];
  print(`\n# What would a cluster say that asks the webhook? (here this script asks, as an API server does)\n`);
  print(`$ landwaiter ${words.join(' ')} &\n`);
  const webhook = spawn(process.execPath, ['bin/landwaiter.cjs', ...words], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  try {
    const port = await portOf(webhook);
    const ask = new Asker(port, readFileSync(`${root}${folders.certificates}/ca.crt`, 'utf8'));
    return await review(root, ask, print);
  } finally {
    const ended = new Promise((resolve) => webhook.once('close', resolve));
    webhook.kill('SIGINT');
    await ended;
  }
}

async function review(root: string, ask: Asker, print: (text: string) => void): Promise<boolean> {
  const text = readFileSync(`${root}examples/supply-chain/deploy/checkout.yaml`, 'utf8');
  const deployment = resourcesOf(parseKubernetesYaml(text, 'checkout.yaml')).resources[0]?.object;
  if (deployment === undefined) return false;
  const refused = await ask.review(deployment);
  print(`\nDeployment checkout: ${verdictOf(refused)}\n`);
  const admitted = await ask.review(hardenedPod('checkout'));
  print(`\nA Pod checkout as it ought to be: ${verdictOf(admitted)}\n`);
  const began = performance.now();
  let allowed = 0;
  for (let index = 0; index < pods; index += 1)
    if ((await ask.review(hardenedPod(`checkout-${index}`))).allowed) allowed += 1;
  const time = (performance.now() - began) / pods;
  const known = /landwaiter_requests_remembered_total\{known="yes"\} (\d+)/.exec(await ask.get('/metrics'))?.[1] ?? '0';
  print(
    `${pods} more Pods like it: ${allowed} allowed, ${time.toFixed(1)} ms each. What no policy can tell from an earlier Pod is not judged again: ${known} times (--judge-anew would)\n`,
  );
  return !refused.allowed && admitted.allowed && allowed === pods;
}

/** The line that tells the port goes to the log, which is passed on. */
function portOf(webhook: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let log = '';
    const timer = setTimeout(() => reject(new Error('the webhook did not start')), startTime);
    webhook.once('close', () => reject(new Error('the webhook ended')));
    webhook.stderr?.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk);
      log += chunk.toString('utf8');
      const port = /listens on https:\/\/127\.0\.0\.1:(\d+)\n/.exec(log)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
  });
}

interface Verdict {
  readonly allowed: boolean;
  readonly messages: readonly string[];
}

function verdictOf({ allowed, messages }: Verdict): string {
  return `${allowed ? 'allowed' : 'refused'}${messages.map((message) => `\n  ${message}`).join('')}`;
}

class Asker {
  readonly #port: number;
  readonly #authority: string;
  #number = 0;

  constructor(port: number, authority: string) {
    this.#port = port;
    this.#authority = authority;
  }

  async review(object: KubernetesObject): Promise<Verdict> {
    this.#number += 1;
    const uid = `example-${this.#number}`;
    const userInfo = { username: 'developer@shop.example', groups: ['system:authenticated'] };
    const body = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: { ...requestFor(object), uid, userInfo },
    };
    const answer = JSON.parse(await this.#call('/validate?timeout=10s', JSON.stringify(body))) as {
      readonly response: {
        readonly allowed: boolean;
        readonly status?: { readonly message?: string };
        readonly warnings?: readonly string[];
      };
    };
    const { allowed, status, warnings = [] } = answer.response;
    return { allowed, messages: [...(status?.message?.split('\n') ?? []), ...warnings] };
  }

  get(path: string): Promise<string> {
    return this.#call(path);
  }

  #call(path: string, body?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          path,
          method: body === undefined ? 'GET' : 'POST',
          ca: this.#authority,
          servername,
          headers: body === undefined ? {} : { 'content-type': 'application/json' },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => (text += piece));
          response.once('end', () => resolve(text));
        },
      );
      call.once('error', reject);
      call.end(body);
    });
  }
}

/** Everything that the shipped policies ask for. */
function hardenedPod(name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      labels: { app: 'checkout', owner: 'payments' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'checkout-5f7', uid: 'r', controller: true },
      ],
    },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'checkout',
          image: `registry.example/shop/checkout:2.3.0@sha256:${'4e'.repeat(32)}`,
          ports: [{ containerPort: 8080 }],
          readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
          livenessProbe: { httpGet: { path: '/live', port: 8080 } },
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '256Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            privileged: false,
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  };
}
