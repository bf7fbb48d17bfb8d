// SPDX-License-Identifier: Apache-2.0
// Image look-ups of one run of a command: everything is looked up once and remembered to the end. Asked in the middle of a synchronous evaluation it says
// `pending` and remembers the question; `settle` looks everything up, and the evaluation is run again.
import type { JsonObject } from '../../formats/document.ts';
import type { Outcome } from '../../io/registry/outcome.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { Lookup } from '../../policy/data-provider.ts';
import type { SignatureDemand } from '../../policy/image-policy/demand.ts';
import type { AuthorityAnswer } from '../../policy/image-policy/evaluate.ts';
import { unknownText } from './demand-answer.ts';
import type { LookingOptions, Memory, NamedImage, SatisfyingProof } from './demand-looking.ts';
import { DemandLooking } from './demand-looking.ts';
import { imageData } from './image-data.ts';
import type { SignedSubject } from './verify-image.ts';

export interface LookupOptions extends Omit<LookingOptions, 'subjects' | 'proofs' | 'satisfied'> {
  /** Now, in milliseconds since 1970. */
  readonly time: number;
}

export interface ImageLookups {
  imageSignature(demand: SignatureDemand): Lookup<AuthorityAnswer>;
  imageConfigs(reference: string): Lookup<JsonObject>;
  imageDigest(image: string, credentials: readonly string[]): Lookup<string>;
  imageData(image: string): Lookup<JsonObject>;
  /** Looks up what was asked for and is not known yet; false when there was nothing. */
  settle(): Promise<boolean>;
  /** Every proof that satisfied a demand, for evidence. */
  readonly accepted: readonly SatisfyingProof[];
}

const atOnce = 8;

export function imageLookups({ time, ...options }: LookupOptions): ImageLookups {
  const accepted: SatisfyingProof[] = [];
  const looking = new DemandLooking({
    ...options,
    subjects: everything(),
    proofs: everything(),
    satisfied: (proof) => accepted.push(proof),
  });
  const signatures = new Questions<SignatureDemand, AuthorityAnswer>(keyOf, (demand) => looking.answer(demand, time));
  const configs = new Questions<string, JsonObject | { readonly failed: string }>(
    (image) => image,
    (image) => looking.configs({ image, credentials: [] }),
  );
  const data = new Questions<string, Lookup<JsonObject>>(
    (image) => image,
    (image) => imageData(image, (reference) => options.openStore(reference, [])),
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
    imageData: (image) => data.ask(image) ?? { kind: 'pending' },
    settle: async () => {
      let isAsked = false;
      for (const questions of [signatures, configs, digests, data]) isAsked = (await questions.settle()) || isAsked;
      return isAsked;
    },
    accepted,
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
  return canonicalJson({ ...demand, standing: undefined, roots: named });
}

/** Believes what it was told as long as the run takes. */
function everything<T>(): Memory<T> {
  const known = new Map<string, Promise<T>>();
  return {
    get: (name, look) => {
      const answer = known.get(name) ?? look();
      known.set(name, answer);
      return answer;
    },
  };
}
