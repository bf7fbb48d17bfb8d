// SPDX-License-Identifier: Apache-2.0
// Packages of Gentoo, which has one rolling release.
import { systemMatcher } from '../system-matcher.ts';

export const gentoo = systemMatcher({
  id: 'gentoo',
  types: ['ebuild', 'portage'],
  defaultDistribution: { id: 'gentoo', idLike: [], versionId: '', name: 'Gentoo' },
});
