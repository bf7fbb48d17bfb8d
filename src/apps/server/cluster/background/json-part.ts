// SPDX-License-Identifier: Apache-2.0
// Whether an object of the cluster is as somebody wants it: servers fill in what nobody stated, so more may be there than is wanted.
import { asObject } from '../../../../formats/document.ts';

/** All members that are wanted are there; lists have the same length, and each item what is wanted of it. */
export function isPartOf(wanted: unknown, there: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(there) &&
      there.length === wanted.length &&
      wanted.every((item, index) => isPartOf(item, there[index]))
    );
  const members = asObject(wanted);
  if (members === undefined) return wanted === there;
  const own = asObject(there);
  // An empty mapping that is wanted may as well not be there.
  if (own === undefined) return there === undefined && Object.keys(members).length === 0;
  return Object.entries(members).every(([key, value]) => value === undefined || isPartOf(value, own[key]));
}
