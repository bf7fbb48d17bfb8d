// SPDX-License-Identifier: Apache-2.0
// Which ignore files count. Whoever wrote a target must not be able to silence findings about it: files count by themselves only when they
// belong to the working folder of the user and the target lies in it. Everything else is seen, told, and left to --ignore-file.
import { dirname, join, resolve, sep } from 'node:path';
import { ignoreFileNames } from '../../formats/ignore-file.ts';
import { localDisk } from '../../io/disk.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Inspection } from '../inspect.ts';
import { readDocument } from '../target.ts';

export interface IgnoreFileContext {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface FoundIgnoreFiles {
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly notApplied: readonly { readonly path: string; readonly reason: string }[];
}

/** `named`: the files of --ignore-file; they replace those that are found. Throws INPUT_UNREADABLE, TARGET_NOT_FOUND, GIT_FAILED. */
export async function findIgnoreFiles(
  context: IgnoreFileContext,
  inspection: Pick<Inspection, 'place' | 'target'>,
  named: readonly string[],
): Promise<FoundIgnoreFiles> {
  const files = named.map((path) => ({ path, bytes: readDocument(resolve(context.cwd, path), path) }));
  const { place, target } = inspection;
  const cwd = localDisk.resolve(context.cwd) ?? context.cwd;
  const found = target.kind === 'git' && place !== undefined ? await inRevision(context, place, target.version) : [];
  const own = namesIn(cwd);
  if (target.kind === 'git') {
    // The revision is looked at, not the folder: an entry that is only in the work tree was not there then.
    const isOwn = place === cwd && isRepository(cwd);
    return isOwn
      ? chosen({ files, found, foreign: [] })
      : chosen({ files, found: [], foreign: [...found.map(({ path }) => path), ...(place === cwd ? [] : own)] });
  }
  const isInside = place !== undefined && (place === cwd || place.startsWith(cwd.endsWith(sep) ? cwd : cwd + sep));
  const folder = place === undefined || localDisk.kindOf(place) === 'directory' ? place : dirname(place);
  const foreign = folder === undefined || folder === cwd ? [] : namesIn(folder).map((name) => join(folder, name));
  if (!isInside) return chosen({ files, found: [], foreign: [...foreign, ...own] });
  const read = files.length > 0 ? [] : own.map((name) => ({ path: name, bytes: readDocument(join(cwd, name), name) }));
  return chosen({ files, found: read, foreign });
}

const foreignReason =
  'an ignore file that lies in a target, or beside another one, does not count by itself; name it with --ignore-file if you trust it';

function chosen(sets: {
  readonly files: FoundIgnoreFiles['files'];
  readonly found: FoundIgnoreFiles['files'];
  readonly foreign: readonly string[];
}): FoundIgnoreFiles {
  // With --ignore-file the user has said what counts; there is nothing to be told of the rest.
  if (sets.files.length > 0) return { files: sets.files, notApplied: [] };
  return { files: sets.found, notApplied: sets.foreign.map((path) => ({ path, reason: foreignReason })) };
}

function namesIn(folder: string): readonly string[] {
  return ignoreFileNames.filter((name) => localDisk.kindOf(join(folder, name)) === 'file');
}

/** The root of a work tree, or a repository without one. */
function isRepository(folder: string): boolean {
  if (localDisk.kindOf(join(folder, '.git')) !== undefined) return true;
  return localDisk.kindOf(join(folder, 'HEAD')) === 'file' && localDisk.kindOf(join(folder, 'objects')) === 'directory';
}

async function inRevision(
  context: IgnoreFileContext,
  root: string,
  commit: string,
): Promise<{ path: string; bytes: Uint8Array }[]> {
  const { openGitRepository } = await import('../../io/git.ts');
  const repository = openGitRepository(root, context.environment);
  const entries = (await repository.listTree(commit, ignoreFileNames)).filter(({ mode }) => mode.startsWith('100'));
  const large = entries.find(({ size }) => size > defaultLimits.documentBytes);
  if (large !== undefined) {
    const message = `${large.path} has ${large.size} bytes; at most ${defaultLimits.documentBytes} are read`;
    throw new LandwaiterError({ code: 'LIMIT_EXCEEDED', message });
  }
  const files: { path: string; bytes: Uint8Array }[] = [];
  await repository.readBlobs(
    entries.map(({ object }) => object),
    (index, bytes) => {
      const entry = entries[index];
      if (entry !== undefined && bytes !== undefined) files.push({ path: entry.path, bytes });
    },
  );
  return files;
}
