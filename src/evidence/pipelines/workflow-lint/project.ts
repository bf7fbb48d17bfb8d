// SPDX-License-Identifier: Apache-2.0
// The files of a repository, as far as a workflow may refer to them: actions, reusable workflows, the configuration. Each is read once.
import { posix } from 'node:path';
import type { Problem } from '../../../model/problem.ts';
import type { ActionMetadata } from './action-metadata.ts';
import { readActionMetadata } from './action-metadata.ts';
import type { CalledWorkflow } from './called-workflow.ts';
import { readCalledWorkflow } from './called-workflow.ts';
import { configurationPaths, noConfiguration, readConfiguration } from './configuration.ts';
import type { Project } from './lint-context.ts';

export interface LintFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface OpenedProject {
  readonly project: Project;
  readonly problems: readonly Problem[];
}

export function openProject(
  files: readonly LintFile[],
  hasFile: ((path: string) => boolean) | undefined,
): OpenedProject {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const actions = new Map<string, ActionMetadata | undefined>();
  const called = new Map<string, CalledWorkflow | undefined>();
  const told = new Set<string>();
  const configurationFile = configurationPaths.flatMap((path) => byPath.get(path) ?? [])[0];
  const read = configurationFile === undefined ? undefined : readConfiguration(configurationFile);
  const project: Project = {
    configuration: read?.configuration ?? noConfiguration,
    action,
    isFirst: (path) => {
      const isNew = !told.has(path);
      told.add(path);
      return isNew;
    },
    calledWorkflow: (uses) => {
      const path = inside(uses);
      if (!called.has(path)) {
        const file = byPath.get(path);
        called.set(path, file === undefined ? undefined : readCalledWorkflow(file));
      }
      return called.get(path);
    },
  };
  return { project, problems: read?.problems ?? [] };

  function action(uses: string): ActionMetadata | undefined {
    const folder = inside(uses);
    if (!actions.has(folder)) {
      const file = ['action.yml', 'action.yaml'].flatMap((name) => byPath.get(posix.join(folder, name)) ?? [])[0];
      const beside = hasFile === undefined ? undefined : (path: string) => hasFile(posix.join(folder, path));
      actions.set(folder, file === undefined ? undefined : readActionMetadata({ ...file, folder, hasFile: beside }));
    }
    return actions.get(folder);
  }
}

/** `./folder/` as a path in the repository. */
function inside(uses: string): string {
  return posix.normalize(uses).replace(/\/$/, '');
}
