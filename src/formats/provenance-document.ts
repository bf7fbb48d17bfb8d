// SPDX-License-Identifier: Apache-2.0
// The forms in which signed provenance is handed around: a Sigstore bundle, a DSSE envelope with its certificate inside (slsa-github-generator
// before 2.1), the attestations of a package registry, and the output of Google Cloud Build. Several may stand in one file, one JSON line each.
import { defaultLimits } from '../model/limits.ts';
import { decodeBase64 } from './base64.ts';
import type { JsonObject } from './document.ts';
import { readDsseEnvelope } from './dsse.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import { parsePem } from './pem.ts';
import type { BundleContent, BundleMaterial, LogEntry, SigstoreBundle } from './sigstore-bundle.ts';
import { parseSigstoreBundle } from './sigstore-bundle.ts';
import { decodeUtf8, MemberReader, parseStrictJson } from './strict-json.ts';
import { parseCertificate } from './x509.ts';

/** A proof without the log entries that a bundle would bring. */
export interface CertifiedEnvelope {
  readonly material: BundleMaterial;
  readonly content: BundleContent;
  readonly logEntries: readonly LogEntry[];
  readonly timestamps: readonly Buffer[];
}

export interface RegistryAttestation {
  readonly predicateType: string;
  readonly bundle: SigstoreBundle;
}

export interface CloudBuildSignature {
  /** Name of the key in the key service. A hint: it chooses the key, the signature proves it. */
  readonly keyId: string;
  readonly signature: Buffer | undefined;
}

export interface CloudBuildEntry {
  readonly kind: string;
  readonly resourceUri: string;
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signatures: readonly CloudBuildSignature[];
  /** The statement in clear text that the service shows beside the signed one. */
  readonly text: JsonObject | undefined;
}

export type ProvenanceDocument =
  | { readonly kind: 'bundle'; readonly bundle: SigstoreBundle }
  | { readonly kind: 'envelope'; readonly proof: CertifiedEnvelope }
  | { readonly kind: 'registry'; readonly attestations: readonly RegistryAttestation[] }
  | {
      readonly kind: 'cloud-build';
      readonly imageDigest: string;
      readonly imageName: string;
      readonly entries: readonly CloudBuildEntry[];
    };

const limits = { bytes: defaultLimits.attestationBytes, depth: defaultLimits.depth };
const mostDocuments = 1_000;
const mostEntries = 100;

/** Reads a file: one document, or one on each line. A file in which one line is not readable is malformed. */
export function parseProvenanceDocuments(bytes: Uint8Array): Parsed<readonly ProvenanceDocument[]> {
  const whole = parseStrictJson(bytes, limits);
  if (whole.kind === 'parsed') return parsing(() => [readDocument(bytes, whole.value)]);
  return parsing(() => {
    const text = bytes.length > limits.bytes ? undefined : decodeUtf8(bytes);
    const lines = (text ?? '').split('\n').filter((line) => line.trim() !== '');
    if (lines.length < 2) return malformed(whole.reason);
    if (lines.length > mostDocuments) return malformed(`more than ${mostDocuments} lines`);
    return lines.map((line, index) => {
      const lineBytes = Buffer.from(line, 'utf8');
      return readDocument(lineBytes, required(parseStrictJson(lineBytes, limits), `line ${index + 1}`));
    });
  });
}

function readDocument(bytes: Uint8Array, object: JsonObject): ProvenanceDocument {
  if (Object.hasOwn(object, 'mediaType'))
    return { kind: 'bundle', bundle: required(parseSigstoreBundle(bytes), 'bundle') };
  const root = new MemberReader(object);
  if (root.has('payloadType')) return { kind: 'envelope', proof: readEnvelope(root) };
  if (root.has('attestations')) return { kind: 'registry', attestations: readAttestations(root) };
  if (root.has('provenance_summary')) return readCloudBuild(root);
  return malformed('neither a Sigstore bundle, an envelope, attestations of a registry nor the output of Cloud Build');
}

function readEnvelope(root: MemberReader): CertifiedEnvelope {
  const envelope = readDsseEnvelope(root);
  const pem = root.members('signatures', 1)[0]?.optionalText('cert');
  const [leaf, ...others] = pem === undefined ? [] : required(parsePem(pem), 'certificate');
  const read = (block: { readonly bytes: Buffer }) => required(parseCertificate(block.bytes), 'certificate');
  if (others.length >= defaultLimits.certificateChain) malformed('too many certificates');
  return {
    material:
      leaf === undefined
        ? { kind: 'key', hint: envelope.keyId }
        : { kind: 'certificate', form: 'chain', certificates: [read(leaf), ...others.map(read)] },
    content: { kind: 'envelope', envelope, stored: undefined },
    logEntries: [],
    timestamps: [],
  };
}

function readAttestations(root: MemberReader): RegistryAttestation[] {
  return root.members('attestations', mostEntries).map((item) => {
    const bytes = Buffer.from(JSON.stringify(item.member('bundle').object), 'utf8');
    return { predicateType: item.text('predicateType'), bundle: required(parseSigstoreBundle(bytes), 'bundle') };
  });
}

function readCloudBuild(root: MemberReader): ProvenanceDocument {
  const image = root.member('image_summary');
  return {
    kind: 'cloud-build',
    imageDigest: image.text('digest'),
    imageName: image.optionalText('fully_qualified_digest') ?? '',
    entries: root.member('provenance_summary').members('provenance', mostEntries).map(readCloudBuildEntry),
  };
}

function readCloudBuildEntry(entry: MemberReader): CloudBuildEntry {
  const envelope = entry.member('envelope');
  const build = entry.optionalMember('build');
  const text = build?.optionalMember('inTotoSlsaProvenanceV1') ?? build?.optionalMember('intotoStatement');
  return {
    kind: entry.optionalText('kind') ?? '',
    resourceUri: entry.optionalText('resourceUri') ?? '',
    payloadType: envelope.text('payloadType'),
    payload: decodeUrlBase64(envelope.text('payload')) ?? envelope.fail('payload', 'base64 is required'),
    signatures: envelope.members('signatures', mostEntries).map((item) => ({
      keyId: item.optionalText('keyid') ?? '',
      signature: decodeUrlBase64(item.optionalText('sig') ?? ''),
    })),
    text: text?.object,
  };
}

/** The service writes the alphabet for URLs (RFC 4648, section 5) in both fields; the other alphabet is its documented one. */
function decodeUrlBase64(text: string): Buffer | undefined {
  const bytes = decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
  return bytes === undefined || bytes.length === 0 ? undefined : bytes;
}
