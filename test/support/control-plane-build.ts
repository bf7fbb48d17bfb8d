// SPDX-License-Identifier: Apache-2.0
// Finds the programs of the real control plane (etcd, kube-apiserver, kube-controller-manager), or builds them once from test/control-plane.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtPrograms } from './go-build.ts';

const moduleFolder = fileURLToPath(new URL('../control-plane', import.meta.url));

export type ControlPlanePrograms =
  | { readonly kind: 'built'; readonly folder: string; readonly version: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** The version of k8s.io/kubernetes that go.mod names: `v1.36.3`. */
export function kubernetesVersion(): string {
  return /^\s+k8s\.io\/kubernetes (v\S+)/m.exec(readFileSync(join(moduleFolder, 'go.mod'), 'utf8'))?.[1] ?? '';
}

/** Takes minutes when nothing is built yet, and says so through `log`. */
export async function controlPlanePrograms(log: (line: string) => void): Promise<ControlPlanePrograms> {
  const version = kubernetesVersion();
  const [, major = '1', minor = '0'] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  // Without these the server calls itself v0.0.0-master, and clients that look at its version do the wrong thing.
  const stated = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const programs = await builtPrograms(
    {
      name: 'control-plane',
      module: moduleFolder,
      packages: ['./cmd/...'],
      programs: ['etcd', 'kube-apiserver', 'kube-controller-manager'],
      variables: Object.fromEntries(
        Object.entries(stated).map(([name, value]) => [`k8s.io/component-base/version.${name}`, value]),
      ),
      announcement: `building etcd and Kubernetes ${version} (once; up to 20 minutes on two cores)`,
    },
    log,
  );
  return programs.kind === 'missing' ? programs : { ...programs, version };
}
