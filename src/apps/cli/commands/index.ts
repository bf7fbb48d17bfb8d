// SPDX-License-Identifier: Apache-2.0
// The list of all commands, in the order of the help. A new one is one file here, and one entry in the group that it belongs to; its module is loaded
// only when it runs.
import type { CommandEntry } from '../command.ts';
import { advisoryDatabaseCommands } from '../command-groups/advisory-database.ts';
import { deploymentCommands } from '../command-groups/deployments.ts';
import { inspectionCommands } from '../command-groups/inspection.ts';
import { notationCommands } from '../command-groups/notation.ts';
import { policyCommands } from '../command-groups/policies.ts';
import { programCommands } from '../command-groups/program.ts';
import { provenanceCommands } from '../command-groups/provenance.ts';
import { secretCommands } from '../command-groups/secrets.ts';
import { signingCommands } from '../command-groups/signing.ts';
import { trustRootCommands } from '../command-groups/trust-root.ts';
import { verificationCommands } from '../command-groups/verification.ts';

export const commands: readonly CommandEntry[] = [
  ...inspectionCommands,
  ...policyCommands,
  ...advisoryDatabaseCommands,
  ...verificationCommands,
  ...notationCommands,
  ...trustRootCommands,
  ...signingCommands,
  ...provenanceCommands,
  ...deploymentCommands,
  ...secretCommands,
  ...programCommands,
];
