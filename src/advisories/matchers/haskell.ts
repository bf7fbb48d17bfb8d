// SPDX-License-Identifier: Apache-2.0
// Haskell packages.
import { languageMatcher } from '../language-matcher.ts';

export const haskell = languageMatcher({ id: 'haskell', types: ['hackage'], ecosystem: 'Hackage' });
