// SPDX-License-Identifier: Apache-2.0
// RPM distributions: `[epoch:]version[-release]`, rpm-version(7). No epoch is epoch 0; no release sorts before any release.
import { holdsConstraint } from '../version-text/constraint.ts';
import { compareCounts, countOf } from '../version-text/counts.ts';
import { withEpochOf } from '../version-text/epoch.ts';
import { remember } from '../version-text/memo.ts';
import { compareRpmText, parseEvr } from '../version-text/rpm-segments.ts';
import { defineVersionOrder } from './order.ts';

const parse = remember(parseEvr);

function compare(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  const difference =
    compareCounts(countOf(left.epoch ?? ''), countOf(right.epoch ?? '')) || compareRpmText(left.version, right.version);
  if (difference !== 0) return difference;
  if (left.release === undefined || right.release === undefined) {
    return Number(left.release !== undefined) - Number(right.release !== undefined);
  }
  return compareRpmText(left.release, right.release);
}

function satisfies(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compare(version, bound));
}

/** A version that states no epoch, not even 0, comes from an SBOM that lost it: it takes the bound's. */
function compareToBound(installed: string, bound: string): number {
  return compare(withEpochOf(installed, bound), bound);
}

/** Constraints in advisory databases drop epochs as SBOMs do; an epoch on one side only says nothing (matches Grype because its tables state so). */
function affects(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compare(withEpochOf(version, bound), withEpochOf(bound, version)));
}

export const rpm = defineVersionOrder({
  id: 'rpm',
  ecosystems: [
    'Red Hat',
    'AlmaLinux',
    'Rocky Linux',
    'SUSE',
    'openSUSE',
    'openEuler',
    'Mageia',
    'Photon OS',
    'Azure Linux',
    'CBL-Mariner',
    'Amazon Linux',
    'Oracle Linux',
    'Fedora',
    'Bottlerocket',
    'TuxCare',
    'SUSE Linux Enterprise Server',
  ],
  compare,
  compareToBound,
  isValid: (version) => /^(?:\d{1,10}:)?[0-9A-Za-z._+~^]{1,256}(?:-[0-9A-Za-z._+~^]{1,256})?$/.test(version),
  satisfies,
  affects,
});
