// SPDX-License-Identifier: Apache-2.0
// What a CycloneDX document is written from, and the bom-refs its parts get.
import type { Coverage } from '../../model/coverage.ts';
import type { Decision } from '../../model/decision.ts';
import type { VulnerabilityFinding } from '../../model/finding.ts';
import type { Package, PackageList } from '../../model/package.ts';

export interface BomContent {
  readonly target: {
    readonly target: string;
    readonly kind: string;
    readonly name: string;
    readonly version: string;
    readonly subject: string;
  };
  readonly tool: { readonly name: string; readonly version: string };
  /** RFC 3339. */
  readonly createdAt: string;
  readonly lists: readonly PackageList[];
  readonly coverage: readonly Coverage[];
  /** Absent for a plain SBOM, in which nothing is said of vulnerabilities. */
  readonly vulnerabilities?: readonly { readonly decision: Decision; readonly finding: VulnerabilityFinding }[];
}

/** What tells packages apart, and the id of their subject without the kind: the purl, else type, name and version. */
export function packageKey(item: Package): string {
  return item.purl ?? `${item.type}/${item.name}@${item.version}`;
}

/** Makes bom-refs that stand once in a document. */
export class References {
  readonly #taken = new Set<string>();

  /** The wanted text, or with a number after it when it is taken. */
  take(wanted: string): string {
    let ref = wanted;
    for (let number = 2; this.#taken.has(ref); number += 1) ref = `${wanted}#${number}`;
    this.#taken.add(ref);
    return ref;
  }
}

/** Members in order, without those that are undefined, an empty text or an empty list. */
export function withoutEmpty(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** A property of our own name space. */
export function ownProperty(name: string, value: string): { name: string; value: string } {
  return { name: `landwaiter:${name}`, value };
}

/** `landwaiter:name` with each value, in order; values that are not given are left out. */
export function ownProperties(
  values: readonly (readonly [string, string | undefined])[],
): { name: string; value: string }[] {
  return values.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [ownProperty(name, value)]));
}

/** An address that may stand in a document: an IRI reference without characters that need escaping. */
export function addressOf(url: string | undefined): string | undefined {
  const trimmed = url?.trim() ?? '';
  const fits = trimmed !== '' && trimmed.length <= 4_096 && !/[\s\p{Cc}<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})/u.test(trimmed);
  return fits ? trimmed : undefined;
}
