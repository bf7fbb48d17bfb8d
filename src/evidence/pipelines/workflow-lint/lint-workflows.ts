// SPDX-License-Identifier: Apache-2.0
// The lint of GitHub Actions workflows: mistakes that GitHub reports when a workflow is pushed or run, or never, found before. Pure: the files
// of the repository are handed in.
import { entryOf } from '../../../formats/yaml-tree.ts';
import type { PipelineFinding } from '../../../model/pipeline-finding.ts';
import type { Problem } from '../../../model/problem.ts';
import type { LintFault, Report } from './fault.ts';
import { placeFinder } from './fault-place.ts';
import { findingOf } from './finding-of.ts';
import type { Project } from './lint-context.ts';
import type { LintFile } from './project.ts';
import { openProject } from './project.ts';
import { readWorkflow } from './reading/read-workflow.ts';
import { lintRules } from './rules/index.ts';

export interface LintOptions {
  /** Which of the files are workflows; those of `.github/workflows/` unless given. */
  readonly isWorkflow?: (path: string) => boolean;
  /** Whether a file is in the repository. Without it nothing is said of the files that actions name. */
  readonly hasFile?: (path: string) => boolean;
}

export interface LintResult {
  readonly findings: readonly PipelineFinding[];
  readonly problems: readonly Problem[];
}

/** Faults of one file that are kept: one mistake in an anchor may show a thousand times. */
const mostFaults = 1_000;

/** Lints the workflows among the files; actions, reusable workflows and actionlint's configuration are looked up among them too. */
export function lintWorkflows(files: readonly LintFile[], options: LintOptions = {}): LintResult {
  const isWorkflow = options.isWorkflow ?? isWorkflowPath;
  const { project, problems } = openProject(files, options.hasFile);
  const results = files.filter(({ path }) => isWorkflow(path)).map((file) => lintFile(file, project));
  return {
    findings: results.flatMap(({ findings }) => findings),
    problems: [...problems, ...results.flatMap((result) => result.problems)],
  };
}

/** `.github/workflows/NAME.yml` or `.yaml`; GitHub looks into no folders below. */
export function isWorkflowPath(path: string): boolean {
  return /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path);
}

function lintFile(file: LintFile, project: Project): LintResult {
  const faults = new Map<string, LintFault>();
  let isCut = false;
  const report: Report = (fault) => {
    // What stands in an anchor is seen from each of its aliases.
    const key = `${fault.offset} ${fault.kind} ${fault.message}`;
    if (faults.size >= mostFaults) isCut = true;
    else if (!faults.has(key)) faults.set(key, fault);
  };
  const { tree, workflow, problems } = readWorkflow(file, report);
  const place = (offset: number): string => {
    const { line, column } = tree.lines.locate(file.path, offset);
    return `line:${line},col:${column}`;
  };
  if (workflow !== undefined) for (const rule of lintRules) rule({ workflow, project, report, place });
  const kept = [...faults.values()]
    .filter((fault) => !project.configuration.ignores(file.path, fault.message))
    .sort((a, b) => a.offset - b.offset);
  const jobsEnd = entryOf(tree.root, 'jobs')?.span.end ?? 0;
  const placeOf = workflow === undefined ? () => ({}) : placeFinder(workflow, jobsEnd);
  const source = { path: file.path, lines: tree.lines, placeOf };
  const cut: Problem = {
    kind: 'limit',
    message: `more than ${mostFaults} faults; the rest is left out`,
    location: { path: file.path },
    hidesFindings: true,
  };
  return {
    findings: kept.map((fault) => findingOf(fault, source)),
    problems: isCut ? [...problems, cut] : problems,
  };
}
