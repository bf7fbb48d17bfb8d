// SPDX-License-Identifier: Apache-2.0
// What the webhook counts, in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/).
import type { RememberingState } from '../../../policy/remembering/remembering-judge.ts';
import type { PolicyStatus } from './policy-holder.ts';

/** Upper bounds of the latency histogram, in seconds. */
const bounds: readonly number[] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export class AdmissionMetrics {
  readonly #reviews = new Map<string, number>();
  readonly #buckets: number[] = bounds.map(() => 0);
  #sum = 0;
  #count = 0;
  #shed = 0;

  review(phase: string, outcome: string, milliseconds: number): void {
    const key = `phase="${phase}",outcome="${outcome}"`;
    this.#reviews.set(key, (this.#reviews.get(key) ?? 0) + 1);
    const seconds = milliseconds / 1000;
    this.#sum += seconds;
    this.#count += 1;
    // Each in the first bucket that holds it; they are added up when somebody asks.
    let index = 0;
    while (index < bounds.length && seconds > (bounds[index] ?? 0)) index += 1;
    if (index < bounds.length) this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
  }

  shed(): void {
    this.#shed += 1;
  }

  /** `more`: lines of others. */
  print(status: PolicyStatus, inFlight: number, more: readonly string[] = []): string {
    let sum = 0;
    const upTo = this.#buckets.map((count) => (sum += count));
    const lines = [
      '# TYPE landwaiter_admission_reviews_total counter',
      ...[...this.#reviews].map(([key, count]) => `landwaiter_admission_reviews_total{${key}} ${count}`),
      '# TYPE landwaiter_admission_shed_total counter',
      `landwaiter_admission_shed_total ${this.#shed}`,
      '# TYPE landwaiter_admission_review_seconds histogram',
      ...bounds.map((bound, index) => `landwaiter_admission_review_seconds_bucket{le="${bound}"} ${upTo[index] ?? 0}`),
      `landwaiter_admission_review_seconds_bucket{le="+Inf"} ${this.#count}`,
      `landwaiter_admission_review_seconds_sum ${this.#sum}`,
      `landwaiter_admission_review_seconds_count ${this.#count}`,
      '# TYPE landwaiter_admission_in_flight gauge',
      `landwaiter_admission_in_flight ${inFlight}`,
      '# TYPE landwaiter_policies gauge',
      `landwaiter_policies ${status.policies}`,
      '# TYPE landwaiter_policy_generation gauge',
      `landwaiter_policy_generation ${status.generation}`,
      '# TYPE landwaiter_policies_refused gauge',
      `landwaiter_policies_refused ${status.refused === undefined ? 0 : 1}`,
      '# TYPE landwaiter_policies_left_out gauge',
      `landwaiter_policies_left_out ${status.leftOut}`,
      ...(status.remembering === undefined ? [] : rememberingLines(status.remembering)),
      ...more,
    ];
    return `${lines.join('\n')}\n`;
  }
}

/** Counted from the time when the policies in force came into force. */
function rememberingLines({ entries, known, unknown, contradictions }: RememberingState): readonly string[] {
  return [
    '# TYPE landwaiter_requests_remembered_total counter',
    `landwaiter_requests_remembered_total{known="yes"} ${known}`,
    `landwaiter_requests_remembered_total{known="no"} ${unknown}`,
    '# TYPE landwaiter_requests_remembered gauge',
    `landwaiter_requests_remembered ${entries}`,
    '# TYPE landwaiter_remembering_contradictions_total counter',
    `landwaiter_remembering_contradictions_total ${contradictions}`,
  ];
}
