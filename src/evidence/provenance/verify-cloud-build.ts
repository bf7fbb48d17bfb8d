// SPDX-License-Identifier: Apache-2.0
// Provenance of Google Cloud Build as `gcloud artifacts docker images describe --show-provenance` prints it: signed with keys of the service in
// two ways (over the payload itself, later over the DSSE encoding), with a clear text beside it that is shown to people and must say the same.
import { asObject, asString, type JsonObject } from '../../formats/document.ts';
import { preAuthenticationEncoding } from '../../formats/dsse.ts';
import { type InTotoStatement, inTotoPayloadType, parseInTotoStatement } from '../../formats/in-toto-statement.ts';
import { parseJson } from '../../formats/json.ts';
import type { CloudBuildEntry, ProvenanceDocument } from '../../formats/provenance-document.ts';
import type { SlsaProvenance } from '../../formats/slsa-provenance.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import { parseDigest } from '../../model/digest.ts';
import type { Artifact } from '../signatures/proof.ts';
import { artifactDigest } from '../signatures/proof.ts';
import { isSignatureOf } from '../signatures/signature.ts';
import { builderIdOf, findBuilder, isBuilderAskedFor } from './builders.ts';
import type { ServiceKey } from './expectation.ts';
import type { Failure } from './failure.ts';
import { failure } from './failure.ts';
import { findLevel } from './level.ts';
import { checkReference } from './reference-checks.ts';
import type { ProvenanceRequest } from './request.ts';
import { predicateTypesOf, provenanceOf } from './request.ts';
import type { ProvenanceResult } from './result.ts';
import { concluded, refused } from './result.ts';
import { sourceLocation } from './source-uri.ts';
import { checkLevel } from './verify-github.ts';

type CloudBuildDocument = Extract<ProvenanceDocument, { readonly kind: 'cloud-build' }>;

/** Verifies every record until one holds; the failures are those of the record that got furthest. */
export function verifyCloudBuild(document: CloudBuildDocument, request: ProvenanceRequest): ProvenanceResult {
  let reason: ProvenanceResult | undefined;
  for (const entry of document.entries) {
    const result = verifyEntry(document, entry, request);
    if (result.kind === 'verified') return result;
    if (reason?.kind !== 'refused' || reason.failures[0].code === 'NOT_PROVED') reason = result;
  }
  return reason ?? refused(failure('NOT_PROVED', 'the output holds no provenance'));
}

function verifyEntry(
  document: CloudBuildDocument,
  entry: CloudBuildEntry,
  request: ProvenanceRequest,
): ProvenanceResult {
  const signedBy = signerOf(entry, request.trust.serviceKeys);
  if (signedBy === undefined) return refused(failure('NOT_PROVED', 'no signature is by a known key of the service'));
  if (entry.payloadType !== inTotoPayloadType)
    return refused(failure('PREDICATE_TYPE', 'the envelope holds something else', { actual: entry.payloadType }));
  const parsed = parseInTotoStatement(entry.payload);
  if (parsed.kind === 'malformed') return refused(failure('PREDICATE_MALFORMED', parsed.reason));
  const statement = parsed.value;
  if (!predicateTypesOf(request.expectation).includes(statement.predicateType))
    return refused(failure('PREDICATE_TYPE', 'another type of statement', { actual: statement.predicateType }));
  const provenance = provenanceOf(statement);
  if ('code' in provenance) return refused(provenance);
  return judge({ document, entry, request, statement, provenance, ...signedBy });
}

function signerOf(
  { signatures, payload, payloadType }: CloudBuildEntry,
  keys: ReadonlyMap<string, ServiceKey>,
): { readonly keyId: string; readonly key: ServiceKey } | undefined {
  for (const { keyId, signature } of signatures) {
    const key = keys.get(keyId);
    if (key === undefined || signature === undefined) continue;
    const bytes = key.signs === 'payload' ? payload : preAuthenticationEncoding(payloadType, payload);
    if (isSignatureOf(key.key, bytes, signature)) return { keyId, key };
  }
  return undefined;
}

interface SignedEntry {
  readonly document: CloudBuildDocument;
  readonly entry: CloudBuildEntry;
  readonly request: ProvenanceRequest;
  readonly statement: InTotoStatement;
  readonly provenance: SlsaProvenance;
  readonly keyId: string;
  readonly key: ServiceKey;
}

function judge(signed: SignedEntry): ProvenanceResult {
  const { document, entry, request, statement, provenance, keyId, key } = signed;
  const { artifact, expectation, trust } = request;
  const builder = builderIdOf(provenance.builderId);
  const row = findBuilder(builder.id, trust.builders);
  const facts = factsOf(provenance);
  const level = findLevel({
    row: row?.kind === 'service' ? row : undefined,
    runner: undefined,
    isReleased: true,
    // The service is asked for what it stored; its keys have no end of validity that a log would have to bridge.
    isLogged: true,
    builder: provenance.builderId,
  });
  const failures = [
    ...checkSubjects(statement, artifact),
    ...checkRecord(document, entry, artifact),
    ...checkText(entry, statement),
    ...checkBuilder(provenance, expectation.builderId, row?.kind === 'service'),
    ...checkSource(facts.source, expectation.sourceUri),
    ...checkReference({ ref: facts.ref, baseRef: undefined }, expectation),
    ...(expectation.workflowInputs === undefined
      ? []
      : [failure('NOT_STATED', 'builds of this service have no workflow inputs')]),
    ...(expectation.github === undefined && expectation.certificate === undefined
      ? []
      : [failure('NOT_STATED', 'this service signs with keys; there is no certificate that names a signer')]),
    ...checkLevel(level.level, expectation),
  ];
  return concluded(failures, () => ({
    kind: 'verified',
    statement,
    provenance,
    build: {
      builderId: builder.id,
      builderRef: builder.ref,
      source: facts.source,
      commit: facts.commit,
      ref: facts.ref,
      run: provenance.invocationId,
    },
    level,
    signature: { kind: 'service-key', keyId, fingerprint: key.key.fingerprint },
  }));
}

interface CloudBuildFacts {
  readonly source: string | undefined;
  readonly commit: string | undefined;
  readonly ref: string | undefined;
}

function factsOf({ parameters, environment, dependencies, version }: SlsaProvenance): CloudBuildFacts {
  const [first] = dependencies;
  const located = first === undefined ? undefined : sourceLocation(first.uri);
  // v1 keeps what the service filled in apart from what the user may set (cloud.google.com/build/gcb-buildtypes/google-worker/v1).
  const substitutions = asObject(version === '1' ? environment['systemSubstitutions'] : parameters['substitutions']);
  const tag = asString(substitutions?.['TAG_NAME']);
  const branch = asString(substitutions?.['BRANCH_NAME']);
  const configured = asString(asObject(parameters['buildConfigSource'])?.['ref']);
  return {
    source: located?.location,
    commit: first?.digest.get('gitCommit') ?? first?.digest.get('sha1'),
    ref:
      tag !== undefined
        ? `refs/tags/${tag}`
        : branch !== undefined
          ? `refs/heads/${branch}`
          : (located?.ref ?? (configured?.startsWith('refs/') === true ? configured : undefined)),
  };
}

function checkSubjects({ subjects }: InTotoStatement, artifact: Artifact): Failure[] {
  const actual = artifactDigest(artifact, 'sha256')?.toString('hex');
  return actual !== undefined && subjects.some(({ digest }) => digest.get('sha256') === actual)
    ? []
    : [failure('DIGEST_MISMATCH', 'the image is not a subject of the statement')];
}

/** The record is not signed. It must be of a build and of this image, so that nobody reads it as being about another one. */
function checkRecord(document: CloudBuildDocument, entry: CloudBuildEntry, artifact: Artifact): Failure[] {
  const hex = artifactDigest(artifact, 'sha256')?.toString('hex') ?? '';
  const expected = `sha256:${hex}`;
  const failures: Failure[] = [];
  if (entry.kind !== 'BUILD')
    failures.push(
      failure('METADATA_MISMATCH', 'the record is not of a build', { expected: 'BUILD', actual: entry.kind }),
    );
  for (const uri of [entry.resourceUri, document.imageName])
    if (!uri.endsWith(`@${expected}`))
      failures.push(failure('DIGEST_MISMATCH', 'the record is about another image', { expected, actual: uri }));
  if (parseDigest(document.imageDigest) !== expected)
    failures.push(
      failure('DIGEST_MISMATCH', 'the summary is about another image', { expected, actual: document.imageDigest }),
    );
  return failures;
}

function checkText({ text, payload }: CloudBuildEntry, statement: InTotoStatement): Failure[] {
  const signed = asObject(parseJson(payload.toString('utf8'), 'payload').value);
  if (text === undefined || signed === undefined) return [failure('TEXT_MISMATCH', 'there is no clear text')];
  const isSame =
    text['_type'] === signed['_type'] &&
    text['predicateType'] === statement.predicateType &&
    isEqual(text['subject'], signed['subject']) &&
    isEqual(predicateIn(text), signed['predicate']) &&
    (!Object.hasOwn(signed, 'slsaProvenance') || isEqual(signed['slsaProvenance'], signed['predicate']));
  return isSame ? [] : [failure('TEXT_MISMATCH', 'the clear text says something else than the signed statement')];
}

function predicateIn(text: JsonObject): unknown {
  return text['predicate'] ?? text['slsaProvenance'];
}

function isEqual(first: unknown, second: unknown): boolean {
  return canonicalJson(first) === canonicalJson(second);
}

function checkBuilder(provenance: SlsaProvenance, asked: string | undefined, isService: boolean): Failure[] {
  const actual = provenance.builderId;
  if (asked !== undefined && !isBuilderAskedFor(builderIdOf(actual), asked))
    return [failure('BUILDER_MISMATCH', 'another builder made it', { expected: asked, actual })];
  return isService
    ? []
    : [failure('BUILDER_UNTRUSTED', 'not a builder that signs with keys of this service', { actual })];
}

function checkSource(source: string | undefined, sourceUri: string | undefined): Failure[] {
  if (sourceUri === undefined) return [];
  const expected = sourceLocation(sourceUri)?.location;
  if (expected !== undefined && expected === source) return [];
  return [
    failure('SOURCE_MISMATCH', 'built from another source', {
      expected: sourceUri,
      actual: source ?? 'no address of a source',
    }),
  ];
}
