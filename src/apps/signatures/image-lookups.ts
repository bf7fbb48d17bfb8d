// SPDX-License-Identifier: Apache-2.0
// Answers demands of image policies: resolves the image once, collects its proofs, and judges them. Asked in the middle of a synchronous evaluation it
// says `pending` and remembers the question; `settle` looks everything up, and the evaluation is run again.
import type { Reference } from '../../formats/oci/reference.ts';
import { parseReference, referrersTag } from '../../formats/oci/reference.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import type { Outcome, Unknown } from '../../io/registry/outcome.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Lookup } from '../../policy/data-provider.ts';
import type { ProofSource, SignatureDemand } from '../../policy/image-policy/demand.ts';
import type { AuthorityAnswer } from '../../policy/image-policy/evaluate.ts';
import type { CollectedProof, CollectedProofs } from './collect.ts';
import { collectProofs } from './collect.ts';
import type { DemandSurroundings, OpenedDemand } from './demand-policy.ts';
import { openDemand } from './demand-policy.ts';
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
}

export interface ImageLookups {
  imageSignature(demand: SignatureDemand): Lookup<AuthorityAnswer>;
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
  const answers = new Map<string, AuthorityAnswer>();
  const open = new Map<string, SignatureDemand>();
  const looking = new Looking(options);
  return {
    imageSignature: (demand) => {
      const key = keyOf(demand);
      const known = answers.get(key);
      if (known !== undefined) return { kind: 'found', value: known };
      open.set(key, demand);
      return { kind: 'pending' };
    },
    settle: async () => {
      const questions = [...open];
      open.clear();
      for (let at = 0; at < questions.length; at += atOnce)
        await Promise.all(
          questions.slice(at, at + atOnce).map(async ([key, demand]) => {
            answers.set(key, await looking.answer(demand));
          }),
        );
      return questions.length > 0;
    },
    get accepted() {
      return looking.accepted;
    },
  };
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
    const parsed = parseReference(demand.image);
    if (parsed.kind === 'invalid') return { outcome: 'error', message: `no image name: ${parsed.reason}` };
    const opened = await openDemand(demand, this.#options);
    const subject = await this.#subject(demand, parsed.reference);
    if (subject.kind === 'unknown') return { outcome: 'error', message: unknownText(subject) };
    if (subject.kind === 'none') return { outcome: 'error', message: 'there is no such image' };
    const wishes = wantedClaims(demand);
    const answers: AuthorityAnswer[] = [];
    for (const wanted of wishes)
      answers.push(await this.#look({ demand, reference: parsed.reference, subject: subject.value, opened, wanted }));
    return worstOf(answers);
  }

  #subject({ image, sources }: SignatureDemand, reference: Reference): Promise<Outcome<SignedSubject>> {
    const credentials = sources.flatMap((source) => source.credentials);
    return remembered(this.#subjects, canonicalJson({ image, credentials }), () =>
      resolveSubject(this.#options.openStore(reference, credentials), { name: undefined }),
    );
  }

  async #look({ demand, reference, subject, opened, wanted }: Look): Promise<AuthorityAnswer> {
    const verifier = verifierOf({ ...opened, wanted });
    const [accepted, refused, unread]: [AcceptedProof[], RefusedProof[], Unknown[]] = [[], [], []];
    let elsewhere = 0;
    for (const image of subject.covering)
      for (const source of demand.sources) {
        const outcome = await this.#collected({ image, source, reference, kind: wanted.kind });
        if (outcome.kind === 'unknown') unread.push(outcome);
        if (outcome.kind !== 'found') continue;
        unread.push(...outcome.value.unread);
        const proofs = outcome.value.proofs.filter((proof) => isOfLayout(proof, demand.layout));
        const verdicts = verifyProofs(verifier, { image, proofs, time: this.#options.time });
        elsewhere += outcome.value.proofs.length - proofs.length;
        accepted.push(...verdicts.accepted);
        refused.push(...verdicts.refused);
      }
    this.accepted.push(...accepted.map((proof) => ({ image: demand.image, subject, opened, proof })));
    return answerOf({ accepted, refused, unread, elsewhere }, demand, wanted);
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

interface Look {
  readonly demand: SignatureDemand;
  readonly reference: Reference;
  readonly subject: SignedSubject;
  readonly opened: OpenedDemand;
  readonly wanted: WantedClaim;
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
  const parsed = parseReference(repository);
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

function isOfLayout({ form }: CollectedProof, layout: SignatureDemand['layout']): boolean {
  return (form === 'bundle') === (layout === 'bundle');
}

/** A signature; or, where attestations are asked for, one of each type (policy-controller looks at no signature then). */
function wantedClaims({ predicateTypes }: SignatureDemand): readonly WantedClaim[] {
  if (predicateTypes.length === 0) return [{ kind: 'signature' }];
  return predicateTypes.map((word) => ({
    kind: 'attestation',
    predicateTypes: equivalentTypes(predicateTypeOf(word) ?? word),
  }));
}

/** All must pass; one that failed decides, then one that nobody could look at. */
function worstOf(answers: readonly AuthorityAnswer[]): AuthorityAnswer {
  const worst = answers.find(({ outcome }) => outcome === 'fail') ?? answers.find(({ outcome }) => outcome === 'error');
  if (worst !== undefined) return worst;
  return { outcome: 'pass', message: [...new Set(answers.map(({ message }) => message))].join(', ') };
}

interface Seen {
  readonly accepted: readonly AcceptedProof[];
  readonly refused: readonly RefusedProof[];
  readonly unread: readonly Unknown[];
  /** Proofs of the layout that the policy does not read. */
  readonly elsewhere: number;
}

function answerOf(seen: Seen, { layout }: SignatureDemand, wanted: WantedClaim): AuthorityAnswer {
  const what = wanted.kind === 'signature' ? 'signature' : `attestation ${wanted.predicateTypes?.[0] ?? ''}`;
  const [accepted] = seen.accepted;
  if (accepted !== undefined) return { outcome: 'pass', message: `${what} by ${signerOf(accepted)}` };
  const [unread] = seen.unread;
  if (unread !== undefined) return { outcome: 'error', message: `${what}: ${unknownText(unread)}` };
  const reasons = seen.refused.map(({ refusal }) => `${refusal.code} ${refusal.message}`);
  if (reasons.length > 0)
    return { outcome: 'fail', message: `no ${what} counts: ${[...new Set(reasons)].slice(0, 3).join('; ')}` };
  const other =
    layout === 'legacy'
      ? 'bundles, which signatureFormat: bundle reads'
      : 'the older layout, which signatureFormat: legacy reads';
  const hint = seen.elsewhere === 0 ? '' : ` (there are proofs in ${other})`;
  return { outcome: 'fail', message: `there is no ${what}${hint}` };
}

function signerOf({ verified: { signer } }: AcceptedProof): string {
  if (signer.kind === 'key') return `the key ${signer.fingerprint.slice(0, 19)}`;
  const [subject] = signer.subjects;
  return `${subject?.kind === 'unread' ? '' : (subject?.value ?? '')} of ${signer.issuer ?? 'an unknown issuer'}`;
}

function unknownText({ code, reason }: Unknown): string {
  return `could not look: ${code} ${reason}`;
}
