// SPDX-License-Identifier: Apache-2.0
// The list of CI systems that provenance can be generated in. A new one is one file and one line here.
import type { CiSystem, Environment } from './ci-system.ts';
import { githubActions } from './github-actions.ts';
import { gitlabCi } from './gitlab-ci.ts';
import { tekton } from './tekton.ts';

export const ciSystems: readonly CiSystem[] = [githubActions, gitlabCi, tekton];

/** The system whose variables are set; undefined on somebody's machine. */
export function detectCiSystem(environment: Environment): CiSystem | undefined {
  return ciSystems.find((system) => system.detect(environment));
}
