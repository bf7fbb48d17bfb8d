// SPDX-License-Identifier: Apache-2.0
// What attestors of an ImageValidatingPolicy trust beside the signer: logs, timestamps and roots.
import { hash } from 'node:crypto';
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import type { SignatureDemand } from '../../image-policy/demand.ts';
import type { TrustRootResource } from '../../image-policy/trust-root-resource.ts';
import { EntryFault } from '../verify-images/signer.ts';
import { textOf } from './attestor-texts.ts';

/** Logs and timestamps in the words of a verifyImages rule. A block that says nothing of the log asks for an entry. */
export function trustOf(ctlog: JsonObject | undefined): JsonObject {
  if (ctlog === undefined) return {};
  return {
    rekor: { url: ctlog['url'], pubkey: textOf(ctlog['rekorPubKey']), ignoreTlog: ctlog['insecureIgnoreTlog'] },
    ctlog: {
      pubkey: textOf(ctlog['ctLogPubKey']),
      ignoreSCT: ctlog['insecureIgnoreSCT'],
      tsaCertChain: textOf(ctlog['tsaCertChain']),
    },
  };
}

/** A trust root of the policy's own takes every place that nothing else is written for. */
export function rootsOf(own: SignatureDemand['roots'], trustedRoot: string | undefined): SignatureDemand['roots'] {
  if (trustedRoot === undefined) return own;
  const root: TrustRootResource = {
    name: `trusted root of the policy ${hash('sha256', trustedRoot)}`,
    content: { kind: 'file', text: trustedRoot },
  };
  return {
    certificates: root,
    log: own.log ?? root,
    timestamps: own.timestamps ?? root,
    certificateLogs: own.certificateLogs ?? root,
  };
}

/** Repositories of the public Sigstore, whose root is at hand. */
const publicMirrors: readonly string[] = [
  'https://tuf-repo-cdn.sigstore.dev',
  'https://sigstore-tuf-root.storage.googleapis.com',
];

/** A policy makes nobody here fetch anything but images and their signatures. */
export function refuseUpdatedRoot(tuf: JsonObject | undefined, path: DocumentPath): void {
  if (tuf === undefined) return;
  const mirror = (textOf(tuf['mirror']) ?? publicMirrors[0] ?? '').replace(/\/+$/, '');
  const root = asObject(tuf['root']) ?? {};
  const hasRoot = textOf(root['path']) !== undefined || textOf(root['data']) !== undefined;
  if (publicMirrors.includes(mirror) && !hasRoot) return;
  throw new EntryFault(
    path,
    'this repository is not asked; fetch it with "trust-root update" and name the file with --trusted-root, or put it in trustedRoot.value',
  );
}
