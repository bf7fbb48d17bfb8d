// SPDX-License-Identifier: Apache-2.0
// Notary Project signatures of one image or file, from what was collected to a verdict: asks plugins and revocation services where the policy
// wants it, and hands everything to the pure verification. One signature that counts is enough.
import { checkTrustAnchor } from '../../evidence/signatures/notation/authenticity.ts';
import type { PluginPart } from '../../evidence/signatures/notation/plugin.ts';
import type { FetchedAnswer, RevocationQuestion } from '../../evidence/signatures/notation/revocation.ts';
import { revocationQuestions } from '../../evidence/signatures/notation/revocation.ts';
import { checkSigningTime } from '../../evidence/signatures/notation/signing-time.ts';
import type { NotationArtifact } from '../../evidence/signatures/notation/target.ts';
import type { TrustStore, TrustStoreLookup } from '../../evidence/signatures/notation/trust-store.ts';
import type { NotationVerification } from '../../evidence/signatures/notation/verify.ts';
import { parseNotationEnvelope, verifyNotationEnvelope } from '../../evidence/signatures/notation/verify.ts';
import { isRefusal, refuse } from '../../evidence/signatures/refusal.ts';
import type { NotationEnvelope } from '../../formats/notation/envelope.ts';
import type { TrustPolicyStatement } from '../../formats/notation/trust-policy.ts';
import type { Certificate } from '../../formats/x509.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import type { Unknown } from '../../io/registry/outcome.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { FoundSignature, SignedManifest } from './notation-attachment.ts';
import { findNotation } from './notation-attachment.ts';
import type { NotationFolder } from './notation-folder.ts';
import { askVerificationPlugin, type Environment } from './notation-plugins.ts';

/** Fetches one OCSP answer or CRL. Never throws for what servers do. */
export type RevocationFetcher = (question: RevocationQuestion) => Promise<FetchedAnswer>;

export interface NotationVerifier {
  readonly folder: NotationFolder;
  readonly statement: TrustPolicyStatement;
  /** Annotations that must be signed. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Undefined: no network; certificates that can be revoked are then of unknown state. */
  readonly fetcher: RevocationFetcher | undefined;
  readonly environment: Environment;
}

export interface JudgedSignature {
  readonly signature: Pick<FoundSignature, 'digest' | 'mediaType'> & { readonly manifest?: string };
  readonly verification: NotationVerification;
}

export interface NotationVerdict {
  /** The one that counts; undefined when none does. */
  readonly accepted: JudgedSignature | undefined;
  readonly refused: readonly JudgedSignature[];
  /** Places that could not be read. With nothing accepted, this means that nothing is known. */
  readonly unread: readonly Unknown[];
  readonly lookup: TrustStoreLookup;
}

/** Collects the signatures of a manifest and judges them. The policy must not be of the level "skip". */
export async function verifyNotationImage(
  store: ImageStore,
  subject: SignedManifest,
  verifier: NotationVerifier,
): Promise<NotationVerdict> {
  const outcome = await findNotation(store, subject.digest);
  const lookup = rememberedStores(verifier.folder);
  if (outcome.kind === 'none') return { accepted: undefined, refused: [], unread: [], lookup };
  if (outcome.kind === 'unknown') return { accepted: undefined, refused: [], unread: [outcome], lookup };
  const artifact: NotationArtifact = { kind: 'manifest', ...pick(subject) };
  const refused: JudgedSignature[] = [];
  for (const signature of outcome.value.signatures) {
    const verification = await judgeSignature(signature, { artifact, verifier, lookup });
    const judged = { signature, verification };
    if (verification.kind === 'verified') return { accepted: judged, refused, unread: outcome.value.unread, lookup };
    refused.push(judged);
  }
  return { accepted: undefined, refused, unread: outcome.value.unread, lookup };
}

function pick({ mediaType, digest, size }: SignedManifest): SignedManifest {
  return { mediaType, digest, size };
}

/** Each store is read once for a run, so that all signatures are judged by the same. */
export function rememberedStores(folder: NotationFolder): TrustStoreLookup {
  const known = new Map<string, TrustStore>();
  return (name) => {
    const key = `${name.type}:${name.name}`;
    const store = known.get(key) ?? folder.trustStore(name);
    known.set(key, store);
    return store;
  };
}

export interface Judging {
  readonly artifact: NotationArtifact;
  readonly verifier: NotationVerifier;
  readonly lookup: TrustStoreLookup;
}

/** One envelope. Nothing is asked for a signature that is not good or that nobody trusts: addresses come out of its certificates. */
export async function judgeSignature(
  { bytes, mediaType }: Pick<FoundSignature, 'bytes' | 'mediaType'>,
  { artifact, verifier, lookup }: Judging,
): Promise<NotationVerification> {
  const parsed = parseNotationEnvelope(bytes, mediaType);
  if (parsed.kind === 'malformed')
    return { kind: 'refused', refusal: refuse('PROOF_MALFORMED', parsed.reason), envelope: undefined, checks: [] };
  const envelope = parsed.value;
  const { statement, annotations, now, fetcher } = verifier;
  const request = { artifact, statement, lookup, now, annotations, revocation: new Map<string, FetchedAnswer>() };
  const first = verifyNotationEnvelope(envelope, request);
  const isSound = first.checks.some(({ check, outcome }) => check === 'integrity' && outcome === 'passed');
  if (!isSound) return first;
  // No program is started for a signature of strangers, whatever the level of the policy: anybody can name a plugin.
  const untrusted =
    envelope.plugin === undefined ? undefined : checkTrustAnchor(envelope.certificates, envelope.scheme, request);
  if (untrusted !== undefined) return { kind: 'refused', refusal: untrusted, envelope, checks: first.checks };
  const plugin = await pluginPart(envelope, verifier);
  if (plugin !== undefined && isRefusal(plugin))
    return { kind: 'refused', refusal: plugin, envelope, checks: first.checks };
  const second = plugin === undefined ? first : verifyNotationEnvelope(envelope, { ...request, plugin });
  const isOpen = second.checks.some(({ check, outcome }) => check === 'revocation' && outcome === 'unknown');
  const isTrusted = second.checks.some(({ check, outcome }) => check === 'authenticity' && outcome === 'passed');
  if (!isOpen || !isTrusted || fetcher === undefined) return second;
  // Anybody can put a timestamp beside a signature: only one that was verified names whom to ask.
  const time = checkSigningTime({ ...request, envelope });
  const chains = [envelope.certificates, ...(isRefusal(time) ? [] : [time.stampChain])];
  const revocation = await fetchAll(chains, fetcher);
  return verifyNotationEnvelope(envelope, { ...request, revocation, ...(plugin === undefined ? {} : { plugin }) });
}

async function pluginPart(
  envelope: NotationEnvelope,
  { folder, environment, statement }: NotationVerifier,
): Promise<PluginPart | ReturnType<typeof refuse> | undefined> {
  if (envelope.plugin === undefined) return undefined;
  try {
    return await askVerificationPlugin({ folder, environment, envelope, statement });
  } catch (error) {
    if (error instanceof LandwaiterError && error.code === 'PROGRAM_FAILED')
      return refuse('PLUGIN_REQUIRED', error.message);
    throw error;
  }
}

/** A CRL can name a list of changes, and nothing names more after that. */
const mostRounds = 3;

async function fetchAll(
  chains: readonly (readonly Certificate[])[],
  fetcher: RevocationFetcher,
): Promise<ReadonlyMap<string, FetchedAnswer>> {
  const answers = new Map<string, FetchedAnswer>();
  for (let round = 0; round < mostRounds; round += 1) {
    const open = chains.flatMap((chain) => revocationQuestions(chain, answers));
    if (open.length === 0) break;
    const found = await Promise.all(open.map(async (question) => [question.key, await fetcher(question)] as const));
    for (const [key, answer] of found) answers.set(key, answer);
  }
  return answers;
}
