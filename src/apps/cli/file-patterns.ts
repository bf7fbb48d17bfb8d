// SPDX-License-Identifier: Apache-2.0
// `--file-patterns` of `scan` and `manifests`.
import type { FileNames } from '../../evidence/misconfiguration/file-names.ts';
import { usualFileNames } from '../../evidence/misconfiguration/file-names.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { FlagValues } from './arguments.ts';

/** Which file is what, with the names that the user adds. Throws USAGE for a pattern that cannot be used. */
export async function fileNamesFrom(values: FlagValues): Promise<FileNames> {
  const patterns = values.list('file-patterns');
  if (patterns.length === 0) return usualFileNames;
  const { fileNamesOf } = await import('../../evidence/misconfiguration/file-patterns.ts');
  const reading = fileNamesOf(patterns);
  if (reading.kind === 'names') return reading.names;
  const message = `--file-patterns cannot take "${reading.pattern}": ${reading.message}`;
  throw new LandwaiterError({ code: 'USAGE', message, hint: "such as --file-patterns 'dockerfile:Customfile'" });
}
