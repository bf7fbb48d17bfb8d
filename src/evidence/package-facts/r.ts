// SPDX-License-Identifier: Apache-2.0
// What the R catalogers share: package URLs, dependency fields and licence fields of DESCRIPTION files.
// Format: "Writing R Extensions", section 1.1.1.
import { formatPurl } from '../../model/purl.ts';

export function cranPurl(name: string, version: string): string | undefined {
  return formatPurl({ type: 'cran', name, version });
}

/** Names in a dependency field: `R (>= 3.5), methods, cli (>= 1.0)` gives `methods`, `cli`; R itself is no package. */
export function namesInDcf(field: string): readonly string[] {
  return field
    .split(',')
    .map((part) => /^\s*([A-Za-z][A-Za-z0-9.]*)/.exec(part)?.[1] ?? '')
    .filter((name) => name !== '' && name !== 'R');
}

/**
 * Licences of a License field: alternatives are separated by `|`, each may bound a version (`GPL (>= 2)` is `GPL2+`, as Syft writes it)
 * or name a file with more terms (`+ file LICENSE`), which is left out. A field that only names a file stays as it is.
 */
export function licensesInDcf(field: string): readonly string[] {
  return field
    .split('|')
    .map((part) => part.replace(/\+\s*file\s.*$/, '').trim())
    .filter((part) => part !== '')
    .map(withVersion);
}

function withVersion(license: string): string {
  const match = /^([^()]+)\(\s*(==|>=|>|<=|<)?\s*([0-9][0-9.]*)[^)]*\)/.exec(license);
  const name = match?.[1]?.trim();
  if (match === null || name === undefined) return license;
  return `${name}${match[3]}${match[2] === '>=' || match[2] === '>' ? '+' : ''}`;
}
