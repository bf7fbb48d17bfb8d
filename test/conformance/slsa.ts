// SPDX-License-Identifier: Apache-2.0
// Runs the regression tables of slsa-verifier. Cases without a log entry are run twice: as they stand they must be refused as unlogged, and with
// the log not asked for they must come to the verdict of the table. A refusal must have the reason that the table names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { collectProofs } from '../../src/apps/signatures/collect.ts';
import { withCosignTags } from '../../src/apps/signatures/cosign-layout.ts';
import { trustedBuilders } from '../../src/evidence/provenance/builders.ts';
import type { ProvenanceExpectation, ProvenanceTrust } from '../../src/evidence/provenance/expectation.ts';
import type { FailureCode } from '../../src/evidence/provenance/failure.ts';
import { failure } from '../../src/evidence/provenance/failure.ts';
import { anything, checkProof } from '../../src/evidence/provenance/proof-check.ts';
import { parseRegistryKeys } from '../../src/evidence/provenance/registry-keys.ts';
import type { ProvenanceRequest } from '../../src/evidence/provenance/request.ts';
import type { ProvenanceResult } from '../../src/evidence/provenance/result.ts';
import { refused } from '../../src/evidence/provenance/result.ts';
import { parseServiceKeys } from '../../src/evidence/provenance/service-keys.ts';
import { verifyProofs, verifyProvenance } from '../../src/evidence/provenance/verify.ts';
import { githubIssuer } from '../../src/evidence/provenance/verify-github.ts';
import type { Artifact } from '../../src/evidence/signatures/proof.ts';
import { isRefusal } from '../../src/evidence/signatures/refusal.ts';
import { trustRootOf } from '../../src/evidence/signatures/trust-root.ts';
import { parseInTotoStatement } from '../../src/formats/in-toto-statement.ts';
import { parseProvenanceDocuments } from '../../src/formats/provenance-document.ts';
import { provenanceTypes } from '../../src/formats/slsa-provenance.ts';
import { openOciDirectory } from '../../src/io/registry/oci-layout.ts';
import type { Digest } from '../../src/model/digest.ts';
import { parseDigest } from '../../src/model/digest.ts';
import { type CaseResult, type ConformanceCase, type ConformancePack, failed, passed } from './pack.ts';
import { unpackedRoot } from './unpack.ts';

interface SlsaCase {
  readonly kind: string;
  readonly name: string;
  readonly provenance: string;
  readonly offline: string;
  readonly subjects?: readonly { readonly sha256?: string; readonly sha512?: string }[] | null;
  readonly imageDigest?: string | null;
  readonly sourceUri?: string | null;
  readonly builderId?: string | null;
  readonly branch?: string | null;
  readonly tag?: string | null;
  readonly versionedTag?: string | null;
  readonly workflowInputs?: Readonly<Record<string, string>> | null;
  readonly packageName?: string | null;
  readonly packageVersion?: string | null;
  readonly expect: 'pass' | 'fail';
  readonly error?: string;
  readonly expectBuilderId?: string;
}

/** Which of our reasons say what an error of the table says. */
const reasons: Readonly<Record<string, readonly FailureCode[]>> = {
  ErrorInvalidDssePayload: ['DOCUMENT_MALFORMED', 'NOT_PROVED'],
  ErrorInvalidFormat: ['METADATA_MISMATCH', 'DOCUMENT_MALFORMED'],
  ErrorMismatchBuilderID: ['BUILDER_MISMATCH'],
  ErrorMismatchHash: ['DIGEST_MISMATCH'],
  ErrorMismatchIntoto: ['TEXT_MISMATCH'],
  ErrorMismatchSource: ['SOURCE_MISMATCH'],
  ErrorMismatchTag: ['TAG_MISMATCH'],
  ErrorMismatchVersionedTag: ['VERSIONED_TAG_MISMATCH'],
  ErrorNoValidSignature: ['NOT_PROVED'],
  ErrorVerifierNotSupported: ['BUILDER_MISMATCH', 'BUILDER_UNTRUSTED'],
  ErrorInvalidRef: ['REF_KIND', 'BUILDER_REF'],
  ErrorMismatchBranch: ['BRANCH_MISMATCH'],
  ErrorMismatchWorkflowInputs: ['INPUT_MISMATCH'],
  ErrorRekorSearch: ['NOT_PROVED'],
  ErrorUntrustedReusableWorkflow: ['BUILDER_UNTRUSTED', 'BUILDER_MISMATCH'],
  ErrorInvalidBuilderID: ['BUILDER_REQUIRED', 'BUILDER_MISMATCH', 'BUILDER_CONTRADICTION'],
  ErrorInvalidSignature: ['NOT_PROVED'],
  ErrorMismatchPackageName: ['PACKAGE_NAME_MISMATCH'],
  ErrorMismatchPackageVersion: ['PACKAGE_VERSION_MISMATCH'],
  ErrorNotSupported: ['BUILDER_UNTRUSTED', 'BUILDER_MISMATCH'],
  ErrorMutableImage: ['IMAGE_MUTABLE'],
};

/** Errors that come from the public log not being there, which is what the run with the log required shows. */
const logErrors: ReadonlySet<string> = new Set(['ErrorRekorSearch']);

function beside(root: string, pack: string, file: string): Buffer {
  const place = [join(root, pack, file), join(dirname(root), pack, file), join(unpackedRoot(pack) ?? root, file)].find(
    (path) => existsSync(path),
  );
  return readFileSync(place ?? file);
}

function trustOf(root: string): ProvenanceTrust {
  const trustRoot = trustRootOf(beside(root, 'sigstore', 'trusted_root.public-good.json'));
  const keys = parseRegistryKeys(beside(root, 'sigstore', 'npm-keys.public-good.json'));
  const folder = join(root, 'gcb-keys');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const service = parseServiceKeys(names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })));
  if (isRefusal(trustRoot)) throw new Error(trustRoot.message);
  if (keys.kind === 'malformed') throw new Error(keys.reason);
  if (service.kind === 'malformed') throw new Error(service.reason);
  return {
    trustRoots: [trustRoot],
    log: 'required',
    registryKeys: keys.value,
    serviceKeys: service.value,
    builders: trustedBuilders,
  };
}

function expectationOf(test: SlsaCase): ProvenanceExpectation {
  const { sourceUri, builderId, branch, tag, versionedTag, workflowInputs, packageName, packageVersion } = test;
  const given = { sourceUri, builderId, branch, tag, versionedTag, workflowInputs, packageName, packageVersion };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
}

function digestsOf(texts: readonly string[]): Digest[] {
  return texts.map((text) => parseDigest(text)).filter((digest) => digest !== undefined);
}

/** Every artefact is verified by itself, as the tool of the table does with several. */
function artifactsOf(test: SlsaCase): Artifact[] {
  if (test.imageDigest !== undefined && test.imageDigest !== null)
    return [{ digests: digestsOf([`sha256:${test.imageDigest.replace(/^sha256:/, '')}`]) }];
  return (test.subjects ?? []).map(({ sha256, sha512 }) => ({
    digests: digestsOf([
      ...(sha256 === undefined ? [] : [`sha256:${sha256}`]),
      ...(sha512 === undefined ? [] : [`sha512:${sha512}`]),
    ]),
  }));
}

/** Cases that are about a bundle alone name no artefact: the first subject is taken for one. */
function firstSubject(bytes: Buffer): Artifact {
  const documents = parseProvenanceDocuments(bytes);
  const document = documents.kind === 'parsed' ? documents.value[0] : undefined;
  if (document?.kind !== 'bundle' || document.bundle.content.kind !== 'envelope') return { digests: [] };
  const statement = parseInTotoStatement(document.bundle.content.envelope.payload);
  if (statement.kind === 'malformed') return { digests: [] };
  const digests = [...(statement.value.subjects[0]?.digest ?? [])].map(([algorithm, hex]) => `${algorithm}:${hex}`);
  return { digests: digestsOf(digests) };
}

async function verifyLayout(path: string, request: ProvenanceRequest): Promise<ProvenanceResult> {
  const store = withCosignTags(openOciDirectory(path));
  const image = request.artifact.digests[0];
  if (image === undefined) return refused(failure('IMAGE_MUTABLE', 'no digest'));
  const found = await collectProofs(store, { image, kinds: ['attestation'] });
  store.close();
  if (found.kind !== 'found') return refused(failure('NOT_PROVED', 'no proofs'));
  const proofs = found.value.proofs.flatMap(({ content }) =>
    content.kind === 'proof' ? [content.proof] : content.kind === 'bundle' ? [content.bundle] : [],
  );
  return verifyProofs(proofs, request);
}

async function verifyOnce(root: string, test: SlsaCase, trust: ProvenanceTrust): Promise<ProvenanceResult> {
  const path = join(root, test.provenance);
  const artifacts = artifactsOf(test);
  let last: ProvenanceResult = refused(failure('IMAGE_MUTABLE', 'the image is named without a digest'));
  for (const artifact of artifacts) {
    const request = { artifact, expectation: expectationOf(test), trust, time: Date.now() };
    last = existsSync(join(path, 'index.json'))
      ? await verifyLayout(path, request)
      : verifyProvenance(readFileSync(path), request);
    if (last.kind === 'refused') return last;
  }
  return last;
}

function judge(test: SlsaCase, result: ProvenanceResult): CaseResult {
  const actual = result.kind === 'verified' ? 'pass' : 'fail';
  if (actual !== test.expect)
    return failed([test.expect, test.error], result.kind === 'refused' ? result.failures : 'verified');
  if (result.kind === 'verified') {
    const builder = test.expectBuilderId;
    return builder === undefined || builder === result.build.builderId
      ? passed
      : failed(builder, result.build.builderId);
  }
  const accepted = reasons[test.error ?? ''];
  const codes = result.failures.map(({ code }) => code);
  return accepted === undefined || codes.some((code) => accepted.includes(code))
    ? passed
    : failed(test.error, result.failures);
}

/** Cases about a bundle alone ask for its signature, whoever made it from whatever. */
function runBundle(root: string, test: SlsaCase, trust: ProvenanceTrust): CaseResult {
  const bytes = readFileSync(join(root, test.provenance));
  const documents = parseProvenanceDocuments(bytes);
  const document = documents.kind === 'parsed' ? documents.value[0] : undefined;
  const identities = [{ subject: anything, issuer: { kind: 'exact', value: githubIssuer } as const }];
  const predicateTypes = Object.values(provenanceTypes);
  const signature =
    document?.kind === 'bundle'
      ? checkProof(document.bundle, {
          artifact: firstSubject(bytes),
          identities,
          predicateTypes,
          trust,
          time: Date.now(),
        })
      : documents;
  const actual = signature.kind === 'sigstore' ? 'pass' : 'fail';
  return actual === test.expect ? passed : failed(test.expect, signature.kind === 'sigstore' ? 'verified' : signature);
}

async function runTest(root: string, test: SlsaCase, trust: ProvenanceTrust): Promise<CaseResult> {
  if (test.kind === 'bundle-only') return runBundle(root, test, trust);
  const strict = await verifyOnce(root, test, trust);
  if (test.offline !== 'no-log-proof') return judge(test, strict);
  const isUnlogged = strict.kind === 'refused' && strict.failures.some(({ refusal }) => refusal === 'LOG_MISSING');
  if (!isUnlogged) return failed('refused as unlogged', strict.kind === 'refused' ? strict.failures : 'verified');
  if (logErrors.has(test.error ?? '')) return judge(test, strict);
  return judge(test, await verifyOnce(root, test, { ...trust, log: 'not-asked-for' }));
}

export const slsaPack: ConformancePack = {
  name: 'slsa',
  cases(root) {
    const trust = trustOf(root);
    const tests = JSON.parse(readFileSync(join(root, 'cases.json'), 'utf8')) as SlsaCase[];
    return tests.map((test, index): ConformanceCase => {
      const id = `${test.provenance}: ${test.name} by ${test.builderId ?? 'any builder'} #${index}`;
      return { id, run: () => runTest(root, test, trust) };
    });
  },
};
