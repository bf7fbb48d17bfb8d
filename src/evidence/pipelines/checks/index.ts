// SPDX-License-Identifier: Apache-2.0
// The list of all checks of the common pipeline model, by what a build must hold to. A new one is one file here and one line below.
import type { PipelineCheck } from '../pipeline-check.ts';
import { actionCannotBePinned } from './action-cannot-be-pinned.ts';
import { allSecretsInJob } from './all-secrets-in-job.ts';
import { automaticMergeByActor } from './automatic-merge-by-actor.ts';
import { broadPermissions } from './broad-permissions.ts';
import { cloudTrustsEverybody } from './cloud-trusts-everybody.ts';
import { conditionAlwaysTrue } from './condition-always-true.ts';
import { debugOutput } from './debug-output.ts';
import { defaultPermissionsOnRiskyEvent } from './default-permissions-on-risky-event.ts';
import { identityTokenUnused } from './identity-token-unused.ts';
import { knownVulnerableComponent } from './known-vulnerable-component.ts';
import { literalSecret } from './literal-secret.ts';
import { persistentWorkspace } from './persistent-workspace.ts';
import { pipelineAccountRulesCluster } from './pipeline-account-rules-cluster.ts';
import { privilegedContainer } from './privileged-container.ts';
import { releaseWithoutProvenance } from './release-without-provenance.ts';
import { runnerThatRemembers } from './runner-that-remembers.ts';
import { scriptInjection } from './script-injection.ts';
import { secretsInOutsiderRun } from './secrets-in-outsider-run.ts';
import { selfHostedRunnerForOutsiders } from './self-hosted-runner-for-outsiders.ts';
import { sharedCache } from './shared-cache.ts';
import { staticCloudKey } from './static-cloud-key.ts';
import { testsInReleaseJob } from './tests-in-release-job.ts';
import { unpinnedComponent } from './unpinned-component.ts';
import { unpinnedImage } from './unpinned-image.ts';
import { untrustedCodeExecution } from './untrusted-code-execution.ts';
import { unverifiedCreator } from './unverified-creator.ts';
import { unverifiedScript } from './unverified-script.ts';

export const pipelineChecks: readonly PipelineCheck[] = [
  // Injection
  scriptInjection,
  untrustedCodeExecution,
  automaticMergeByActor,
  // Least privilege
  broadPermissions,
  defaultPermissionsOnRiskyEvent,
  identityTokenUnused,
  pipelineAccountRulesCluster,
  cloudTrustsEverybody,
  // Ephemeral environments
  selfHostedRunnerForOutsiders,
  privilegedContainer,
  sharedCache,
  persistentWorkspace,
  runnerThatRemembers,
  // Secrets management
  allSecretsInJob,
  debugOutput,
  literalSecret,
  secretsInOutsiderRun,
  staticCloudKey,
  // Provenance and integrity
  actionCannotBePinned,
  knownVulnerableComponent,
  releaseWithoutProvenance,
  testsInReleaseJob,
  unpinnedComponent,
  unpinnedImage,
  unverifiedCreator,
  unverifiedScript,
  // Correctness
  conditionAlwaysTrue,
];
