// SPDX-License-Identifier: Apache-2.0
// R packages of CRAN.
import { languageMatcher } from '../language-matcher.ts';

export const r = languageMatcher({ id: 'r', types: ['cran'], ecosystem: 'CRAN' });
