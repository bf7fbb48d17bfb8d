// SPDX-License-Identifier: Apache-2.0
// The list of function libraries. Hosts (Kubernetes, Kyverno) choose from it.
import type { CelLibrary } from './declarations.ts';
import { conversionLibrary } from './library/conversions.ts';
import { encoderLibrary } from './library/encoders.ts';
import { mathLibrary } from './library/math.ts';
import { operatorLibrary } from './library/operators.ts';
import { optionalLibrary } from './library/optionals.ts';
import { standardLibrary } from './library/standard.ts';
import { stringLibrary } from './library/strings.ts';

/** What every CEL environment has. */
export const coreLibraries: readonly CelLibrary[] = [operatorLibrary, conversionLibrary, standardLibrary];

/** Extensions of cel-go that are not particular to Kubernetes. */
export const extensionLibraries: readonly CelLibrary[] = [optionalLibrary, stringLibrary, mathLibrary, encoderLibrary];
