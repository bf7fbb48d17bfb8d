// SPDX-License-Identifier: Apache-2.0
// A whole workflow file: YAML, then its sections. What YAML itself refuses ends the reading.
import type { YamlTree } from '../../../../formats/yaml-tree.ts';
import { parseYamlTree } from '../../../../formats/yaml-tree.ts';
import type { Problem } from '../../../../model/problem.ts';
import type { Report } from '../fault.ts';
import type { Job, Members, Workflow, WorkflowEvent } from '../workflow.ts';
import { reportUnusedAnchors } from './anchors.ts';
import { readConcurrency, readDefaults, readEnvironment, readPermissions } from './read-common.ts';
import { readEvents } from './read-events.ts';
import { readJob } from './read-job.ts';
import { members, SectionReader } from './section-reader.ts';

const workflowKeys = ['concurrency', 'defaults', 'env', 'jobs', 'name', 'on', 'permissions', 'run-name'];

export interface ReadWorkflow {
  readonly tree: YamlTree;
  /** Undefined when the file is no YAML, or empty. */
  readonly workflow: Workflow | undefined;
  /** What could not be looked at because of a limit. */
  readonly problems: readonly Problem[];
}

export function readWorkflow(file: { readonly path: string; readonly text: string }, report: Report): ReadWorkflow {
  const tree = parseYamlTree(file.text, file.path);
  const problems = tree.problems.filter((problem) => problem.kind === 'limit');
  const isBroken = reportYamlProblems(tree, report);
  if (isBroken || tree.root === undefined) {
    if (!isBroken && problems.length === 0) report({ kind: 'syntax-check', message: 'workflow is empty', offset: 0 });
    return { tree, workflow: undefined, problems };
  }
  reportUnusedAnchors(tree, report);
  const reader = new SectionReader(tree, report);
  const workflow = readSections(reader, tree.root);
  const tooMany: Problem[] = reader.mayRead()
    ? []
    : [
        {
          kind: 'limit',
          message: 'the values of the matrices are more than the limit',
          location: { path: file.path },
          hidesFindings: true,
        },
      ];
  return { tree, workflow, problems: [...problems, ...tooMany] };
}

/** True when the file cannot be read as YAML. */
function reportYamlProblems(tree: YamlTree, report: Report): boolean {
  let isBroken = false;
  for (const problem of tree.problems) {
    const offset = offsetOf(tree, problem);
    if (problem.kind === 'syntax') {
      // One is enough: what follows is mostly its consequence.
      if (!isBroken)
        report({ kind: 'syntax-check', message: `could not parse as YAML: ${yamlReason(problem.message)}`, offset });
      isBroken = true;
    } else if (problem.kind === 'cycle') {
      const name = /&(\S+)/.exec(problem.message)?.[1] ?? '';
      report({ kind: 'syntax-check', message: `recursive alias ${JSON.stringify(name)} is found`, offset });
    } else if (problem.message.startsWith('a key')) {
      report({ kind: 'syntax-check', message: problem.message, offset });
    }
  }
  return isBroken;
}

function yamlReason(message: string): string {
  const dangling = /^alias \*(\S+) has no anchor before it$/.exec(message);
  return dangling === null
    ? message.replace(/^not valid YAML: /, '')
    : `unknown anchor '${dangling[1] ?? ''}' referenced`;
}

function offsetOf(tree: YamlTree, problem: Problem): number {
  return tree.lines.startOf(problem.location.line ?? 1) + (problem.location.column ?? 1) - 1;
}

function readSections(reader: SectionReader, root: NonNullable<YamlTree['root']>): Workflow {
  const workflow: { -readonly [K in keyof Workflow]: Workflow[K] } = { events: [], jobs: new Map() };
  let events: readonly WorkflowEvent[] | undefined;
  let jobs: Members<Job> | undefined;
  for (const { key, id, value } of reader.mapping('workflow', root, { empty: 'refused', keys: 'exact' }) ?? []) {
    if (id === 'name') workflow.name = reader.text(value, 'allowed');
    else if (id === 'run-name') workflow.runName = reader.text(value, 'refused');
    else if (id === 'on') events = readEvents(reader, key, value);
    else if (id === 'permissions') workflow.permissions = readPermissions(reader, value);
    else if (id === 'env') workflow.environment = readEnvironment(reader, value);
    else if (id === 'defaults') workflow.defaults = readDefaults(reader, value);
    else if (id === 'concurrency') workflow.concurrency = readConcurrency(reader, key, value);
    else if (id === 'jobs') {
      const entries = reader.section('jobs', value, { empty: 'refused', keys: 'any-case' }) ?? [];
      jobs = members(entries, (job, name) => readJob(reader, name, job));
    } else reader.unexpectedKey(key, '"workflow" section', workflowKeys);
  }
  const offset = reader.offsetOf(root);
  if (events === undefined) reader.fault(offset, '"on" section is missing in workflow');
  if (jobs === undefined) reader.fault(offset, '"jobs" section is missing in workflow');
  return { ...workflow, events: events ?? [], jobs: jobs ?? new Map() };
}
