// SPDX-License-Identifier: Apache-2.0
// Reads ignore files and VEX documents: those named by flags (must be readable), and ignore files in the root of a folder target.
import { join, resolve } from 'node:path';
import { ignoreFileNames, readIgnoreFile } from '../../formats/ignore-file.ts';
import { decodeText } from '../../formats/text.ts';
import { localDisk } from '../../io/disk.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { IgnoreRule } from '../../model/ignore.ts';
import { formatLocation } from '../../model/location.ts';
import type { VexStatement } from '../../model/vex.ts';
import { readDocument } from '../target.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

export interface Exceptions {
  readonly ignores: readonly IgnoreRule[];
  readonly vex: readonly VexStatement[];
}

/** Throws CONFIG_INVALID for an entry of an ignore file that cannot be understood, INPUT_UNREADABLE for a broken VEX document. */
export async function readExceptions(context: CommandContext, target: string, values: FlagValues): Promise<Exceptions> {
  const ignores: IgnoreRule[] = [];
  for (const { absolute, path } of ignoreFiles(context, target, values)) {
    const { rules, problems } = readIgnoreFile(decodeText(readDocument(absolute, path), path).text, path);
    for (const problem of problems) {
      if (problem.kind === 'syntax')
        throw new LandwaiterError({
          code: 'CONFIG_INVALID',
          message: `${formatLocation(problem.location)}: ${problem.message}`,
        });
      context.log.warn(`${formatLocation(problem.location)}: ${problem.message}`);
    }
    ignores.push(...rules);
  }
  const vex: VexStatement[] = [];
  for (const path of values.list('vex')) {
    const { readVex } = await import('../../formats/vex.ts');
    const document = await readVex(decodeText(readDocument(resolve(context.cwd, path), path), path).text, path);
    const [problem] = document?.problems.filter((item) => item.hidesFindings) ?? [];
    if (document === undefined || problem !== undefined) {
      const reason =
        problem === undefined
          ? 'neither OpenVEX, CSAF nor CycloneDX'
          : `${formatLocation(problem.location)}: ${problem.message}`;
      throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `could not read ${path} as VEX: ${reason}` });
    }
    vex.push(...document.statements);
  }
  return { ignores, vex };
}

/** `git:PATH@REVISION` without the revision; a folder may hold an `@` itself. */
function folderNamed(target: string): string {
  const path = target.replace(/^(?:dir|rootfs|git):/, '');
  return target.startsWith('git:') ? path.replace(/@[^/@]*$/, '') : path;
}

function ignoreFiles(
  context: CommandContext,
  target: string,
  values: FlagValues,
): { absolute: string; path: string }[] {
  const named = values.list('ignore-file');
  if (named.length > 0) return named.map((path) => ({ absolute: resolve(context.cwd, path), path }));
  const folders = [context.cwd, resolve(context.cwd, folderNamed(target))];
  const found = [...new Set(folders)].flatMap((folder) =>
    ignoreFileNames.map((name) => ({ absolute: join(folder, name), path: name })),
  );
  return found.filter(({ absolute }) => localDisk.kindOf(absolute) === 'file');
}
