// SPDX-License-Identifier: Apache-2.0
// Why provenance was not accepted. A closed union like the refusals of signatures: every code has its row here, which is the source of
// docs/provenance.md. Each failure says what was expected and what was found.
import type { Refusal, RefusalCode } from '../signatures/refusal.ts';

export const failureCodes = {
  NOT_PROVED: 'The signature over the provenance was refused; the reason is a refusal code of docs/signatures.md.',
  DOCUMENT_MALFORMED: 'The file is none of the forms in which provenance is handed around, or is damaged.',
  PREDICATE_TYPE: 'The statement is not SLSA provenance, or not of the version asked for.',
  PREDICATE_MALFORMED: 'The predicate lacks what its version requires.',
  DIGEST_MISMATCH: 'The artifact is not a subject of the statement.',
  IMAGE_MUTABLE: 'The image is named by a tag only; provenance is about a digest.',
  BUILDER_REQUIRED: 'Nothing says which builder to trust for this kind of provenance.',
  BUILDER_UNTRUSTED: 'The builder is not in the table of trusted builders, and was not named as the one to trust.',
  BUILDER_MISMATCH: 'Another builder than the one asked for made the artifact.',
  BUILDER_REF: 'The builder did not run from one of its released versions.',
  BUILDER_CONTRADICTION: 'The predicate names another builder than the certificate.',
  SOURCE_MISMATCH: 'The artifact was built from another source.',
  SOURCE_CONTRADICTION: 'The predicate names another source, commit, ref or run than the certificate.',
  REF_KIND: 'A tag was asked for and a branch was built, or the reverse, or nothing tells.',
  BRANCH_MISMATCH: 'Another branch was built.',
  TAG_MISMATCH: 'Another tag was built.',
  VERSIONED_TAG_MISMATCH: 'The tag that was built is not of the version asked for, or is not a version.',
  INPUT_MISMATCH: 'The workflow was started with other inputs.',
  NOT_STATED: 'Nobody who can be trusted states what was asked for.',
  RUNNER_SELF_HOSTED: 'The build ran on a runner that is not hosted by the service.',
  PACKAGE_NAME_MISMATCH: 'The statement is about another package.',
  PACKAGE_VERSION_MISMATCH: 'The statement is about another version of the package.',
  PUBLISHER_MISSING: 'The registry does not state that it published the package, or no key of the registry is known.',
  TEXT_MISMATCH: 'What the service shows in clear text is not what it signed.',
  METADATA_MISMATCH: 'The record around the signed statement is not of a build, or is about another image.',
  LEVEL_TOO_LOW: 'The SLSA level that can be shown is lower than the one asked for.',
  SUMMARY_MISMATCH:
    'The verification summary is about another resource, or its verifier says that the artifact did not pass.',
  SUMMARY_EXPIRED: 'The verification summary is older than allowed.',
} as const;

export type FailureCode = keyof typeof failureCodes;

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
  /** With NOT_PROVED: why the signature was refused. */
  readonly refusal?: RefusalCode;
}

/** A failure with both sides of the comparison; what is foreign in it is cut to a length that can be printed. */
export function failure(code: FailureCode, message: string, sides: Pick<Failure, 'expected' | 'actual'> = {}): Failure {
  const { expected, actual } = sides;
  return {
    code,
    message,
    ...(expected === undefined ? {} : { expected: shown(expected) }),
    ...(actual === undefined ? {} : { actual: shown(actual) }),
  };
}

/** The failure that a refused signature is. An artifact that the statement does not name is told as such. */
export function failureOf(refusal: Refusal): Failure {
  if (refusal.code === 'ARTIFACT_MISMATCH') return failure('DIGEST_MISMATCH', refusal.message);
  if (refusal.code === 'PREDICATE_TYPE') return failure('PREDICATE_TYPE', refusal.message);
  return { code: 'NOT_PROVED', message: refusal.message, refusal: refusal.code };
}

const longestShown = 400;

function shown(text: string): string {
  const visible = text.replaceAll(/\p{Cc}/gu, '\uFFFD');
  return visible.length > longestShown ? `${visible.slice(0, longestShown)}…` : visible;
}
