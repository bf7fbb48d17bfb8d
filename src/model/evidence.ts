// SPDX-License-Identifier: Apache-2.0
// One immutable statement about one subject. Maps one to one to an in-toto Statement (src/formats/in-toto-evidence.ts).
import { canonicalJson } from './canonical-json.ts';
import type { Coverage } from './coverage.ts';
import type { ImageFacts } from './image-facts.ts';
import type { PackageList } from './package.ts';
import type { ProvenanceFact, SummaryFact } from './provenance.ts';
import { sha256 } from './sha256.ts';
import type { SignatureFact } from './signature.ts';
import type { SourceScanFact } from './source-scan.ts';

/** How far a statement can be relied on: seen by us, claimed by somebody, or proved with a signature we checked. */
export type Trust = 'observed' | 'asserted' | 'verified';

/** The body of each kind of evidence. A new kind is one member here. */
export interface EvidenceBodies {
  /** Packages that one file (lock file, manifest, database, SBOM) declares or records as installed. */
  packages: PackageList;
  /** What was looked at for one target, and what could not be. */
  coverage: Coverage;
  /** A signature or attestation that was verified. */
  signature: SignatureFact;
  /** Provenance whose signature, builder and source were verified. */
  provenance: ProvenanceFact;
  /** A verification summary of somebody who is trusted to verify. */
  'verification-summary': SummaryFact;
  /** What an image says about itself. */
  image: ImageFacts;
  /** What one scanner (secrets, pipelines, configuration, code) saw in the files of a target. */
  'source-scan': SourceScanFact;
}
export type EvidenceKind = keyof EvidenceBodies;

export interface Producer {
  readonly name: string;
  readonly version: string;
  /** sha256 of the rules or data that decided, so that a verdict can be repeated. */
  readonly rulesDigest?: string;
}

export interface Evidence<K extends EvidenceKind = EvidenceKind> {
  /** `sha256:` + hash of the canonical JSON of everything else but `observedAt`. */
  readonly id: string;
  readonly subject: string;
  readonly kind: K;
  readonly body: EvidenceBodies[K];
  readonly producer: Producer;
  /** Where the bytes came from: a target such as `dir:.`, or a file in it. */
  readonly source: string;
  /** RFC 3339, UTC. */
  readonly observedAt: string;
  readonly trust: Trust;
}

/**
 * Adds the content id. `observedAt` is left out of the hash: seeing the same fact twice gives the same evidence. The hash is taken when
 * the id is asked for the first time, because many runs (a plain SBOM) never ask.
 */
export function evidenceOf<K extends EvidenceKind>(parts: Omit<Evidence<K>, 'id'>): Evidence<K> {
  let id: string | undefined;
  return {
    get id() {
      if (id === undefined) {
        const { observedAt: _, ...hashed } = parts;
        id = `sha256:${sha256(canonicalJson(hashed))}`;
      }
      return id;
    },
    ...parts,
  };
}
