// SPDX-License-Identifier: Apache-2.0
// Gems; a platform behind the version is left to the version order.
import { languageMatcher } from '../language-matcher.ts';

export const ruby = languageMatcher({ id: 'ruby', types: ['gem'], ecosystem: 'RubyGems' });
