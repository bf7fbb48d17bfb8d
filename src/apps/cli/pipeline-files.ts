// SPDX-License-Identifier: Apache-2.0
// Reads the files of a target that can belong to a pipeline: YAML (pipelines, templates, manifests), Jenkinsfiles, and Terraform for the trust of
// clouds in pipelines.
import type { PipelineFile } from '../../evidence/pipelines/pipeline.ts';
import { isPipelinePath } from '../../evidence/pipelines/pipeline-paths.ts';
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
  const below = placeBelow(opened.place);
  const coverage = await opened.source.visit({
    wants: (path) => isPipelinePath(path),
    take: (file: SourceFile) => {
      const path = below === undefined ? file.path : pathBelow(below, opened.source.kind === 'file' ? '' : file.path);
      const { text, problems: encoding } = decodeText(file.bytes, path);
      files.push({ path, text });
      problems.push(...encoding);
    },
  });
  context.progress.done();
  const place = below?.root ?? (opened.source.kind === 'directory' ? opened.place : undefined);
  return {
    target: opened.source.target,
    ...(place === undefined || opened.source.kind === 'git' ? {} : { place }),
    files,
    filesSeen: coverage.filesSeen,
    problems: [...coverage.problems, ...problems],
  };
}

interface Below {
  readonly root: string;
  readonly path: string;
}

/** A folder or file inside of `.github` and the like: what it is shows only from the folder above. */
function placeBelow(place: string | undefined): Below | undefined {
  const match = /^(.*?)[\\/](\.(?:github|circleci|tekton)(?:[\\/].*)?)$/.exec(place ?? '');
  return match === null
    ? undefined
    : { root: match[1] === '' ? '/' : (match[1] ?? '/'), path: (match[2] ?? '').replaceAll('\\', '/') };
}

function pathBelow({ path }: Below, file: string): string {
  return file === '' ? path : `${path}/${file}`;
}
