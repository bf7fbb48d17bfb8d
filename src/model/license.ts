// SPDX-License-Identifier: Apache-2.0
// How much a licence asks of those who use the work, from worst to least; the classes are those of Google's licence policy, which other
// scanners use too.
import type { Severity } from './severity.ts';

export const licenseCategories = [
  'forbidden', // not to be used in a product at all: network copyleft, non-commercial
  'restricted', // everything that is combined with it must be published alike
  'reciprocal', // changes of the work itself must be published alike
  'notice', // the notice must be kept
  'permissive', // as good as nothing
  'unencumbered', // in the public domain
  'unknown', // nobody told the class of it
] as const;
export type LicenseCategory = (typeof licenseCategories)[number];

/** What a licence of a class counts as in a report. Unknown is not harmless. */
export const licenseSeverities: Readonly<Record<LicenseCategory, Severity>> = {
  forbidden: 'critical',
  restricted: 'high',
  reciprocal: 'medium',
  notice: 'low',
  permissive: 'low',
  unencumbered: 'low',
  unknown: 'unknown',
};
