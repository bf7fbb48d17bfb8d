// SPDX-License-Identifier: Apache-2.0
// All functions that expressions in Kyverno's policies have: those of JMESPath, and Kyverno's own, which replace them where names are the same.
import type { JmespathFunction } from '../function.ts';
import { standardFunctions } from '../standard-functions.ts';
import { arithmeticFunctions } from './arithmetic.ts';
import { certificateFunctions } from './certificates.ts';
import { collectionFunctions } from './collections.ts';
import type { KyvernoFunction } from './define.ts';
import { encodingFunctions } from './encodings.ts';
import { imageFunctions } from './images.ts';
import { randomFunctions } from './random-text.ts';
import { regularExpressionFunctions } from './regular-expressions.ts';
import { textFunctions } from './texts.ts';
import { timeFunctions } from './times.ts';
import { versionFunctions } from './versions.ts';

export const kyvernoFunctions: readonly KyvernoFunction[] = [
  ...textFunctions,
  ...regularExpressionFunctions,
  ...collectionFunctions,
  ...arithmeticFunctions,
  ...encodingFunctions,
  ...timeFunctions,
  ...versionFunctions,
  ...imageFunctions,
  ...certificateFunctions,
  ...randomFunctions,
];

export const functionsOfKyverno: readonly JmespathFunction[] = [...standardFunctions, ...kyvernoFunctions];
