// SPDX-License-Identifier: Apache-2.0
// Where trust roots come from: a file the user names, or the pinned root of the public Sigstore that ships with the program. A client of an update
// repository (TUF) writes such a file; verification itself never asks the network for one.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRefusal } from '../../evidence/signatures/refusal.ts';
import type { OwnPki, TrustRoot } from '../../evidence/signatures/trust-root.ts';
import { ownTrustRoot, trustRootOf } from '../../evidence/signatures/trust-root.ts';
import { localDisk } from '../../io/disk.ts';
import { LandwaiterError } from '../../model/error.ts';

const rootBytes = 4 * 1024 * 1024;

/** Beside the sources and beside the bundle. */
const pinnedPlaces = ['../../../data/sigstore/', '../data/sigstore/', '../../data/sigstore/'].map(
  (place) => `${place}public-good.trusted-root.json`,
);

/** Reads a `trusted_root.json`. Throws INPUT_UNREADABLE. */
export function trustRootFile(path: string, cwd: string): TrustRoot {
  const result = localDisk.read(resolve(cwd, path), rootBytes);
  if (result.kind !== 'bytes') {
    const reason = result.kind === 'unreadable' ? result.reason : `larger than ${rootBytes} bytes`;
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `trust root ${path}: ${reason}` });
  }
  const root = trustRootOf(result.bytes);
  if (isRefusal(root))
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `trust root ${path}: ${root.message}` });
  return root;
}

/** The root of the public Sigstore as it was when this version was made. Throws INPUT_UNREADABLE when it does not lie beside the program. */
export function pinnedTrustRoot(): TrustRoot {
  const place = pinnedPlaces
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => localDisk.kindOf(path) === 'file');
  if (place === undefined) {
    const message = 'the trust root of the public Sigstore does not lie beside the program';
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message, hint: 'name one with --trusted-root FILE' });
  }
  return trustRootFile(place, '/');
}

/** An own PKI in the place of a root's authorities; logs stay those of the root. Throws INPUT_UNREADABLE. */
export function withOwnPki(base: TrustRoot, pki: OwnPki): TrustRoot {
  const own = ownTrustRoot(pki);
  if (isRefusal(own)) throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: own.message });
  return {
    ...base,
    digest: `${base.digest} with ${own.digest}`,
    certificateAuthorities: own.certificateAuthorities,
    timestampAuthorities: pki.timestampRoots === undefined ? base.timestampAuthorities : own.timestampAuthorities,
  };
}
