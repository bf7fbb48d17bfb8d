// SPDX-License-Identifier: Apache-2.0
// EPSS scores for people.

/** `45.6% (93rd)`: probability of exploitation within 30 days, and the percentile among all scored vulnerabilities. */
export function describeEpss({ score, percentile }: { readonly score: number; readonly percentile: number }): string {
  const percent = score < 0.001 ? '< 0.1%' : `${(score * 100).toFixed(1)}%`;
  return `${percent} (${ordinal(Math.floor(percentile * 100 + 1e-9))})`;
}

function ordinal(number: number): string {
  const isTeen = number % 100 >= 11 && number % 100 <= 13;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}
