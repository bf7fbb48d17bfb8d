// SPDX-License-Identifier: Apache-2.0
// npm packages, whichever tool locked or installed them.
import { languageMatcher } from '../language-matcher.ts';

export const javascript = languageMatcher({ id: 'javascript', types: ['npm'], ecosystem: 'npm' });
