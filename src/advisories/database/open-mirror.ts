// SPDX-License-Identifier: Apache-2.0
// From what the user names to a mirror. The one place where a further kind is added.
import type { RegistryClient } from '../../io/registry/client.ts';
import { storedFolder } from '../../io/stored-files.ts';
import { LandwaiterError } from '../../model/error.ts';
import { folderMirror } from './folder-mirror.ts';
import type { HttpOptions } from './http-mirror.ts';
import { httpMirror } from './http-mirror.ts';
import type { Mirror } from './mirror.ts';
import { parseOciAddress } from './oci-artifact.ts';
import { ociMirror } from './oci-mirror.ts';

export interface MirrorOptions extends HttpOptions {
  /** Makes the client for `oci://` addresses. */
  readonly registry: () => RegistryClient;
}

/** `https://…` and `http://…` are servers, `oci://…` is a repository of a registry, another scheme is TARGET_UNSUPPORTED, anything else a folder. */
export function openMirror(from: string, options: MirrorOptions): Mirror {
  if (/^https?:\/\//i.test(from)) {
    if (!URL.canParse(from)) throw new LandwaiterError({ code: 'USAGE', message: `${from} is no URL` });
    return httpMirror(new URL(from), options);
  }
  if (/^oci:\/\//i.test(from)) {
    const reference = parseOciAddress(from);
    return ociMirror(options.registry(), reference);
  }
  const scheme = /^([a-z][a-z0-9+.-]{1,20}):\/\//i.exec(from)?.[1];
  if (scheme !== undefined) {
    const hint = 'serve the files over HTTP(S) or from a registry (oci://), or copy them into a folder';
    throw new LandwaiterError({ code: 'TARGET_UNSUPPORTED', message: `mirrors of kind ${scheme}: are not read`, hint });
  }
  return folderMirror(storedFolder(from));
}
