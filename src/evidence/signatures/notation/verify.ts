// SPDX-License-Identifier: Apache-2.0
// One Notary Project signature against one artifact, one statement of a trust policy and the trust stores, at one time. A pure function; the five
// checks stand in the order of the specification (trust-store-trust-policy.md, "Signature Verification details").
import { parseCoseEnvelope } from '../../../formats/notation/cose.ts';
import type { NotationEnvelope } from '../../../formats/notation/envelope.ts';
import { envelopeMediaTypes, payloadMediaType } from '../../../formats/notation/envelope.ts';
import { parseJwsEnvelope } from '../../../formats/notation/jws.ts';
import type { TargetArtifact } from '../../../formats/notation/payload.ts';
import { parseNotationPayload } from '../../../formats/notation/payload.ts';
import type { CheckAction, CheckName, TrustPolicyStatement } from '../../../formats/notation/trust-policy.ts';
import { checkNames } from '../../../formats/notation/trust-policy.ts';
import type { Parsed } from '../../../formats/parsed.ts';
import type { Refusal } from '../refusal.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { checkTrustAnchor, checkTrustedIdentity } from './authenticity.ts';
import { checkSigningChain } from './chain.ts';
import { checkEnvelopeSignature, hashOf } from './envelope-signature.ts';
import type { PluginPart } from './plugin.ts';
import { checkPlugin, checkPluginAnswer, pluginCapabilities, pluginVerdict } from './plugin.ts';
import type { RevocationAnswers, RevocationStatus } from './revocation.ts';
import { checkChainRevocation } from './revocation.ts';
import type { ProvedSigningTime } from './signing-time.ts';
import { checkSigningTime } from './signing-time.ts';
import type { NotationArtifact } from './target.ts';
import { checkAnnotations, checkTarget } from './target.ts';
import type { TrustStoreLookup } from './trust-store.ts';

export interface NotationRequest {
  readonly artifact: NotationArtifact;
  readonly statement: TrustPolicyStatement;
  readonly lookup: TrustStoreLookup;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** OCSP answers and CRLs; without them certificates that can be revoked are of unknown state. */
  readonly revocation: RevocationAnswers;
  readonly plugin?: PluginPart;
  /** Annotations that must be signed. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One of the five checks. `unknown`: nobody could tell, which is a failure where it is enforced. */
export interface CheckResult {
  readonly check: CheckName;
  readonly action: CheckAction;
  readonly outcome: 'passed' | 'failed' | 'unknown' | 'skipped';
  /** What was found, in a sentence. */
  readonly detail: string;
  readonly refusal?: Refusal;
}

export type NotationVerification =
  | {
      readonly kind: 'verified';
      readonly envelope: NotationEnvelope;
      readonly target: TargetArtifact;
      readonly checks: readonly CheckResult[];
      readonly signedAt: ProvedSigningTime | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      readonly envelope: NotationEnvelope | undefined;
      readonly checks: readonly CheckResult[];
    };

/** Reads an envelope by the media type it came with; the bytes must be of that format. */
export function parseNotationEnvelope(bytes: Uint8Array, mediaType: string): Parsed<NotationEnvelope> {
  if (mediaType === envelopeMediaTypes.jws) return parseJwsEnvelope(bytes);
  if (mediaType === envelopeMediaTypes.cose) return parseCoseEnvelope(bytes);
  return { kind: 'malformed', reason: `${mediaType.slice(0, 80)} is no type of a signature envelope` };
}

/** Verifies the bytes of an envelope. */
export function verifyNotation(bytes: Uint8Array, mediaType: string, request: NotationRequest): NotationVerification {
  const parsed = parseNotationEnvelope(bytes, mediaType);
  return parsed.kind === 'malformed'
    ? { kind: 'refused', refusal: refuse('PROOF_MALFORMED', parsed.reason), envelope: undefined, checks: [] }
    : verifyNotationEnvelope(parsed.value, request);
}

/** Verifies an envelope that was read before. A statement of the level "skip" verifies nothing: callers must not come here with it. */
export function verifyNotationEnvelope(envelope: NotationEnvelope, request: NotationRequest): NotationVerification {
  const { statement, plugin } = request;
  const target = checkIntegrity(envelope, request);
  const checks = new Checks(statement);
  if (isRefusal(target)) {
    checks.add('integrity', target, '');
    return { kind: 'refused', refusal: target, envelope, checks: checks.results };
  }
  checks.add('integrity', undefined, `signed with ${envelope.algorithm}, about ${target.digest}`);
  if (statement.level === 'skip') {
    const refusal = refuse('POLICY_INVALID', `"${statement.name}" verifies nothing (level skip)`);
    return { kind: 'refused', refusal, envelope, checks: checks.results };
  }
  const unmet =
    checkPlugin(envelope, plugin?.plugin) ??
    (envelope.plugin === undefined || plugin === undefined ? undefined : checkPluginAnswer(envelope, plugin));
  if (unmet !== undefined) return { kind: 'refused', refusal: unmet, envelope, checks: checks.results };
  checks.add(
    'authenticity',
    checkAuthenticity(envelope, request),
    'the chain meets a trust store, the signer is named',
  );
  const time = checkSigningTime({ ...request, envelope });
  checks.add('authenticTimestamp', isRefusal(time) ? time : undefined, isRefusal(time) ? '' : timeSentence(time));
  checks.add('expiry', checkExpiry(envelope, request.now), expirySentence(envelope));
  addRevocation(checks, { envelope, request, time: isRefusal(time) ? undefined : time });
  const missing = checkAnnotations(target, request.annotations ?? {});
  // What is known not to count is not "nobody could tell", whoever could be asked of revocation.
  const refusal =
    checks.refusal?.code === 'REVOCATION_UNKNOWN' ? (missing ?? checks.refusal) : (checks.refusal ?? missing);
  return refusal === undefined
    ? { kind: 'verified', envelope, target, checks: checks.results, signedAt: isRefusal(time) ? undefined : time }
    : { kind: 'refused', refusal, envelope, checks: checks.results };
}

class Checks {
  readonly results: CheckResult[] = [];
  readonly #statement: TrustPolicyStatement;

  constructor(statement: TrustPolicyStatement) {
    this.#statement = statement;
  }

  add(check: CheckName, refusal: Refusal | undefined, detail: string): void {
    const action = this.#statement.actions[check];
    if (refusal === undefined) this.results.push({ check, action, outcome: 'passed', detail });
    else {
      const outcome = refusal.code === 'REVOCATION_UNKNOWN' ? 'unknown' : 'failed';
      this.results.push({ check, action, outcome, detail: refusal.message, refusal });
    }
  }

  skip(check: CheckName, detail: string): void {
    this.results.push({ check, action: this.#statement.actions[check], outcome: 'skipped', detail });
  }

  /** The first failure that the statement enforces, in the order of the checks. */
  get refusal(): Refusal | undefined {
    const enforced = this.results.filter(({ action }) => action === 'enforce');
    return checkNames.map((name) => enforced.find(({ check }) => check === name)?.refusal).find(isRefusal);
  }
}

/** Everything that follows from the envelope and the artifact alone; enforced at every level. */
function checkIntegrity(envelope: NotationEnvelope, { artifact }: NotationRequest): TargetArtifact | Refusal {
  if (envelope.contentType !== payloadMediaType)
    return refuse(
      'PAYLOAD_TYPE',
      `the envelope holds a ${envelope.contentType.slice(0, 80) || 'payload without type'}`,
    );
  const invalid = checkSigningChain(envelope.certificates) ?? checkEnvelopeSignature(envelope);
  if (invalid !== undefined) return invalid;
  const payload = parseNotationPayload(envelope.payload);
  if (payload.kind === 'malformed') return refuse('STATEMENT_MALFORMED', payload.reason);
  return checkTarget(payload.value, artifact, hashOf(envelope.algorithm)) ?? payload.value;
}

function checkAuthenticity(envelope: NotationEnvelope, request: NotationRequest): Refusal | undefined {
  const { certificates, scheme } = envelope;
  const untrusted = checkTrustAnchor(certificates, scheme, request);
  if (untrusted !== undefined) return untrusted;
  const said = pluginVerdict(request.plugin, pluginCapabilities.trustedIdentity);
  if (said !== undefined) return isRefusal(said) ? said : undefined;
  return checkTrustedIdentity(certificates, request.statement);
}

function checkExpiry({ expiry }: NotationEnvelope, now: number): Refusal | undefined {
  return expiry !== undefined && now > expiry
    ? refuse('SIGNATURE_EXPIRED', `the signature ended ${new Date(expiry).toISOString()}`)
    : undefined;
}

function expirySentence({ expiry }: NotationEnvelope): string {
  return expiry === undefined ? 'the signer set no end' : `ends ${new Date(expiry).toISOString()}`;
}

function timeSentence({ source, time }: ProvedSigningTime): string {
  const at = new Date(time).toISOString();
  if (source === 'timestamp') return `timestamp of ${at}, when the chain was valid`;
  if (source === 'signing-authority') return `the signing authority vouches for ${at}, when the chain was valid`;
  return 'no timestamp asked for; the chain is valid now';
}

interface RevocationCheck {
  readonly envelope: NotationEnvelope;
  readonly request: NotationRequest;
  readonly time: ProvedSigningTime | undefined;
}

/** Signing chain, and that of the timestamp where one was used: a revoked authority could have stamped any time. */
function addRevocation(checks: Checks, { envelope, request, time }: RevocationCheck): void {
  const { statement, now, revocation, plugin } = request;
  if (statement.actions.revocation === 'skip') {
    checks.skip('revocation', 'the policy says not to look');
    return;
  }
  const said = pluginVerdict(plugin, pluginCapabilities.revocation);
  if (said !== undefined) {
    checks.add('revocation', isRefusal(said) ? said : undefined, `the plugin ${plugin?.plugin.name} found nothing`);
    return;
  }
  const signedAt = time === undefined || time.source === 'now' ? undefined : time.time;
  const chains = [envelope.certificates, time?.stampChain ?? []];
  const found = chains.map((chain) => checkChainRevocation({ chain, answers: revocation, time: now, signedAt }));
  const worst = found.find(({ status }) => status === 'revoked') ?? found.find(({ status }) => status === 'unknown');
  checks.add('revocation', worst === undefined ? undefined : revocationRefusal(worst), goodSentence(found));
}

function revocationRefusal(status: RevocationStatus): Refusal | undefined {
  if (status.status === 'good') return undefined;
  return status.status === 'revoked'
    ? refuse('CERTIFICATE_REVOKED', `a certificate was revoked ${new Date(status.revokedAt).toISOString()}`)
    : refuse('REVOCATION_UNKNOWN', status.reason);
}

function goodSentence(found: readonly RevocationStatus[]): string {
  const methods = found.flatMap((status) =>
    status.status === 'good' && status.method !== 'none' ? status.method : [],
  );
  return methods.length === 0
    ? 'no certificate names a place where its revocation would be told'
    : `not revoked (${[...new Set(methods)].join(', ').toUpperCase()})`;
}
