// SPDX-License-Identifier: Apache-2.0
// Answers demands of image policies: resolves the image, collects its proofs, and judges them. What is looked up is shared through memories that the caller
// hands in: for the length of one run, or for as long as a server may believe it.
import { hash } from 'node:crypto';
import type { JsonObject } from '../../formats/document.ts';
import type { Reference } from '../../formats/oci/reference.ts';
import { referrersTag } from '../../formats/oci/reference.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import type { Outcome, Unknown } from '../../io/registry/outcome.ts';
import { found } from '../../io/registry/outcome.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import type { ProofSource, SignatureDemand } from '../../policy/image-policy/demand.ts';
import type { AuthorityAnswer } from '../../policy/image-policy/evaluate.ts';
import type { CollectedProofs } from './collect.ts';
import { collectProofs } from './collect.ts';
import type { Wish } from './demand-answer.ts';
import { answerOf, contentVerdict, unknownText, wishesOf, worstOf } from './demand-answer.ts';
import { answerArtifact } from './demand-artifact.ts';
import { answerNotation } from './demand-notation.ts';
import type { DemandSurroundings, OpenedDemand } from './demand-policy.ts';
import { openDemand } from './demand-policy.ts';
import { proofsFor, withoutIdleTimestamps } from './demanded-proofs.ts';
import { imageConfigs } from './image-configs.ts';
import { workloadReference } from './image-reference.ts';
import type { RevocationFetcher } from './notation-verify.ts';
import type { SignedSubject } from './verify-image.ts';
import { resolveSubject } from './verify-image.ts';
import type { AcceptedProof, RefusedProof, WantedClaim } from './verify-proofs.ts';
import { verifierOf, verifyProofs } from './verify-proofs.ts';

/** What was looked up under a name. How long it is believed is the memory's business; two who ask at the same time share one look. */
export interface Memory<T> {
  get(name: string, look: () => Promise<T>): Promise<T>;
}

export interface LookingOptions extends Omit<DemandSurroundings, 'time'> {
  /** A repository, with credentials (docker configurations) besides those of this machine. */
  readonly openStore: (repository: Reference, credentials: readonly string[]) => ImageStore;
  /** What names stand for. */
  readonly subjects: Memory<Outcome<SignedSubject>>;
  /** What hangs on an image in one place. */
  readonly proofs: Memory<Outcome<CollectedProofs>>;
  /** Of what is read of proofs; the usual ones when absent. */
  readonly limits?: Limits;
  /** One line for people who want to follow. */
  readonly tell?: (line: string) => void;
  /** Told of every proof that satisfied a demand. */
  readonly satisfied?: (proof: SatisfyingProof) => void;
  /** Asks services whether certificates were revoked, for signatures of the Notary Project. Absent: nobody is asked. */
  readonly revocation?: RevocationFetcher;
}

export interface SatisfyingProof {
  readonly image: string;
  readonly subject: SignedSubject;
  readonly opened: OpenedDemand;
  readonly proof: AcceptedProof;
}

export interface NamedImage {
  readonly image: string;
  readonly credentials: readonly string[];
}

export class DemandLooking {
  readonly #options: LookingOptions;

  constructor(options: LookingOptions) {
    this.#options = options;
  }

  /**
   * The answer as of `time` (milliseconds since 1970), which certificates and timestamps are judged at. `known`: what the image's name was resolved to already.
   * Nobody could look: `error`, never `fail`.
   */
  async answer(demand: SignatureDemand, time: number, known?: SignedSubject): Promise<AuthorityAnswer> {
    try {
      return await this.#judge(demand, time, known);
    } catch (error) {
      if (error instanceof LandwaiterError) return { outcome: 'error', message: `${error.code}: ${error.message}` };
      throw error;
    }
  }

  /** Begins to collect what hangs on a digest, so that it need not wait for the word that the image is there. The memory of proofs keeps it until then. */
  begin(demand: SignatureDemand): void {
    const parsed = workloadReference(demand.image);
    if (parsed.kind === 'invalid' || demand.signer.kind === 'notation') return;
    const { reference } = parsed;
    const { digest: image } = reference;
    if (image === undefined) return;
    // Who waits for it later is told what went wrong.
    for (const { wanted } of wishesOf(demand))
      for (const source of demand.sources)
        this.#collected({ image, source, demand, reference, kind: wanted.kind }).catch(() => undefined);
  }

  async #judge(demand: SignatureDemand, time: number, known: SignedSubject | undefined): Promise<AuthorityAnswer> {
    const parsed = workloadReference(demand.image);
    if (parsed.kind === 'invalid') return { outcome: 'error', message: `no image name: ${parsed.reason}` };
    const credentials = demand.sources.flatMap((source) => credentialsFor(source, demand));
    const subject = known === undefined ? await this.subject({ image: demand.image, credentials }) : found(known);
    if (subject.kind === 'unknown') return { outcome: 'error', message: unknownText(subject) };
    if (subject.kind === 'none') return { outcome: 'error', message: 'there is no such image' };
    const { digest } = subject.value;
    if (demand.signer.kind === 'notation')
      return { ...(await this.#notation(demand, parsed.reference, { digest, time })), digest };
    if (demand.artifactType !== undefined)
      return { outcome: 'error', message: 'artifacts are signed as the Notary Project signs them, and not otherwise' };
    const opened = await openDemand(demand, { ...this.#options, time });
    const look = { demand, reference: parsed.reference, subject: subject.value, opened, time };
    const wishes = wishesOf(demand);
    const answers = await Promise.all(wishes.map((wish) => this.#look({ ...look, wish })));
    return { ...worstOf(answers.map((answer, index) => ({ wish: wishes[index] as Wish, answer }))), digest };
  }

  /** Signatures of the Notary Project, in each place where the demand says that they may be. */
  async #notation(
    demand: SignatureDemand,
    reference: Reference,
    { digest, time }: { readonly digest: Digest; readonly time: number },
  ): Promise<AuthorityAnswer> {
    const { signer, sources, artifactType, annotations = {} } = demand;
    const { certificates, timestampAuthorities } = signer.kind === 'notation' ? signer : { certificates: '' };
    const wish = {
      certificates,
      annotations,
      time,
      fetcher: this.#options.revocation,
      ...(timestampAuthorities === undefined ? {} : { timestampAuthorities }),
    };
    let answer: AuthorityAnswer = { outcome: 'error', message: 'nobody says where signatures are kept' };
    for (const source of sources) {
      const place = placeOf(source, reference);
      if (place === undefined) return { outcome: 'error', message: `${source.repository ?? ''} is no repository` };
      const store = this.#options.openStore(place, credentialsFor(source, demand));
      answer = await (artifactType === undefined
        ? answerNotation(store, digest, wish)
        : answerArtifact(store, digest, { ...wish, artifactType }));
      if (answer.outcome === 'pass') break;
    }
    return answer;
  }

  /** The configurations of an image, or of all images of an index. */
  async configs({ image, credentials }: NamedImage): Promise<JsonObject | { readonly failed: string }> {
    const parsed = workloadReference(image);
    if (parsed.kind === 'invalid') return { failed: `no image name: ${parsed.reason}` };
    try {
      return await imageConfigs(this.#options.openStore(parsed.reference, credentials));
    } catch (error) {
      if (error instanceof LandwaiterError) return { failed: `${error.code}: ${error.message}` };
      throw error;
    }
  }

  /** What an image is, whatever its tag does as long as the memory believes it. */
  subject({ image, credentials }: NamedImage): Promise<Outcome<SignedSubject>> {
    const parsed = workloadReference(image);
    if (parsed.kind === 'invalid')
      return Promise.resolve({ kind: 'unknown', code: 'REGISTRY_INVALID', reason: `no image name: ${parsed.reason}` });
    const { reference } = parsed;
    return this.#options.subjects.get(nameOfLook({ image, credentials }), () =>
      resolveSubject(this.#options.openStore(reference, credentials), { name: undefined }),
    );
  }

  async #look({ demand, reference, subject, opened, wish, time }: Look): Promise<AuthorityAnswer> {
    const { wanted } = wish;
    const verifier = verifierOf({ ...opened, wanted });
    const [accepted, refused, unread]: [AcceptedProof[], RefusedProof[], Unknown[]] = [[], [], []];
    let elsewhere = 0;
    const places = subject.covering.flatMap((image) => demand.sources.map((source) => ({ image, source })));
    const collected = await Promise.all(
      places.map(({ image, source }) => this.#collected({ image, source, demand, reference, kind: wanted.kind })),
    );
    for (const [index, outcome] of collected.entries()) {
      const image = places[index]?.image;
      if (outcome.kind === 'unknown') unread.push(outcome);
      if (outcome.kind !== 'found' || image === undefined) continue;
      unread.push(...outcome.value.unread);
      const proofs = proofsFor(demand, outcome.value.proofs);
      const judged = withoutIdleTimestamps(proofs, opened.trustRoot);
      const verdicts = verifyProofs(verifier, { image, proofs: judged, time });
      elsewhere += outcome.value.proofs.length - proofs.length;
      accepted.push(...verdicts.accepted);
      refused.push(...verdicts.refused);
    }
    const content = accepted.map((proof) => ({ proof, verdict: contentVerdict(proof, wish.cue) }));
    const met = content.filter(({ verdict }) => verdict.kind === 'satisfied').map(({ proof }) => proof);
    for (const proof of met) this.#options.satisfied?.({ image: demand.image, subject, opened, proof });
    const unmet = content.map(({ verdict }) => verdict).filter((verdict) => verdict.kind !== 'satisfied');
    const [open] = unread;
    // Where every attestation counts, one that could not be read may be the one that fails.
    if (demand.completeness === 'all' && open !== undefined)
      return { outcome: 'error', message: `attestations: ${unknownText(open)}` };
    return answerOf({ accepted: met, unmet, refused, unread, elsewhere }, demand, wish);
  }

  #collected({ image, source, demand, reference, kind }: Collecting): Promise<Outcome<CollectedProofs>> {
    const place = placeOf(source, reference);
    if (place === undefined)
      return Promise.resolve({
        kind: 'unknown',
        code: 'REGISTRY_INVALID',
        reason: `${source.repository ?? ''} is no repository`,
      });
    const credentials = credentialsFor(source, demand);
    const { registry, repository } = place;
    const name = nameOfLook({ image, kind, registry, repository, prefix: source.tagPrefix, credentials });
    return this.#options.proofs.get(name, () => {
      const store = this.#options.openStore(place, credentials);
      this.#options.tell?.(`looking for ${kind}s of ${image} in ${store.name}`);
      return collectProofs(withTagPrefix(store, source.tagPrefix, image), {
        image,
        kinds: [kind],
        ...(this.#options.limits === undefined ? {} : { limits: this.#options.limits }),
      });
    });
  }
}

/** Names end up in memories and must not hold credentials: what else a look depends on, and a digest of all. */
function nameOfLook(look: JsonObject): string {
  return hash('sha256', canonicalJson(look));
}

function credentialsFor({ credentials }: ProofSource, demand: SignatureDemand): readonly string[] {
  return demand.credentials === undefined ? credentials : [...credentials, ...demand.credentials];
}

interface Look {
  readonly demand: SignatureDemand;
  readonly reference: Reference;
  readonly subject: SignedSubject;
  readonly opened: OpenedDemand;
  readonly wish: Wish;
  readonly time: number;
}

interface Collecting {
  readonly image: Digest;
  readonly source: ProofSource;
  readonly demand: SignatureDemand;
  readonly reference: Reference;
  readonly kind: WantedClaim['kind'];
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
