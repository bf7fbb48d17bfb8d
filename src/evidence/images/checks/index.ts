// SPDX-License-Identifier: Apache-2.0
// The list of all checks of images. A new one is one file and one line here.
import type { ImageCheck } from '../image-check.ts';
import { exposedSsh } from './exposed-ssh.ts';
import { movingBaseTag } from './moving-base-tag.ts';
import { noHealthCheck } from './no-health-check.ts';
import { pipedDownload } from './piped-download.ts';
import { remoteAdd } from './remote-add.ts';
import { rootUser } from './root-user.ts';
import { secretInEnvironment } from './secret-in-environment.ts';
import { secretInHistory } from './secret-in-history.ts';
import { secretInLabel } from './secret-in-label.ts';
import { setuidFile } from './setuid-file.ts';

export const imageChecks: readonly ImageCheck[] = [
  exposedSsh,
  movingBaseTag,
  noHealthCheck,
  pipedDownload,
  remoteAdd,
  rootUser,
  secretInEnvironment,
  secretInHistory,
  secretInLabel,
  setuidFile,
];
