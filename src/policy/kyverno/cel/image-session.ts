// SPDX-License-Identifier: Apache-2.0
// One evaluation of an ImageValidatingPolicy as its functions see it: asks the data provider, counts who has signed, and keeps what was verified.
// What nobody could look at is an error of CEL and never a count, so that no comparison can take it for "unsigned". What is not looked up yet counts as
// signed for the moment, so that one evaluation asks for everything; `isOpen` then says that its result means nothing.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import { canonicalJson } from '../../../model/canonical-json.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError } from '../../cel/values.ts';
import type { DataProvider } from '../../data-provider.ts';
import { parseImageInfo } from '../../image-info.ts';
import type { SignatureDemand, StandingDemand } from '../../image-policy/demand.ts';
import { demandFor } from '../../image-policy/demand.ts';
import type { AuthorityAnswer } from '../../image-policy/evaluate.ts';
import { credentialsFor, openedSigner } from '../verify-images/demands.ts';
import type { Attestor } from './attestor.ts';
import type { AttestedBy } from './attestor-reading.ts';
import { imageParts } from './image-library.ts';
import type { ImageMatcher } from './image-references.ts';

/** An attestation as a policy names it. */
export interface Attestation {
  readonly name: string;
  /** `intoto`: a statement in an envelope; `referrer`: an artifact that refers to the image and is signed itself. */
  readonly form: 'intoto' | 'referrer';
  /** Predicate type, or artifact type. */
  readonly type: string;
}

export interface SessionOptions {
  readonly data: DataProvider;
  /** The object whose pull Secrets count; empty for payloads. */
  readonly object: JsonObject;
  readonly secrets: readonly string[];
  readonly attestors: ReadonlyMap<string, Attestor>;
  readonly attestations: ReadonlyMap<string, Attestation>;
  readonly isConcerned: ImageMatcher;
  /** `strict`: where several attestations of a type say different things, there is no payload. */
  readonly hardening: 'parity' | 'strict';
}

type Found<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'pending' }
  | { readonly kind: 'failed'; readonly message: string };

export class ImageSession {
  readonly #options: SessionOptions;
  /** Values of the policy's expressions; set once they are there. */
  values: readonly CelValue[] = [];
  /** Whether something is not looked up yet. */
  isOpen = false;
  /** Why signatures did not count, for people. */
  readonly refusals = new Set<string>();
  /** By image as it is written: whether somebody has signed it, for those that were asked about. */
  readonly verified = new Map<string, boolean>();
  readonly #digests = new Map<string, string>();
  readonly #payloads = new Map<string, CelValue>();
  readonly #resolving = new Set<string>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** `verifyImageSignatures(image, attestors)`: how many of them have signed. 0 for images that the policy is not about. */
  countSignatures(image: string, attestors: readonly string[]): CelValue {
    const concerned = this.#options.isConcerned(image);
    if (concerned !== true) return concerned === false ? 0 : concerned;
    return this.#count(image, attestors, undefined);
  }

  /** `verifyAttestationSignatures(image, attestation, attestors)`. */
  countAttestations(image: string, name: string, attestors: readonly string[]): CelValue {
    const concerned = this.#options.isConcerned(image);
    if (concerned !== true) return concerned === false ? 0 : concerned;
    const attestation = this.#options.attestations.get(name);
    if (attestation === undefined) return new CelError(`the policy has no attestation ${name}`);
    return this.#count(image, attestors, attestation);
  }

  /** `extractPayload(image, attestation)`: of an attestation that was verified before, and of no other. */
  payload(image: string, name: string): CelValue {
    const attestation = this.#options.attestations.get(name);
    if (attestation === undefined) return new CelError(`the policy has no attestation ${name}`);
    const payload = this.#payloads.get(placeOf(image, name));
    if (payload !== undefined) return payload;
    return this.isOpen
      ? new CelError(`the attestation ${name} of ${image} is being looked up`)
      : new CelError(`the attestation ${name} of ${image} was not verified; verifyAttestationSignatures comes first`);
  }

  /** `getImageData(image)`. */
  imageData(image: string): CelValue {
    const found = this.#options.data.imageData(image);
    switch (found.kind) {
      case 'found':
        return { ...namesIn(image), ...found.value };
      case 'pending':
        this.isOpen = true;
        return new CelError(`image ${image} is being looked up`);
      case 'failed':
        return new CelError(`image ${image}: ${found.message}`);
      case 'absent':
        return new CelError(`image ${image}: there is no such image`);
      default:
        return new CelError(`image ${image}: registries are not asked (--registry)`);
    }
  }

  /** What the image's name stands for now. */
  digest(image: string): Found<string> {
    const credentials = this.#credentials(this.#options.secrets);
    if (credentials.kind !== 'found') return credentials;
    const found = this.#options.data.imageDigest?.(image, credentials.value) ?? { kind: 'unavailable' as const };
    if (found.kind === 'found') return found;
    if (found.kind === 'pending') this.isOpen = true;
    if (found.kind === 'pending' || found.kind === 'failed') return found;
    const message = found.kind === 'absent' ? 'there is no such image' : 'registries are not asked (--registry)';
    return { kind: 'failed', message };
  }

  #count(image: string, attestors: readonly string[], attestation: Attestation | undefined): CelValue {
    if (parseImageInfo(image) === undefined) return new CelError(`${image.slice(0, 200)} names no image`);
    // All are asked, so that one round of look-ups is enough.
    const answers = attestors.map((name) => this.#answer(image, name, attestation));
    const fault = answers.find((answer) => answer instanceof CelError);
    if (fault !== undefined) return fault;
    let count = 0;
    for (const answer of answers)
      if (answer instanceof CelError || answer === 'passed' || answer === 'open') count += 1;
    if (attestors.length > 0 && !answers.includes('open'))
      this.verified.set(image, count > 0 || this.verified.get(image) === true);
    return count;
  }

  #answer(image: string, name: string, attestation: Attestation | undefined): 'passed' | 'failed' | 'open' | CelError {
    const by = this.#resolved(name);
    if (by instanceof CelError) return by;
    const what = `${image}: attestor ${name}`;
    if (attestation !== undefined && (attestation.form === 'referrer') !== (by.kind === 'notary'))
      return new CelError(
        `${what}: ${by.kind === 'notary' ? 'notary attestors verify referrers' : 'cosign attestors verify intoto attestations'} only`,
      );
    if (by.entry.refusal !== undefined) {
      this.refusals.add(`${what}: ${by.entry.refusal}`);
      return 'failed';
    }
    const demand = this.#demand(image, by, attestation);
    if (demand.kind !== 'found')
      return demand.kind === 'pending' ? this.#open() : new CelError(`${what}: ${demand.message}`);
    const found = this.#options.data.imageSignature?.(demand.value) ?? { kind: 'unavailable' as const };
    if (found.kind === 'pending') return this.#open();
    if (found.kind === 'failed') return new CelError(`${what}: ${found.message}`);
    if (found.kind !== 'found') return new CelError(`${what}: registries are not asked (--registry)`);
    return this.#judged(found.value, { image, what, by, attestation });
  }

  #judged(
    answer: AuthorityAnswer,
    {
      image,
      what,
      by,
      attestation,
    }: {
      readonly image: string;
      readonly what: string;
      readonly by: AttestedBy;
      readonly attestation: Attestation | undefined;
    },
  ): 'passed' | 'failed' | 'open' | CelError {
    if (answer.outcome === 'pending') return this.#open();
    if (answer.outcome === 'error') return new CelError(`${what}: ${answer.message}`);
    if (answer.outcome === 'fail') {
      this.refusals.add(`${what}: ${answer.message}${hintOf(answer, by)}`);
      return 'failed';
    }
    // One name must stand for one image in all answers, and for the one whose digest is written in it.
    const written = parseImageInfo(image)?.digest ?? '';
    const before = written === '' ? this.#digests.get(image) : written;
    if (answer.digest !== undefined && before !== undefined && before !== answer.digest)
      return new CelError(`${what}: the registry answered with ${answer.digest}, not with ${before}`);
    if (answer.digest !== undefined) this.#digests.set(image, answer.digest);
    if (attestation !== undefined) this.#keepPayload(image, attestation, answer);
    return 'passed';
  }

  /** Matches Kyverno because the last of several attestations is the one that is read. */
  #keepPayload(image: string, { name }: Attestation, { statements = [] }: AuthorityAnswer): void {
    const payloads = statements.map(
      ({ statement, predicateType, predicate }) => statement ?? { predicateType, predicate },
    );
    const last = payloads.at(-1);
    const isOne = new Set(payloads.map((payload) => canonicalJson(payload))).size <= 1;
    const payload =
      last !== undefined && (isOne || this.#options.hardening === 'parity')
        ? (last as CelValue)
        : new CelError(
            last === undefined
              ? `the attestation ${name} of ${image} has no content that could be read`
              : `there are several attestations ${name} of ${image}, which say different things`,
          );
    this.#payloads.set(placeOf(image, name), payload);
  }

  #open(): 'open' {
    this.isOpen = true;
    return 'open';
  }

  #resolved(name: string): AttestedBy | CelError {
    const attestor = this.#options.attestors.get(name);
    if (attestor === undefined) return new CelError(`the policy has no attestor ${name}`);
    if (this.#resolving.has(name)) return new CelError(`attestor ${name}: its key depends on its own signature`);
    this.#resolving.add(name);
    try {
      return attestor.resolve(this.values);
    } finally {
      this.#resolving.delete(name);
    }
  }

  #demand(image: string, by: AttestedBy, attestation: Attestation | undefined): Found<SignatureDemand> {
    const standing = standingOf(by, attestation, this.#options.data);
    if (typeof standing === 'string') return { kind: 'failed', message: standing };
    const [kept, own] = [this.#credentials(by.pullSecrets), this.#credentials(this.#options.secrets)];
    if (kept.kind !== 'found') return kept;
    if (own.kind !== 'found') return own;
    const credentials = by.pullSecrets.length === 0 ? own.value : [...kept.value, ...own.value];
    return { kind: 'found', value: demandFor(standing, image, credentials) };
  }

  #credentials(secrets: readonly string[]): Found<readonly string[]> {
    const found = credentialsFor(secrets, this.#options.object, this.#options.data);
    if (!('outcome' in found)) return { kind: 'found', value: found };
    if (found.outcome !== 'pending') return { kind: 'failed', message: found.message };
    this.isOpen = true;
    return { kind: 'pending' };
  }
}

/** What attestors demand, by attestation; without those whose key is in a Secret, which may be another one every time. */
const standings = new WeakMap<AttestedBy, Map<string, StandingDemand>>();

/** What is demanded of any image, or why nobody can tell. */
function standingOf(by: AttestedBy, attestation: Attestation | undefined, data: DataProvider): StandingDemand | string {
  const { entry } = by;
  const name = attestation === undefined ? '' : `${attestation.form} ${attestation.type}`;
  const known = standings.get(by)?.get(name);
  if (known !== undefined) return known;
  const signer = openedSigner(entry.signer, data);
  if (typeof signer === 'string') return signer;
  const standing: StandingDemand = {
    signer,
    roots: by.roots,
    log: entry.log,
    timestamp: entry.timestamp,
    layout: 'any',
    sources: [{ repository: by.repository, tagPrefix: by.tagPrefix, credentials: [] }],
    attestations:
      attestation?.form === 'intoto'
        ? [{ name: attestation.type, predicateType: attestation.type, cue: undefined }]
        : [],
    ...(attestation?.form === 'referrer' ? { artifactType: attestation.type } : {}),
    ...(Object.keys(entry.annotations).length === 0 ? {} : { annotations: entry.annotations }),
    ...(attestation === undefined ? {} : { completeness: 'all' }),
  };
  if (entry.signer.kind === 'secret') return standing;
  const own = standings.get(by) ?? new Map<string, StandingDemand>();
  standings.set(by, own.set(name, standing));
  return standing;
}

function placeOf(image: string, attestation: string): string {
  return JSON.stringify([image, attestation]);
}

/** What to do about a signature that is good and in no log, where nobody asked for a log in so many words. */
function hintOf({ message }: AuthorityAnswer, { entry }: AttestedBy): string {
  if (!message.includes('LOG_MISSING') || entry.logIs === 'stated' || entry.signer.kind === 'keyless') return '';
  return ' (attestors that say nothing of logs ask for one: ctlog.insecureIgnoreTlog, the annotation landwaiter.dev/require-transparency-log and --key-transparency-log change that)';
}

/** Members that do not depend on what the registry has (sdk extensions/imagedataloader, ImageReference). */
function namesIn(image: string): JsonObject {
  const parts = asObject(imageParts(image));
  if (parts === undefined) return { image };
  const { registry, repository, tag, digest } = parts;
  return { image, registry, repository, tag, digest, identifier: digest === '' ? tag : digest };
}
