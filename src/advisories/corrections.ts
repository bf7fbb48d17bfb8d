// SPDX-License-Identifier: Apache-2.0
// Findings that are known to be wrong because an advisory names a product and packages of the same name are something else.

interface Correction {
  readonly types: readonly string[];
  /** Names of packages, for Maven without the group. */
  readonly names: readonly string[];
  readonly ids: readonly string[];
}

const corrections: readonly Correction[] = [
  // log4j-api and its bridges hold no lookups: the code is in log4j-core.
  {
    types: ['maven'],
    names: ['log4j-api', 'log4j-jcl', 'log4j-slf4j-impl', 'log4j-to-slf4j', 'log4j-1.2-api', 'log4j-jul', 'log4j-web'],
    ids: ['CVE-2021-44228', 'CVE-2021-44832', 'CVE-2021-45046', 'CVE-2021-45105'],
  },
  // Both are about the C++ library; the Go module shares only the name.
  {
    types: ['golang'],
    names: ['google.golang.org/protobuf', 'github.com/golang/protobuf'],
    ids: ['CVE-2015-5237', 'CVE-2021-22570'],
  },
];

/** Whether the vulnerability, under any of its ids, is known not to concern packages of this name. */
export function isKnownError(type: string, name: string, ids: readonly string[]): boolean {
  const short = type === 'maven' ? name.slice(name.indexOf(':') + 1) : name;
  return corrections.some(
    (one) => one.types.includes(type) && one.names.includes(short) && ids.some((id) => one.ids.includes(id)),
  );
}
