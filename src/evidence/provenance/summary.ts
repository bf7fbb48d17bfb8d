// SPDX-License-Identifier: Apache-2.0
// Verification summaries: made from a verification that took place, and checked as slsa.dev/spec/v1.2/verification_summary "How to verify" asks.
// A summary is as good as its verifier: the signer and the verifier must be named together.
import type { JsonObject } from '../../formats/document.ts';
import { asArray } from '../../formats/document.ts';
import type { InTotoStatement } from '../../formats/in-toto-statement.ts';
import type { PolicyReference, VerificationSummary } from '../../formats/verification-summary.ts';
import { parseVerificationSummary, printVerificationSummary, summaryType } from '../../formats/verification-summary.ts';
import type { SignaturePolicy } from '../signatures/policy.ts';
import type { Artifact, Proof } from '../signatures/proof.ts';
import { isRefusal } from '../signatures/refusal.ts';
import type { TrustRoot } from '../signatures/trust-root.ts';
import { verifySignature } from '../signatures/verify.ts';
import type { Failure } from './failure.ts';
import { failure, failureOf } from './failure.ts';
import type { ProvenanceResult } from './result.ts';

export interface SummaryWish {
  readonly verifierId: string;
  readonly verifierVersion: Readonly<Record<string, string>>;
  readonly resourceUri: string;
  readonly policy: PolicyReference | undefined;
  readonly inputAttestations: readonly PolicyReference[];
  /** RFC 3339, UTC. */
  readonly timeVerified: string;
}

/** The predicate about a verification. The level is the one that was found; a failed verification has none. */
export function summarize(result: ProvenanceResult, wish: SummaryWish): JsonObject {
  const passed = result.kind === 'verified';
  return printVerificationSummary({
    ...wish,
    result: passed ? 'PASSED' : 'FAILED',
    verifiedLevels: passed ? [`SLSA_BUILD_LEVEL_${result.level.level}`] : ['FAILED'],
    dependencyLevels: {},
    slsaVersion: '1.2',
  });
}

export interface SummaryExpectation {
  readonly verifierId: string;
  readonly resourceUri: string;
  /** Each must be shown, by itself or by a higher level of its track. */
  readonly levels: readonly string[];
  /** Milliseconds; any age, if absent. */
  readonly maximumAge?: number;
  /** For source summaries: the ref that the revision must have been on. */
  readonly sourceRef?: string;
}

export interface SummaryRequest {
  /** Bytes, or a commit for the summaries of the source track. */
  readonly artifact: Artifact;
  readonly expectation: SummaryExpectation;
  readonly policy: SignaturePolicy;
  readonly trustRoot: TrustRoot;
  readonly time: number;
}

export type SummaryResult =
  | { readonly kind: 'verified'; readonly summary: VerificationSummary; readonly statement: InTotoStatement }
  | { readonly kind: 'refused'; readonly failures: readonly Failure[] };

/** Verifies a signed summary against one artifact, or one commit. */
export function verifySummary(proof: Proof, request: SummaryRequest): SummaryResult {
  const { artifact, trustRoot, time } = request;
  const policy: SignaturePolicy = { ...request.policy, predicateTypes: [summaryType] };
  const verified = verifySignature({ proof, artifact, trustRoot, policy, time });
  if (isRefusal(verified)) return { kind: 'refused', failures: [failureOf(verified)] };
  if (verified.claim.kind !== 'statement')
    return { kind: 'refused', failures: [failure('PREDICATE_TYPE', 'the signature makes no claim')] };
  const { statement } = verified.claim;
  const parsed = parseVerificationSummary(statement.predicate);
  if (parsed.kind === 'malformed')
    return { kind: 'refused', failures: [failure('PREDICATE_MALFORMED', parsed.reason)] };
  const failures = checkSummary(parsed.value, statement, request);
  return failures.length > 0 ? { kind: 'refused', failures } : { kind: 'verified', summary: parsed.value, statement };
}

function checkSummary(summary: VerificationSummary, statement: InTotoStatement, request: SummaryRequest): Failure[] {
  const { expectation, time } = request;
  const failures: Failure[] = [];
  const compare = (what: string, expected: string, actual: string): void => {
    if (expected !== actual)
      failures.push(failure('SUMMARY_MISMATCH', `the summary names another ${what}`, { expected, actual }));
  };
  compare('verifier', expectation.verifierId, summary.verifierId);
  compare('resource', expectation.resourceUri, summary.resourceUri);
  compare('result', 'PASSED', summary.result);
  for (const level of expectation.levels)
    if (!hasLevel(summary.verifiedLevels, level))
      failures.push(
        failure('LEVEL_TOO_LOW', 'the summary does not show the level asked for', {
          expected: level,
          actual: summary.verifiedLevels.join(', ') || 'no level',
        }),
      );
  failures.push(...checkSourceRef(statement, request), ...checkAge(summary, expectation.maximumAge, time));
  return failures;
}

const numbered = /^(SLSA_[A-Z]{1,40}_LEVEL_)([0-9])$/;

/** A level of a track includes the lower ones of that track, and nothing of another (VSA, "SlsaResult"). */
export function hasLevel(verified: readonly string[], wanted: string): boolean {
  const [, track, number] = numbered.exec(wanted) ?? [];
  return verified.some((level) => {
    if (level === wanted) return true;
    const [, otherTrack, otherNumber] = numbered.exec(level) ?? [];
    return track !== undefined && otherTrack === track && Number(otherNumber) >= Number(number);
  });
}

/** Refs stand in annotations of the subject that names the commit (source requirements, "Source verification summary attestation"). */
function checkSourceRef({ subjects }: InTotoStatement, { artifact, expectation }: SummaryRequest): Failure[] {
  const { sourceRef } = expectation;
  if (sourceRef === undefined) return [];
  const subject = subjects.find(({ digest }) => digest.get('gitCommit') === artifact.commit);
  const refs = [...asArray(subject?.annotations?.['sourceRefs']), ...asArray(subject?.annotations?.['source_refs'])];
  return artifact.commit !== undefined && refs.includes(sourceRef)
    ? []
    : [
        failure('REF_KIND', 'the summary does not say that the commit was on that ref', {
          expected: sourceRef,
          actual: refs.filter((ref) => typeof ref === 'string').join(', ') || 'no ref',
        }),
      ];
}

function checkAge({ timeVerified }: VerificationSummary, maximumAge: number | undefined, now: number): Failure[] {
  if (maximumAge === undefined) return [];
  const verified = Date.parse(timeVerified);
  const isFresh = verified <= now + clockTolerance && now - verified <= maximumAge;
  return isFresh
    ? []
    : [
        failure('SUMMARY_EXPIRED', 'the summary is too old, from the future, or says no time', {
          expected: `not older than ${Math.round(maximumAge / 86_400_000)} days`,
          actual: timeVerified || 'no time',
        }),
      ];
}

const clockTolerance = 5 * 60 * 1000;
