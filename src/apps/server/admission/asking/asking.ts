// SPDX-License-Identifier: Apache-2.0
// Judging with questions to the world. Policies are judged synchronously; what they ask for and nobody knows yet is noted here, looked up, and the policies are
// judged again, until nothing is open or the time is out. A judgement that asks nothing new costs nothing: it stays synchronous.
import { defaultLimits } from '../../../../model/limits.ts';
import type { Lookup } from '../../../../policy/data-provider.ts';

/** Looks something up as of `time` (milliseconds since 1970). What it rejects with becomes a failure that names no secrets. */
export type Look<A> = (time: number) => Promise<Lookup<A>>;

export interface AskingOptions {
  /** Judgements that may wait at a time; more fail at once instead of taking all places of the server. */
  readonly waiting: number;
  /** Looks of one judgement at a time. */
  readonly atOnce: number;
  /** Told of looks that ended with a defect. */
  readonly report: (error: unknown) => void;
}

export interface Budget {
  /** Now, in milliseconds since 1970: the time as of which is judged. */
  readonly time: number;
  /** Milliseconds that looking may take. */
  readonly milliseconds: number;
}

/** Answers can lead to further questions; more rounds than this mean that somebody asks in circles. */
const mostRounds = 20;

const pending = { kind: 'pending' } as const;

export class Asking {
  readonly #options: AskingOptions;
  #asked = new Map<string, Look<unknown>>();
  #review: OpenReview | undefined;
  #time = 0;
  #waiting = 0;
  #exhausted = 0;
  /** Characters of the answers of all reviews that wait. */
  #held = 0;

  constructor(options: AskingOptions) {
    this.#options = options;
  }

  /** As of which is judged now; only meant inside of a judgement. */
  get time(): number {
    return this.#time;
  }

  /** Judgements that wait now. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Judgements that ended because their time was out. */
  get exhausted(): number {
    return this.#exhausted;
  }

  /** For what no cache knows. The same name must always mean the same look. */
  ask<A>(name: string, look: Look<A>): Lookup<A> {
    const known = this.#review?.answers.get(name);
    // Names are the askers' own: an answer under one is always of its kind.
    if (known !== undefined) return known as Lookup<A>;
    const over = this.#review?.over;
    if (over !== undefined) return { kind: 'failed', message: over };
    const { size } = this.#asked;
    if (size + (this.#review?.answers.size ?? 0) >= defaultLimits.reviewQuestions && !this.#asked.has(name))
      return { kind: 'failed', message: `more than ${defaultLimits.reviewQuestions} look-ups for one request` };
    this.#asked.set(name, look);
    return pending;
  }

  /** Judges at once when everything is at hand; otherwise as soon as it is, or the budget is out: what is open then has failed. */
  judge<T>(evaluate: () => T, budget: Budget): T | Promise<T> {
    const first = this.#evaluate(evaluate, budget.time, undefined);
    return this.#asked.size === 0 ? first : this.#settled(evaluate, budget, this.#taken());
  }

  #evaluate<T>(evaluate: () => T, time: number, review: OpenReview | undefined): T {
    this.#review = review;
    this.#time = time;
    try {
      return evaluate();
    } catch (error) {
      // What it asked for is nobody else's question.
      this.#asked.clear();
      throw error;
    } finally {
      this.#review = undefined;
    }
  }

  #taken(): Map<string, Look<unknown>> {
    const asked = this.#asked;
    this.#asked = new Map();
    return asked;
  }

  async #settled<T>(
    evaluate: () => T,
    { time, milliseconds }: Budget,
    first: ReadonlyMap<string, Look<unknown>>,
  ): Promise<T> {
    const review = new OpenReview();
    const ended = new Promise<void>((resolve) => {
      review.end = (message) => {
        review.over = message;
        resolve();
      };
    });
    const timer = setTimeout(
      () => {
        this.#exhausted += 1;
        review.end(outOfTime(milliseconds));
      },
      Math.max(0, milliseconds),
    );
    if (this.#waiting >= this.#options.waiting) review.end('could not look: too many requests wait for answers');
    this.#waiting += 1;
    try {
      let asked = first;
      for (let round = 1; ; round += 1) {
        if (review.over === undefined) await Promise.race([ended, this.#lookUp(asked, time, review)]);
        if (round >= mostRounds) review.end(`could not look: still asked after ${mostRounds} rounds`);
        const result = this.#evaluate(evaluate, time, review);
        if (this.#asked.size === 0) return result;
        asked = this.#taken();
      }
    } finally {
      clearTimeout(timer);
      review.end('the review is over');
      this.#waiting -= 1;
      this.#held -= review.held;
    }
  }

  async #lookUp(asked: ReadonlyMap<string, Look<unknown>>, time: number, review: OpenReview): Promise<void> {
    const queue = asked.entries();
    const next = async (): Promise<void> => {
      for (const [name, look] of queue) {
        if (review.over !== undefined) return;
        const answer = await this.#answerOf(look, time);
        // Too late: what is judged now may already have been told that nobody knows.
        if (review.over === undefined) review.answers.set(name, this.#bounded(answer, review));
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#options.atOnce, asked.size) }, next));
  }

  /** Whoever names many large things gets no memory for all of them. */
  #bounded(answer: Lookup<unknown>, review: OpenReview): Lookup<unknown> {
    if (answer.kind !== 'found') return answer;
    const { reviewAnswers, waitingAnswers } = defaultLimits;
    const size = JSON.stringify(answer.value)?.length ?? 0;
    if (review.held + size > reviewAnswers)
      return {
        kind: 'failed',
        message: `could not look: answers of more than ${reviewAnswers} characters for one request`,
      };
    if (this.#held + size > waitingAnswers)
      return { kind: 'failed', message: 'could not look: too many requests hold large answers' };
    review.held += size;
    this.#held += size;
    return answer;
  }

  async #answerOf(look: Look<unknown>, time: number): Promise<Lookup<unknown>> {
    try {
      return await look(time);
    } catch (error) {
      this.#options.report(error);
      return { kind: 'failed', message: 'could not look: an error of this program, which its log tells' };
    }
  }
}

class OpenReview {
  readonly answers = new Map<string, Lookup<unknown>>();
  /** Characters of the answers. */
  held = 0;
  /** Why nothing more is looked up. */
  over: string | undefined;
  end: (message: string) => void = () => undefined;
}

function outOfTime(milliseconds: number): string {
  return `could not look: no answer within ${(milliseconds / 1000).toFixed(1)} s; the look-up goes on, so try again`;
}
