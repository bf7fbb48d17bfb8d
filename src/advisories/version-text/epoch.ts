// SPDX-License-Identifier: Apache-2.0
// Epochs that one side leaves out. Package databases always know the epoch (no epoch is 0); SBOMs often lose it.

/** `4:1.0` has epoch 4, `1.0` none. */
export function epochOf(version: string): number | undefined {
  const match = /^\s*(\d{1,15}):/.exec(version);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** The version with the other's epoch where it has none itself: "what is not said does not decide". */
export function withEpochOf(version: string, other: string): string {
  const epoch = epochOf(other);
  return epoch === undefined || epochOf(version) !== undefined ? version : `${epoch}:${version.trim()}`;
}
