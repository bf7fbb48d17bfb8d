// SPDX-License-Identifier: Apache-2.0
// OCSP answers and CRLs for reviews: each service is asked once for all that wait, what it said is kept for a while and never longer than it says itself, and what
// nobody could tell for a moment. Only kept here: whether an answer is signed and fresh is judged anew with each signature.
import type { FetchedAnswer, RevocationQuestion } from '../../../../evidence/signatures/notation/revocation.ts';
import { endOfAnswer } from '../../../../evidence/signatures/notation/revocation-lists.ts';
import type { RevocationFetcher } from '../../../signatures/notation-verify.ts';
import { AnswerCache } from '../asking/answer-cache.ts';
import { Flights } from '../asking/flights.ts';

export interface RememberedRevocationOptions {
  readonly fetch: RevocationFetcher;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly lifetimes?: RevocationLifetimes;
}

export interface RevocationLifetimes {
  /** Milliseconds for which an answer is believed at most. */
  readonly answer: number;
  /** No answer, or one that does not hold now. */
  readonly unknown: number;
}

export const revocationLifetimes: RevocationLifetimes = { answer: 600_000, unknown: 5_000 };

const mebibyte = 1024 * 1024;
/** Services that are asked at a time, and what is kept. A list that was read takes ten times its bytes besides (measured with 110,000 entries). */
const most = { atOnce: 16, entries: 1_000, bytes: 48 * mebibyte };
const weightOfByte = 11;

/** Bytes of an answer: reading as much takes a tenth of a second, in which no other review is answered, and one of this size is kept. */
export const largestAnswer = 2 * mebibyte;

export class RememberedRevocation {
  readonly #options: RememberedRevocationOptions;
  readonly #lifetimes: RevocationLifetimes;
  readonly #cache: AnswerCache<FetchedAnswer>;
  readonly #flights = new Flights<FetchedAnswer>(most.atOnce);
  #asked = 0;
  #failed = 0;

  constructor(options: RememberedRevocationOptions) {
    this.#options = options;
    this.#lifetimes = options.lifetimes ?? revocationLifetimes;
    this.#cache = new AnswerCache({
      entries: most.entries,
      bytes: most.bytes,
      lifetime: () => this.#lifetimes.answer,
      weigh: (answer) => 500 + (answer.kind === 'fetched' ? weightOfByte * answer.bytes.length : 0),
    });
  }

  /** Questions that services were asked so far, and those of them that nobody answered so that it holds. */
  get counts(): { readonly asked: number; readonly failed: number } {
    return { asked: this.#asked, failed: this.#failed };
  }

  readonly fetch: RevocationFetcher = async (question) => {
    const name = nameOf(question);
    const known = this.#cache.get(name, this.#options.now());
    if (known !== undefined) return known;
    const flight = this.#flights.run(name, async () => {
      this.#asked += 1;
      const answer = await this.#options.fetch(question);
      const now = this.#options.now();
      const end = answer.kind === 'fetched' ? endOfAnswer(question.kind, answer.bytes) : undefined;
      const holds = end !== undefined && end > now;
      if (!holds) this.#failed += 1;
      this.#cache.put(name, answer, { now, until: holds ? end : now + this.#lifetimes.unknown });
      return answer;
    });
    return (
      flight ?? { kind: 'failed', reason: `not asked: ${most.atOnce} services are being asked, more than at a time` }
    );
  };
}

/** An OCSP question with its whole body: two authorities may have the same name. */
function nameOf(question: RevocationQuestion): string {
  return question.kind === 'crl' ? question.key : `${question.key} ${question.body.toString('base64')}`;
}
