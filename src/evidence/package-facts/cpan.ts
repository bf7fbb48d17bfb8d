// SPDX-License-Identifier: Apache-2.0
// What the Perl catalogers share. A distribution (`URI`, `Class-Data-Inheritable`) holds modules (`URI::Escape`); the two are different names.
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

/** purl-spec, type cpan: the author's id is the namespace of a distribution, modules have none. */
export function cpanPackage(
  parts: { readonly name: string; readonly version: string } & Partial<Package>,
  author?: string,
): Package {
  const purl = formatPurl({ type: 'cpan', namespace: author, name: parts.name, version: parts.version });
  return packageOf({ type: 'cpan', ...(purl === undefined ? {} : { purl }), ...parts });
}
