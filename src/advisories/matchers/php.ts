// SPDX-License-Identifier: Apache-2.0
// Composer packages.
import { languageMatcher } from '../language-matcher.ts';

export const php = languageMatcher({ id: 'php', types: ['composer'], ecosystem: 'Packagist' });
