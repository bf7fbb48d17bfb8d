// SPDX-License-Identifier: Apache-2.0
// Reads ignore files and VEX documents: those named by flags (must be readable), and ignore files that count by themselves.
import { resolve } from 'node:path';
import { readIgnoreFile } from '../../formats/ignore-file.ts';
import { decodeText } from '../../formats/text.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { IgnoreRule } from '../../model/ignore.ts';
import { formatLocation } from '../../model/location.ts';
import type { VexStatement } from '../../model/vex.ts';
import type { Inspection } from '../inspect.ts';
import type { UnappliedFile } from '../scan.ts';
import { readDocument } from '../target.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { findIgnoreFiles } from './ignore-files.ts';

export interface Exceptions {
  readonly ignores: readonly IgnoreRule[];
  readonly vex: readonly VexStatement[];
  /** Ignore files that were seen and do not count. */
  readonly unapplied: readonly UnappliedFile[];
}

/** Throws CONFIG_INVALID for an entry of an ignore file that cannot be understood, INPUT_UNREADABLE for a broken VEX document. */
export async function readExceptions(
  context: CommandContext,
  inspection: Inspection,
  values: FlagValues,
): Promise<Exceptions> {
  const ignores: IgnoreRule[] = [];
  const { files, notApplied } = await findIgnoreFiles(context, inspection, values.list('ignore-file'));
  for (const { path, bytes } of files) {
    const { rules, problems } = readIgnoreFile(decodeText(bytes, path).text, path);
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
  return { ignores, vex, unapplied: notApplied };
}
