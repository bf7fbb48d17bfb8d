// SPDX-License-Identifier: Apache-2.0
// Dart and Flutter packages.
import { languageMatcher } from '../language-matcher.ts';

export const dart = languageMatcher({ id: 'dart', types: ['pub'], ecosystem: 'Pub' });
