// SPDX-License-Identifier: Apache-2.0
// Rocks of LuaRocks: package URLs, and the dependency texts of rockspec files.
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

export function rockPackage(parts: { readonly name: string; readonly version: string } & Partial<Package>): Package {
  const purl = formatPurl({ type: 'luarocks', name: parts.name, version: parts.version });
  return packageOf({ type: 'luarocks', ...(purl === undefined ? {} : { purl }), ...parts });
}

/** `lualogging >= 1.4.0, < 2.0.0`: the name, and the constraint as it stands. */
export function rockDependency(text: string): { readonly name: string; readonly constraint: string } {
  const trimmed = text.trim();
  const end = trimmed.search(/[\s<>=~!]/);
  if (end === -1) return { name: trimmed, constraint: '' };
  return { name: trimmed.slice(0, end), constraint: trimmed.slice(end).trim() };
}
