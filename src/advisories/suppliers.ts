// SPDX-License-Identifier: Apache-2.0
// Packages that a supplier publishes again with security fixes of its own. Advisories on the original do not tell whether such a
// package is affected: only the supplier's feed does.

export type SupplierCertainty = 'sure' | 'candidate';

export interface Supplier {
  /** Prefix of the supplier's ecosystems: `Seal:PyPI`. */
  readonly ecosystem: string;
  /** `candidate`: the version looks so, but anybody may version so; the supplier's feed must know the package. */
  readonly certainty: SupplierCertainty;
  /** Name of the original package, for a supplier that states only what it fixed itself: everything else is the original's. */
  readonly original?: string;
}

interface Marks {
  /** Names that only the supplier uses. */
  readonly name: RegExp;
  readonly version: RegExp;
  /** What the version alone proves. */
  readonly versionProves: SupplierCertainty;
}

// Seal Security renames packages (`seal-requests`) or keeps the name and marks the version (`4.2.8+sp1`, `3.1.8-sp2p1`).
// Local versions (PyPI) and build metadata (Maven) are nobody else's; in the other ecosystems the mark is an ordinary prerelease.
const seal: ReadonlyMap<string, Marks> = new Map([
  ['PyPI', { name: /^seal-./, version: /\+sp\d{1,9}(?:p\d{1,9})?$/, versionProves: 'sure' }],
  ['Maven', { name: /^seal\.sp\d{1,9}\../, version: /\+sp\d{1,9}(?:p\d{1,9})?$/, versionProves: 'sure' }],
  ['npm', { name: /^@seal-security\/./, version: /-sp\d{1,9}(?:p\d{1,9})?$/, versionProves: 'candidate' }],
  ['RubyGems', { name: /^seal-./, version: /\.sp\d{1,9}(?:p\d{1,9})?$/, versionProves: 'candidate' }],
  [
    'Go',
    {
      name: /^sealsecurity\.io\/./,
      version: /-sp\d{1,9}(?:p\d{1,9})?(?:\+incompatible)?$/,
      versionProves: 'candidate',
    },
  ],
]);

/**
 * Root.io puts `rootio-`, `@rootio/` or `io.root.` in front of a name, or `.root.io.1` behind the version; the rest is the package of
 * the distribution or registry it comes from.
 */
function rootIo(ecosystem: string, name: string, version: string): Supplier | undefined {
  const original = name.replace(/^(?:rootio-|@rootio\/|io\.root\.)(?=.)/, '');
  const isMarked = /[.+~-]root\.io\.\d{1,9}/.test(version);
  return original === name && !isMarked ? undefined : { ecosystem: `Root:${ecosystem}`, certainty: 'sure', original };
}

/** The supplier of a package of an OSV ecosystem; undefined for the original publisher's packages. */
export function supplierOf(ecosystem: string, name: string, version: string): Supplier | undefined {
  if (name === '') return undefined;
  return sealOf(ecosystem, name, version) ?? rootIo(ecosystem, name, version);
}

function sealOf(ecosystem: string, name: string, version: string): Supplier | undefined {
  const marks = seal.get(ecosystem);
  if (marks === undefined) return undefined;
  if (marks.name.test(name)) return { ecosystem: `Seal:${ecosystem}`, certainty: 'sure' };
  if (marks.version.test(version)) return { ecosystem: `Seal:${ecosystem}`, certainty: marks.versionProves };
  return undefined;
}
