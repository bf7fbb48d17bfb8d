// SPDX-License-Identifier: Apache-2.0
// What `verify-blob` and `verify-blob-attestation` share: the artifact and its proof from files, one verdict, its output.
import { createHash, hash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import type { SignaturePolicy } from '../../evidence/signatures/policy.ts';
import type { Artifact } from '../../evidence/signatures/proof.ts';
import { artifactOf } from '../../evidence/signatures/proof.ts';
import { refuse } from '../../evidence/signatures/refusal.ts';
import type { Verification, VerificationRequest, Verified } from '../../evidence/signatures/verify.ts';
import { verifyBundle, verifySignature } from '../../evidence/signatures/verify.ts';
import { decodeBase64 } from '../../formats/base64.ts';
import type { BlobClaim } from '../../formats/cosign-blob.ts';
import { parseBlobParts, parseCosignBlobBundle } from '../../formats/cosign-blob.ts';
import { parseContentDigest } from '../../formats/oci/reference.ts';
import { reportTime } from '../../io/clock.ts';
import { localDisk } from '../../io/disk.ts';
import { fileChunks } from '../../io/file-chunks.ts';
import { storedFolder } from '../../io/stored-files.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import { GraphBuilder } from '../../model/graph.ts';
import { defaultLimits } from '../../model/limits.ts';
import { signPredicateType } from '../signatures/attachment.ts';
import { recordSignatures } from '../signatures/record-signatures.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { readText } from './database.ts';
import { writeEvidence } from './evidence-file.ts';
import { plainOutput } from './outputs.ts';
import { requestedPolicy } from './signature-policy.ts';
import { usage } from './usage.ts';
import { checkedText, historyText, refusalText, signerText } from './verification-output.ts';

export interface FileWish {
  readonly values: FlagValues;
  readonly claim: BlobClaim;
  readonly predicateTypes?: readonly string[];
}

/** Returns the exit status. Throws USAGE, INPUT_UNREADABLE. */
export async function verifyFile(
  context: CommandContext,
  operands: readonly string[],
  wish: FileWish,
): Promise<number> {
  const { values, claim, predicateTypes } = wish;
  const named = values.text('digest');
  const [operand = named, ...rest] = operands;
  if (operand === undefined || rest.length > 0 || (named !== undefined && operands.length > 0))
    throw usage(
      'exactly one file, or a digest, is to be verified',
      'landwaiter verify-blob --bundle FILE.sigstore.json FILE',
    );
  const output = plainOutput(values, context, 'verification');
  const artifact = await artifactNamed(context, operand);
  const requested = await requestedPolicy(context, values);
  const policy: SignaturePolicy =
    predicateTypes === undefined ? requested.policy : { ...requested.policy, predicateTypes };
  const proof = readProofFiles(context, values);
  const request = { artifact, policy, trustRoot: requested.trustRoot, time: context.clock.now() };
  const verdict = judge(proof, claim, request);
  if (verdict.kind === 'refused') {
    const text = `${operand}: ${refusalText(verdict)}\n`;
    if (output.form === 'json') output.write(`${JSON.stringify({ verified: false, ...verdict })}\n`);
    else output.write(text);
    return 1;
  }
  const history = historyText(verdict);
  const what =
    verdict.claim.kind === 'statement'
      ? `has the attestation ${verdict.claim.statement.predicateType}, signed by`
      : 'is signed by';
  if (output.form === 'json') output.write(`${JSON.stringify(verdictJson(verdict), undefined, 2)}\n`);
  else
    output.write(
      `${operand} ${what} ${signerText(verdict.signer)}${history === '' ? '' : `, ${history}`}\n  checked: ${checkedText(policy)}\n`,
    );
  const graph = new GraphBuilder();
  recordSignatures(
    graph,
    { kind: 'file', name: operand, artifact },
    {
      ...requested,
      policy,
      observedAt: reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']),
      signatures: [{ verified: verdict, proofDigest: `sha256:${hash('sha256', proof.bytes)}` }],
    },
  );
  await writeEvidence(context, values.text('evidence'), graph);
  return 0;
}

function verdictJson({ signer, claim, times, logEntries }: Verified): unknown {
  return {
    verified: true,
    signer,
    ...(claim.kind === 'statement'
      ? { predicateType: claim.statement.predicateType, predicate: claim.statement.predicate }
      : {}),
    times: times.map((item) => ({ ...item, time: new Date(item.time).toISOString() })),
    logEntries,
  };
}

type ProofFiles =
  | { readonly kind: 'bundle'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'parts';
      readonly bytes: Uint8Array;
      readonly certificate: string | undefined;
      readonly timestamp: Uint8Array | undefined;
    };

function readProofFiles(context: CommandContext, values: FlagValues): ProofFiles {
  const [bundle, signature] = [values.text('bundle'), values.text('signature')];
  if ((bundle === undefined) === (signature === undefined))
    throw usage('the proof is named by --bundle FILE or by --signature FILE', 'one of them, not both');
  const [certificate, timestamp] = [values.text('certificate'), values.text('rfc3161-timestamp')];
  if (bundle !== undefined) {
    if (certificate !== undefined || timestamp !== undefined)
      throw usage('a bundle brings certificate and timestamp along', 'leave out --certificate and --rfc3161-timestamp');
    return { kind: 'bundle', bytes: readFile(context, bundle) };
  }
  return {
    kind: 'parts',
    bytes: signatureBytes(context, signature ?? ''),
    certificate: certificate === undefined ? undefined : readText(context, certificate),
    timestamp: timestamp === undefined ? undefined : readFile(context, timestamp),
  };
}

/** A path, or as with Cosign the signature itself. */
function signatureBytes(context: CommandContext, word: string): Uint8Array {
  if (localDisk.kindOf(resolve(context.cwd, word)) !== undefined) return readFile(context, word);
  const literal = word.length >= 80 ? decodeBase64(word) : undefined;
  return literal ?? readFile(context, word);
}

function readFile({ cwd }: CommandContext, path: string): Uint8Array {
  const result = localDisk.read(resolve(cwd, path), defaultLimits.attestationBytes);
  if (result.kind === 'bytes') return result.bytes;
  const reason = result.kind === 'unreadable' ? result.reason : `larger than ${defaultLimits.attestationBytes} bytes`;
  throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `${path}: ${reason}` });
}

function judge(files: ProofFiles, claim: BlobClaim, request: Omit<VerificationRequest, 'proof'>): Verification {
  if (files.kind === 'bundle' && !isOlderBundle(files.bytes)) return judgeBundle(files.bytes, claim, request);
  const parsed =
    files.kind === 'bundle'
      ? parseCosignBlobBundle(files.bytes, claim)
      : parseBlobParts(
          {
            signature: files.bytes,
            ...(files.certificate === undefined ? {} : { certificate: files.certificate }),
            ...(files.timestamp === undefined ? {} : { timestamp: files.timestamp }),
          },
          claim,
        );
  if (parsed.kind === 'malformed') return refuse('PROOF_MALFORMED', parsed.reason);
  return verifySignature({ ...request, proof: parsed.value });
}

/** A bundle of either kind may hold either content; only the one that was asked for counts. */
function judgeBundle(bytes: Uint8Array, claim: BlobClaim, request: Omit<VerificationRequest, 'proof'>): Verification {
  const verdict = verifyBundle(bytes, request);
  if (verdict.kind === 'refused') return verdict;
  const type = verdict.claim.kind === 'statement' ? verdict.claim.statement.predicateType : undefined;
  if (claim === 'statement')
    return type === undefined ? refuse('PREDICATE_TYPE', 'a plain signature makes no claim') : verdict;
  return type === undefined || type === signPredicateType
    ? verdict
    : refuse('PREDICATE_TYPE', 'the bundle is no signature but an attestation (verify-blob-attestation)');
}

/** The older form has no media type. */
function isOlderBundle(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, defaultLimits.configBytes)).toString('latin1');
  return head.includes('"base64Signature"') && !head.includes('"mediaType"');
}

async function artifactNamed(context: CommandContext, operand: string): Promise<Artifact> {
  if (operand === '-') return artifactOf(await context.readStdin());
  const path = resolve(context.cwd, operand);
  const digest = parseContentDigest(operand);
  if (digest !== undefined && localDisk.kindOf(path) === undefined) return { digests: [digest] };
  const result = localDisk.read(path, defaultLimits.documentBytes);
  if (result.kind === 'bytes') return artifactOf(result.bytes);
  if (result.kind === 'unreadable')
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `${operand}: ${result.reason}` });
  return { digests: await digestsOf(path) };
}

/** Digests of a file that is too large to be held in memory. */
async function digestsOf(path: string): Promise<readonly Digest[]> {
  const hashes = ['sha256', 'sha384', 'sha512'].map((name) => ({ name, hash: createHash(name) }));
  const length = storedFolder(dirname(path)).size(basename(path)) ?? 0;
  for await (const chunk of fileChunks({ file: path, offset: 0, length }))
    for (const { hash: one } of hashes) one.update(chunk);
  return hashes.flatMap(({ name, hash: one }) => parseContentDigest(`${name}:${one.digest('hex')}`) ?? []);
}
