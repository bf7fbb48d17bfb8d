// SPDX-License-Identifier: Apache-2.0
// The list of all CI systems. A new one is one file here and one line below.
import type { CiSystem } from '../ci-system.ts';
import { azurePipelines } from './azure-pipelines.ts';
import { circleci } from './circleci.ts';
import { githubActions } from './github-actions.ts';
import { gitlabCi } from './gitlab-ci.ts';
import { jenkins } from './jenkins.ts';
import { tekton } from './tekton.ts';

export const ciSystems: readonly CiSystem[] = [githubActions, gitlabCi, azurePipelines, tekton, jenkins, circleci];
