// SPDX-License-Identifier: Apache-2.0
// Answers demands of image policies: resolves the image once, collects its proofs, and judges them. Asked in the middle of a synchronous evaluation it
// says `pending` and remembers the question; `settle` looks everything up, and the evaluation is run again.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject } from '../../formats/document.ts';
import type { Reference } from '../../formats/oci/reference.ts';
import { referrersTag } from '../../formats/oci/reference.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import type { Outcome, Unknown } from '../../io/registry/outcome.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Lookup } from '../../policy/data-provider.ts';
import type { CueVerdict } from '../../policy/image-policy/cue/judge.ts';
import { judgeCue } from '../../policy/image-policy/cue/judge.ts';
import { parseCue } from '../../policy/image-policy/cue/syntax.ts';
import type { ProofSource, SignatureDemand } from '../../policy/image-policy/demand.ts';
import type { AuthorityAnswer } from '../../policy/image-policy/evaluate.ts';
import type { CollectedProofs } from './collect.ts';
import { collectProofs } from './collect.ts';
import { answerNotation } from './demand-notation.ts';
import type { DemandSurroundings, OpenedDemand } from './demand-policy.ts';
import { openDemand } from './demand-policy.ts';
import { proofsFor } from './demanded-proofs.ts';
import { imageConfigs } from './image-configs.ts';
import { workloadReference } from './image-reference.ts';
import type { RevocationFetcher } from './notation-verify.ts';
import { equivalentTypes, predicateTypeOf } from './predicate-types.ts';
import type { SignedSubject } from './verify-image.ts';
import { resolveSubject } from './verify-image.ts';
import type { AcceptedProof, RefusedProof, WantedClaim } from './verify-proofs.ts';
import { verifierOf, verifyProofs } from './verify-proofs.ts';

export interface LookupOptions extends DemandSurroundings {
  /** A repository, with credentials (docker configurations) besides those of this machine. */
  readonly openStore: (repository: Reference, credentials: readonly string[]) => ImageStore;
  /** One line for people who want to follow. */
  readonly tell?: (line: string) => void;
  /** Asks services whether certificates were revoked, for signatures of the Notary Project. Absent: nobody is asked. */
  readonly revocation?: RevocationFetcher;
}

export interface ImageLookups {
  imageSignature(demand: SignatureDemand): Lookup<AuthorityAnswer>;
  imageConfigs(reference: string): Lookup<JsonObject>;
  imageDigest(image: string, credentials: readonly string[]): Lookup<string>;
  /** Looks up what was asked for and is not known yet; false when there was nothing. */
  settle(): Promise<boolean>;
  /** Every proof that satisfied a demand, for evidence. */
  readonly accepted: readonly SatisfyingProof[];
}

export interface SatisfyingProof {
  readonly image: string;
  readonly subject: SignedSubject;
  readonly opened: OpenedDemand;
  readonly proof: AcceptedProof;
}

const atOnce = 8;

export function imageLookups(options: LookupOptions): ImageLookups {
  const looking = new Looking(options);
  const signatures = new Questions<SignatureDemand, AuthorityAnswer>(keyOf, (demand) => looking.answer(demand));
  const configs = new Questions<string, JsonObject | { readonly failed: string }>(
    (image) => image,
    (image) => looking.configs(image),
  );
  const digests = new Questions<NamedImage, Outcome<SignedSubject>>(canonicalJson, (named) => looking.subject(named));
  return {
    imageDigest: (image, credentials) => {
      const known = digests.ask({ image, credentials });
      if (known === undefined) return { kind: 'pending' };
      if (known.kind === 'found') return { kind: 'found', value: known.value.digest };
      return known.kind === 'none' ? { kind: 'absent' } : { kind: 'failed', message: unknownText(known) };
    },
    imageSignature: (demand) => {
      const known = signatures.ask(demand);
      return known === undefined ? { kind: 'pending' } : { kind: 'found', value: known };
    },
    imageConfigs: (image) => {
      const known = configs.ask(image);
      if (known === undefined) return { kind: 'pending' };
      return typeof known['failed'] === 'string'
        ? { kind: 'failed', message: known['failed'] }
        : { kind: 'found', value: known };
    },
    settle: async () => {
      const [some, more, rest] = [await signatures.settle(), await configs.settle(), await digests.settle()];
      return some || more || rest;
    },
    get accepted() {
      return looking.accepted;
    },
  };
}

/** Questions asked in the middle of something else, and their answers once somebody looked. */
class Questions<Q, A> {
  readonly #answers = new Map<string, A>();
  readonly #open = new Map<string, Q>();
  readonly #nameOf: (question: Q) => string;
  readonly #look: (question: Q) => Promise<A>;

  constructor(nameOf: (question: Q) => string, look: (question: Q) => Promise<A>) {
    this.#nameOf = nameOf;
    this.#look = look;
  }

  /** Undefined: not known yet, and noted. */
  ask(question: Q): A | undefined {
    const name = this.#nameOf(question);
    const known = this.#answers.get(name);
    if (known === undefined) this.#open.set(name, question);
    return known;
  }

  async settle(): Promise<boolean> {
    const questions = [...this.#open];
    this.#open.clear();
    for (let at = 0; at < questions.length; at += atOnce)
      await Promise.all(
        questions.slice(at, at + atOnce).map(async ([name, question]) => {
          this.#answers.set(name, await this.#look(question));
        }),
      );
    return questions.length > 0;
  }
}

/** Buffers of trust roots as text, so that equal demands are equal. */
function keyOf(demand: SignatureDemand): string {
  const named = Object.values(demand.roots).map((root) => root?.name ?? '');
  return canonicalJson({ ...demand, roots: named });
}

/** Everything fetched in one run, each thing once. */
class Looking {
  readonly #options: LookupOptions;
  readonly #subjects = new Map<string, Promise<Outcome<SignedSubject>>>();
  readonly #proofs = new Map<string, Promise<Outcome<CollectedProofs>>>();
  readonly accepted: SatisfyingProof[] = [];

  constructor(options: LookupOptions) {
    this.#options = options;
  }

  async answer(demand: SignatureDemand): Promise<AuthorityAnswer> {
    try {
      return await this.#judge(demand);
    } catch (error) {
      if (error instanceof LandwaiterError) return { outcome: 'error', message: `${error.code}: ${error.message}` };
      throw error;
    }
  }

  async #judge(demand: SignatureDemand): Promise<AuthorityAnswer> {
    const parsed = workloadReference(demand.image);
    if (parsed.kind === 'invalid') return { outcome: 'error', message: `no image name: ${parsed.reason}` };
    const credentials = demand.sources.flatMap((source) => source.credentials);
    const subject = await this.subject({ image: demand.image, credentials });
    if (subject.kind === 'unknown') return { outcome: 'error', message: unknownText(subject) };
    if (subject.kind === 'none') return { outcome: 'error', message: 'there is no such image' };
    const { digest } = subject.value;
    if (demand.signer.kind === 'notation')
      return { ...(await this.#notation(demand, parsed.reference, digest)), digest };
    const opened = await openDemand(demand, this.#options);
    const look = { demand, reference: parsed.reference, subject: subject.value, opened };
    const answers: NamedAnswer[] = [];
    for (const wish of wishesOf(demand)) answers.push({ wish, answer: await this.#look({ ...look, wish }) });
    return { ...worstOf(answers), digest };
  }

  /** Signatures of the Notary Project, in each place where the demand says that they may be. */
  async #notation(demand: SignatureDemand, reference: Reference, digest: Digest): Promise<AuthorityAnswer> {
    const { signer, sources, annotations = {} } = demand;
    const certificates = signer.kind === 'notation' ? signer.certificates : '';
    const wish = { certificates, annotations, time: this.#options.time, fetcher: this.#options.revocation };
    let answer: AuthorityAnswer = { outcome: 'error', message: 'nobody says where signatures are kept' };
    for (const source of sources) {
      const place = placeOf(source, reference);
      if (place === undefined) return { outcome: 'error', message: `${source.repository ?? ''} is no repository` };
      answer = await answerNotation(this.#options.openStore(place, source.credentials), digest, wish);
      if (answer.outcome === 'pass') break;
    }
    return answer;
  }

  /** The configurations of an image, or of all images of an index. */
  async configs(image: string): Promise<JsonObject | { readonly failed: string }> {
    const parsed = workloadReference(image);
    if (parsed.kind === 'invalid') return { failed: `no image name: ${parsed.reason}` };
    try {
      return await imageConfigs(this.#options.openStore(parsed.reference, []));
    } catch (error) {
      if (error instanceof LandwaiterError) return { failed: `${error.code}: ${error.message}` };
      throw error;
    }
  }

  /** What an image is: resolved once, whatever its tag does meanwhile. */
  subject({ image, credentials }: NamedImage): Promise<Outcome<SignedSubject>> {
    const parsed = workloadReference(image);
    if (parsed.kind === 'invalid')
      return Promise.resolve({ kind: 'unknown', code: 'REGISTRY_INVALID', reason: `no image name: ${parsed.reason}` });
    const { reference } = parsed;
    return remembered(this.#subjects, canonicalJson({ image, credentials }), () =>
      resolveSubject(this.#options.openStore(reference, credentials), { name: undefined }),
    );
  }

  async #look({ demand, reference, subject, opened, wish }: Look): Promise<AuthorityAnswer> {
    const { wanted } = wish;
    const verifier = verifierOf({ ...opened, wanted });
    const [accepted, refused, unread]: [AcceptedProof[], RefusedProof[], Unknown[]] = [[], [], []];
    let elsewhere = 0;
    for (const image of subject.covering)
      for (const source of demand.sources) {
        const outcome = await this.#collected({ image, source, reference, kind: wanted.kind });
        if (outcome.kind === 'unknown') unread.push(outcome);
        if (outcome.kind !== 'found') continue;
        unread.push(...outcome.value.unread);
        const proofs = proofsFor(demand, outcome.value.proofs);
        const verdicts = verifyProofs(verifier, { image, proofs, time: this.#options.time });
        elsewhere += outcome.value.proofs.length - proofs.length;
        accepted.push(...verdicts.accepted);
        refused.push(...verdicts.refused);
      }
    const content = accepted.map((proof) => ({ proof, verdict: contentVerdict(proof, wish.cue) }));
    const met = content.filter(({ verdict }) => verdict.kind === 'satisfied').map(({ proof }) => proof);
    this.accepted.push(...met.map((proof) => ({ image: demand.image, subject, opened, proof })));
    const unmet = content.map(({ verdict }) => verdict).filter((verdict) => verdict.kind !== 'satisfied');
    const [open] = unread;
    // Where every attestation counts, one that could not be read may be the one that fails.
    if (demand.completeness === 'all' && open !== undefined)
      return { outcome: 'error', message: `attestations: ${unknownText(open)}` };
    return answerOf({ accepted: met, unmet, refused, unread, elsewhere }, demand, wish);
  }

  #collected({ image, source, reference, kind }: Collecting): Promise<Outcome<CollectedProofs>> {
    const place = placeOf(source, reference);
    if (place === undefined)
      return Promise.resolve({
        kind: 'unknown',
        code: 'REGISTRY_INVALID',
        reason: `${source.repository ?? ''} is no repository`,
      });
    const key = canonicalJson({ image, kind, place: { ...place, digest: '', tag: '' }, prefix: source.tagPrefix });
    return remembered(this.#proofs, key, () => {
      const store = this.#options.openStore(place, source.credentials);
      this.#options.tell?.(`looking for ${kind}s of ${image} in ${store.name}`);
      return collectProofs(withTagPrefix(store, source.tagPrefix, image), { image, kinds: [kind] });
    });
  }
}

interface NamedImage {
  readonly image: string;
  readonly credentials: readonly string[];
}

interface Look {
  readonly demand: SignatureDemand;
  readonly reference: Reference;
  readonly subject: SignedSubject;
  readonly opened: OpenedDemand;
  readonly wish: Wish;
}

interface Collecting {
  readonly image: Digest;
  readonly source: ProofSource;
  readonly reference: Reference;
  readonly kind: WantedClaim['kind'];
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, look: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const answer = look();
  known.set(key, answer);
  return answer;
}

function placeOf({ repository }: ProofSource, image: Reference): Reference | undefined {
  if (repository === undefined) return image;
  const parsed = workloadReference(repository);
  return parsed.kind === 'reference' ? { ...parsed.reference, tag: undefined, digest: undefined } : undefined;
}

/** Tags of the older layout with something before them (cosign pkg/oci/remote, WithPrefix). */
function withTagPrefix(store: ImageStore, prefix: string, image: Digest): ImageStore {
  if (prefix === '') return store;
  const own = `${referrersTag(image)}.`;
  return {
    ...store,
    manifest: (name) => store.manifest(name?.startsWith(own) === true ? `${prefix}${name}` : name),
  };
}

interface Wish {
  readonly name: string;
  readonly wanted: WantedClaim;
  readonly cue: string | undefined;
}

interface NamedAnswer {
  readonly wish: Wish;
  readonly answer: AuthorityAnswer;
}

/** A signature; or, where attestations are asked for, one of each type (policy-controller looks at no signature then). */
function wishesOf({ attestations }: SignatureDemand): readonly Wish[] {
  if (attestations.length === 0) return [{ name: 'signature', wanted: { kind: 'signature' }, cue: undefined }];
  return attestations.map(({ name, predicateType, cue }) => ({
    name,
    wanted: { kind: 'attestation', predicateTypes: equivalentTypes(predicateTypeOf(predicateType) ?? predicateType) },
    cue,
  }));
}

/** Whether the statement is what a CUE policy asks for. */
function contentVerdict({ proof }: AcceptedProof, source: string | undefined): CueVerdict {
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
function worstOf(answers: readonly NamedAnswer[]): AuthorityAnswer {
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

interface Seen {
  readonly accepted: readonly AcceptedProof[];
  /** Of statements that are signed as they must be, and say something else than is asked for. */
  readonly unmet: readonly Exclude<CueVerdict, { kind: 'satisfied' }>[];
  readonly refused: readonly RefusedProof[];
  readonly unread: readonly Unknown[];
  /** Proofs of the layout that the policy does not read. */
  readonly elsewhere: number;
}

function answerOf(seen: Seen, { layout }: SignatureDemand, { wanted }: Wish): AuthorityAnswer {
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
  const { predicateType, predicate } = claim.statement;
  return [{ predicateType, predicate }];
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

function unknownText({ code, reason }: Unknown): string {
  return `could not look: ${code} ${reason}`;
}
