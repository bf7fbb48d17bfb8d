// SPDX-License-Identifier: Apache-2.0
// Keyless provenance of GitHub Actions: signature, builder, source, refs and inputs, in that order. What the certificate says counts before what
// the predicate says, and the predicate only where its signer is apart from the build.
import type { InTotoStatement } from '../../formats/in-toto-statement.ts';
import type { SlsaProvenance } from '../../formats/slsa-provenance.ts';
import { githubPolicy } from '../signatures/github-policy.ts';
import type { CertificateSigner } from '../signatures/identity.ts';
import type { CertificateIdentity } from '../signatures/policy.ts';
import type { Proof } from '../signatures/proof.ts';
import type { Refusal } from '../signatures/refusal.ts';
import { isRefusal } from '../signatures/refusal.ts';
import type { ProvenanceExpectation } from './expectation.ts';
import type { Failure } from './failure.ts';
import { failure, failureOf } from './failure.ts';
import type { CertifiedBuild, StatedBuild } from './github-build.ts';
import { certifiedBuild, contradictions, statedBuild } from './github-build.ts';
import type { BuilderFinding } from './github-builder.ts';
import { findGithubBuilder, textOf } from './github-builder.ts';
import { findLevel } from './level.ts';
import type { SigstoreSignature } from './proof-check.ts';
import { anything, checkProof } from './proof-check.ts';
import { checkInputs, checkReference } from './reference-checks.ts';
import type { ProvenanceRequest } from './request.ts';
import { predicateTypesOf, provenanceOf } from './request.ts';
import type { ProvenanceResult } from './result.ts';
import { concluded, refused } from './result.ts';
import { isSameSource } from './source-uri.ts';

export const githubIssuer = 'https://token.actions.githubusercontent.com';

/** Verifies a bundle, envelope or Cosign layer. Never throws for what is in it. */
export function verifyGithub(proof: Proof, request: ProvenanceRequest): ProvenanceResult {
  const { artifact, expectation, trust, time } = request;
  const identities = identitiesOf(expectation);
  if (isRefusal(identities)) return refused(failureOf(identities));
  const predicateTypes = predicateTypesOf(expectation);
  const signature = checkProof(proof, { artifact, identities, predicateTypes, trust, time });
  if (isRefusal(signature)) return refused(failureOf(signature));
  const { signer, claim } = signature.verified;
  if (claim.kind !== 'statement' || signer.kind !== 'certificate')
    return refused(failure('PREDICATE_TYPE', 'the signature makes no claim about a build'));
  const provenance = provenanceOf(claim.statement);
  if ('code' in provenance) return refused(provenance);
  const certified = certifiedBuild(signer);
  if (certified === undefined)
    return refused(
      failure('BUILDER_UNTRUSTED', 'the certificate is not one of a workflow', { actual: nameOf(signer) }),
    );
  return judge({ request, signature, statement: claim.statement, provenance, certified });
}

interface Evidence {
  readonly request: ProvenanceRequest;
  readonly signature: SigstoreSignature;
  readonly statement: InTotoStatement;
  readonly provenance: SlsaProvenance;
  readonly certified: CertifiedBuild;
}

function judge(evidence: Evidence): ProvenanceResult {
  const { request, signature, statement, provenance, certified } = evidence;
  const { expectation, trust } = request;
  const found = findGithubBuilder({
    certified,
    provenance,
    asked: expectation.builderId,
    isSignerNamed: expectation.github?.signer !== undefined || expectation.certificate?.subject !== undefined,
    table: trust.builders,
  });
  const server = certified.source.slice(0, certified.source.indexOf('/'));
  const stated = statedBuild(provenance, server);
  const level = findLevel({
    row: found.row,
    runner: certified.runner,
    isReleased: found.isReleased,
    isLogged: signature.isLogged,
    builder: textOf(found.builder),
  });
  const failures = [
    ...found.failures,
    ...checkSource(certified, expectation),
    ...contradictions(certified, stated),
    ...checkReference({ ref: certified.ref, baseRef: found.isIsolated ? stated.baseRef : undefined }, expectation),
    ...checkStatedInputs(found, stated, expectation),
    ...checkRunner(certified, expectation),
    ...checkLevel(level.level, expectation),
  ];
  return concluded(failures, () => ({
    kind: 'verified',
    statement,
    provenance,
    build: {
      builderId: found.builder.id,
      builderRef: found.builder.ref,
      source: certified.source,
      commit: certified.commit,
      ref: certified.ref,
      run: certified.run ?? stated.runs[0] ?? provenance.invocationId,
    },
    level,
    signature,
  }));
}

function nameOf({ subjects }: CertificateSigner): string {
  return subjects.map(({ value }) => value).join(', ');
}

/** Whoever the issuer is for; builder and source are checked afterwards, with better answers. */
function identitiesOf(expectation: ProvenanceExpectation): readonly CertificateIdentity[] | Refusal {
  const { github, certificate } = expectation;
  const issuer = { kind: 'exact', value: certificate?.issuer ?? github?.issuer ?? githubIssuer } as const;
  const claims = claimsOf(expectation);
  if (github === undefined) return [{ subject: certificate?.subject ?? anything, issuer, claims }];
  const policy = githubPolicy({ ...github, issuer: issuer.value });
  if (isRefusal(policy)) return policy;
  return 'identities' in policy
    ? policy.identities.map((identity) => ({
        ...identity,
        ...(certificate?.subject === undefined ? {} : { subject: certificate.subject }),
        claims: { ...claims, ...identity.claims },
      }))
    : [];
}

function claimsOf({ certificate }: ProvenanceExpectation): NonNullable<CertificateIdentity['claims']> {
  const wanted = [
    ['sourceRepositoryDigest', certificate?.sourceDigest],
    ['sourceRepositoryRef', certificate?.sourceRef],
    ['buildSignerDigest', certificate?.signerDigest],
    ['buildTrigger', certificate?.trigger],
  ] as const;
  return Object.fromEntries(
    wanted.flatMap(([name, value]) => (value === undefined ? [] : [[name, { kind: 'exact', value } as const]])),
  );
}

function checkSource({ source }: CertifiedBuild, { sourceUri }: ProvenanceExpectation): Failure[] {
  if (sourceUri === undefined || isSameSource(sourceUri, source)) return [];
  return [failure('SOURCE_MISMATCH', 'built from another source', { expected: sourceUri, actual: source })];
}

/** No certificate has inputs: somebody apart from the build must state them. */
function checkStatedInputs(
  { isIsolated }: BuilderFinding,
  { inputs, trigger }: StatedBuild,
  { workflowInputs }: ProvenanceExpectation,
): Failure[] {
  if (workflowInputs === undefined) return [];
  if (!isIsolated)
    return [failure('NOT_STATED', 'the inputs are written by the job that they are given to; they prove nothing')];
  if (trigger !== 'workflow_dispatch')
    return [
      failure('INPUT_MISMATCH', 'only runs that were started by hand have inputs', {
        expected: 'workflow_dispatch',
        actual: trigger ?? 'nothing stated',
      }),
    ];
  return checkInputs(inputs, workflowInputs);
}

function checkRunner({ runner }: CertifiedBuild, { runners }: ProvenanceExpectation): Failure[] {
  if (runners !== 'hosted' || runner === 'github-hosted') return [];
  return [
    failure('RUNNER_SELF_HOSTED', 'the runner is not hosted by the service', {
      expected: 'github-hosted',
      actual: runner ?? 'nothing stated',
    }),
  ];
}

/** Shared with the other forms of provenance. */
export function checkLevel(level: number, { leastLevel }: ProvenanceExpectation): Failure[] {
  if (leastLevel === undefined || level >= leastLevel) return [];
  return [
    failure('LEVEL_TOO_LOW', 'a higher level was asked for', {
      expected: `SLSA build level ${leastLevel}`,
      actual: `level ${level}`,
    }),
  ];
}
