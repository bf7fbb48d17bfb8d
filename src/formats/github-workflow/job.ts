// SPDX-License-Identifier: Apache-2.0
// Jobs: lists of steps, or calls of reusable workflows.
import type { YamlEntry, YamlMapping } from '../yaml-tree.ts';
import { entryOf, memberOf } from '../yaml-tree.ts';
import type { Container } from './container.ts';
import { readContainer, readServices } from './container.ts';
import type { Matrix } from './matrix.ts';
import { readMatrix } from './matrix.ts';
import type { Permissions } from './permissions.ts';
import { readPermissions } from './permissions.ts';
import type { Defaults, Step, UsesText } from './step.ts';
import { readDefaults, readSteps, readUses } from './step.ts';
import type { ModelContext, TextMap, WorkflowText } from './text.ts';
import { defined, readText, readTextMap, readTexts, textOf, wrongShape } from './text.ts';

interface JobBase {
  readonly id: string;
  readonly entry: YamlEntry;
  readonly node: YamlMapping;
  readonly name?: WorkflowText;
  readonly condition?: WorkflowText;
  readonly needs: readonly WorkflowText[];
  readonly permissions?: Permissions;
  readonly matrix?: Matrix;
  readonly concurrency?: Concurrency;
}

export interface StepsJob extends JobBase {
  readonly kind: 'steps';
  readonly runsOn?: RunsOn;
  readonly environment?: Environment;
  readonly env?: TextMap;
  readonly outputs?: TextMap;
  readonly defaults?: Defaults;
  readonly container?: Container;
  readonly services: readonly Container[];
  /** In order; those of a `parallel` group follow each other. */
  readonly steps: readonly Step[];
}

export interface CallJob extends JobBase {
  readonly kind: 'call';
  readonly uses: UsesText;
  readonly inputs?: TextMap;
  readonly secrets?: CallSecrets;
}

export type Job = StepsJob | CallJob;

export interface CallSecrets {
  readonly entry: YamlEntry;
  /** `secrets: inherit`. */
  readonly inherit: boolean;
  readonly map?: TextMap;
}

export interface Concurrency {
  readonly entry: YamlEntry;
  readonly group?: WorkflowText;
  readonly cancelInProgress?: WorkflowText;
}

export interface Environment {
  readonly entry: YamlEntry;
  readonly name?: WorkflowText;
}

export interface RunsOn {
  readonly entry: YamlEntry;
  /** Labels, which may be expressions. */
  readonly labels: readonly WorkflowText[];
  readonly group?: WorkflowText;
}

export function readJobs(root: YamlMapping, context: ModelContext): readonly Job[] {
  const jobs = memberOf(root, 'jobs');
  if (jobs === undefined || jobs.kind !== 'mapping') {
    wrongShape(context, jobs ?? root, 'a workflow without a map of jobs');
    return [];
  }
  return jobs.entries.flatMap((entry) => {
    if (entry.value.kind === 'mapping') return [readJob(entry, entry.value, context)];
    wrongShape(context, entry.value, `job ${JSON.stringify(entry.key)} is not a map`);
    return [];
  });
}

function readJob(entry: YamlEntry, node: YamlMapping, context: ModelContext): Job {
  const base = defined({
    id: entry.key,
    entry,
    node,
    name: readText(node, 'name'),
    condition: readText(node, 'if'),
    needs: readTexts(memberOf(node, 'needs')),
    permissions: readPermissions(node, context),
    matrix: readMatrix(memberOf(node, 'strategy')),
    concurrency: readConcurrency(node),
  });
  const uses = readUses(node);
  if (uses !== undefined) {
    return {
      ...base,
      kind: 'call',
      uses,
      ...defined({ inputs: readTextMap(node, 'with'), secrets: readCallSecrets(node) }),
    };
  }
  return {
    ...base,
    kind: 'steps',
    steps: readSteps(node, context),
    services: readServices(node),
    ...defined({
      runsOn: readRunsOn(node),
      environment: readEnvironment(node),
      env: readTextMap(node, 'env'),
      outputs: readTextMap(node, 'outputs'),
      defaults: readDefaults(node),
      container: readContainer(entryOf(node, 'container')),
    }),
  };
}

/** `concurrency:` of a job or a workflow. */
export function readConcurrency(node: YamlMapping): Concurrency | undefined {
  const entry = entryOf(node, 'concurrency');
  if (entry === undefined) return undefined;
  const { value } = entry;
  if (value.kind !== 'mapping') return { entry, ...defined({ group: textOf(value, entry) }) };
  return {
    entry,
    ...defined({ group: readText(value, 'group'), cancelInProgress: readText(value, 'cancel-in-progress') }),
  };
}

function readEnvironment(node: YamlMapping): Environment | undefined {
  const entry = entryOf(node, 'environment');
  if (entry === undefined) return undefined;
  const name = entry.value.kind === 'mapping' ? readText(entry.value, 'name') : textOf(entry.value, entry);
  return { entry, ...defined({ name }) };
}

function readRunsOn(node: YamlMapping): RunsOn | undefined {
  const entry = entryOf(node, 'runs-on');
  if (entry === undefined) return undefined;
  const { value } = entry;
  if (value.kind !== 'mapping') return { entry, labels: readTexts(value) };
  return { entry, labels: readTexts(memberOf(value, 'labels')), ...defined({ group: readText(value, 'group') }) };
}

function readCallSecrets(node: YamlMapping): CallSecrets | undefined {
  const entry = entryOf(node, 'secrets');
  if (entry === undefined) return undefined;
  const inherit = entry.value.kind === 'scalar' && entry.value.text === 'inherit';
  return { entry, inherit, ...(inherit ? {} : defined({ map: readTextMap(node, 'secrets') })) };
}
