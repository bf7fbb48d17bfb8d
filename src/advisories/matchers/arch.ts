// SPDX-License-Identifier: Apache-2.0
// Packages of Arch Linux, which has one rolling release.
import { systemMatcher } from '../system-matcher.ts';

export const arch = systemMatcher({
  id: 'arch',
  types: ['alpm'],
  defaultDistribution: { id: 'arch', idLike: [], versionId: '', name: 'Arch Linux' },
});
