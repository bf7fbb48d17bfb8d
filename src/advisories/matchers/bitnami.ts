// SPDX-License-Identifier: Apache-2.0
// Components of Bitnami's images and charts.
import { languageMatcher } from '../language-matcher.ts';

export const bitnami = languageMatcher({ id: 'bitnami', types: ['bitnami'], ecosystem: 'Bitnami' });
