// SPDX-License-Identifier: Apache-2.0
// The CEL environment of Kubernetes: which libraries a version of the API server has (apiserver pkg/cel/environment/base.go) and what an
// evaluation may cost (pkg/apis/cel/config.go).

import type { CelLibrary, CelVariable, TypeProvider } from './declarations.ts';
import { CelEnvironment } from './environment.ts';
import { withKubernetesCosts } from './kubernetes-costs.ts';
import { coreLibraries } from './libraries.ts';
import { authorizerLibrary } from './library/authorizer.ts';
import { cidrLibrary } from './library/cidr.ts';
import { encoderLibrary } from './library/encoders.ts';
import { formatLibrary } from './library/format.ts';
import { ipLibrary } from './library/ip.ts';
import { jsonPatchLibrary } from './library/json-patch.ts';
import { listOperationLibrary } from './library/list-operations.ts';
import { listLibrary } from './library/lists.ts';
import { mathLibrary } from './library/math.ts';
import { optionalLibrary } from './library/optionals.ts';
import { quantityLibrary } from './library/quantity.ts';
import { regexLibrary } from './library/regex.ts';
import { semverLibrary } from './library/semver.ts';
import { setLibrary } from './library/sets.ts';
import { kubernetesStringLibrary } from './library/strings.ts';
import { urlLibrary } from './library/url.ts';

/** Most that one expression may cost. */
export const callCostLimit = 1_000_000;
/** Most that all expressions of one binding may cost together. */
export const bindingCostLimit = 10_000_000;
/** Most that the matchConditions of one policy may cost together. */
export const matchConditionCostLimit = 2_500_000;
/** Longest result of a messageExpression, in bytes. */
export const longestMessage = 5 * 1024;

/** Libraries with the minor version of Kubernetes (1.N) that brought them. */
const libraries: readonly (readonly [number, CelLibrary])[] = [
  [0, urlLibrary],
  [0, regexLibrary],
  [0, listLibrary],
  [0, kubernetesStringLibrary],
  [0, encoderLibrary],
  [0, mathLibrary],
  [27, authorizerLibrary],
  [28, optionalLibrary],
  [28, quantityLibrary],
  [29, setLibrary],
  [30, ipLibrary],
  [30, cidrLibrary],
  [31, formatLibrary],
  [32, jsonPatchLibrary],
  [33, semverLibrary],
  [34, listOperationLibrary],
];

export const latestMinor = 36;

export interface KubernetesEnvironmentOptions {
  /** 1.N; the latest when left out. */
  readonly minor?: number;
  readonly variables?: readonly CelVariable[];
  readonly types?: TypeProvider;
  /** Libraries of a host beside those of Kubernetes. */
  readonly libraries?: readonly CelLibrary[];
}

/** An environment as the API server of that version has it. */
export function kubernetesEnvironment(options: KubernetesEnvironmentOptions = {}): CelEnvironment {
  const minor = options.minor ?? latestMinor;
  return new CelEnvironment({
    libraries: [
      ...coreLibraries,
      ...libraries.filter(([since]) => since <= minor).map(([, library]) => withKubernetesCosts(library)),
      ...(options.libraries ?? []),
    ],
    variables: options.variables ?? [],
    literals: 'homogeneous',
    presence: 'lenient',
    ...(options.types === undefined ? {} : { types: options.types }),
  });
}
