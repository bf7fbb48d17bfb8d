// SPDX-License-Identifier: Apache-2.0
// What a rule of the workflow lint is given, and what it is.
import type { ActionMetadata } from './action-metadata.ts';
import type { CalledWorkflow } from './called-workflow.ts';
import type { Configuration } from './configuration.ts';
import type { Report } from './fault.ts';
import type { Workflow } from './workflow.ts';

/** The files around a workflow. */
export interface Project {
  readonly configuration: Configuration;
  /** An action of this repository, by its folder as `uses` names it (`./folder`); undefined when it is not there. */
  action(uses: string): ActionMetadata | undefined;
  /** True the first time it is asked for a path: what is wrong with one file is told once in a project. */
  isFirst(path: string): boolean;
  /** A reusable workflow of this repository, by its path as `uses` names it; undefined when it is not there. */
  calledWorkflow(uses: string): CalledWorkflow | undefined;
}

export interface LintContext {
  readonly workflow: Workflow;
  readonly project: Project;
  readonly report: Report;
  /** `line:L,col:C` of an offset, for messages. */
  place(offset: number): string;
}

/** A rule looks at a whole workflow and reports what it finds. */
export type LintRule = (context: LintContext) => void;
