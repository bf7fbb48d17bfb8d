// SPDX-License-Identifier: Apache-2.0
// How long a review may look things up: less than the API server waits, so that it gets an answer with a reason and never none.

/** Milliseconds that API servers wait when a registration says nothing (admissionregistration.k8s.io/v1, timeoutSeconds). */
const usual = 10_000;
/** Kept back for judging again and for the way of the answer: a part of the time, and never less than this. */
const margin = { part: 0.1, least: 250 };

/**
 * Milliseconds from now on. `target` is the request's path and query, in which API servers state what they wait (`?timeout=10s`, as Go prints durations);
 * `spent` what has gone by since the request came, `most` what the operator allows.
 */
export function lookingTime(target: string, spent: number, most = Infinity): number {
  const stated = durationOf(/[?&]timeout=([^&]{1,40})/.exec(target)?.[1] ?? '') ?? usual;
  return Math.max(0, Math.min(stated - Math.max(margin.least, stated * margin.part), most) - spent);
}

const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 1e-6,
};

/** Milliseconds; undefined for what is no duration. */
function durationOf(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d{1,12}(?:\.\d{1,12})?)(ms|us|µs|ns|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined;
  const sum = parts.reduce((total, [, count, unit]) => total + Number(count) * (units[unit ?? ''] ?? 0), 0);
  return sum > 0 ? sum : undefined;
}
