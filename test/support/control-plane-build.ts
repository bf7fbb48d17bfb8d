// SPDX-License-Identifier: Apache-2.0
// Finds the programs of the real control plane (etcd, kube-apiserver, kube-controller-manager), or builds them once from test/control-plane: the cache
// is named after the files of that Go module and lies outside the repository.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const moduleFolder = fileURLToPath(new URL('../control-plane', import.meta.url));
const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager'];

export type ControlPlanePrograms =
  | { readonly kind: 'built'; readonly folder: string; readonly version: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** The version of k8s.io/kubernetes that go.mod names: `v1.36.3`. */
export function kubernetesVersion(): string {
  return /^\s+k8s\.io\/kubernetes (v\S+)/m.exec(readFileSync(join(moduleFolder, 'go.mod'), 'utf8'))?.[1] ?? '';
}

function cacheFolder(): string {
  const hash = createHash('sha256');
  const sources = readdirSync(moduleFolder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.go$|^go\.(?:mod|sum)$/.test(file),
  );
  for (const file of sources.sort()) hash.update(`${file}\0`).update(readFileSync(join(moduleFolder, file)));
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'landwaiter', 'control-plane', hash.digest('hex').slice(0, 16));
}

/** Takes minutes when nothing is built yet, and says so through `log`. */
export async function controlPlanePrograms(log: (line: string) => void): Promise<ControlPlanePrograms> {
  const folder = cacheFolder();
  const version = kubernetesVersion();
  if (programs.every((name) => existsSync(join(folder, name)))) return { kind: 'built', folder, version };
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).status !== 0)
    return { kind: 'missing', reason: 'Go is not installed, which builds the API server' };
  log(`building etcd and Kubernetes ${version} (once; up to 20 minutes on two cores)`);
  const started = performance.now();
  const fault = await build(`${folder}.${process.pid}`, version);
  if (fault !== undefined) {
    rmSync(`${folder}.${process.pid}`, { recursive: true, force: true });
    return { kind: 'missing', reason: `the control plane cannot be built: ${fault}` };
  }
  // Somebody else may have been faster, with the same result.
  rmSync(folder, { recursive: true, force: true });
  renameSync(`${folder}.${process.pid}`, folder);
  log(`built in ${Math.round((performance.now() - started) / 1_000)} s`);
  return { kind: 'built', folder, version };
}

function build(target: string, version: string): Promise<string | undefined> {
  mkdirSync(target, { recursive: true });
  const [, major = '1', minor = '0'] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const stated = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  // Without these the server calls itself v0.0.0-master, and clients that look at its version do the wrong thing.
  const flags = Object.entries(stated).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  const child = spawn(
    'go',
    ['build', '-trimpath', '-ldflags', ['-s', '-w', ...flags].join(' '), '-o', `${target}/`, './cmd/...'],
    { cwd: moduleFolder, env: { ...process.env, CGO_ENABLED: '0' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2_000);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (status) => resolve(status === 0 ? undefined : said.trim() || `go build ended with ${status}`));
  });
}
