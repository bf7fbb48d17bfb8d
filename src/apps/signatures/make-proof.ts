// SPDX-License-Identifier: Apache-2.0
// Makes one proof: signs, enters the signature into logs, has it timestamped, and checks that what the services answered is about this very signature
// before anything is published. Order as in Sigstore's client specification (spec/client-spec.md, "Signing").
import { hash, randomBytes } from 'node:crypto';
import { checkEntryMatch } from '../../evidence/signatures/log-entry-match.ts';
import { publicKeyOf } from '../../evidence/signatures/public-key.ts';
import { isRefusal } from '../../evidence/signatures/refusal.ts';
import { preAuthenticationEncoding } from '../../formats/dsse.ts';
import { inTotoPayloadType } from '../../formats/in-toto-statement.ts';
import type { LogSubmission } from '../../formats/rekor-request.ts';
import type { SigstoreBundle } from '../../formats/sigstore-bundle.ts';
import { parseSigstoreBundle } from '../../formats/sigstore-bundle.ts';
import type { LogEntryJson } from '../../formats/sigstore-bundle-print.ts';
import { formatSigstoreBundle } from '../../formats/sigstore-bundle-print.ts';
import type { ServiceClient } from '../../io/service.ts';
import type { CertificateChain } from '../../io/signing/certificate-authority.ts';
import type { Signer } from '../../io/signing/signer.ts';
import { requestTimestamp } from '../../io/signing/timestamp-authority.ts';
import { enterIntoLog } from '../../io/signing/transparency-log.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { ChosenServices } from './signing-services.ts';

/** Who signs, and the certificate that says so, when there is one. */
export interface Credential {
  readonly signer: Signer;
  readonly chain: CertificateChain | undefined;
}

export type ToSign =
  /** A plain signature over bytes: a blob, or a simple-signing payload. */
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  /** The payload of an envelope: an in-toto statement. */
  | { readonly kind: 'statement'; readonly payload: Buffer };

export interface ProofRequest {
  readonly toSign: ToSign;
  readonly credential: Credential;
  readonly services: Pick<ChosenServices, 'logs' | 'timestampAuthorities'>;
  readonly client: ServiceClient;
  /** Where the proof is kept: in a bundle, or in a layer of the older kind, whose timestamps cover the whole envelope (matches cosign attest). */
  readonly form: 'bundle' | 'layer';
}

export interface MadeProof {
  readonly signature: Buffer;
  /** JSON text, of statements only. */
  readonly envelope: string | undefined;
  readonly chain: CertificateChain | undefined;
  readonly publicKey: Buffer;
  /** JSON text of a bundle 0.3. */
  readonly bundleText: string;
  /** The same, read back. */
  readonly bundle: SigstoreBundle;
  readonly logEntries: readonly LogEntryJson[];
  readonly timestamps: readonly Buffer[];
}

/** Throws SIGNING_FAILED, NETWORK_FAILED and what the keeper of the key comes to. */
export async function makeProof({ toSign, credential, services, client, form }: ProofRequest): Promise<MadeProof> {
  const signer = signerFor(credential.signer, { toSign, services });
  const isMessage = toSign.kind === 'message';
  const bytes = isMessage ? toSign.bytes : preAuthenticationEncoding(inTotoPayloadType, toSign.payload);
  const signature = await signer.sign(bytes);
  const digest = hash(signer.algorithm.hash, bytes, 'buffer');
  const envelope = isMessage ? undefined : envelopeText(toSign.payload, signature);
  const leaf = credential.chain?.[0];
  const submission: LogSubmission = {
    content:
      envelope === undefined
        ? { kind: 'message', algorithm: signer.algorithm.hash, digest, signature }
        : { kind: 'envelope', text: envelope },
    verifier:
      leaf === undefined
        ? { kind: 'key', encoded: signer.publicKey }
        : { kind: 'certificate', encoded: Buffer.from(leaf.encoded) },
    details: signer.algorithm.details,
  };
  // The timestamp first: a log of version 2 gives no time, and a certificate lives for minutes.
  const stamped = form === 'layer' && envelope !== undefined ? Buffer.from(envelope) : signature;
  const timestamps: Buffer[] = [];
  for (const url of services.timestampAuthorities)
    timestamps.push(await requestTimestamp(client, { url, stamped, nonce: randomBytes(8) }));
  const logEntries: LogEntryJson[] = [];
  for (const place of services.logs) logEntries.push(await enterIntoLog(client, place, submission));
  const bundleText = formatSigstoreBundle({
    material:
      leaf === undefined
        ? { kind: 'key', publicKey: signer.publicKey }
        : { kind: 'certificate', encoded: leaf.encoded },
    content: isMessage
      ? { kind: 'message', algorithm: signer.algorithm.hash, digest, signature }
      : { kind: 'envelope', payloadType: inTotoPayloadType, payload: toSign.payload, signature },
    logEntries,
    timestamps,
  });
  const bundle = readBack(bundleText);
  checkEntries(bundle, { signer, bytes, signature, payload: isMessage ? undefined : toSign.payload });
  return {
    signature,
    envelope,
    chain: credential.chain,
    publicKey: signer.publicKey,
    bundleText,
    bundle,
    logEntries,
    timestamps,
  };
}

/**
 * Logs are told the digest of a message only, so what goes into one is signed with Ed25519ph. Without a log plain Ed25519 is what others verify: real
 * Cosign refuses the other (test/e2e/interop.test.ts). Envelopes are always signed with Ed25519.
 */
function signerFor(signer: Signer, { toSign, services }: Pick<ProofRequest, 'toSign' | 'services'>): Signer {
  const isLogged = services.logs.length > 0;
  return toSign.kind === 'message' && isLogged ? (signer.prehashed ?? signer) : signer;
}

/** The form that Go writes, which Cosign's logs and readers have always seen. */
function envelopeText(payload: Buffer, signature: Buffer): string {
  return JSON.stringify({
    payloadType: inTotoPayloadType,
    payload: payload.toString('base64'),
    signatures: [{ sig: signature.toString('base64') }],
  });
}

function readBack(text: string): SigstoreBundle {
  const parsed = parseSigstoreBundle(Buffer.from(text));
  if (parsed.kind === 'parsed') return parsed.value;
  throw failed(`what the services answered is not of the form of a bundle: ${parsed.reason}`);
}

interface SignedFacts {
  readonly signer: Signer;
  readonly bytes: Uint8Array;
  readonly signature: Buffer;
  readonly payload: Buffer | undefined;
}

/** A log that entered something else has not entered this. */
function checkEntries(
  { logEntries, material }: SigstoreBundle,
  { signer, bytes, signature, payload }: SignedFacts,
): void {
  const key = publicKeyOf(signer.publicKey);
  if (isRefusal(key)) throw failed(key.message);
  for (const { entry } of logEntries) {
    const mismatch = checkEntryMatch(entry, {
      signature,
      signer:
        material.kind === 'certificate'
          ? { kind: 'certificate', certificate: material.certificates[0] }
          : { kind: 'key', key },
      signedDigest: (algorithm) => hash(algorithm, bytes, 'buffer'),
      payload,
      storedEnvelope: undefined,
    });
    if (mismatch !== undefined) throw failed(`the transparency log: ${mismatch.message}`);
  }
}

function failed(message: string): LandwaiterError {
  return new LandwaiterError({ code: 'SIGNING_FAILED', message });
}
