// SPDX-License-Identifier: Apache-2.0
// semver_compare: whether a version lies in a range.
import { parseSemanticVersion, parseVersionRange } from '../../../formats/semantic-version.ts';
import type { KyvernoFunction } from './define.ts';
import { define, functionFault } from './define.ts';

/** What blang/semver makes of a text that is no version, since Kyverno does not look at its error. */
const zero = { core: [0n, 0n, 0n], prerelease: [] } as const;

export const versionFunctions: readonly KyvernoFunction[] = [
  define('semver_compare', {
    parameters: ['string', 'string'],
    returns: 'boolean',
    note: 'Whether a version lies in a range such as `>=1.2.x <2.0.0 || 3.x`. What is no version counts as 0.0.0.',
    run: ([version, range]) => {
      const holds = parseVersionRange(String(range));
      if (holds === undefined) return functionFault('semver_compare', `could not parse range ${JSON.stringify(range)}`);
      return holds(parseSemanticVersion(String(version)) ?? zero);
    },
  }),
];
