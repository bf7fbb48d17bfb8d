// SPDX-License-Identifier: Apache-2.0
// From what was found beside an image to the answer to a demand: what is looked for, whether statements say what a policy wants, and how it is told. Pure.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject } from '../../formats/document.ts';
import type { Unknown } from '../../io/registry/outcome.ts';
import type { CueVerdict } from '../../policy/image-policy/cue/judge.ts';
import { judgeCue } from '../../policy/image-policy/cue/judge.ts';
import { parseCue } from '../../policy/image-policy/cue/syntax.ts';
import type { SignatureDemand } from '../../policy/image-policy/demand.ts';
import type { AuthorityAnswer } from '../../policy/image-policy/evaluate.ts';
import { equivalentTypes, predicateTypeOf } from './predicate-types.ts';
import type { AcceptedProof, RefusedProof, WantedClaim } from './verify-proofs.ts';

export interface Wish {
  readonly name: string;
  readonly wanted: WantedClaim;
  readonly cue: string | undefined;
}

export interface NamedAnswer {
  readonly wish: Wish;
  readonly answer: AuthorityAnswer;
}

/** A signature; or, where attestations are asked for, one of each type (policy-controller looks at no signature then). */
export function wishesOf({ attestations }: SignatureDemand): readonly Wish[] {
  if (attestations.length === 0) return [{ name: 'signature', wanted: { kind: 'signature' }, cue: undefined }];
  return attestations.map(({ name, predicateType, cue }) => ({
    name,
    wanted: { kind: 'attestation', predicateTypes: equivalentTypes(predicateTypeOf(predicateType) ?? predicateType) },
    cue,
  }));
}

/** Whether the statement is what a CUE policy asks for. */
export function contentVerdict({ proof }: AcceptedProof, source: string | undefined): CueVerdict {
  if (source === undefined) return { kind: 'satisfied' };
  const parsed = parseCue(source);
  if (parsed.kind === 'unsupported') return parsed;
  const { content } = proof;
  const signed = content.kind === 'malformed' ? undefined : content.kind === 'bundle' ? content.bundle : content.proof;
  // It was read strictly when it was verified.
  const statement =
    signed?.content.kind === 'envelope'
      ? asObject(JSON.parse(signed.content.envelope.payload.toString('utf8')))
      : undefined;
  return statement === undefined
    ? { kind: 'violated', reason: 'there is no statement' }
    : judgeCue(parsed.file, statement);
}

/** All must pass; one that failed decides, then one that nobody could look at. */
export function worstOf(answers: readonly NamedAnswer[]): AuthorityAnswer {
  const all = answers.map(({ answer }) => answer);
  const worst = all.find(({ outcome }) => outcome === 'fail') ?? all.find(({ outcome }) => outcome === 'error');
  if (worst !== undefined) return worst;
  const signatures = answers
    .filter(({ wish }) => wish.wanted.kind === 'signature')
    .flatMap(({ answer }) => found(answer));
  const attestations = answers
    .filter(({ wish }) => wish.wanted.kind === 'attestation')
    .map(({ wish, answer }) => [wish.name, found(answer)] as const);
  return {
    outcome: 'pass',
    message: [...new Set(all.map(({ message }) => message))].join(', '),
    match: { signatures, attestations: Object.fromEntries(attestations) },
    statements: all.flatMap(({ statements }) => statements ?? []),
  };
}

function found({ match }: AuthorityAnswer): readonly unknown[] {
  return asArray(match?.['found']);
}

export interface SeenProofs {
  readonly accepted: readonly AcceptedProof[];
  /** Of statements that are signed as they must be, and say something else than is asked for. */
  readonly unmet: readonly Exclude<CueVerdict, { kind: 'satisfied' }>[];
  readonly refused: readonly RefusedProof[];
  readonly unread: readonly Unknown[];
  /** Proofs of the layout that the policy does not read. */
  readonly elsewhere: number;
}

export function answerOf(seen: SeenProofs, { layout }: SignatureDemand, { wanted }: Wish): AuthorityAnswer {
  const what = wanted.kind === 'signature' ? 'signature' : `attestation ${wanted.predicateTypes?.[0] ?? ''}`;
  const [accepted] = seen.accepted;
  if (accepted !== undefined)
    return {
      outcome: 'pass',
      message: `${what} by ${signerOf(accepted)}`,
      match: { found: seen.accepted.map(factOf) },
      statements: seen.accepted.flatMap(statementOf),
    };
  const [unread] = seen.unread;
  if (unread !== undefined) return { outcome: 'error', message: `${what}: ${unknownText(unread)}` };
  const unjudged = seen.unmet.find(({ kind }) => kind === 'unsupported');
  if (unjudged !== undefined) return { outcome: 'error', message: `${what}: CUE: ${unjudged.reason}` };
  const reasons = [
    ...seen.unmet.map(({ reason }) => reason),
    ...seen.refused.map(({ refusal }) => `${refusal.code} ${refusal.message}`),
  ];
  if (reasons.length > 0)
    return { outcome: 'fail', message: `no ${what} counts: ${[...new Set(reasons)].slice(0, 3).join('; ')}` };
  const other =
    layout === 'legacy'
      ? 'bundles, which signatureFormat: bundle reads'
      : 'the older layout, which signatureFormat: legacy reads';
  const hint = seen.elsewhere === 0 ? '' : ` (there are proofs in ${other})`;
  return { outcome: 'fail', message: `there is no ${what}${hint}` };
}

function statementOf({ verified: { claim } }: AcceptedProof): NonNullable<AuthorityAnswer['statements']> {
  if (claim.kind !== 'statement') return [];
  const { version, subjects, predicateType, predicate } = claim.statement;
  const statement = {
    _type: version === '1' ? 'https://in-toto.io/Statement/v1' : 'https://in-toto.io/Statement/v0.1',
    subject: subjects.map(({ name, digest }) => ({ name, digest: Object.fromEntries(digest) })),
    predicateType,
    predicate,
  };
  return [{ predicateType, predicate, statement }];
}

/** As policy-controller tells it to policies (PolicySignature, PolicyAttestation). */
function factOf({ verified: { signer, claim }, proof }: AcceptedProof): JsonObject {
  const type = claim.kind === 'statement' ? { predicateType: claim.statement.predicateType } : {};
  if (signer.kind === 'key') return { id: proof.id, ...type };
  const [subject] = signer.subjects;
  return { id: proof.id, subject: subject?.value ?? '', issuer: signer.issuer ?? '', ...type };
}

function signerOf({ verified: { signer } }: AcceptedProof): string {
  if (signer.kind === 'key') return `the key ${signer.fingerprint.slice(0, 19)}`;
  const [subject] = signer.subjects;
  return `${subject?.kind === 'unread' ? '' : (subject?.value ?? '')} of ${signer.issuer ?? 'an unknown issuer'}`;
}

export function unknownText({ code, reason }: Unknown): string {
  return `could not look: ${code} ${reason}`;
}
