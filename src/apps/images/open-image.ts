// SPDX-License-Identifier: Apache-2.0
// Images as targets: `image:REFERENCE` in a registry; on disk `oci-dir:PATH`, `oci-archive:FILE`, `docker-archive:FILE`, each with `:NAME` or
// `@DIGEST` behind it when it holds several.
import { resolve } from 'node:path';
import type { Platform } from '../../formats/oci/platform.ts';
import { parseReference } from '../../formats/oci/reference.ts';
import { localDisk } from '../../io/disk.ts';
import type { RegistryClient } from '../../io/registry/client.ts';
import { registryStore } from '../../io/registry/client.ts';
import { openDockerArchive } from '../../io/registry/docker-archive.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import { openOciArchive, openOciDirectory } from '../../io/registry/oci-layout.ts';
import { systemRegistryClient } from '../../io/registry/system.ts';
import { unpackedArchive } from '../../io/registry/unpacked-archive.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { ImageInput } from '../../sources/image/image-input.ts';
import { storedImage } from '../../sources/image/stored-image.ts';

export const localImageSchemes = ['oci-dir', 'oci-archive', 'docker-archive'] as const;
export type LocalImageScheme = (typeof localImageSchemes)[number];

async function openStore(scheme: LocalImageScheme, path: string): Promise<ImageStore> {
  if (scheme === 'oci-dir') return openOciDirectory(path);
  const open = scheme === 'oci-archive' ? openOciArchive : openDockerArchive;
  return open(path, defaultLimits, await unpackedArchive(path));
}

export interface OpenedImage {
  readonly image: ImageInput;
  close(): void;
}

export interface LocalImageOptions {
  readonly cwd: string;
  readonly platform: Platform;
}

/** Throws TARGET_NOT_FOUND, TARGET_UNSUPPORTED, INPUT_UNREADABLE, and what reading of manifests comes to. */
export async function openLocalImage(
  scheme: LocalImageScheme,
  rest: string,
  { cwd, platform }: LocalImageOptions,
): Promise<OpenedImage> {
  const { path, reference } = splitReference(rest, cwd);
  const store = await openStore(scheme, resolve(cwd, path));
  try {
    const image = await storedImage(store, {
      target: `${scheme}:${rest}`,
      name: path.slice(path.lastIndexOf('/') + 1) || path,
      version: reference ?? '',
      reference,
      platform,
      limits: defaultLimits,
      place: 'local',
    });
    return { image, close: () => store.close() };
  } catch (error) {
    store.close();
    throw error;
  }
}

export interface RegistryImageOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: Platform;
  /** Registries that may speak plain HTTP or show any certificate. Loopback hosts always may. */
  readonly insecure: readonly string[];
  /** Of somebody who closes it; absent: one is made and closed with the image. */
  readonly client?: RegistryClient | undefined;
}

/** An image in a registry, with the credentials, mirrors and certificates of docker and podman. Throws USAGE for a name that is none. */
export async function openRegistryImage(rest: string, options: RegistryImageOptions): Promise<OpenedImage> {
  const parsed = parseReference(rest);
  if (parsed.kind === 'invalid') {
    throw new LandwaiterError({ code: 'USAGE', message: `"${rest}" is no image name: ${parsed.reason}` });
  }
  const { environment, insecure, platform } = options;
  const client = options.client ?? systemRegistryClient({ environment, home: environment['HOME'], insecure });
  const close = (): void => {
    if (options.client === undefined) client.close();
  };
  const { registry, repository, tag, digest } = parsed.reference;
  try {
    const image = await storedImage(registryStore(client, parsed.reference), {
      target: `image:${rest}`,
      name: `${registry}/${repository}`,
      version: digest ?? tag ?? 'latest',
      platform,
      limits: defaultLimits,
      place: 'remote',
    });
    return { image, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** What exists on disk is the path; what follows its last colon or at sign is the name of the image. */
export function splitReference(rest: string, cwd: string): { path: string; reference: string | undefined } {
  for (let end = rest.length; end > 0; end = lastMark(rest, end)) {
    const path = rest.slice(0, end);
    if (localDisk.kindOf(resolve(cwd, path)) !== undefined)
      return { path, reference: end === rest.length ? undefined : rest.slice(end + 1) };
  }
  return { path: rest, reference: undefined };
}

function lastMark(text: string, before: number): number {
  return Math.max(text.lastIndexOf(':', before - 1), text.lastIndexOf('@', before - 1));
}

/** What runs on this machine: images are Linux images unless something else is asked for. */
export function hostPlatform(architecture: string): Platform {
  const names: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
  return { os: 'linux', architecture: names[architecture] ?? architecture };
}
