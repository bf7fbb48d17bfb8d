// SPDX-License-Identifier: Apache-2.0
// Crates.
import { languageMatcher } from '../language-matcher.ts';

export const rust = languageMatcher({ id: 'rust', types: ['cargo'], ecosystem: 'crates.io' });
