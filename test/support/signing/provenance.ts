// SPDX-License-Identifier: Apache-2.0
// Provenance of a build on GitHub Actions as the test Sigstore signs it: a certificate with the claims of a run, a predicate that agrees with it,
// and every part replaceable by a lie.
import { trustedBuilders } from '../../../src/evidence/provenance/builders.ts';
import type { ProvenanceExpectation, ProvenanceTrust } from '../../../src/evidence/provenance/expectation.ts';
import type { ProvenanceResult } from '../../../src/evidence/provenance/result.ts';
import { verifyProvenance } from '../../../src/evidence/provenance/verify.ts';
import { githubIssuer } from '../../../src/evidence/provenance/verify-github.ts';
import { artifactOf } from '../../../src/evidence/signatures/proof.ts';
import { isRefusal } from '../../../src/evidence/signatures/refusal.ts';
import type { TrustRoot } from '../../../src/evidence/signatures/trust-root.ts';
import { trustRootOf } from '../../../src/evidence/signatures/trust-root.ts';
import { artifact, world } from './attempt.ts';
import { fulcioExtension, namesExtension, purposeExtension, signingKeyUsage } from './certificates.ts';
import type { BundleJson } from './sigstore.ts';
import { makeLeaf, now, statementBundle, statementOf, trustedRootJson } from './sigstore.ts';

export const generatorWorkflow =
  'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml';
export const delegatorWorkflow =
  'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/delegator_generic_slsa3.yml';
export const commit = '1'.repeat(40);
export const source = 'https://github.com/acme/app';
export const ownWorkflow = `${source}/.github/workflows/release.yml`;
export const run = `${source}/actions/runs/7/attempts/1`;

export interface RunClaims {
  /** Workflow and ref that sign. */
  readonly signer?: string;
  readonly repository?: string;
  readonly ref?: string;
  readonly runner?: string;
  readonly trigger?: string;
}

const defaultSigner = `${generatorWorkflow}@refs/tags/v2.1.0`;

function certificateFor(claims: RunClaims): ReturnType<typeof makeLeaf> {
  const { signer = defaultSigner, repository = source, ref = 'refs/tags/v1.2.3' } = claims;
  return makeLeaf(world, {
    extensions: [
      purposeExtension('codeSigning'),
      signingKeyUsage(),
      namesExtension(signer),
      fulcioExtension(8, githubIssuer),
      fulcioExtension(9, signer),
      fulcioExtension(11, claims.runner ?? 'github-hosted'),
      fulcioExtension(12, repository),
      fulcioExtension(13, commit),
      fulcioExtension(14, ref),
      fulcioExtension(16, repository.slice(0, repository.lastIndexOf('/'))),
      fulcioExtension(20, claims.trigger ?? 'workflow_dispatch'),
      fulcioExtension(21, run),
    ],
  });
}

export interface PredicateLies {
  readonly builder?: string;
  readonly uri?: string;
  readonly commit?: string;
  readonly ref?: string;
  readonly invocation?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly baseRef?: string;
  readonly trigger?: string;
}

/** Predicate v0.2, as the generators write it. */
export function generatorPredicate(claims: RunClaims = {}, lies: PredicateLies = {}): Record<string, unknown> {
  const ref = lies.ref ?? claims.ref ?? 'refs/tags/v1.2.3';
  const uri = lies.uri ?? `git+${claims.repository ?? source}@${ref}`;
  return {
    builder: { id: lies.builder ?? claims.signer ?? defaultSigner },
    buildType: 'https://github.com/slsa-framework/slsa-github-generator/generic@v1',
    invocation: {
      configSource: { uri, digest: { sha1: lies.commit ?? commit }, entryPoint: '.github/workflows/release.yml' },
      environment: {
        github_event_name: lies.trigger ?? claims.trigger ?? 'workflow_dispatch',
        github_ref: ref,
        github_event_payload: { base_ref: lies.baseRef ?? null, inputs: lies.inputs ?? {} },
      },
    },
    metadata: { buildInvocationId: lies.invocation ?? '7-1' },
    materials: [{ uri, digest: { sha1: lies.commit ?? commit } }],
  };
}

/** Predicate v1, as the action of the service writes it. */
export function workflowPredicate(claims: RunClaims = {}, lies: PredicateLies = {}): Record<string, unknown> {
  const ref = lies.ref ?? claims.ref ?? 'refs/tags/v1.2.3';
  const repository = lies.uri ?? claims.repository ?? source;
  return {
    buildDefinition: {
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: {
        workflow: { ref, repository, path: '.github/workflows/release.yml', inputs: lies.inputs ?? {} },
      },
      internalParameters: { github: { event_name: lies.trigger ?? claims.trigger ?? 'workflow_dispatch' } },
      resolvedDependencies: [{ uri: `git+${repository}@${ref}`, digest: { gitCommit: lies.commit ?? commit } }],
    },
    runDetails: {
      builder: { id: lies.builder ?? claims.signer ?? defaultSigner },
      metadata: { invocationId: lies.invocation ?? run },
    },
  };
}

export function signedStatement(claims: RunClaims, payload: unknown): BundleJson {
  return statementBundle(world, { leaf: certificateFor(claims), payload });
}

/** A bundle of a trusted generator; what is in `lies` is signed all the same. */
export function generated(claims: RunClaims = {}, lies: PredicateLies = {}): BundleJson {
  const statement = statementOf(artifact, 'https://slsa.dev/provenance/v0.2');
  return signedStatement(claims, { ...statement, predicate: generatorPredicate(claims, lies) });
}

/** A bundle of the action of the service, in a workflow of the project. */
export function attested(claims: RunClaims = {}, lies: PredicateLies = {}): BundleJson {
  const own = { signer: `${ownWorkflow}@refs/tags/v1.2.3`, ...claims };
  return signedStatement(own, { ...statementOf(artifact), predicate: workflowPredicate(own, lies) });
}

export function testRoot(): TrustRoot {
  const root = trustRootOf(Buffer.from(JSON.stringify(trustedRootJson(world))));
  if (isRefusal(root)) throw new Error(root.message);
  return root;
}

export const trust: ProvenanceTrust = {
  trustRoots: [testRoot()],
  log: 'required',
  registryKeys: [],
  serviceKeys: new Map(),
  builders: trustedBuilders,
};

export const fromApp: ProvenanceExpectation = { sourceUri: 'github.com/acme/app' };

export function verifyBuild(
  document: BundleJson | string,
  expectation: ProvenanceExpectation = fromApp,
  about: Partial<ProvenanceTrust> & { readonly artifact?: Buffer } = {},
): ProvenanceResult {
  const { artifact: bytes = artifact, ...changed } = about;
  return verifyProvenance(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)), {
    artifact: artifactOf(bytes),
    expectation,
    trust: { ...trust, ...changed },
    time: now,
  });
}

/** `verified`, or the codes of all failures. */
export function codesOf(result: ProvenanceResult): string | readonly string[] {
  return result.kind === 'verified' ? 'verified' : result.failures.map(({ code }) => code);
}
