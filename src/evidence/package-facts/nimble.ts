// SPDX-License-Identifier: Apache-2.0
// What the Nim catalogers share.
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

export function nimblePackage(parts: { readonly name: string; readonly version: string } & Partial<Package>): Package {
  const purl = formatPurl({ type: 'nim', name: parts.name, version: parts.version });
  return packageOf({ type: 'nim', ...(purl === undefined ? {} : { purl }), ...parts });
}
