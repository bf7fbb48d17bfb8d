// SPDX-License-Identifier: Apache-2.0
// Sigstore bundles 0.1 to 0.3 (sigstore/protobuf-specs, sigstore_bundle.proto): everything needed to verify one signature offline. Reads the
// form and the rules that a version sets for its fields; what the proof is worth is decided in src/evidence/signatures.
import { defaultLimits } from '../model/limits.ts';
import type { Checkpoint } from './checkpoint.ts';
import { parseCheckpoint } from './checkpoint.ts';
import type { DsseEnvelope } from './dsse.ts';
import { readDsseEnvelope } from './dsse.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import type { HashName, RekorEntry } from './rekor-entry.ts';
import { parseRekorEntry, rawHashName } from './rekor-entry.ts';
import { MemberReader, parseStrictJson } from './strict-json.ts';
import type { Certificate } from './x509.ts';
import { parseCertificate } from './x509.ts';

export type BundleVersion = '0.1' | '0.2' | '0.3';

export type BundleMaterial =
  /** `certificates[0]` is the leaf. `form` says how the bundle holds it: 0.3 knows single certificates only. */
  | {
      readonly kind: 'certificate';
      readonly form: 'single' | 'chain';
      readonly certificates: readonly [Certificate, ...Certificate[]];
    }
  | { readonly kind: 'key'; readonly hint: string };

export type BundleContent =
  | {
      readonly kind: 'message';
      /** An unsigned hint about the artifact; it must not contradict. */
      readonly digest: { readonly algorithm: HashName; readonly value: Buffer } | undefined;
      readonly signature: Buffer;
    }
  | {
      readonly kind: 'envelope';
      readonly envelope: DsseEnvelope;
      /** The envelope as it was stored, when it was stored by itself (older Cosign layout). */
      readonly stored: Buffer | undefined;
    };

export interface InclusionProof {
  readonly logIndex: number;
  readonly treeSize: number;
  readonly rootHash: Buffer;
  readonly hashes: readonly Buffer[];
  readonly checkpoint: Checkpoint;
}

export interface LogEntry {
  readonly logIndex: number;
  readonly logId: Buffer;
  /** Seconds since 1970; 0 when the log gives none. Only the signed entry timestamp vouches for it. */
  readonly integratedTime: number;
  readonly signedEntryTimestamp: Buffer | undefined;
  readonly inclusionProof: InclusionProof | undefined;
  readonly body: Buffer;
  readonly entry: RekorEntry;
}

export interface SigstoreBundle {
  readonly version: BundleVersion;
  readonly material: BundleMaterial;
  readonly content: BundleContent;
  readonly logEntries: readonly LogEntry[];
  /** RFC 3161 responses in DER. */
  readonly timestamps: readonly Buffer[];
}

const versions: Readonly<Record<string, BundleVersion>> = {
  'application/vnd.dev.sigstore.bundle+json;version=0.1': '0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2': '0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.3': '0.3',
  'application/vnd.dev.sigstore.bundle.v0.3+json': '0.3',
};

/** Reads one bundle. Unknown members are ignored, as the format asks; members that stand twice are refused. */
export function parseSigstoreBundle(bytes: Uint8Array): Parsed<SigstoreBundle> {
  return parsing(() => {
    const limits = { bytes: defaultLimits.attestationBytes, depth: 32 };
    const root = new MemberReader(required(parseStrictJson(bytes, limits), 'bundle'));
    const mediaType = root.text('mediaType');
    const version = Object.hasOwn(versions, mediaType) ? versions[mediaType] : undefined;
    if (version === undefined) return root.fail('mediaType', 'not a bundle of version 0.1, 0.2 or 0.3');
    const material = root.member('verificationMaterial');
    const timestamps = material.optionalMember('timestampVerificationData');
    return {
      version,
      material: readMaterial(material, version),
      content: readContent(root),
      logEntries: material
        .members('tlogEntries', defaultLimits.logEntriesPerSignature)
        .map((entry) => readLogEntry(entry, version)),
      timestamps: (timestamps?.members('rfc3161Timestamps', defaultLimits.timestampsPerSignature) ?? []).map((item) =>
        // Tools paste the output of base64(1) here, with its line breaks; nothing is bound to this spelling.
        item.bytes('signedTimestamp', (text) => text.replaceAll('\n', '')),
      ),
    };
  });
}

function readMaterial(material: MemberReader, version: BundleVersion): BundleMaterial {
  const chain = material.optionalMember('x509CertificateChain');
  const single = material.optionalMember('certificate');
  const key = material.optionalMember('publicKey');
  if ([chain, single, key].filter((item) => item !== undefined).length !== 1)
    return malformed(
      'verificationMaterial: exactly one of certificate, x509CertificateChain and publicKey is required',
    );
  if (key !== undefined) return { kind: 'key', hint: key.optionalText('hint') ?? '' };
  if (single !== undefined) {
    if (version !== '0.3') material.fail('certificate', `not a member of version ${version}`);
    return { kind: 'certificate', form: 'single', certificates: [readCertificate(single)] };
  }
  const [leaf, ...others] = (chain?.members('certificates', defaultLimits.certificateChain) ?? []).map(readCertificate);
  if (leaf === undefined) return malformed('x509CertificateChain: at least one certificate is required');
  return { kind: 'certificate', form: 'chain', certificates: [leaf, ...others] };
}

/** An `X509Certificate` message. */
export function readCertificate(object: MemberReader): Certificate {
  return required(parseCertificate(object.bytes('rawBytes')), 'certificate');
}

function readContent(root: MemberReader): BundleContent {
  const message = root.optionalMember('messageSignature');
  const envelope = root.optionalMember('dsseEnvelope');
  if (envelope !== undefined && message === undefined)
    return { kind: 'envelope', envelope: readDsseEnvelope(envelope), stored: undefined };
  if (message === undefined || envelope !== undefined)
    return malformed('exactly one of messageSignature and dsseEnvelope is required');
  const digest = message.optionalMember('messageDigest');
  return {
    kind: 'message',
    digest:
      digest === undefined ? undefined : { algorithm: rawHashName(digest, 'algorithm'), value: digest.bytes('digest') },
    signature: message.bytes('signature'),
  };
}

function readLogEntry(object: MemberReader, version: BundleVersion): LogEntry {
  const promise = object.optionalMember('inclusionPromise');
  const proof = object.optionalMember('inclusionProof');
  // sigstore_bundle.proto: 0.1 rests on the promise, 0.2 and later on the proof.
  if (version === '0.1' && promise === undefined) object.fail('inclusionPromise', 'required in version 0.1');
  if (version !== '0.1' && proof === undefined) object.fail('inclusionProof', `required in version ${version}`);
  const body = object.bytes('canonicalizedBody');
  const entry = required(parseRekorEntry(body), 'canonicalizedBody');
  const kind = object.member('kindVersion');
  if (kind.text('kind') !== entry.kind || kind.text('version') !== entry.version)
    object.fail('kindVersion', 'differs from the body of the entry');
  return {
    logIndex: object.count('logIndex'),
    logId: object.member('logId').bytes('keyId'),
    integratedTime: object.count('integratedTime'),
    signedEntryTimestamp: promise?.bytes('signedEntryTimestamp'),
    inclusionProof: proof === undefined ? undefined : readInclusionProof(proof, version),
    body,
    entry,
  };
}

function readInclusionProof(proof: MemberReader, version: BundleVersion): InclusionProof | undefined {
  const checkpoint = proof.optionalMember('checkpoint');
  // Bundles 0.1 were written with proofs that lack a checkpoint; such a proof proves nothing, the promise stays.
  if (checkpoint === undefined && version === '0.1') return undefined;
  if (checkpoint === undefined) return proof.fail('checkpoint', 'required');
  const hashes = proof.bytesList('hashes', defaultLimits.inclusionProofHashes);
  if (hashes.some((hash) => hash.length !== 32)) proof.fail('hashes', 'not SHA-256 digests');
  const rootHash = proof.bytes('rootHash');
  if (rootHash.length !== 32) proof.fail('rootHash', 'not a SHA-256 digest');
  return {
    logIndex: proof.count('logIndex'),
    treeSize: proof.count('treeSize'),
    rootHash,
    hashes,
    checkpoint: required(parseCheckpoint(checkpoint.text('envelope')), 'checkpoint'),
  };
}
