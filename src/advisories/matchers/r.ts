// SPDX-License-Identifier: Apache-2.0
// R packages.
import { languageMatcher } from '../language-matcher.ts';

export const r = languageMatcher({ id: 'r', types: ['cran', 'bioconductor'], ecosystem: 'CRAN' });
