// SPDX-License-Identifier: Apache-2.0
// The list of all packs with an adapter; each is loaded only when it is run.
import type { ConformancePack } from './pack.ts';

export const packs: Readonly<Record<string, () => Promise<ConformancePack>>> = {
  'ast-grep-essentials': async () => (await import('./ast-grep-essentials.ts')).astGrepEssentials,
  cel: async () => (await import('./cel.ts')).celPack,
  cyclonedx: async () => (await import('./cyclonedx.ts')).cyclonedxPack,
  spdx: async () => (await import('./spdx.ts')).pack,
  pss: async () => (await import('./pss.ts')).pssPack,
  purl: async () => (await import('./purl.ts')).purlPack,
  grype: async () => (await import('./grype.ts')).grypePack,
  'grype-labels': async () => (await import('./grype-labels.ts')).grypeLabelsPack,
  'osv-scanner': async () => (await import('./osv-scanner.ts')).osvScanner,
  rpmdb: async () => (await import('./rpmdb.ts')).rpmdbPack,
  syft: async () => (await import('./syft.ts')).syftPack,
  trivy: async () => (await import('./trivy.ts')).trivyPack,
  'gh-attestation': async () => (await import('./gh-attestation.ts')).ghAttestationPack,
  jmespath: async () => (await import('./jmespath.ts')).jmespathPack,
  notation: async () => (await import('./notation.ts')).notationPack,
  sigstore: async () => (await import('./sigstore.ts')).sigstorePack,
  slsa: async () => (await import('./slsa.ts')).slsaPack,
  'policy-controller': async () => (await import('./policy-controller.ts')).policyControllerPack,
  tuf: async () => (await import('./tuf.ts')).tufPack,
  vap: async () => (await import('./vap.ts')).vapPack,
  versions: async () => (await import('./versions.ts')).versionsPack,
};
