// SPDX-License-Identifier: Apache-2.0
// Reads the files of a target that can belong to a pipeline: YAML (pipelines, templates, manifests) and Jenkinsfiles.
import type { PipelineFile } from '../../evidence/pipelines/pipeline.ts';
import { decodeText } from '../../formats/text.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { openForInspection } from './inspect-target.ts';

export interface PipelineFiles {
  readonly target: string;
  /** Absolute folder on this machine; absent for a revision. */
  readonly place?: string;
  readonly files: readonly PipelineFile[];
  readonly filesSeen: number;
  readonly problems: readonly Problem[];
}

/** Whether a file can belong to a pipeline, by its path. */
export function isPipelinePath(path: string): boolean {
  if (/(?:^|\/)node_modules\//.test(path)) return false;
  return /\.ya?ml$/i.test(path) || /(?:^|\/)Jenkinsfile(?:[.-][^/]*)?$|\.jenkinsfile$/.test(path);
}

/** Throws TARGET_NOT_FOUND, TARGET_UNSUPPORTED (an image or SBOM has no pipelines), GIT_FAILED. */
export async function readPipelineFiles(
  context: CommandContext,
  target: string,
  values: FlagValues,
): Promise<PipelineFiles> {
  const opened = await openForInspection(context, target, { values });
  if (opened.kind !== 'source') {
    if (opened.kind === 'image') opened.close();
    throw new LandwaiterError({
      code: 'TARGET_UNSUPPORTED',
      message: `${target} has no pipelines`,
      hint: 'name a folder or a git repository: landwaiter pipeline .',
    });
  }
  const files: PipelineFile[] = [];
  const problems: Problem[] = [];
  const coverage = await opened.source.visit({
    wants: (path) => isPipelinePath(path),
    take: (file: SourceFile) => {
      const { text, problems: encoding } = decodeText(file.bytes, file.path);
      files.push({ path: file.path, text });
      problems.push(...encoding);
    },
  });
  context.progress.done();
  const isPlaced = opened.source.kind === 'directory' && opened.place !== undefined;
  return {
    target: opened.source.target,
    ...(isPlaced ? { place: opened.place } : {}),
    files,
    filesSeen: coverage.filesSeen,
    problems: [...coverage.problems, ...problems],
  };
}
