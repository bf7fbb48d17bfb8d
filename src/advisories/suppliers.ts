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
  // Alpine's versions have no place for a word: Root.io counts its builds from -r00070 on.
  const isMarked =
    /[.+~-]root\.io\.\d{1,9}/.test(version) || (ecosystem.startsWith('Alpine:') && /-r\d007\d/.test(version));
  return original === name && !isMarked ? undefined : { ecosystem: `Root:${ecosystem}`, certainty: 'sure', original };
}

/** The supplier of a package of an OSV ecosystem; undefined for the original publisher's packages. */
export function supplierOf(ecosystem: string, name: string, version: string): Supplier | undefined {
  if (name === '') return undefined;
  return sealOf(ecosystem, name, version) ?? rootIo(ecosystem, name, version);
}

function sealOf(ecosystem: string, name: string, version: string): Supplier | undefined {
  const system = sealSystemOf(ecosystem, name, version);
  if (system !== undefined) return { ecosystem: `Seal:${system}`, certainty: 'sure' };
  const marks = seal.get(ecosystem);
  if (marks === undefined) return undefined;
  if (marks.name.test(name)) return { ecosystem: `Seal:${ecosystem}`, certainty: 'sure' };
  if (marks.version.test(version)) return { ecosystem: `Seal:${ecosystem}`, certainty: marks.versionProves };
  return undefined;
}

/** Seal's packages of systems are the same in all releases; those of Red Hat go by the release they were built for. */
function sealSystemOf(ecosystem: string, name: string, version: string): string | undefined {
  if (!/^seal-./.test(name)) return undefined;
  if (/^(?:Debian|Ubuntu):/.test(ecosystem)) return 'Debian';
  if (ecosystem.startsWith('Alpine:')) return 'Alpine';
  return rpmFamily.test(ecosystem) ? (builtFor(version) ?? redHatOf(ecosystem)) : undefined;
}

const rpmFamily = /^(?:Red Hat|AlmaLinux|Rocky Linux|Oracle Linux|Fedora):/;

/** `Red Hat:9` for `1.12-10.el9_4`, `Fedora:39` for `1.2-3.fc39`. */
function builtFor(version: string): string | undefined {
  const [, family, release] = /\.(el|fc)(\d{1,3})(?!\d)/.exec(version) ?? [];
  if (release === undefined) return undefined;
  return `${family === 'el' ? 'Red Hat' : 'Fedora'}:${release}`;
}

/** `Red Hat:9` for any ecosystem of that release, also `Red Hat:enterprise_linux:9::baseos` and `AlmaLinux:9`. */
function redHatOf(ecosystem: string): string {
  return `Red Hat:${/:(\d{1,3})(?:$|[:.])/.exec(ecosystem)?.[1] ?? ''}`;
}

/** Builds of RapidFort's own: `2.46-10rfubu`, `2.5.2-1build1+rf.1`, `7.76.1-26.rf1`. */
export function isOfRapidFort(version: string): boolean {
  return /\d(?:rfubu|\+rf|\.rf)(?:[+.\d]|$)/.test(version);
}

/**
 * Where an image that RapidFort curates gets its advisories: from RapidFort, for every package of the system. Its own builds are the same
 * in all releases, other packages go by the release they were built for, else by that of the system.
 */
export function rapidFortOf(ecosystem: string, version: string): string {
  const isOwn = isOfRapidFort(version);
  if (rpmFamily.test(ecosystem)) return `RapidFort:${isOwn ? 'Red Hat' : (builtFor(version) ?? redHatOf(ecosystem))}`;
  return `RapidFort:${isOwn ? ecosystem.split(':')[0] : ecosystem}`;
}
