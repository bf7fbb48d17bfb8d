// SPDX-License-Identifier: Apache-2.0
// Swift packages by the URL of their repository, which Package.resolved states and OSV uses as the name.
import { languageMatcher } from '../language-matcher.ts';

export const swift = languageMatcher({
  id: 'swift',
  types: ['swift'],
  ecosystem: 'SwiftURL',
  nameOf: (item) => (item.name.includes('/') ? item.name : item.facts?.repository),
});
