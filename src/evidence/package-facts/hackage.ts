// SPDX-License-Identifier: Apache-2.0
// What the Haskell catalogers share: package URLs and Stack's way to name a package of Hackage.
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

export interface HackageReference {
  readonly name: string;
  readonly version: string;
  /** Digest of the .cabal file (not of an archive): `@sha256:hex,size`. */
  readonly cabalFile: string | undefined;
}

/** Reads `name-1.2.3@sha256:hex,size` or `name-1.2.3@rev:1` (https://docs.haskellstack.org/en/stable/topics/package_location). */
export function hackageReference(text: string): HackageReference | undefined {
  const [identity = '', suffix = ''] = text.trim().split('@');
  const match = /^([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)-([0-9]+(?:\.[0-9]+)*)$/.exec(identity);
  const name = match?.[1];
  const version = match?.[2];
  if (name === undefined || version === undefined) return undefined;
  return { name, version, cabalFile: /^sha256:([0-9a-f]{64})/.exec(suffix)?.[1] };
}

export function hackagePackage(parts: { readonly name: string; readonly version: string } & Partial<Package>): Package {
  const purl = formatPurl({ type: 'hackage', name: parts.name, version: parts.version });
  return packageOf({ type: 'hackage', ...(purl === undefined ? {} : { purl }), ...parts });
}
