// SPDX-License-Identifier: Apache-2.0
// The `v` that tags carry and versions do not.

/** Without a leading `v` or `V` in front of a digit; other texts as they are. */
export function withoutLeadingV(version: string): string {
  return /^[vV]\d/.test(version) ? version.slice(1) : version;
}
