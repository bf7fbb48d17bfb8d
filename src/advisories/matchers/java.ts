// SPDX-License-Identifier: Apache-2.0
// Maven coordinates. Without a group, as a jar file name gives it, there is nothing to look up.
import { languageMatcher } from '../language-matcher.ts';

export const java = languageMatcher({
  id: 'java',
  types: ['maven'],
  ecosystem: 'Maven',
  nameOf: (item) => (/^[^:\s]{1,256}:[^:\s]{1,256}$/.test(item.name) ? item.name : undefined),
});
