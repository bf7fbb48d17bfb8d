// SPDX-License-Identifier: Apache-2.0
// Azure Pipelines: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/
import type { Location } from '../../../model/location.ts';
import { azureStep } from '../azure-steps.ts';
import { AzureTemplates } from '../azure-templates.ts';
import type { CiReading, FileTree } from '../ci-system.ts';
import { defineCiSystem } from '../ci-system.ts';
import { imageUse, uniqueSecrets } from '../component-use.ts';
import type { ImageUse, Job, Pipeline, PipelineFile, Runner, SecretUse, Step, Trigger, Variable } from '../pipeline.ts';
import type { PlacedObject, PlacedValue } from '../placed-value.ts';
import { itemsOf, memberOf, membersOf, placedText, readPlacedYaml, textOf, textsOf } from '../placed-value.ts';

export const azurePipelines = defineCiSystem({
  id: 'azure-pipelines',
  title: 'Azure Pipelines',
  files: [
    '**/azure-pipelines*.yml',
    '**/azure-pipelines*.yaml',
    '**/.azure-pipelines*.yml',
    '**/.azure-pipelines*.yaml',
    '**/{.azure-pipelines,azure-pipelines,.azuredevops}/**/*.yml',
    '**/{.azure-pipelines,azure-pipelines,.azuredevops}/**/*.yaml',
  ],
  cannotSee: [
    'templates of other repositories',
    'variable groups, service connections, checks of environments and settings for forks, which are kept on the server',
    'what an expression of a template gives; every branch counts',
  ],
  parse,
});

function parse(files: readonly PipelineFile[], tree: FileTree): CiReading {
  const readings = files.map((file) => {
    const { documents, problems } = readPlacedYaml(file.text, file.path);
    const templates = new AzureTemplates(tree);
    const root = documents[0];
    const pipeline = root?.kind === 'object' ? pipelineOf(root, file.path, templates) : undefined;
    return { pipeline, templates, problems: [...problems, ...templates.problems] };
  });
  const used = new Set(readings.flatMap(({ templates }) => [...templates.used]));
  const kept = readings.filter(({ pipeline }) => pipeline !== undefined && !used.has(pipeline.path));
  return {
    pipelines: kept.flatMap(({ pipeline }) => pipeline ?? []),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

/** What only a pipeline has; parameters without any of these are those of a template. */
const pipelineKeys = ['trigger', 'pr', 'schedules', 'resources', 'pool', 'extends', 'name'] as const;
const contentKeys = ['stages', 'jobs', 'steps', 'extends'] as const;

function pipelineOf(root: PlacedObject, path: string, templates: AzureTemplates): Pipeline | undefined {
  if (!contentKeys.some((key) => root.members.has(key))) return undefined;
  const base = extended(root, path, templates);
  const variables = [
    ...variablesOf(memberOf(base, 'variables'), templates, path),
    ...variablesOf(memberOf(root, 'variables'), templates, path),
  ];
  const isTemplate = root.members.has('parameters') && !pipelineKeys.some((key) => root.members.has(key));
  const triggers = isTemplate ? [] : triggersOfPipeline(root, path);
  const context: Context = {
    templates,
    path,
    pool: memberOf(base, 'pool') ?? memberOf(root, 'pool'),
    containers: containersOf(root),
    known: new Set(variables.map(({ name }) => name)),
    root,
  };
  const groups = [root, base].flatMap((value) => groupsOf(memberOf(value, 'variables')));
  return {
    system: 'azure-pipelines',
    kind: isTemplate ? 'component' : 'pipeline',
    path,
    name: textOf(memberOf(root, 'name')) ?? path,
    location: { path, line: 1 },
    triggers,
    variables: unique(variables),
    jobs: jobsOf(base, context, groups),
    includes: templates.includes,
    traits: new Map([['pull-requests', textOf(memberOf(root, 'pr')) === 'none' ? 'disabled' : 'enabled']]),
  };
}

function unique(variables: readonly Variable[]): readonly Variable[] {
  return variables.filter(
    (variable, at) =>
      variables.findIndex(
        ({ name, location }) => name === variable.name && location.line === variable.location.line,
      ) === at,
  );
}

/** `extends: template:` puts the whole pipeline into a template. */
function extended(root: PlacedObject, path: string, templates: AzureTemplates): PlacedValue {
  const at = memberOf(memberOf(root, 'extends'), 'template');
  const name = textOf(at);
  if (at === undefined || name === undefined) return root;
  return templates.template(name, at, [path])?.value ?? root;
}

interface Context {
  readonly templates: AzureTemplates;
  readonly path: string;
  readonly pool: PlacedValue | undefined;
  readonly containers: ReadonlyMap<string, PlacedValue>;
  readonly known: ReadonlySet<string>;
  readonly root: PlacedObject;
}

/** Stages and jobs may be left out: then what stands at the top is the only one. */
function jobsOf(base: PlacedValue, context: Context, groups: readonly SecretUse[]): readonly Job[] {
  const { templates, path } = context;
  const stages =
    memberOf(base, 'stages') === undefined ? [base] : templates.items(memberOf(base, 'stages'), 'stages', [path]);
  const jobs: Job[] = [];
  let before: readonly string[] = [];
  for (const stage of stages) {
    const items =
      memberOf(stage, 'jobs') === undefined
        ? memberOf(stage, 'steps') === undefined
          ? []
          : [stage]
        : templates.items(memberOf(stage, 'jobs'), 'jobs', [path]);
    const own = [...groups, ...groupsOf(memberOf(stage, 'variables'))];
    const stageName = textOf(memberOf(stage, 'stage')) ?? '';
    const variables = stage === base ? [] : variablesOf(memberOf(stage, 'variables'), templates, path);
    const made = items.map((item, index) => {
      const fallback = `${stageName === '' ? '' : `${stageName}.`}job${items.length > 1 ? index + 1 : ''}`;
      return jobOf(
        item,
        { ...context, pool: memberOf(stage, 'pool') ?? context.pool },
        { fallback, groups: own, variables, before },
      );
    });
    jobs.push(...made);
    if (stage !== base) before = made.map(({ id }) => id);
  }
  return jobs;
}

interface StageFacts {
  readonly fallback: string;
  readonly groups: readonly SecretUse[];
  readonly variables: readonly Variable[];
  readonly before: readonly string[];
}

function jobOf(item: PlacedValue, context: Context, stage: StageFacts): Job {
  const id = textOf(memberOf(item, 'job')) ?? textOf(memberOf(item, 'deployment')) ?? stage.fallback;
  const variables = [
    ...stage.variables,
    ...variablesOf(item === context.root ? undefined : memberOf(item, 'variables'), context.templates, context.path),
  ];
  const known = new Set([...context.known, ...variables.map(({ name }) => name)]);
  const steps = stepsOf(item, context, known);
  const environment = memberOf(item, 'environment');
  const environmentName = textOf(environment) ?? textOf(memberOf(environment, 'name'));
  const secrets = [
    ...stage.groups,
    ...groupsOf(item === context.root ? undefined : memberOf(item, 'variables')),
    ...steps.flatMap((step) => step.secrets),
  ];
  const condition = placedText(memberOf(item, 'condition'));
  const depends = textsOf(memberOf(item, 'dependsOn'));
  return {
    id,
    location:
      item === context.root ? { path: context.path, line: memberOf(item, 'steps')?.location.line ?? 1 } : item.location,
    template: false,
    runner: runnerOf(memberOf(item, 'pool') ?? context.pool, item.location),
    ...(environment === undefined || environmentName === undefined
      ? {}
      : { environment: { name: environmentName, location: environment.location } }),
    needs: depends.length > 0 ? depends : stage.before,
    ...(condition === undefined ? {} : { condition }),
    steps,
    variables,
    secrets: uniqueSecrets(secrets),
    images: imagesOf(item, context),
    artifacts: steps.flatMap((step) => step.artifacts),
    caches: steps.flatMap((step) => step.caches),
    traits: new Map(),
  };
}

function stepsOf(item: PlacedValue, context: Context, known: ReadonlySet<string>): readonly Step[] {
  const { templates, path } = context;
  const lists = [memberOf(item, 'steps'), ...deploymentSteps(memberOf(item, 'strategy'))];
  const steps: Step[] = [];
  for (const value of lists.flatMap((list) => templates.items(list, 'steps', [path])))
    steps.push(azureStep(value, steps.length, known));
  return steps;
}

/** Life cycle hooks of deployment jobs, each with steps. */
function deploymentSteps(strategy: PlacedValue | undefined): PlacedValue[] {
  return membersOf(strategy).flatMap(([, kind]) =>
    membersOf(kind)
      .flatMap(([name, hook]) => (name === 'on' ? membersOf(hook).map(([, item]) => item) : [hook]))
      .flatMap((hook) => memberOf(hook, 'steps') ?? []),
  );
}

/** A list of `name`/`value`, `group` and `template`, or a map. */
function variablesOf(value: PlacedValue | undefined, templates: AzureTemplates, path: string): readonly Variable[] {
  if (value?.kind === 'list') {
    return templates.items(value, 'variables', [path]).flatMap((item) => {
      const name = textOf(memberOf(item, 'name'));
      const text = textOf(memberOf(item, 'value'));
      return name === undefined || text === undefined ? [] : [{ name, value: text, location: item.location }];
    });
  }
  return membersOf(value).flatMap(([name, member]) => {
    const text = textOf(member);
    return text === undefined ? [] : [{ name, value: text, location: member.location }];
  });
}

function groupsOf(value: PlacedValue | undefined): readonly SecretUse[] {
  return value?.kind !== 'list'
    ? []
    : value.items.flatMap((item) => {
        const name = textOf(memberOf(item, 'group'));
        return name === undefined ? [] : [{ name, source: 'variable-group' as const, location: item.location }];
      });
}

function containersOf(root: PlacedObject): ReadonlyMap<string, PlacedValue> {
  const containers = itemsOf(memberOf(memberOf(root, 'resources'), 'containers'));
  return new Map(containers.map((item) => [textOf(memberOf(item, 'container')) ?? '', item]));
}

function imagesOf(item: PlacedValue, { containers }: Context): readonly ImageUse[] {
  const used = [memberOf(item, 'container'), ...membersOf(memberOf(item, 'services')).map(([, service]) => service)];
  return used.flatMap((value, index) => {
    const image = imageUse(containers.get(textOf(value) ?? '') ?? value, index === 0 ? 'job' : 'service');
    return image === undefined ? [] : [image];
  });
}

function runnerOf(pool: PlacedValue | undefined, fallback: Location): Runner {
  const image = textOf(memberOf(pool, 'vmImage'));
  const name = textOf(pool) ?? textOf(memberOf(pool, 'name'));
  const location = pool?.location ?? fallback;
  if (pool === undefined) return { kind: 'hosted', labels: [], location };
  if (image !== undefined && (name === undefined || name === 'Azure Pipelines'))
    return { kind: 'hosted', labels: [image], location };
  if (name === undefined) return { kind: pool.kind === 'scalar' ? 'hosted' : 'unknown', labels: [], location };
  if (name === 'Azure Pipelines' || name === 'server') return { kind: 'hosted', labels: [name], location };
  return { kind: /[$]/.test(name) ? 'unknown' : 'self-hosted', labels: [name], location };
}

/** Pull requests start a pipeline unless it says `pr: none`; those of forks get no secrets unless a setting on the server gives them. */
function triggersOfPipeline(root: PlacedObject, path: string): readonly Trigger[] {
  const top: Location = { path, line: 1 };
  const triggers: Trigger[] = [];
  const trigger = memberOf(root, 'trigger');
  if (textOf(trigger) !== 'none')
    triggers.push({
      event: 'push',
      actor: 'contributor',
      code: 'proposed',
      trusted: true,
      location: trigger?.location ?? top,
    });
  const pr = memberOf(root, 'pr');
  if (textOf(pr) !== 'none')
    triggers.push({
      event: 'pull request',
      actor: 'anyone',
      code: 'proposed',
      trusted: false,
      location: pr?.location ?? top,
    });
  const schedules = memberOf(root, 'schedules');
  if (schedules !== undefined)
    triggers.push({ event: 'schedule', actor: 'schedule', code: 'own', trusted: true, location: schedules.location });
  const upstream = itemsOf(memberOf(memberOf(root, 'resources'), 'pipelines'));
  for (const item of upstream) {
    const name = textOf(memberOf(item, 'source')) ?? textOf(memberOf(item, 'pipeline'));
    const isTrigger = memberOf(item, 'trigger') !== undefined && textOf(memberOf(item, 'trigger')) !== 'none';
    if (name !== undefined && isTrigger)
      triggers.push({
        event: 'pipeline completed',
        actor: 'system',
        code: 'own',
        trusted: true,
        location: item.location,
        after: [name],
      });
  }
  return triggers;
}
