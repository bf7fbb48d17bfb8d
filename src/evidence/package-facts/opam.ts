// SPDX-License-Identifier: Apache-2.0
// What the OCaml catalogers share: package URLs and `name.version` identities.
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

/** Splits `core_kernel.v0.15.1` at the first dot (names have none); undefined when one half is missing. */
export function opamIdentity(text: string): { readonly name: string; readonly version: string } | undefined {
  const match = /^([A-Za-z0-9_+-]+)\.(\S+)$/.exec(text);
  const name = match?.[1];
  const version = match?.[2];
  return name === undefined || version === undefined ? undefined : { name, version };
}

export function opamPackage(parts: { readonly name: string; readonly version: string } & Partial<Package>): Package {
  const purl = formatPurl({ type: 'opam', name: parts.name, version: parts.version });
  return packageOf({ type: 'opam', ...(purl === undefined ? {} : { purl }), ...parts });
}
