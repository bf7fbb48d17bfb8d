// SPDX-License-Identifier: Apache-2.0
// The list of all checks of Compose files. A new one is one file and one line here.
import type { ComposeCheck } from '../compose-check.ts';
import { composeCapabilityAdded } from './compose-capability-added.ts';
import { composeConfinementOff } from './compose-confinement-off.ts';
import { composeHostFolder } from './compose-host-folder.ts';
import { composeHostNamespace } from './compose-host-namespace.ts';
import { composeImageTag } from './compose-image-tag.ts';
import { composeOpenPort } from './compose-open-port.ts';
import { composePrivileged } from './compose-privileged.ts';
import { composeRootUser } from './compose-root-user.ts';
import { composeRuntimeSocket } from './compose-runtime-socket.ts';
import { composeSecret } from './compose-secret.ts';

export const composeChecks: readonly ComposeCheck[] = [
  composeCapabilityAdded,
  composeConfinementOff,
  composeHostFolder,
  composeHostNamespace,
  composeImageTag,
  composeOpenPort,
  composePrivileged,
  composeRootUser,
  composeRuntimeSocket,
  composeSecret,
];
