// SPDX-License-Identifier: Apache-2.0
// VEX statements in neutral form: what a supplier or user says about a vulnerability in a product. Readers stand in src/formats.
import type { VexStatus } from './decision.ts';
import type { Location } from './location.ts';
import type { Problem } from './problem.ts';

/** Why a product is not affected, in the words of OpenVEX; readers of other formats translate theirs. */
export const vexJustifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const;
export type VexJustification = (typeof vexJustifications)[number];

export interface VexStatement {
  /** The vulnerability's id and all its aliases in the statement; at least one. */
  readonly vulnerabilities: readonly string[];
  /** What the statement is about. Empty: nothing is named, so it is known of no target that the statement means it; it applies to none. */
  readonly products: readonly VexProduct[];
  readonly status: VexStatus;
  readonly justification?: VexJustification;
  /** The justification or state as the document writes it, where the translation loses something (`false_positive`). */
  readonly originalJustification?: string;
  /** Impact statement, action statement or detail; the words of the author. */
  readonly statement?: string;
  /** RFC 3339: of the statement, else of the document. A later statement wins over an earlier one. */
  readonly timestamp?: string;
  readonly location: Location;
}

export interface VexProduct {
  /** A package URL, a CPE, a digest (`sha256:...`) or an id of the document (`bom-ref`, product id, IRI). */
  readonly id: string;
  readonly kind: 'purl' | 'cpe' | 'digest' | 'reference';
  /** Parts of the product that the statement is limited to; empty: all of it. */
  readonly subcomponents: readonly VexProduct[];
  /** For a reference into another document: that document's serial number and version (CycloneDX BOM-Link). */
  readonly document?: string;
  /** Versions the statement is limited to, as a `vers:` range or exact versions; absent: those of `id`, or all. */
  readonly versions?: readonly string[];
}

export interface VexDocument {
  readonly format: 'cyclonedx' | 'openvex' | 'csaf';
  /** Serial number, `@id` or tracking id; empty when the document has none. */
  readonly id: string;
  readonly author?: string;
  readonly timestamp?: string;
  readonly statements: readonly VexStatement[];
  readonly problems: readonly Problem[];
}

/** Reads one document. Never throws. */
export type VexReader = (text: string, path: string) => VexDocument;
