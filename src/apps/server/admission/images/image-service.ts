// SPDX-License-Identifier: Apache-2.0
// What policies may ask about images while a review waits: signatures, attestations, digests, configurations. Answers that are believed come from memory at
// once; the rest is looked up, each question once for all reviews that ask it. A registry that is down, slow or throttling gives an error, never an answer.
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject } from '../../../../formats/document.ts';
import type { Reference } from '../../../../formats/oci/reference.ts';
import type { Outcome, Unknown } from '../../../../io/registry/outcome.ts';
import { defaultLimits } from '../../../../model/limits.ts';
import type { DataProvider, Lookup, PullSecretNames } from '../../../../policy/data-provider.ts';
import type { SignatureDemand } from '../../../../policy/image-policy/demand.ts';
import type { AuthorityAnswer } from '../../../../policy/image-policy/evaluate.ts';
import { blobSignatures } from '../../../signatures/blob-signatures.ts';
import type { CollectedProofs } from '../../../signatures/collect.ts';
import { unknownText } from '../../../signatures/demand-answer.ts';
import type { LookingOptions } from '../../../signatures/demand-looking.ts';
import { DemandLooking } from '../../../signatures/demand-looking.ts';
import { imageData } from '../../../signatures/image-data.ts';
import { workloadReference } from '../../../signatures/image-reference.ts';
import type { SignedSubject } from '../../../signatures/verify-image.ts';
import { AnswerCache } from '../asking/answer-cache.ts';
import type { Asking, Look } from '../asking/asking.ts';
import { Flights } from '../asking/flights.ts';
import type { ImageLifetimes } from './lifetimes.ts';
import { imageLifetimes, lifetimeOf } from './lifetimes.ts';
import type { PullSecrets } from './pull-secrets.ts';
import { nameOfCredentials, nameOfDemand } from './question-names.ts';
import { forgetful, RememberedLooks } from './remembered-looks.ts';

const mebibyte = 1024 * 1024;

export interface ImageServiceOptions extends Pick<LookingOptions, 'keys' | 'openStore' | 'tell' | 'revocation'> {
  readonly asking: Asking;
  /** Milliseconds since 1970, for how long answers are believed. */
  readonly now: () => number;
  /** What counts where a demand names no trust root. `generation` counts up when it is another one. */
  readonly trustRoot: { readonly generation: number; readonly current: LookingOptions['defaultRoot'] };
  /** Absent: nobody here reads Secrets of workloads. */
  readonly pullSecrets?: PullSecrets;
  readonly lifetimes?: ImageLifetimes;
}

export type ImageAnswers = Required<
  Pick<DataProvider, 'imageSignature' | 'blobSignature' | 'imageDigest' | 'imageConfigs' | 'imageData'>
> &
  Pick<DataProvider, 'pullCredentials'>;

/** What is held at most; bytes as the caches count them. */
const most = {
  looks: 512,
  verdicts: 20_000,
  /** Each by digest and by name, which outlive each other. */
  verdictBytes: 16 * mebibyte,
  factBytes: 8 * mebibyte,
  proofBytes: 16 * mebibyte,
  subjectBytes: 4 * mebibyte,
  secretBytes: 4 * mebibyte,
};

/** Of the proofs of one image: less than on a command line, because many are looked at side by side in a process that must not run out of memory. */
const proofLimits = {
  ...defaultLimits,
  attestationBytes: 16 * mebibyte,
  proofsPerImage: 100,
  proofBytes: 32 * mebibyte,
};

type Verdict = Lookup<AuthorityAnswer>;

export class ImageService {
  readonly #options: ImageServiceOptions;
  readonly #lifetimes: ImageLifetimes;
  readonly #looking: DemandLooking;
  /** For demands whose answer may not be kept. */
  readonly #forgetful: DemandLooking;
  readonly #flights = new Flights<Lookup<unknown>>(most.looks);
  /** By demand and the image's name as it is written. */
  readonly #named: AnswerCache<Verdict>;
  /** By demand, repository and digest. */
  readonly #verdicts: AnswerCache<Verdict>;
  readonly #facts: AnswerCache<Lookup<unknown>>;
  readonly #secrets: AnswerCache<Lookup<readonly string[]>>;
  #lookUps = 0;
  #failed = 0;

  constructor(options: ImageServiceOptions) {
    const { keys, openStore, tell, revocation, trustRoot, now } = options;
    const lifetimes = options.lifetimes ?? imageLifetimes;
    this.#options = options;
    this.#lifetimes = lifetimes;
    const looking = {
      keys,
      openStore,
      defaultRoot: () => trustRoot.current(),
      limits: proofLimits,
      ...(tell === undefined ? {} : { tell }),
      ...(revocation === undefined ? {} : { revocation }),
    };
    const memory = { now, atOnce: most.looks, busy };
    this.#looking = new DemandLooking({
      ...looking,
      // Tags only: what is asked by digest is kept with its verdict.
      subjects: new RememberedLooks<Outcome<SignedSubject>>({
        ...memory,
        entries: 10_000,
        bytes: most.subjectBytes,
        lifetime: ({ kind }) => (kind === 'found' ? lifetimes.tag : lifetimes.unknown),
      }),
      proofs: new RememberedLooks<Outcome<CollectedProofs>>({
        ...memory,
        entries: 2_000,
        bytes: most.proofBytes,
        lifetime: (outcome) =>
          outcome.kind === 'found' && outcome.value.unread.length === 0 ? lifetimes.proofs : lifetimes.unknown,
        weigh: (outcome) =>
          outcome.kind === 'found'
            ? outcome.value.proofs.reduce((sum, { bytes }) => sum + 3 * bytes.length, 1_000)
            : 500,
      }),
    });
    this.#forgetful = new DemandLooking({ ...looking, subjects: forgetful(), proofs: forgetful() });
    const common = { entries: most.verdicts, lifetime: () => lifetimes.signed };
    // How long is said for each when it is put: it depends on the demand.
    this.#named = new AnswerCache<Verdict>({ ...common, bytes: most.verdictBytes, weigh: weightOf });
    this.#verdicts = new AnswerCache<Verdict>({ ...common, bytes: most.verdictBytes, weigh: weightOf });
    this.#facts = new AnswerCache<Lookup<unknown>>({
      ...common,
      lifetime: () => lifetimes.digest,
      bytes: most.factBytes,
      weigh: weightOf,
    });
    this.#secrets = new AnswerCache<Lookup<readonly string[]>>({
      entries: 2_000,
      bytes: most.secretBytes,
      lifetime: ({ kind }) => (kind === 'found' ? lifetimes.secrets : lifetimes.unknown),
      weigh: (answer) =>
        answer.kind === 'found' ? answer.value.reduce((sum, text) => sum + 2 * text.length, 200) : 500,
    });
  }

  /** What a DataProvider takes. */
  get answers(): ImageAnswers {
    const { pullSecrets, trustRoot, asking } = this.#options;
    return {
      ...blobSignatures({
        defaultRoot: () => trustRoot.current(),
        // Of the review that asks, not of the one for which this was put together.
        get time() {
          return asking.time;
        },
      }),
      imageSignature: (demand) => this.#signature(demand),
      imageDigest: (image, credentials) => this.#digest(image, credentials),
      imageConfigs: (image, credentials) => this.#configs(image, credentials),
      imageData: (image) => this.#data(image),
      ...(pullSecrets === undefined ? {} : { pullCredentials: (names) => this.#pullCredentials(names, pullSecrets) }),
    };
  }

  get state(): ImageServiceState {
    const { size, bytes } = this.#verdicts;
    return { lookUps: this.#lookUps, failed: this.#failed, underWay: this.#flights.size, kept: size, keptBytes: bytes };
  }

  /** What no memory knows is looked up. */
  #ask<A>(name: string, look: Look<A>): Lookup<A> {
    return this.#options.asking.ask(name, async (time) => {
      this.#lookUps += 1;
      const answer = await look(time);
      if (isOpen(answer)) this.#failed += 1;
      return answer;
    });
  }

  #signature(demand: SignatureDemand): Verdict {
    const standing = `${this.#options.trustRoot.generation} ${nameOfDemand(demand)}`;
    const name = `signature ${standing} ${demand.image}`;
    const { asking } = this.#options;
    if (demand.remembered === 'never')
      return this.#ask(name, async (time) => found(await this.#forgetful.answer(demand, time)));
    const known = this.#named.get(name, asking.time);
    if (known !== undefined) return known;
    const parsed = workloadReference(demand.image);
    if (parsed.kind === 'invalid') return { kind: 'failed', message: `no image name: ${parsed.reason}` };
    const { reference } = parsed;
    if (reference.digest !== undefined) {
      const verdict = this.#byDigest(verdictName(standing, reference, reference.digest), name, asking.time);
      if (verdict !== undefined) return verdict;
    }
    return this.#ask(name, (time) => this.#lookSignature(demand, { reference, standing, name, time }));
  }

  /** A verdict that is there under another name of the same image. */
  #byDigest(verdictName: string, name: string, now: number, until?: number): Verdict | undefined {
    const verdict = this.#verdicts.get(verdictName, now);
    const end = this.#verdicts.untilOf(verdictName);
    if (verdict === undefined || end === undefined) return undefined;
    this.#named.put(name, verdict, { now, until: Math.min(end, until ?? end) });
    return verdict;
  }

  async #lookSignature(demand: SignatureDemand, { reference, standing, name, time }: Asked): Promise<Verdict> {
    this.#looking.begin(demand);
    const credentials = [...demand.sources.flatMap((source) => source.credentials), ...(demand.credentials ?? [])];
    const subject = await this.#looking.subject({ image: demand.image, credentials });
    if (subject.kind === 'unknown') return failed(unknownText(subject));
    if (subject.kind === 'none') return failed('there is no such image');
    const { digest } = subject.value;
    const now = this.#options.now();
    const tagEnd = reference.digest === undefined ? now + this.#lifetimes.tag : undefined;
    const own = verdictName(standing, reference, digest);
    const known = this.#byDigest(own, name, now, tagEnd);
    if (known !== undefined) return known;
    const flight = this.#fly(own, async () => {
      const answer = await this.#looking.answer(demand, time, subject.value);
      const verdict: Verdict = found(answer);
      const began = this.#options.now();
      const until = began + lifetimeOf(answer, demand, this.#lifetimes);
      this.#verdicts.put(own, verdict, { now: began, until });
      return verdict;
    });
    const verdict = (await flight) as Verdict;
    this.#byDigest(own, name, this.#options.now(), tagEnd);
    return verdict;
  }

  #digest(image: string, credentials: readonly string[]): Lookup<string> {
    return this.#fact<string>(`digest ${nameOfCredentials(credentials)} ${image}`, image, async () => {
      const subject = await this.#looking.subject({ image, credentials });
      if (subject.kind === 'found') return { kind: 'found', value: subject.value.digest };
      return subject.kind === 'none' ? { kind: 'absent' } : failed(unknownText(subject));
    });
  }

  #configs(image: string, credentials: readonly string[] = []): Lookup<JsonObject> {
    return this.#fact<JsonObject>(`configs ${nameOfCredentials(credentials)} ${image}`, image, async () => {
      const configs = await this.#looking.configs({ image, credentials });
      return typeof configs['failed'] === 'string' ? failed(configs['failed']) : { kind: 'found', value: configs };
    });
  }

  #data(image: string): Lookup<JsonObject> {
    return this.#fact<JsonObject>(`data ${image}`, image, () =>
      imageData(image, (reference) => this.#options.openStore(reference, [])),
    );
  }

  #pullCredentials(names: PullSecretNames, secrets: PullSecrets): Lookup<readonly string[]> {
    const { asking } = this.#options;
    const name = `secrets ${names.namespace} ${names.serviceAccount} ${names.secrets.join(' ')}`;
    const known = this.#secrets.get(name, asking.time);
    if (known !== undefined) return known;
    return this.#ask(name, async () => {
      const answer = (await this.#fly(name, async () => {
        const read = await secrets.read(names);
        const found: Lookup<readonly string[]> =
          read.kind === 'found' ? read : failed(`could not look: ${read.reason}`);
        this.#secrets.put(name, found, { now: this.#options.now() });
        return found;
      })) as Lookup<readonly string[]>;
      return answer;
    });
  }

  /** What an image is or holds: for a moment by tag, for long by digest. */
  #fact<A>(name: string, image: string, look: () => Promise<Lookup<A>>): Lookup<A> {
    const { asking } = this.#options;
    const known = this.#facts.get(name, asking.time);
    if (known !== undefined) return known as Lookup<A>;
    return this.#ask(
      name,
      async () =>
        (await this.#fly(name, async () => {
          const answer = await look();
          const now = this.#options.now();
          const { tag, digest, unknown } = this.#lifetimes;
          const isKnown = answer.kind === 'found' || answer.kind === 'absent';
          const lifetime = !isKnown ? unknown : answer.kind === 'found' && isByDigest(image) ? digest : tag;
          this.#facts.put(name, answer, { now, until: now + lifetime });
          return answer;
        })) as Lookup<A>,
    );
  }

  #fly(name: string, look: () => Promise<Lookup<unknown>>): Promise<Lookup<unknown>> {
    return this.#flights.run(name, look) ?? Promise.resolve(failed(unknownText(busy)));
  }
}

/** For metrics. */
export interface ImageServiceState {
  /** Questions of reviews that no memory could answer, so far; and those of them that nobody could. */
  readonly lookUps: number;
  readonly failed: number;
  /** Looks at registries now. */
  readonly underWay: number;
  readonly kept: number;
  readonly keptBytes: number;
}

/** Nobody could tell. */
function isOpen(answer: Lookup<unknown>): boolean {
  if (answer.kind === 'failed') return true;
  return answer.kind === 'found' && asObject(answer.value)?.['outcome'] === 'error';
}

interface Asked {
  readonly reference: Reference;
  readonly standing: string;
  readonly name: string;
  readonly time: number;
}

const busy: Unknown = {
  kind: 'unknown',
  code: 'LIMIT_EXCEEDED',
  reason: `${most.looks} look-ups are under way, more than are begun at a time`,
};

function verdictName(standing: string, { registry, repository }: Reference, digest: string): string {
  return `verdict ${standing} ${registry}/${repository}@${digest}`;
}

function found<T>(value: T): Lookup<T> {
  return { kind: 'found', value };
}

function failed(message: string): Lookup<never> {
  return { kind: 'failed', message };
}

function isByDigest(image: string): boolean {
  const parsed = workloadReference(image);
  return parsed.kind === 'reference' && parsed.reference.digest !== undefined;
}

const weights = new WeakMap<Lookup<unknown>, number>();

/** Statements and configurations come from strangers and may be long. Weighed once, wherever it is kept. */
function weightOf(answer: Lookup<unknown>): number {
  if (answer.kind !== 'found') return 500;
  const known = weights.get(answer);
  if (known !== undefined) return known;
  const weight = 500 + 2 * (JSON.stringify(answer.value)?.length ?? 0);
  weights.set(answer, weight);
  return weight;
}
