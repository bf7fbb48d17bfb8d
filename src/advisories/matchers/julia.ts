// SPDX-License-Identifier: Apache-2.0
// Julia packages.
import { languageMatcher } from '../language-matcher.ts';

export const julia = languageMatcher({ id: 'julia', types: ['julia'], ecosystem: 'Julia' });
