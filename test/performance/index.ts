// SPDX-License-Identifier: Apache-2.0
import type { Bench } from './bench.ts';

export const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  'admission-cold': async () => (await import('./admission-cold.ts')).admissionCold,
  'admission-memory': async () => (await import('./admission-memory.ts')).admissionMemory,
  'admission-soak': async () => (await import('./admission-soak.ts')).admissionSoak,
  'admission-warm': async () => (await import('./admission-warm.ts')).admissionWarm,
  'cel-privileged': async () => (await import('./cel-privileged.ts')).celPrivileged,
  'cli-startup': async () => (await import('./cli-startup.ts')).cliStartup,
  'image-rescan': async () => (await import('./image-rescan.ts')).imageRescan,
  'image-scan': async () => (await import('./image-scan.ts')).imageScan,
  'jmespath-typical': async () => (await import('./jmespath-typical.ts')).jmespathTypical,
  'k8s-yaml': async () => (await import('./k8s-yaml.ts')).k8sYaml,
  'kyverno-cel': async () => (await import('./kyverno-rules.ts')).kyvernoCel,
  'kyverno-pattern': async () => (await import('./kyverno-rules.ts')).kyvernoPattern,
  match: async () => (await import('./match.ts')).matchBench,
  'policy-set': async () => (await import('./policy-set.ts')).policySet,
  rescan: async () => (await import('./rescan.ts')).rescan,
  hook: async () => (await import('./hook.ts')).hook,
  'sbom-dir': async () => (await import('./sbom-dir.ts')).sbomDir,
  'secrets-history': async () => (await import('./secrets-history.ts')).secretsHistory,
  'secrets-tree': async () => (await import('./secrets-tree.ts')).secretsTree,
  'vap-set': async () => (await import('./vap-set.ts')).vapSet,
  'verdict-cache': async () => (await import('./verdict-cache.ts')).verdictCache,
  'kube-watch-memory': async () => (await import('./kube-watch.ts')).kubeWatchMemory,
  'verify-key': async () => (await import('./verify-key.ts')).verifyKey,
  'verify-keyless': async () => (await import('./verify-keyless.ts')).verifyKeyless,
};
