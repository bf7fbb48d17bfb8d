// SPDX-License-Identifier: Apache-2.0
// The list of all rules of the workflow lint. What YAML and the syntax of workflows refuse is reported while a file is read.
import type { LintRule } from '../lint-context.ts';
import { checkActions } from './check-actions.ts';
import { checkConditions } from './check-conditions.ts';
import { checkCredentials } from './check-credentials.ts';
import { checkDeprecatedCommands } from './check-deprecated-commands.ts';
import { checkEnvironmentNames } from './check-environment-names.ts';
import { checkEvents } from './check-events.ts';
import { checkExpressions } from './check-expressions.ts';
import { checkGlobs } from './check-globs.ts';
import { checkIds } from './check-ids.ts';
import { checkMatrix } from './check-matrix.ts';
import { checkNeeds } from './check-needs.ts';
import { checkPermissions } from './check-permissions.ts';
import { checkRunnerLabels } from './check-runner-labels.ts';
import { checkShells } from './check-shells.ts';
import { checkWorkflowCalls } from './check-workflow-calls.ts';

export const lintRules: readonly LintRule[] = [
  checkExpressions,
  checkEvents,
  checkActions,
  checkGlobs,
  checkMatrix,
  checkIds,
  checkConditions,
  checkNeeds,
  checkPermissions,
  checkCredentials,
  checkRunnerLabels,
  checkShells,
  checkEnvironmentNames,
  checkWorkflowCalls,
  checkDeprecatedCommands,
];
