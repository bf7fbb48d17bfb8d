// SPDX-License-Identifier: Apache-2.0
// What a verification says: for people who signed, when, in which log, and why a proof does not count; for programs the JSON that Cosign prints.
// Also the exit status: verified, refused, could not look.
import type { SignaturePolicy } from '../../evidence/signatures/policy.ts';
import type { Refusal } from '../../evidence/signatures/refusal.ts';
import type { Signer } from '../../evidence/signatures/signer.ts';
import type { Verified } from '../../evidence/signatures/verify.ts';
import { parseSimpleSigning } from '../../formats/cosign-simple-signing.ts';
import { printable } from '../../formats/text-table.ts';
import type { Unknown } from '../../io/registry/outcome.ts';
import { shortDigest } from '../../model/digest.ts';
import { plural } from '../../model/quantity.ts';
import { signPredicateType } from '../signatures/attachment.ts';
import type { ImageVerdict } from '../signatures/verify-image.ts';
import type { AcceptedProof } from '../signatures/verify-proofs.ts';

export function signerText(signer: Signer): string {
  if (signer.kind === 'key') return `the key ${shortDigest(signer.fingerprint)}`;
  const names = signer.subjects.filter(({ kind }) => kind !== 'unread').map(({ value }) => value);
  const issuer = signer.issuer === undefined ? '' : ` (issuer ${signer.issuer})`;
  return printable(`${names.join(', ')}${issuer}`);
}

/** When and where: `logged 2026-11-20 10:31:07Z (entry 184220117 of https://…)`. */
export function historyText({ times, logEntries }: Pick<Verified, 'times' | 'logEntries'>): string {
  const logged = logEntries.map(({ log, logIndex }) => {
    const time = times.find(({ source }) => source === 'log-entry');
    return `logged${time === undefined ? '' : ` ${timeText(time.time)}`} (entry ${logIndex} of ${log})`;
  });
  const stamped = times
    .filter(({ source }) => source === 'timestamp')
    .map(({ time, authority }) => `timestamped ${timeText(time)}${authority === '' ? '' : ` by ${authority}`}`);
  return printable([...logged, ...stamped].join(', '));
}

function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** What the mode of a policy had checked, and what it left out. */
export function checkedText(policy: SignaturePolicy): string {
  const certificate = 'the certificate leads to the trust root and names the signer';
  switch (policy.mode) {
    case 'public-good-keyless':
      return `signature, artifact, log entry; ${certificate}; it is logged itself and was valid at the proved time`;
    case 'private-sigstore': {
      const left = [
        ...(policy.signatureLog === 'required' ? [] : ['no transparency log (a timestamp proves the time)']),
        ...(policy.certificateLog === 'required' ? [] : ['no certificate log']),
      ];
      return `signature, artifact; ${certificate}; not asked for: ${left.join(', ') || 'nothing'}`;
    }
    case 'managed-key-with-log':
      return 'signature by the key, artifact, log entry of this signature and key';
    case 'managed-key-without-log':
      return 'signature by the key, artifact; not asked for: a transparency log (a stolen key would leave no trace)';
    default:
      return `signature, artifact; ${certificate}; time: ${policy.time === 'now-because-nothing-proves-it' ? 'now, because nothing proves another one' : policy.time}`;
  }
}

export function unknownText({ code, reason, retryAfter }: Unknown): string {
  return `could not look: ${code}  ${printable(reason)}${retryAfter === undefined ? '' : `. Retry after ${retryAfter} s`}`;
}

export function refusalText({ code, message }: Refusal): string {
  return `refused: ${code}  ${printable(message)}`;
}

const mostRefusals = 20;

/** The screen for one image. `what` is "signature" or "attestation". */
export function imageText(
  name: string,
  verdict: ImageVerdict,
  { policy, what }: { readonly policy: SignaturePolicy; readonly what: string },
): string {
  const { subject, accepted, refused, passedOver, unread } = verdict;
  const lines = accepted.map((item) => acceptedText(item, subject.digest));
  if (accepted.length > 0) lines.push(`  checked: ${checkedText(policy)}`);
  else {
    lines.push(headline(name, verdict, what));
    lines.push(...refused.slice(0, mostRefusals).map(({ refusal }) => `  ${refusalText(refusal)}`));
    if (refused.length > mostRefusals) lines.push(`  and ${refused.length - mostRefusals} more`);
    const hint = hintFor(refused);
    if (hint !== undefined) lines.push(`  ${hint}`);
    if (passedOver.length > 0)
      lines.push(`  passed over: ${[...new Set(passedOver)].slice(0, 10).map(printable).join(', ')}`);
  }
  lines.push(...unread.map((item) => `  ${unknownText(item)}`));
  if (accepted.length > 0 && refused.length > 0)
    lines.push(
      `  ${plural(refused.length, `other ${what}`)} ${refused.length === 1 ? 'does' : 'do'} not count (--verbose tells why)`,
    );
  return lines.join('\n');
}

function headline(name: string, { subject, refused, unread }: ImageVerdict, what: string): string {
  const image = `${printable(name)} (${shortDigest(subject.digest)})`;
  if (unread.length > 0) return `${image}: nothing is known about its ${what}s`;
  if (refused.length === 0) return `${image} has no ${what} of the kind asked for`;
  return refused.length === 1
    ? `${image}: its ${what} does not count`
    : `${image}: none of its ${refused.length} ${what}s counts`;
}

/** One thing the reader can do, where the refusals have one cause that people meet. */
function hintFor(refused: ImageVerdict['refused']): string | undefined {
  const codes = new Set(refused.map(({ refusal }) => refusal.code));
  if (codes.has('LOG_MISSING'))
    return 'a signer without a log has to be named as such: --insecure-ignore-tlog, or --private-infrastructure';
  if (codes.has('MATERIAL_MISMATCH'))
    return 'signed with a key: --key FILE; signed with a certificate: --certificate-identity and --certificate-oidc-issuer';
  return undefined;
}

function acceptedText({ verified, image }: AcceptedProof, digest: string): string {
  const { claim } = verified;
  const history = historyText(verified);
  const isStatement = claim.kind === 'statement' && claim.statement.predicateType !== signPredicateType;
  const verb = isStatement
    ? `has the attestation ${printable(claim.statement.predicateType)}, signed by`
    : 'is signed by';
  const index = image === digest ? '' : ` through its index ${shortDigest(image)}`;
  return `${shortDigest(digest)} ${verb} ${signerText(verified.signer)}${index}${history === '' ? '' : `, ${history}`}`;
}

/** 0: at least one proof counts. 3: none does, and a place could not be read. 1: none does, and all were read. */
export function exitOf({ accepted, unread }: Pick<ImageVerdict, 'accepted' | 'unread'>): 0 | 1 | 3 {
  if (accepted.length > 0) return 0;
  return unread.length > 0 ? 3 : 1;
}

/** The payload Cosign prints for a signature: what was signed, and under `optional` the signed annotations and who signed. */
export function cosignPayload(name: string, { verified, proof, image }: AcceptedProof): unknown {
  const signed = proof.content.kind === 'proof' ? proof.content.proof.content : undefined;
  const payload = signed?.kind === 'simple-signing' ? parseSimpleSigning(signed.payload) : undefined;
  const simple = payload?.kind === 'parsed' ? payload.value : undefined;
  const { claim, signer } = verified;
  const annotations =
    claim.kind === 'image'
      ? claim.annotations
      : claim.kind === 'statement'
        ? (claim.statement.subjects.find(({ digest }) => `sha256:${digest.get('sha256')}` === image)?.annotations ?? {})
        : {};
  return {
    critical: {
      identity: { 'docker-reference': simple === undefined ? name : (simple.reference ?? '') },
      image: { 'docker-manifest-digest': image },
      type: simple === undefined ? signPredicateType : 'cosign container image signature',
    },
    optional: { ...annotations, ...signerFields(signer) },
  };
}

function signerFields(signer: Signer): Readonly<Record<string, string>> {
  if (signer.kind === 'key') return {};
  const [subject] = signer.subjects;
  return {
    ...(signer.issuer === undefined ? {} : { Issuer: signer.issuer }),
    ...(subject === undefined ? {} : { Subject: subject.value }),
  };
}

/** The envelope Cosign prints for an attestation. */
export function cosignEnvelope({ proof }: AcceptedProof): unknown {
  if (proof.content.kind === 'malformed') return undefined;
  const { content } = proof.content.kind === 'bundle' ? proof.content.bundle : proof.content.proof;
  if (content.kind !== 'envelope') return undefined;
  const { payloadType, payload, signature, keyId } = content.envelope;
  return {
    payloadType,
    payload: payload.toString('base64'),
    signatures: [{ ...(keyId === '' ? {} : { keyid: keyId }), sig: signature.toString('base64') }],
  };
}
