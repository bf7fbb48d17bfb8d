// SPDX-License-Identifier: Apache-2.0
// The licences of a package as one valid SPDX expression, as documents want them. What is not on the SPDX list becomes a reference
// (`LicenseRef-`) whose words the document has to carry.
import { hash } from 'node:crypto';
import type { LicenseExpression } from './spdx-license.ts';
import {
  isLicenseReference,
  joinLicenses,
  mapLicenses,
  parseLicenseExpression,
  printLicenseExpression,
  validLicense,
} from './spdx-license.ts';
import { normaliseLicense } from './spdx-license-names.ts';

export interface LicenseReference {
  /** `LicenseRef-...` */
  readonly id: string;
  /** The words it stands for. */
  readonly name: string;
}

export interface CombinedLicense {
  /** `NOASSERTION` when there is no licence. */
  readonly expression: string;
  /** Those that the expression uses, in order of appearance. */
  readonly references: readonly LicenseReference[];
}

/**
 * All licences hold together (AND), because a list of licences does not say that one may choose. `taken` holds the references that the
 * document already has (id to words), so that one id never stands for two texts.
 */
export function combineLicenses(
  texts: readonly string[],
  taken: ReadonlyMap<string, string> = new Map(),
): CombinedLicense {
  const references = new ReferenceTable(taken);
  const parts = new Map<string, LicenseExpression>();
  for (const text of texts) {
    const parsed = normaliseLicense(text);
    if (parsed === undefined) continue;
    const valid = mapLicenses(parsed, (license) => {
      const listed = validLicense(license);
      // A document has to define every reference it uses, and cannot use those of another document without naming it.
      const isReference = listed?.kind === 'license' && isLicenseReference(listed.id);
      return listed === undefined || isReference ? references.refer(license) : listed;
    });
    for (const member of valid.kind === 'and' ? valid.members : [valid])
      parts.set(printLicenseExpression(member), member);
  }
  const joined = joinLicenses('AND', [...parts.values()]);
  return {
    expression: joined === undefined ? 'NOASSERTION' : printLicenseExpression(joined),
    references: references.used(),
  };
}

class ReferenceTable {
  readonly #taken: ReadonlyMap<string, string>;
  readonly #used = new Map<string, LicenseReference>();

  constructor(taken: ReadonlyMap<string, string>) {
    this.#taken = taken;
  }

  used(): readonly LicenseReference[] {
    return [...this.#used.values()];
  }

  refer(license: LicenseExpression): LicenseExpression {
    const name = printLicenseExpression(license);
    const wanted = name.startsWith('LicenseRef-') && isLicenseReference(name) ? name : licenseReferenceId(name);
    const known = this.#used.get(wanted)?.name ?? this.#taken.get(wanted);
    const id = known === undefined || known === name ? wanted : `${wanted}-${hash('sha256', name).slice(0, 8)}`;
    this.#used.set(id, { id, name });
    return { kind: 'license', id, orLater: false };
  }
}

const maxReferenceLength = 200;

/** `LicenseRef-` and the words with hyphens for what an id may not hold; the hash of the words where they are a text of several lines. */
export function licenseReferenceId(name: string): string {
  const words = name.replace(/^sha256:/, '').trim();
  if (words.length > maxReferenceLength || words.includes('\n')) return `LicenseRef-${hash('sha256', name)}`;
  return `LicenseRef-${words.replace(/[^A-Za-z0-9.-]/g, '-')}`;
}

/**
 * The other way: the licences that an expression of a document joins with AND, references replaced by their words where the document gives
 * them. `NONE` and `NOASSERTION` give none; what is no expression is one licence.
 */
export function licensesOfExpression(text: string | undefined, words: ReadonlyMap<string, string>): readonly string[] {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '' || trimmed === 'NONE' || trimmed === 'NOASSERTION') return [];
  const parsed = parseLicenseExpression(trimmed);
  if (parsed === undefined) return [trimmed];
  return (parsed.kind === 'and' ? parsed.members : [parsed]).map((member) =>
    member.kind === 'license'
      ? (words.get(member.id) ?? printLicenseExpression(member))
      : printLicenseExpression(member),
  );
}
