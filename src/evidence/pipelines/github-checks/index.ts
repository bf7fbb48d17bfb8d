// SPDX-License-Identifier: Apache-2.0
// The list of all checks of GitHub's files. A check that is not here does not run.
import type { GithubCheck } from '../github-check.ts';
import { adhocPackages } from './adhoc-packages.ts';
import { anonymousDefinition } from './anonymous-definition.ts';
import { archivedUses } from './archived-uses.ts';
import { artipacked } from './artipacked.ts';
import { botConditions } from './bot-conditions.ts';
import { cachePoisoning } from './cache-poisoning.ts';
import { concurrencyLimits } from './concurrency-limits.ts';
import { dangerousTriggers } from './dangerous-triggers.ts';
import { dependabotCooldown } from './dependabot-cooldown.ts';
import { dependabotExecution } from './dependabot-execution.ts';
import { excessivePermissions } from './excessive-permissions.ts';
import { forbiddenUses } from './forbidden-uses.ts';
import { githubApp } from './github-app.ts';
import { githubEnv } from './github-env.ts';
import { hardcodedContainerCredentials } from './hardcoded-container-credentials.ts';
import { impostorCommit } from './impostor-commit.ts';
import { insecureCommands } from './insecure-commands.ts';
import { insecureUrlScheme } from './insecure-url-scheme.ts';
import { knownVulnerableActions } from './known-vulnerable-actions.ts';
import { misfeature } from './misfeature.ts';
import { obfuscation } from './obfuscation.ts';
import { overprovisionedSecrets } from './overprovisioned-secrets.ts';
import { refConfusion } from './ref-confusion.ts';
import { refVersionMismatch } from './ref-version-mismatch.ts';
import { secretsInherit } from './secrets-inherit.ts';
import { secretsOutsideEnv } from './secrets-outside-env.ts';
import { selfHostedRunner } from './self-hosted-runner.ts';
import { selfRepository } from './self-repository.ts';
import { staleActionRefs } from './stale-action-refs.ts';
import { superfluousActions } from './superfluous-actions.ts';
import { templateInjection } from './template-injection.ts';
import { typosquatUses } from './typosquat-uses.ts';
import { undocumentedPermissions } from './undocumented-permissions.ts';
import { unpinnedImages } from './unpinned-images.ts';
import { unpinnedTools } from './unpinned-tools.ts';
import { unpinnedUses } from './unpinned-uses.ts';
import { unredactedSecrets } from './unredacted-secrets.ts';
import { unsoundCondition } from './unsound-condition.ts';
import { unsoundContains } from './unsound-contains.ts';
import { unsoundTernary } from './unsound-ternary.ts';
import { useTrustedPublishing } from './use-trusted-publishing.ts';

export const githubChecks: readonly GithubCheck[] = [
  adhocPackages,
  anonymousDefinition,
  archivedUses,
  artipacked,
  botConditions,
  cachePoisoning,
  concurrencyLimits,
  dangerousTriggers,
  dependabotCooldown,
  dependabotExecution,
  excessivePermissions,
  forbiddenUses,
  githubApp,
  githubEnv,
  hardcodedContainerCredentials,
  impostorCommit,
  insecureCommands,
  insecureUrlScheme,
  knownVulnerableActions,
  misfeature,
  obfuscation,
  overprovisionedSecrets,
  refConfusion,
  refVersionMismatch,
  secretsInherit,
  secretsOutsideEnv,
  selfHostedRunner,
  selfRepository,
  staleActionRefs,
  superfluousActions,
  templateInjection,
  typosquatUses,
  undocumentedPermissions,
  unpinnedImages,
  unpinnedTools,
  unpinnedUses,
  unredactedSecrets,
  unsoundCondition,
  unsoundContains,
  unsoundTernary,
  useTrustedPublishing,
];
