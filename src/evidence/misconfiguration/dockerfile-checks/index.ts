// SPDX-License-Identifier: Apache-2.0
// The list of all checks of Dockerfiles. A new one is one file and one line here.
import type { DockerfileCheck } from '../dockerfile-check.ts';
import { addForCopy } from './add-for-copy.ts';
import { apkCacheKept } from './apk-cache-kept.ts';
import { aptCommand } from './apt-command.ts';
import { aptGetUnconfirmed } from './apt-get-unconfirmed.ts';
import { aptListsKept } from './apt-lists-kept.ts';
import { baseImageDigest } from './base-image-digest.ts';
import { baseImageTag } from './base-image-tag.ts';
import { cdForWorkdir } from './cd-for-workdir.ts';
import { copyFromItself } from './copy-from-itself.ts';
import { copyFromUnknownStage } from './copy-from-unknown-stage.ts';
import { copyToNoFolder } from './copy-to-no-folder.ts';
import { copyWithoutWorkdir } from './copy-without-workdir.ts';
import { distributionUpgrade } from './distribution-upgrade.ts';
import { dnfCacheKept } from './dnf-cache-kept.ts';
import { duplicateStageName } from './duplicate-stage-name.ts';
import { exposedSshPort } from './exposed-ssh-port.ts';
import { firstInstruction } from './first-instruction.ts';
import { healthCheckMissing } from './health-check-missing.ts';
import { hostCommand } from './host-command.ts';
import { insecureDownload } from './insecure-download.ts';
import { installUnconfirmed } from './install-unconfirmed.ts';
import { maintainer } from './maintainer.ts';
import { microdnfCacheKept } from './microdnf-cache-kept.ts';
import { multipleCommands } from './multiple-commands.ts';
import { multipleEntrypoints } from './multiple-entrypoints.ts';
import { multipleHealthChecks } from './multiple-health-checks.ts';
import { onbuildForbidden } from './onbuild-forbidden.ts';
import { packageVersion } from './package-version.ts';
import { pipCacheKept } from './pip-cache-kept.ts';
import { pipeFailureHidden } from './pipe-failure-hidden.ts';
import { pipedDownload } from './piped-download.ts';
import { platformFixed } from './platform-fixed.ts';
import { portOutOfRange } from './port-out-of-range.ts';
import { recommendedPackages } from './recommended-packages.ts';
import { remoteAddUnchecked } from './remote-add-unchecked.ts';
import { rootImageUser } from './root-image-user.ts';
import { secretFileCopied } from './secret-file-copied.ts';
import { secretInBuild } from './secret-in-build.ts';
import { shellForm } from './shell-form.ts';
import { shellReplaced } from './shell-replaced.ts';
import { sudo } from './sudo.ts';
import { updateAlone } from './update-alone.ts';
import { variableOfItself } from './variable-of-itself.ts';
import { wgetAndCurl } from './wget-and-curl.ts';
import { workdirInSystem } from './workdir-in-system.ts';
import { workdirRelative } from './workdir-relative.ts';
import { worldWritable } from './world-writable.ts';
import { yumCacheKept } from './yum-cache-kept.ts';
import { zypperCacheKept } from './zypper-cache-kept.ts';

export const dockerfileChecks: readonly DockerfileCheck[] = [
  addForCopy,
  apkCacheKept,
  aptCommand,
  aptGetUnconfirmed,
  aptListsKept,
  baseImageDigest,
  baseImageTag,
  cdForWorkdir,
  copyFromItself,
  copyFromUnknownStage,
  copyToNoFolder,
  copyWithoutWorkdir,
  distributionUpgrade,
  dnfCacheKept,
  duplicateStageName,
  exposedSshPort,
  firstInstruction,
  healthCheckMissing,
  hostCommand,
  insecureDownload,
  installUnconfirmed,
  maintainer,
  microdnfCacheKept,
  multipleCommands,
  multipleEntrypoints,
  multipleHealthChecks,
  onbuildForbidden,
  packageVersion,
  pipCacheKept,
  pipeFailureHidden,
  pipedDownload,
  platformFixed,
  portOutOfRange,
  recommendedPackages,
  remoteAddUnchecked,
  rootImageUser,
  secretFileCopied,
  secretInBuild,
  shellForm,
  shellReplaced,
  sudo,
  updateAlone,
  variableOfItself,
  wgetAndCurl,
  workdirInSystem,
  workdirRelative,
  worldWritable,
  yumCacheKept,
  zypperCacheKept,
];
