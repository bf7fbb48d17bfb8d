// SPDX-License-Identifier: Apache-2.0
// From what the user typed to something that can be looked at. Without a scheme the kind is detected from what is on disk, and said.
import { resolve } from 'node:path';
import { decodeText } from '../formats/text.ts';
import { localDisk } from '../io/disk.ts';
import type { RegistryClient } from '../io/registry/client.ts';
import { LandwaiterError } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import { nearest } from '../model/nearest.ts';
import type { SbomDocument } from '../model/sbom.ts';
import type { ImageInput } from '../sources/image/image-input.ts';
import type { Source } from '../sources/source.ts';

export type Target =
  | { readonly kind: 'source'; readonly source: Source; readonly place?: string }
  | { readonly kind: 'image'; readonly target: string; readonly image: ImageInput; close(): void }
  | {
      readonly kind: 'sbom';
      readonly target: string;
      readonly path: string;
      readonly document: SbomDocument;
      readonly place?: string;
    };

// `place`: the folder, file or repository on this machine, absolute and without symbolic links; an image and standard input have none.

export interface TargetOptions {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isExcluded?: ((path: string) => boolean) | undefined;
  readonly onProgress?: (files: number, bytes: number) => void;
  readonly readStdin: () => Promise<Uint8Array>;
  /** Which image of several: `linux/arm64`. Absent: what this machine runs. */
  readonly platform?: string | undefined;
  /** Registries that may speak plain HTTP. */
  readonly insecureRegistries?: readonly string[];
  /** Shared by several images; absent: each has its own. */
  readonly registryClient?: RegistryClient | undefined;
}

const imageSchemes = ['image', 'oci-dir', 'oci-archive', 'docker-archive'] as const;
export const targetSchemes = ['dir', 'rootfs', 'git', 'file', 'sbom', ...imageSchemes] as const;
type Scheme = (typeof targetSchemes)[number];

/** Schemes of later versions: told as such instead of "no such file". */
const plannedSchemes = ['cluster', 'manifests'];

/** Opens a target. Throws TARGET_NOT_FOUND, TARGET_UNSUPPORTED, INPUT_UNREADABLE, GIT_FAILED. */
export async function openTarget(text: string, options: TargetOptions): Promise<Target> {
  const { scheme, rest } = splitScheme(text, options);
  if (scheme === 'sbom') return openSbom(rest, options);
  if (scheme === 'git') return openGit(rest, options);
  const imageScheme = imageSchemes.find((known) => known === scheme);
  if (imageScheme !== undefined) return openImage(imageScheme, rest, options);
  const absolute = resolve(options.cwd, rest);
  const root = localDisk.resolve(absolute);
  const kind = root === undefined ? undefined : localDisk.kindOf(root);
  if (root === undefined || kind === undefined) throw notFound(text, rest);
  if (scheme === 'dir' || scheme === 'rootfs') {
    if (kind !== 'directory')
      throw new LandwaiterError({
        code: 'TARGET_NOT_FOUND',
        message: `${rest} is no folder`,
        hint: `try file:${rest}`,
      });
    const { directorySource } = await import('../sources/directory.ts');
    const progress = options.onProgress === undefined ? {} : { onProgress: options.onProgress };
    const { isExcluded } = options;
    return {
      kind: 'source',
      place: root,
      source: directorySource({ disk: localDisk, limits: defaultLimits, path: rest, root, isExcluded, ...progress }),
    };
  }
  if (kind === 'directory')
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `${rest} is a folder`, hint: `try dir:${rest}` });
  const { fileSource } = await import('../sources/file.ts');
  const source = fileSource({ disk: localDisk, limits: defaultLimits, path: rest, absolute: root });
  return { kind: 'source', place: root, source };
}

async function openImage(scheme: (typeof imageSchemes)[number], rest: string, options: TargetOptions): Promise<Target> {
  const { parsePlatform } = await import('../formats/oci/platform.ts');
  const { hostPlatform, openLocalImage, openRegistryImage } = await import('./images/open-image.ts');
  const platform = options.platform === undefined ? hostPlatform(process.arch) : parsePlatform(options.platform);
  if (platform === undefined)
    throw new LandwaiterError({
      code: 'USAGE',
      message: `${options.platform} is no platform`,
      hint: 'write it as os/architecture: linux/arm64',
    });
  const { cwd, environment, insecureRegistries: insecure = [], registryClient: client } = options;
  const opened =
    scheme === 'image'
      ? await openRegistryImage(rest, { environment, platform, insecure, client })
      : await openLocalImage(scheme, rest, { cwd, platform });
  return { kind: 'image', target: opened.image.target, ...opened };
}

function splitScheme(text: string, options: TargetOptions): { scheme: Scheme; rest: string } {
  const colon = text.indexOf(':');
  const word = colon > 1 ? text.slice(0, colon) : '';
  const rest = text.slice(colon + 1);
  const scheme = targetSchemes.find((known) => known === word);
  if (scheme !== undefined) return { scheme, rest: rest === '' ? '.' : rest };
  if (plannedSchemes.includes(word)) {
    const message = `targets of the kind "${word}:" are not read by this version`;
    throw new LandwaiterError({
      code: 'TARGET_UNSUPPORTED',
      message,
      hint:
        word === 'manifests'
          ? 'scan reads the images that manifests name: add --images'
          : `it reads ${targetSchemes.map((known) => `${known}:`).join(', ')}`,
    });
  }
  if (text === '-') return { scheme: 'sbom', rest: '-' };
  const absolute = resolve(options.cwd, text);
  const kind = localDisk.kindOf(absolute);
  if (kind === 'directory') return { scheme: 'dir', rest: text };
  if (kind === 'file') return { scheme: looksLikeSbom(absolute, text) ? 'sbom' : 'file', rest: text };
  const close = word === '' || word.includes('/') ? undefined : nearest(word, targetSchemes);
  throw notFound(text, text, close === undefined ? undefined : `did you mean ${close}:${rest}?`);
}

/** By the marks of the formats in the first 64 KiB; a lock file with an SBOM-like name stays a file. */
function looksLikeSbom(absolute: string, path: string): boolean {
  const result = localDisk.read(absolute, defaultLimits.documentBytes);
  if (result.kind !== 'bytes') return false;
  const head = decodeText(result.bytes.subarray(0, 65_536), path).text;
  return sbomMarks.some((mark) => mark.test(head));
}

const sbomMarks: readonly RegExp[] = [
  /"bomFormat"\s{0,20}:\s{0,20}"CycloneDX"/,
  /cyclonedx\.org\/schema\/bom/,
  /"spdxVersion"\s{0,20}:/,
  /^SPDXVersion:/m,
  /spdx\.org\/rdf\//,
  /anchore\/syft/,
  /"(?:detector|manifests)"\s{0,20}:\s{0,20}\{/,
];

async function openGit(rest: string, options: TargetOptions): Promise<Target> {
  const { path, revision } = splitRevision(rest, options.cwd);
  const root = localDisk.resolve(resolve(options.cwd, path));
  if (root === undefined || localDisk.kindOf(root) !== 'directory') throw notFound(`git:${rest}`, path);
  if (revision === '') {
    const message = `git:${rest} names no revision after the @`;
    throw new LandwaiterError({ code: 'USAGE', message, hint: `git:${path} is its HEAD` });
  }
  const { openGitRepository } = await import('../io/git.ts');
  const { gitSource } = await import('../sources/git.ts');
  const repository = openGitRepository(root, options.environment);
  const name = root.slice(root.lastIndexOf('/') + 1) || root;
  const { isExcluded } = options;
  return {
    kind: 'source',
    place: root,
    source: await gitSource({ repository, limits: defaultLimits, path, revision, name, isExcluded }),
  };
}

/** `PATH[@REVISION]`. Folders and revisions (`HEAD@{1}`) may hold an `@` of their own: the longest path that is a folder counts. */
function splitRevision(text: string, cwd: string): { readonly path: string; readonly revision: string } {
  for (let end = text.length; end > 0; end = text.lastIndexOf('@', end - 1)) {
    const path = text.slice(0, end);
    if (localDisk.kindOf(resolve(cwd, path)) !== 'directory') continue;
    return { path, revision: end === text.length ? 'HEAD' : text.slice(end + 1) };
  }
  return { path: text.replace(/(?<=.)@[^@]*$/, ''), revision: 'HEAD' };
}

async function openSbom(rest: string, options: TargetOptions): Promise<Target> {
  const path = rest === '-' ? 'standard input' : rest;
  const bytes = rest === '-' ? await options.readStdin() : readDocument(resolve(options.cwd, rest), rest);
  const { readSbom } = await import('../formats/sbom-format.ts');
  const decoded = decodeText(bytes, path);
  const document = await readSbom(decoded.text, path);
  if (document === undefined) {
    const message = `${path} is no SBOM of a known format`;
    throw new LandwaiterError({
      code: 'INPUT_UNREADABLE',
      message,
      hint: 'CycloneDX, SPDX, Syft JSON and GitHub snapshots are read',
    });
  }
  const place = rest === '-' ? undefined : localDisk.resolve(resolve(options.cwd, rest));
  return {
    kind: 'sbom',
    ...(place === undefined ? {} : { place }),
    target: `sbom:${rest}`,
    path,
    document: { ...document, problems: [...decoded.problems, ...document.problems] },
  };
}

/** Reads a document the user named. Throws INPUT_UNREADABLE or LIMIT_EXCEEDED. */
export function readDocument(absolute: string, path: string): Uint8Array {
  const result = localDisk.read(absolute, defaultLimits.documentBytes);
  if (result.kind === 'bytes') return result.bytes;
  if (result.kind === 'too-large') {
    const message = `${path} has ${result.size} bytes; at most ${defaultLimits.documentBytes} are read`;
    throw new LandwaiterError({ code: 'LIMIT_EXCEEDED', message });
  }
  const code = result.reason === 'no such file' ? 'TARGET_NOT_FOUND' : 'INPUT_UNREADABLE';
  throw new LandwaiterError({ code, message: `could not read ${path}: ${result.reason}` });
}

function notFound(
  target: string,
  path: string,
  hint = 'check the path; see landwaiter scan --help for the kinds of targets',
): LandwaiterError {
  return new LandwaiterError({
    code: 'TARGET_NOT_FOUND',
    message: `could not open ${target}: there is nothing at ${path}`,
    hint,
  });
}
