// SPDX-License-Identifier: Apache-2.0
// Lints one workflow among other files, and shows what was found as short as a test wants it.
import { lintWorkflows } from '../../src/evidence/pipelines/workflow-lint/lint-workflows.ts';
import type { PipelineFinding } from '../../src/model/pipeline-finding.ts';

export const workflowPath = '.github/workflows/test.yml';

/** `line kind` of each finding, in order; the line is that of the first location. */
export function lint(text: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  return findingsOf(text, others).map(
    ({ locations, aliases }) => `${locations[0]?.line} ${aliases[0]?.replace('actionlint/', '')}`,
  );
}

/** `others` are the files beside the workflow, by path. */
export function findingsOf(text: string, others: Readonly<Record<string, string>> = {}): readonly PipelineFinding[] {
  const files = [
    { path: workflowPath, text },
    ...Object.entries(others).map(([path, content]) => ({ path, text: content })),
  ];
  const paths = new Set(files.map(({ path }) => path));
  return lintWorkflows(files, { isWorkflow: (path) => path === workflowPath, hasFile: (path) => paths.has(path) })
    .findings;
}

/** A workflow of one job; its steps begin at line 6. */
export function stepsOf(text: string): string {
  return `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${text}`;
}
