// SPDX-License-Identifier: Apache-2.0
// The list of all packs with an adapter; each is loaded only when it is run.
import type { ConformancePack } from './pack.ts';

export const packs: Readonly<Record<string, () => Promise<ConformancePack>>> = {
  cyclonedx: async () => (await import('./cyclonedx.ts')).cyclonedxPack,
  spdx: async () => (await import('./spdx.ts')).pack,
  purl: async () => (await import('./purl.ts')).purlPack,
  grype: async () => (await import('./grype.ts')).grypePack,
  'osv-scanner': async () => (await import('./osv-scanner.ts')).osvScanner,
  rpmdb: async () => (await import('./rpmdb.ts')).rpmdbPack,
  syft: async () => (await import('./syft.ts')).syftPack,
  trivy: async () => (await import('./trivy.ts')).trivyPack,
  'gh-attestation': async () => (await import('./gh-attestation.ts')).ghAttestationPack,
  sigstore: async () => (await import('./sigstore.ts')).sigstorePack,
  versions: async () => (await import('./versions.ts')).versionsPack,
};
