// SPDX-License-Identifier: Apache-2.0
// The real Helm, built once from its published module (test/e2e/helm-program), and how tests run it: with folders of its own, without the user's settings.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtPrograms } from './go-build.ts';

const moduleFolder = fileURLToPath(new URL('../e2e/helm-program', import.meta.url));

export type HelmProgram =
  | { readonly kind: 'built'; readonly path: string; readonly version: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** The version of helm.sh/helm that go.mod names: `v4.2.4`. */
export function helmVersion(): string {
  return /helm\.sh\/helm\/v\d+ (v\S+)/.exec(readFileSync(join(moduleFolder, 'go.mod'), 'utf8'))?.[1] ?? '';
}

/** Takes one to five minutes when it is not built yet, and says so through `log`. LANDWAITER_HELM names another Helm, which is then taken as it is. */
export async function helmProgram(log: (line: string) => void): Promise<HelmProgram> {
  const other = process.env['LANDWAITER_HELM'] ?? '';
  if (other !== '') return foundProgram(other);
  const version = helmVersion();
  const programs = await builtPrograms(
    {
      name: 'helm',
      module: moduleFolder,
      packages: ['helm.sh/helm/v4/cmd/helm'],
      programs: ['helm'],
      variables: { 'helm.sh/helm/v4/internal/version.version': version },
      announcement: `building Helm ${version} (once; about two minutes on two cores after the control plane, five without)`,
    },
    log,
  );
  return programs.kind === 'missing' ? programs : { kind: 'built', path: join(programs.folder, 'helm'), version };
}

function foundProgram(path: string): HelmProgram {
  const { stdout } = spawnSync(path, ['version', '--template', '{{ .Version }}'], { encoding: 'utf8' });
  const version = /^v\d+\.\d+\S*/.exec(stdout ?? '')?.[0];
  if (version === undefined) return { kind: 'missing', reason: `LANDWAITER_HELM is ${path}, which says no version` };
  return { kind: 'built', path, version };
}

export interface HelmRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Helm {
  /** Runs while this process goes on, since the API server's webhooks may live here. Ended after three minutes. */
  run(...words: readonly string[]): Promise<HelmRun>;
  /** Deletes its folders. */
  close(): void;
}

/** `kubeconfig`: the cluster that it talks to; without one it talks to none. */
export function openHelm(path: string, kubeconfig?: string): Helm {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-helm-'));
  const env = {
    PATH: '',
    HOME: folder,
    HELM_CACHE_HOME: join(folder, 'cache'),
    HELM_CONFIG_HOME: join(folder, 'config'),
    HELM_DATA_HOME: join(folder, 'data'),
    KUBECONFIG: kubeconfig ?? join(folder, 'none'),
  };
  return {
    run: (...words) =>
      new Promise((resolve) => {
        const options = { cwd: folder, env, timeout: 180_000, maxBuffer: 64 * 1024 * 1024 };
        execFile(path, words, options, (error, stdout, stderr) => {
          const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          resolve({ status, stdout, stderr });
        });
      }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
