// SPDX-License-Identifier: Apache-2.0
// One file named by the user: a lock file, a manifest.
import type { Disk } from '../io/disk.ts';
import { CoverageRecorder } from '../model/coverage.ts';
import type { Limits } from '../model/limits.ts';
import { subjectOf } from '../model/subject.ts';
import { isExecutable } from './executables.ts';
import { readPart } from './read-part.ts';
import type { Source } from './source.ts';

export interface FileOptions {
  readonly disk: Disk;
  readonly limits: Limits;
  /** As typed. */
  readonly path: string;
  readonly absolute: string;
}

/** Presents the file under its base name, so that file-name globs match. A file that nobody wants is a problem: the user named it. */
export function fileSource(options: FileOptions): Source {
  const name = options.path.split(/[\\/]/).at(-1) ?? options.path;
  return {
    target: `file:${options.path}`,
    kind: 'file',
    subject: subjectOf('file', options.path, options.path),
    name,
    version: '',
    visit: async (visitor) => {
      const coverage = new CoverageRecorder();
      coverage.filesSeen = 1;
      const problem = (kind: 'unsupported' | 'limit' | 'unreadable', message: string): void =>
        coverage.problem({ kind, message, location: { path: name }, hidesFindings: true });
      const isProgram = visitor.wantsExecutable?.(name) === true && isExecutable(options.disk, options.absolute);
      if (!isProgram && !visitor.wants(name)) {
        problem('unsupported', 'no scanner reads a file of this name');
        return coverage.finish();
      }
      const reading = isProgram ? undefined : visitor.readingOf?.(name);
      const maximum = options.limits[isProgram ? 'executableBytes' : (reading?.limit ?? 'manifestBytes')];
      const result = readPart(options.disk, options.absolute, { reading, maximum });
      if (result.kind === 'bytes') {
        coverage.filesRead = 1;
        coverage.bytesRead = result.bytes.length;
        visitor.take({ path: name, bytes: result.bytes, mode: result.mode });
      } else if (result.kind === 'too-large') problem('limit', `${result.size} bytes, more than the limit; not read`);
      else problem('unreadable', `not readable: ${result.reason}`);
      return coverage.finish();
    },
  };
}
