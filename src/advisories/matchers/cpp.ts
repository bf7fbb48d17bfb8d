// SPDX-License-Identifier: Apache-2.0
// C and C++ packages of Conan, without the user and channel that a reference may name.
import { languageMatcher } from '../language-matcher.ts';

export const cpp = languageMatcher({
  id: 'cpp',
  types: ['conan'],
  ecosystem: 'ConanCenter',
  nameOf: (item) => item.name.split('/').at(-1),
});
