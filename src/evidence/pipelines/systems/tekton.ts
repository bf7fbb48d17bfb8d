// SPDX-License-Identifier: Apache-2.0
// Tekton: Task, Pipeline, PipelineRun, TaskRun, and the annotations of Pipelines as Code, which say when a run in .tekton/ starts.
// https://tekton.dev/docs/pipelines/, https://pipelinesascode.com/docs/guide/matchingevents/
import type { Location } from '../../../model/location.ts';
import type { CiReading, FileTree } from '../ci-system.ts';
import { defineCiSystem } from '../ci-system.ts';
import { emptyStep, uniqueSecrets } from '../component-use.ts';
import type {
  ComponentUse,
  ImageUse,
  Job,
  Pipeline,
  PipelineFile,
  PlacedText,
  Script,
  SecretUse,
  Step,
  Trigger,
  Variable,
} from '../pipeline.ts';
import type { PlacedObject, PlacedValue } from '../placed-value.ts';
import { allTexts, itemsOf, memberOf, placedText, readPlacedYaml, textOf, textsOf } from '../placed-value.ts';
import {
  foreignReference,
  listOf,
  mountedSecrets,
  remoteTasks,
  secretsIn,
  workspaceSecrets,
} from '../tekton-references.ts';

export const tekton = defineCiSystem({
  id: 'tekton',
  title: 'Tekton and Pipelines as Code',
  files: ['**/*.yml', '**/*.yaml'],
  marker: 'tekton.dev/',
  cannotSee: [
    'tasks and pipelines of a hub, a bundle or another repository',
    'what the service account may do, unless its roles are in the same tree',
    'Triggers (EventListener) and settings of the Repository object',
  ],
  parse,
});

interface Resource {
  readonly kind: string;
  readonly name: string;
  readonly path: string;
  readonly object: PlacedObject;
}

function parse(files: readonly PipelineFile[], _tree: FileTree): CiReading {
  const readings = files.map((file) => ({ file, ...readPlacedYaml(file.text, file.path) }));
  const resources = readings.flatMap(({ file, documents }) =>
    documents.flatMap((document) => resourceOf(document, file.path) ?? []),
  );
  const byName = new Map(resources.map((resource) => [`${resource.kind}/${resource.name}`, resource]));
  const used = new Set<Resource>();
  const find = (kind: string, name: string): Resource | undefined => {
    const found = byName.get(`${kind}/${name}`);
    if (found !== undefined) used.add(found);
    return found;
  };
  const runs = resources
    .filter(({ kind }) => kind === 'PipelineRun' || kind === 'TaskRun')
    .map((resource) => pipelineOf(resource, find));
  const rest = ['Pipeline', 'Task', 'ClusterTask'].flatMap((kind) =>
    resources
      .filter((resource) => resource.kind === kind && !used.has(resource))
      .map((resource) => pipelineOf(resource, find)),
  );
  // A file of other Kubernetes objects that is broken is told by who reads manifests.
  const problems = readings
    .filter(({ file, documents }) => file.path.includes('.tekton/') || documents.length > 0)
    .flatMap((reading) => reading.problems);
  return { pipelines: [...runs, ...rest], problems };
}

function resourceOf(document: PlacedValue, path: string): Resource | undefined {
  const kind = textOf(memberOf(document, 'kind'));
  const version = textOf(memberOf(document, 'apiVersion'));
  if (document.kind !== 'object' || kind === undefined || version?.startsWith('tekton.dev/') !== true) return undefined;
  const metadata = memberOf(document, 'metadata');
  return {
    kind,
    name: textOf(memberOf(metadata, 'name')) ?? textOf(memberOf(metadata, 'generateName')) ?? '',
    path,
    object: document,
  };
}

type Find = (kind: string, name: string) => Resource | undefined;

function pipelineOf(resource: Resource, find: Find): Pipeline {
  const { object, kind, path } = resource;
  const spec = memberOf(object, 'spec');
  const annotations = memberOf(memberOf(object, 'metadata'), 'annotations');
  const isRun = kind.endsWith('Run');
  const reference = memberOf(spec, 'pipelineRef');
  const referenced = find('Pipeline', textOf(memberOf(reference, 'name')) ?? '');
  const pipelineSpec =
    memberOf(spec, 'pipelineSpec') ?? (kind === 'Pipeline' ? spec : memberOf(referenced?.object, 'spec'));
  const includes = [
    ...remoteTasks(annotations),
    ...(reference === undefined || referenced !== undefined ? [] : foreignReference(reference)),
  ];
  const account =
    placedText(memberOf(spec, 'serviceAccountName')) ??
    placedText(memberOf(memberOf(spec, 'taskRunTemplate'), 'serviceAccountName'));
  const context: Context = {
    find,
    account,
    workspaces: workspaceSecrets(memberOf(spec, 'workspaces')),
    persistent: persistentWorkspace(memberOf(spec, 'workspaces')),
  };
  return {
    system: 'tekton',
    kind: isRun ? 'pipeline' : 'component',
    path,
    name: resource.name === '' ? path : resource.name,
    location: memberOf(memberOf(object, 'metadata'), 'name')?.location ?? { path, line: object.location.line ?? 1 },
    triggers: isRun ? triggersOfRun(annotations, object.location, path) : [],
    variables: parametersOf(memberOf(spec, 'params')),
    jobs: pipelineSpec === undefined ? singleTask(resource, context) : tasksOf(pipelineSpec, context),
    includes,
    traits: new Map([
      ['kind', kind],
      ['events', textOf(memberOf(annotations, `${annotationPrefix}on-event`)) ?? ''],
      ['expression', textOf(memberOf(annotations, `${annotationPrefix}on-cel-expression`)) ?? ''],
      ['clones', includes.some(({ name }) => name === 'git-clone') ? 'git-clone' : ''],
    ]),
  };
}

const annotationPrefix = 'pipelinesascode.tekton.dev/';

interface Context {
  readonly find: Find;
  readonly account: PlacedText | undefined;
  readonly workspaces: readonly SecretUse[];
  readonly persistent: PlacedText | undefined;
}

function tasksOf(spec: PlacedValue, context: Context): readonly Job[] {
  return [...itemsOf(memberOf(spec, 'tasks')), ...itemsOf(memberOf(spec, 'finally'))].map((task, index) => {
    const reference = memberOf(task, 'taskRef');
    const name = textOf(memberOf(reference, 'name')) ?? '';
    const found =
      reference === undefined ? undefined : (context.find('Task', name) ?? context.find('ClusterTask', name));
    const taskSpec = memberOf(task, 'taskSpec') ?? memberOf(found?.object, 'spec');
    const id = textOf(memberOf(task, 'name')) ?? `task${index}`;
    return jobOf(
      id,
      { task, spec: taskSpec, calls: found === undefined ? foreignReference(reference)[0] : undefined },
      context,
    );
  });
}

function singleTask(resource: Resource, context: Context): readonly Job[] {
  const spec = memberOf(resource.object, 'spec');
  const inner =
    resource.kind === 'TaskRun'
      ? (memberOf(spec, 'taskSpec') ??
        memberOf(context.find('Task', textOf(memberOf(memberOf(spec, 'taskRef'), 'name')) ?? '')?.object, 'spec'))
      : spec;
  if (inner === undefined || memberOf(inner, 'steps') === undefined) return [];
  return [jobOf(resource.name, { task: resource.object, spec: inner, calls: undefined }, context)];
}

interface TaskParts {
  readonly task: PlacedValue;
  readonly spec: PlacedValue | undefined;
  readonly calls: ComponentUse | undefined;
}

function jobOf(id: string, { task, spec, calls }: TaskParts, context: Context): Job {
  const volumes = itemsOf(memberOf(spec, 'volumes'));
  const base = memberOf(spec, 'stepTemplate');
  const steps = itemsOf(memberOf(spec, 'steps')).map((step, index) => stepOf(step, index, { base, volumes }));
  const sidecars = itemsOf(memberOf(spec, 'sidecars')).flatMap((item) => imageOf(item, 'service') ?? []);
  const usesWorkspace = itemsOf(memberOf(task, 'workspaces')).length > 0 || memberOf(spec, 'workspaces') !== undefined;
  const needs = [...textsOf(memberOf(task, 'runAfter')), ...resultsUsed(task)];
  const condition = memberOf(task, 'when');
  const traits = new Map<string, PlacedText>();
  if (context.account !== undefined) traits.set('service-account', context.account);
  if (context.persistent !== undefined && usesWorkspace) traits.set('persistent-workspace', context.persistent);
  return {
    id,
    location: task.location,
    template: false,
    runner: { kind: 'container', labels: [], location: task.location },
    needs: [...new Set(needs)],
    ...(condition === undefined
      ? {}
      : {
          condition: {
            text: allTexts(condition)
              .map(({ text }) => text)
              .join(' '),
            location: condition.location,
          },
        }),
    ...(calls === undefined ? {} : { calls }),
    steps,
    variables: parametersOf(memberOf(task, 'params')),
    secrets: uniqueSecrets([...steps.flatMap((step) => step.secrets), ...(usesWorkspace ? context.workspaces : [])]),
    images: [...steps.flatMap(({ image }) => image ?? []), ...sidecars],
    artifacts: [],
    caches: [],
    traits,
  };
}

interface StepParts {
  readonly base: PlacedValue | undefined;
  readonly volumes: readonly PlacedValue[];
}

function stepOf(value: PlacedValue, index: number, { base, volumes }: StepParts): Step {
  const name = textOf(memberOf(value, 'name'));
  const image = imageOf(value, 'step') ?? imageOf(base, 'step');
  const script = scriptOf(value);
  const reference = memberOf(value, 'ref');
  const component = foreignReference(reference)[0];
  return {
    ...emptyStep(index, value.location),
    ...(name === undefined ? {} : { name }),
    ...(script === undefined ? {} : { script }),
    ...(component === undefined ? {} : { component }),
    ...(image === undefined ? {} : { image }),
    variables: itemsOf(memberOf(value, 'env')).flatMap((item): Variable[] => {
      const key = textOf(memberOf(item, 'name'));
      const text = textOf(memberOf(item, 'value'));
      return key === undefined || text === undefined ? [] : [{ name: key, value: text, location: item.location }];
    }),
    secrets: [...secretsIn(value), ...secretsIn(base), ...mountedSecrets(value, volumes)],
  };
}

function scriptOf(value: PlacedValue): Script | undefined {
  const script = placedText(memberOf(value, 'script'));
  if (script !== undefined) {
    const first = script.text.slice(0, 80);
    return {
      ...script,
      language: /^#!.*python/.test(first) ? 'python' : /^#!.*node/.test(first) ? 'javascript' : 'shell',
    };
  }
  const words = [...itemsOf(memberOf(value, 'command')), ...itemsOf(memberOf(value, 'args'))];
  const at = memberOf(value, 'args') ?? memberOf(value, 'command');
  if (at === undefined) return undefined;
  return { text: words.flatMap((word) => textOf(word) ?? []).join(' '), location: at.location, language: 'shell' };
}

function imageOf(value: PlacedValue | undefined, role: ImageUse['role']): ImageUse | undefined {
  const image = placedText(memberOf(value, 'image'));
  if (image === undefined) return undefined;
  const privileged = textOf(memberOf(memberOf(value, 'securityContext'), 'privileged')) === 'true';
  return { ...image, role, ...(privileged ? { privileged } : {}) };
}

/** A claim that lives longer than the run; one made from a template does not. */
function persistentWorkspace(workspaces: PlacedValue | undefined): PlacedText | undefined {
  for (const item of itemsOf(workspaces)) {
    const claim = placedText(memberOf(memberOf(item, 'persistentVolumeClaim'), 'claimName'));
    if (claim !== undefined) return claim;
  }
  return undefined;
}

/** Tasks whose results a parameter or condition names: `$(tasks.build.results.digest)`. */
function resultsUsed(task: PlacedValue): readonly string[] {
  return allTexts(task).flatMap(({ text }) =>
    [...text.slice(0, 100_000).matchAll(/\$\(tasks\.([A-Za-z0-9-]{1,64})\.results\./g)].map((match) => match[1] ?? ''),
  );
}

function parametersOf(value: PlacedValue | undefined): readonly Variable[] {
  return itemsOf(value).flatMap((item): Variable[] => {
    const name = textOf(memberOf(item, 'name'));
    const text = textOf(memberOf(item, 'value')) ?? textOf(memberOf(item, 'default'));
    return name === undefined || text === undefined ? [] : [{ name, value: text, location: item.location }];
  });
}

/**
 * Pipelines as Code starts a run for a pull request of anybody who belongs to the organisation, and of others after a member wrote /ok-to-test. It has the
 * secrets of its namespace in both cases: somebody outside can propose the code, a contributor lets it run.
 */
function triggersOfRun(annotations: PlacedValue | undefined, fallback: Location, path: string): readonly Trigger[] {
  const events = memberOf(annotations, `${annotationPrefix}on-event`);
  const expression = memberOf(annotations, `${annotationPrefix}on-cel-expression`);
  const comment = memberOf(annotations, `${annotationPrefix}on-comment`);
  const names =
    events === undefined
      ? [...(textOf(expression) ?? '').slice(0, 5000).matchAll(/["'](pull_request|push|incoming)["']/g)].map(
          (match) => match[1] ?? '',
        )
      : listOf(textOf(events) ?? '');
  const location = (events ?? expression ?? comment)?.location ?? { path, line: fallback.line ?? 1 };
  const branches = listOf(textOf(memberOf(annotations, `${annotationPrefix}on-target-branch`)) ?? '');
  const triggers = [...new Set(names)].map((event): Trigger => {
    const isProposed = event.startsWith('pull_request');
    return {
      event,
      actor: isProposed ? 'anyone' : 'contributor',
      code: 'proposed',
      trusted: true,
      location,
      ...(branches.length === 0 ? {} : { branches }),
    };
  });
  if (comment !== undefined)
    triggers.push({
      event: 'comment',
      actor: 'contributor',
      code: 'proposed',
      trusted: true,
      location: comment.location,
    });
  return triggers;
}
