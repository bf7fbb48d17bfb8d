// SPDX-License-Identifier: Apache-2.0
// A real Kubernetes control plane on loopback, for tests: etcd and kube-apiserver, and the controller manager where it is wanted. Every start has its own
// ports, certificates and data; nothing outside its folder is touched, and only processes of its own are ended.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PemPair } from './cluster-certificates.ts';
import { clusterAuthority } from './cluster-certificates.ts';

export interface ControlPlaneOptions {
  /** Where the programs are (control-plane-build.ts). */
  readonly programs: string;
  /** Makes Pods of Deployments, service accounts, and ends namespaces. */
  readonly controllers?: 'on' | 'off';
  /** More arguments of kube-apiserver: `--feature-gates=...`. */
  readonly serverArguments?: readonly string[];
  /** More arguments of kube-controller-manager. */
  readonly controllerArguments?: readonly string[];
}

export interface ControlPlane {
  /** `https://127.0.0.1:PORT`. */
  readonly server: string;
  readonly folder: string;
  /** PEM of the authority that the server's certificate comes from. */
  readonly authority: string;
  /** May do everything (system:masters). */
  readonly token: string;
  /** Of a user whom no role is bound to yet. */
  client(user: string): PemPair;
  /** Path of a file for kubectl: the administrator. */
  readonly kubeconfig: string;
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  /** Bytes of memory in use, by program. */
  memory(): Readonly<Record<string, number>>;
  /** The last lines that a program wrote. */
  log(program: 'etcd' | 'kube-apiserver' | 'kube-controller-manager'): string;
  /** Ends the processes and deletes the folder. */
  stop(): Promise<void>;
}

/** Throws when the server is not ready within a minute and a half, with its last words. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-control-plane-'));
  const [client, peer, secure, manager] = await freePorts(4);
  const server = `https://127.0.0.1:${secure}`;
  const authority = clusterAuthority();
  const token = randomBytes(16).toString('hex');
  const path = (name: string): string => join(folder, name);
  writeCredentials(folder, { token, authority: authority.certificate, server });
  writePair(folder, 'server', authority.server('127.0.0.1', 'localhost', 'kubernetes.default.svc'));
  const processes = new Map<string, ChildProcess>();
  const start = (program: string, parameters: readonly string[]): void => {
    const output = openSync(path(`${program}.log`), 'a');
    const child = spawn(join(options.programs, program), [...parameters], { stdio: ['ignore', output, output] });
    closeSync(output);
    processes.set(program, child);
  };
  const log = (program: string): string => {
    try {
      return readFileSync(path(`${program}.log`), 'utf8').slice(-4_000);
    } catch {
      return '';
    }
  };
  const startServer = async (): Promise<void> => {
    start('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${client}`,
      `--secure-port=${secure}`,
      '--bind-address=127.0.0.1',
      `--cert-dir=${path('certificates')}`,
      `--tls-cert-file=${path('server.crt')}`,
      `--tls-private-key-file=${path('server.key')}`,
      `--client-ca-file=${path('authority.crt')}`,
      `--token-auth-file=${path('tokens.csv')}`,
      '--service-cluster-ip-range=10.0.0.0/24',
      '--authorization-mode=Node,RBAC',
      '--allow-privileged=true',
      `--service-account-issuer=${server}/`,
      `--service-account-key-file=${path('account.pub')}`,
      `--service-account-signing-key-file=${path('account.key')}`,
      ...(options.controllers === 'on' ? [] : ['--disable-admission-plugins=ServiceAccount']),
      // A test waits for nothing that a cluster would wait for.
      '--shutdown-delay-duration=0s',
      ...(options.serverArguments ?? []),
    ]);
    await ready(server, token, () => running(processes.get('kube-apiserver'), log));
  };
  const stopOne = async (program: string): Promise<void> => {
    const child = processes.get(program);
    processes.delete(program);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  };
  const stop = async (): Promise<void> => {
    for (const program of ['kube-controller-manager', 'kube-apiserver', 'etcd']) await stopOne(program);
    rmSync(folder, { recursive: true, force: true });
  };
  const emergency = (): void => {
    for (const child of processes.values()) child.kill('SIGKILL');
  };
  process.once('exit', emergency);
  try {
    start('etcd', [
      '-client',
      `http://127.0.0.1:${client}`,
      '-peer',
      `http://127.0.0.1:${peer}`,
      '-data',
      path('data'),
    ]);
    await startServer();
    if (options.controllers === 'on')
      start('kube-controller-manager', [
        `--kubeconfig=${path('kubeconfig')}`,
        `--secure-port=${manager}`,
        '--bind-address=127.0.0.1',
        `--cert-dir=${path('certificates')}`,
        '--controllers=*',
        '--leader-elect=false',
        `--root-ca-file=${path('authority.crt')}`,
        `--service-account-private-key-file=${path('account.key')}`,
        '--use-service-account-credentials=true',
        ...(options.controllerArguments ?? []),
      ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    server,
    folder,
    authority: authority.certificate,
    token,
    kubeconfig: path('kubeconfig'),
    client: (user) => authority.client(user),
    stopServer: () => stopOne('kube-apiserver'),
    startServer,
    memory: () => Object.fromEntries([...processes].map(([name, child]) => [name, residentBytes(child.pid)])),
    log,
    stop: async () => {
      process.removeListener('exit', emergency);
      await stop();
    },
  };
}

interface Credentials {
  readonly token: string;
  readonly authority: string;
  readonly server: string;
}

function writeCredentials(folder: string, { token, authority, server }: Credentials): void {
  mkdirSync(join(folder, 'certificates'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 });
  write('tokens.csv', `${token},administrator,administrator,"system:masters"\n`);
  write('authority.crt', authority);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  write('account.key', privateKey.export({ format: 'pem', type: 'sec1' }).toString());
  write('account.pub', publicKey.export({ format: 'pem', type: 'spki' }).toString());
  const configuration = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'test',
        cluster: { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') },
      },
    ],
    users: [{ name: 'administrator', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'administrator' } }],
    'current-context': 'test',
  };
  write('kubeconfig', JSON.stringify(configuration));
}

function writePair(folder: string, name: string, { certificate, key }: PemPair): void {
  writeFileSync(join(folder, `${name}.crt`), certificate, { mode: 0o600 });
  writeFileSync(join(folder, `${name}.key`), key, { mode: 0o600 });
}

function running(child: ChildProcess | undefined, log: (program: string) => string): void {
  if (child === undefined || child.exitCode === null) return;
  throw new Error(`kube-apiserver ended with ${child.exitCode}:\n${log('kube-apiserver')}\n${log('etcd')}`);
}

async function ready(server: string, token: string, check: () => void): Promise<void> {
  const end = Date.now() + 90_000;
  for (;;) {
    check();
    if ((await statusOf(`${server}/readyz`, token)) === 200) return;
    if (Date.now() > end) throw new Error('kube-apiserver does not become ready');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Only whether the server is there: the tests themselves check its certificate. */
function statusOf(url: string, token: string): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(
      url,
      { rejectUnauthorized: false, agent: false, timeout: 2_000, headers: { authorization: `Bearer ${token}` } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.on('error', () => resolve(0));
    sent.on('timeout', () => sent.destroy());
    sent.end();
  });
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function residentBytes(pid: number | undefined): number {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
