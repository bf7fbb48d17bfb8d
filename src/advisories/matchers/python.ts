// SPDX-License-Identifier: Apache-2.0
// Python distributions.
import { languageMatcher } from '../language-matcher.ts';

export const python = languageMatcher({ id: 'python', types: ['pypi'], ecosystem: 'PyPI' });
