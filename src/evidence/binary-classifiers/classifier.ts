// SPDX-License-Identifier: Apache-2.0
// What a classifier of a well-known program is: names its file may have, and texts inside that tell the version.
// Tables of them stand beside this file; packages/binary-classifier.ts applies them.
import type { PurlParts } from '../../model/purl.ts';

export interface Product {
  /** As people know it: `postgresql`. */
  readonly name: string;
  readonly purl: Pick<PurlParts, 'type' | 'name'> & Partial<Pick<PurlParts, 'namespace'>>;
  /** Vendor and product of the CPE dictionary, `a` part. */
  readonly cpes: readonly (readonly [vendor: string, product: string])[];
}

export interface VersionRule {
  /** Names the version in the group `version`; bounded and linear. With `products`, each has its own group. */
  readonly pattern: RegExp | ((path: string) => RegExp | undefined);
  /** A text that stands in or beside the version; the file is searched for it first. */
  readonly near?: string;
  /** How far the pattern may look from that text; see formats/byte-search.ts. */
  readonly reach?: number;
  /** Where this text shows that it is another program than the classifier's. */
  readonly product?: Product;
  /** Several programs in one file: product by the name of the group that holds its version. */
  readonly products?: Readonly<Record<string, Product>>;
}

export interface BinaryClassifier {
  /** Unique, kebab case; stands in the facts of the package. */
  readonly id: string;
  /** Globs over paths in the target. */
  readonly files: readonly string[];
  /** `text`: files that are no executables and are taken by their name alone. */
  readonly content?: 'executable' | 'text';
  readonly product: Product;
  /** The first that matches wins. */
  readonly rules: readonly VersionRule[];
}

/** `pkg:generic/name` with CPEs written `vendor:product`. */
export function generic(name: string, ...cpes: readonly string[]): Product {
  const slash = name.indexOf('/');
  const purl = slash === -1 ? { name } : { namespace: name.slice(0, slash), name: name.slice(slash + 1) };
  return { name, purl: { type: 'generic', ...purl }, cpes: cpes.map(cpePair) };
}

/** A product with a purl of another type or a name of its own: `namespace/name`. */
export function product(
  name: string,
  purl: { readonly type: string; readonly path: string },
  ...cpes: readonly string[]
): Product {
  const slash = purl.path.lastIndexOf('/');
  return {
    name,
    purl: {
      type: purl.type,
      ...(slash === -1 ? {} : { namespace: purl.path.slice(0, slash) }),
      name: purl.path.slice(slash + 1),
    },
    cpes: cpes.map(cpePair),
  };
}

function cpePair(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

/** A version between two NULs, as C compilers lay texts down. `version` is the source of an expression. */
export function betweenNuls(version: string): RegExp {
  // The zero bytes are what is looked for.
  // eslint-disable-next-line no-control-regex
  return new RegExp(`\\x00(?<version>${version})\\x00`);
}

/**
 * A version that the Go linker set: it stands behind other data, so that the byte before it is no printable character, and ends in NUL.
 * Some linkers put one letter of an instruction before it (`L`).
 */
export function goLinked(version: string): RegExp {
  return new RegExp(`(?:^|[^\\x20-\\x7e])[A-Z@]?(?<version>${version})(?:\\x00|[^\\x20-\\x7e])`);
}
